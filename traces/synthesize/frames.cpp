#include "traces/synthesize/frames.h"

#include "traces/synthesize/checksum.h"

namespace imspect::synthesize {
namespace {

constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kSctp = 132;
constexpr std::size_t kSegment = 1'400;  ///< octets of TCP payload a frame

void put8(std::string& out, std::uint32_t value) { out.push_back(static_cast<char>(value & 0xffU)); }
void put16(std::string& out, std::uint32_t value) {
    put8(out, value >> 8U);
    put8(out, value);
}
void put32(std::string& out, std::uint32_t value) {
    put16(out, value >> 16U);
    put16(out, value);
}
void little32(std::string& out, std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) put8(out, value >> shift);
}
void set16(std::string& out, std::size_t at, std::uint16_t value) {
    out[at] = static_cast<char>(value >> 8U);
    out[at + 1] = static_cast<char>(value & 0xffU);
}

std::string octets(const capture::Address& address) {
    std::string text;
    for (std::size_t i = 0; i < 4; ++i) put8(text, address.bytes[i]);
    return text;
}

/// Of the transport's segment and the pseudo header before it.
std::uint16_t transport_checksum(const std::string& source, const std::string& destination, std::uint8_t protocol, const std::string& segment) {
    std::string pseudo = source + destination;
    put8(pseudo, 0);
    put8(pseudo, protocol);
    put16(pseudo, static_cast<std::uint32_t>(segment.size()));
    const std::uint16_t sum = internet_checksum(ones_sum(segment, ones_sum(pseudo)));
    return protocol == kUdp && sum == 0 ? 0xffffU : sum;  // 0 says that UDP carries none
}

std::string file_header() {
    std::string header;
    little32(header, 0xa1b2c3d4U);
    header += std::string("\x02\x00\x04\x00", 4);  // version 2.4
    little32(header, 0);
    little32(header, 0);
    little32(header, 262'144);
    little32(header, 1);  // Ethernet
    return header;
}

void put_record(std::string& file, std::int64_t time_ns, const std::string& frame) {
    if (file.empty()) file = file_header();
    little32(file, static_cast<std::uint32_t>(time_ns / 1'000'000'000));
    little32(file, static_cast<std::uint32_t>(time_ns % 1'000'000'000 / 1'000));
    little32(file, static_cast<std::uint32_t>(frame.size()));
    little32(file, static_cast<std::uint32_t>(frame.size()));
    file += frame;
}

/// A locally administered MAC made of the IP address.
std::string mac(const capture::Address& address) { return std::string("\x02\x00", 2) + octets(address); }

/// Where the numbers of a direction begin; any value does, so long as it is the direction's own.
std::uint32_t first_number(const capture::Endpoint& from, const capture::Endpoint& to) {
    return (static_cast<std::uint32_t>(from.address.bytes[3]) << 20U) + (static_cast<std::uint32_t>(to.address.bytes[3]) << 12U) + from.port;
}

}  // namespace

capture::Endpoint endpoint(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, std::uint16_t port) {
    capture::Endpoint made;
    made.address.bytes[0] = a, made.address.bytes[1] = b, made.address.bytes[2] = c, made.address.bytes[3] = d;
    made.port = port;
    return made;
}

Frames::Frames(bool by_host) : file_(file_header()), by_host_(by_host) {}

void Frames::add(std::int64_t time_ns, capture::Transport transport, const capture::Endpoint& from, const capture::Endpoint& to,
                 std::string_view payload, Passage passage) {
    passage_ = passage;
    switch (transport) {
        case capture::Transport::kUdp: return udp(time_ns, {from, to}, payload);
        case capture::Transport::kTcp: return tcp(time_ns, {from, to}, payload);
        case capture::Transport::kSctp: return sctp(time_ns, {from, to}, payload);
    }
}

void Frames::udp(std::int64_t time_ns, const Direction& direction, std::string_view payload) {
    std::string segment;
    put16(segment, direction.first.port);
    put16(segment, direction.second.port);
    put16(segment, static_cast<std::uint32_t>(payload.size() + 8));
    put16(segment, 0);
    segment += payload;
    set16(segment, 6, transport_checksum(octets(direction.first.address), octets(direction.second.address), kUdp, segment));
    ip(time_ns, direction, kUdp, segment);
}

void Frames::tcp(std::int64_t time_ns, const Direction& direction, std::string_view payload) {
    const Direction back = {direction.second, direction.first};
    std::uint32_t& next = sequence_.try_emplace(direction, first_number(direction.first, direction.second)).first->second;
    const std::uint32_t acknowledged = sequence_.try_emplace(back, first_number(back.first, back.second)).first->second;
    for (std::size_t at = 0; at < payload.size(); at += kSegment) {
        const std::string_view piece = payload.substr(at, kSegment);
        std::string segment;
        put16(segment, direction.first.port);
        put16(segment, direction.second.port);
        put32(segment, next);
        put32(segment, acknowledged);
        put16(segment, 0x5018);  // five words of header, PSH and ACK
        put16(segment, 65'535);
        put16(segment, 0);
        put16(segment, 0);
        segment += piece;
        set16(segment, 16, transport_checksum(octets(direction.first.address), octets(direction.second.address), kTcp, segment));
        next += static_cast<std::uint32_t>(piece.size());
        ip(time_ns, direction, kTcp, segment);
    }
}

void Frames::sctp(std::int64_t time_ns, const Direction& direction, std::string_view payload) {
    std::uint32_t& tsn = sequence_.try_emplace(direction, first_number(direction.first, direction.second)).first->second;
    std::string packet;
    put16(packet, direction.first.port);
    put16(packet, direction.second.port);
    put32(packet, first_number(direction.second, direction.first));  // the verification tag that the receiver chose
    put32(packet, 0);
    put8(packet, 0);  // DATA
    put8(packet, 3);  // first and last piece of its message
    put16(packet, static_cast<std::uint32_t>(payload.size() + 16));
    put32(packet, tsn++);
    put16(packet, 0);
    put16(packet, stream_sequence_[direction]++);
    put32(packet, 46);  // Diameter
    packet += payload;
    packet.append((4 - packet.size() % 4) % 4, '\0');
    const std::uint32_t crc = crc32c(packet);
    std::string sum;
    little32(sum, crc);
    packet.replace(8, 4, sum);
    ip(time_ns, direction, kSctp, packet);
}

void Frames::ping(std::int64_t time_ns, const capture::Endpoint& from, const capture::Endpoint& to) {
    std::string echo;
    put16(echo, 0x0800);  // echo request
    put16(echo, 0);
    put16(echo, 1);
    put16(echo, 1);
    set16(echo, 2, internet_checksum(ones_sum(echo)));
    passage_ = {};
    ip(time_ns, {from, to}, kIcmp, echo);
}

void Frames::ip(std::int64_t time_ns, const Direction& direction, std::uint8_t protocol, const std::string& segment) {
    const std::string source = octets(direction.first.address);
    const std::string destination = octets(direction.second.address);
    std::string header;
    put16(header, 0x4500);
    put16(header, static_cast<std::uint32_t>(segment.size() + 20));
    put16(header, ++identification_[direction.first.address]);
    put16(header, 0);
    put8(header, 64);
    put8(header, protocol);
    put16(header, 0);
    header += source + destination;
    set16(header, 10, internet_checksum(ones_sum(header)));
    const std::string frame = mac(direction.second.address) + mac(direction.first.address) + std::string("\x08\x00", 2) + header + segment;
    put_record(file_, time_ns, frame);
    ++count_;
    if (!by_host_) return;
    if (passage_.left) put_record(of_host_[direction.first.address], time_ns, frame);
    if (passage_.arrived) put_record(of_host_[direction.second.address], time_ns + kFlightNs, frame);
}

}  // namespace imspect::synthesize
