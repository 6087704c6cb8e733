#include "tests/capture/packets.h"

#include <arpa/inet.h>
#include <cstdlib>
#include <zlib.h>

#include <catch2/catch.hpp>

namespace imspect::capture_tests {

namespace {

Buffer number(std::uint64_t value, int bytes, bool big = true) {
    Buffer result;
    for (int i = 0; i < bytes; ++i) {
        const int shift = 8 * (big ? bytes - 1 - i : i);
        result.push_back(static_cast<std::uint8_t>(value >> shift));
    }
    return result;
}

Buffer address4(const std::string& name) {
    Buffer result(4);
    if (inet_pton(AF_INET, name.c_str(), result.data()) != 1) std::abort();  // REQUIRE needs a running test, and constants are made before
    return result;
}

Buffer address6(const std::string& name) {
    Buffer result(16);
    if (inet_pton(AF_INET6, name.c_str(), result.data()) != 1) std::abort();  // REQUIRE needs a running test, and constants are made before
    return result;
}

}  // namespace

Buffer text(const std::string& characters) { return {characters.begin(), characters.end()}; }
Buffer operator+(Buffer left, const Buffer& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}
Buffer u8(std::uint64_t value) { return number(value, 1); }
Buffer u16(std::uint64_t value) { return number(value, 2); }
Buffer u32(std::uint64_t value) { return number(value, 4); }
Buffer u64(std::uint64_t value) { return number(value, 8); }

Buffer ethernet(const Buffer& packet, std::uint16_t type) { return Buffer(12, 2) + u16(type) + packet; }
Buffer vlan(const Buffer& rest, std::uint16_t inner_type) { return u16(5) + u16(inner_type) + rest; }

Buffer ip4(std::uint8_t protocol, const Buffer& payload, const Ip& how) {
    const std::size_t header = 20 + how.options.size();
    const unsigned flags = (how.more ? 0x2000u : 0u) | how.offset / 8u;
    return u8(0x40 | header / 4) + u8(0) + u16(header + payload.size()) + u16(how.id) + u16(flags) + u8(64) + u8(protocol) +
           u16(0) + address4(how.from) + address4(how.to) + how.options + payload;
}

Buffer ip6(std::uint8_t next_header, const Buffer& payload) {
    return u32(0x60000000) + u16(payload.size()) + u8(next_header) + u8(64) + address6("2001:db8::1") + address6("2001:db8::2") +
           payload;
}

Buffer ip6_fragment(std::uint8_t next_header, const Buffer& payload, std::uint32_t id, std::uint16_t offset, bool more) {
    return ip6(44, u8(next_header) + u8(0) + u16(static_cast<unsigned>(offset) | (more ? 1u : 0u)) + u32(id) + payload);
}

Buffer udp(const Buffer& payload, std::uint16_t from, std::uint16_t to) {
    return u16(from) + u16(to) + u16(8 + payload.size()) + u16(0) + payload;
}

Buffer tcp(const Tcp& how, const Buffer& payload) {
    return u16(how.from) + u16(how.to) + u32(how.seq) + u32(how.ack) + u8(0x50) + u8(how.flags) + u16(1000) + u32(0) + payload;
}

Buffer forth(const Tcp& how, const std::string& payload) { return ip4(6, tcp(how, text(payload))); }

Buffer back(const Tcp& how, const std::string& payload) {
    Tcp turned = how;
    std::swap(turned.from, turned.to);
    Ip ip;
    std::swap(ip.from, ip.to);
    return ip4(6, tcp(turned, text(payload)), ip);
}

Buffer pcap(const std::vector<Record>& records, const PcapFormat& format) {
    const auto n4 = [&](std::uint64_t value) { return number(value, 4, format.big); };
    const auto n2 = [&](std::uint64_t value) { return number(value, 2, format.big); };
    Buffer file = n4(format.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4) + n2(2) + n2(4) + n4(0) + n4(0) + n4(format.snap_length) +
                  n4(format.link_type);
    for (const Record& record : records) {
        const std::int64_t fraction = record.time_ns % 1'000'000'000 / (format.nanoseconds ? 1 : 1000);
        file = std::move(file) + n4(static_cast<std::uint64_t>(record.time_ns / 1'000'000'000)) +
               n4(static_cast<std::uint64_t>(fraction)) + n4(record.bytes.size()) +
               n4(record.wire_length != 0 ? record.wire_length : record.bytes.size()) + record.bytes;
    }
    return file;
}

Buffer pcap_of(const std::vector<Buffer>& packets) {
    std::vector<Record> records;
    std::int64_t time = 1'000'000'000;
    for (const Buffer& packet : packets) {
        records.push_back({packet, time});
        time += 1'000'000;
    }
    return pcap(records);
}

Buffer gzip(const Buffer& plain) {
    z_stream z{};
    REQUIRE(deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    Buffer room(deflateBound(&z, plain.size()) + 64);
    z.next_in = const_cast<Bytef*>(plain.data());
    z.avail_in = static_cast<uInt>(plain.size());
    z.next_out = room.data();
    z.avail_out = static_cast<uInt>(room.size());
    REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
    room.resize(z.total_out);
    deflateEnd(&z);
    return room;
}

void Collector::chunk(const capture::Chunk& chunk) {
    Seen seen{chunk, {chunk.bytes.begin(), chunk.bytes.end()}, {}};
    seen.chunk.bytes = {};
    for (const capture::FrameRef frame : chunk.frames) seen.frames.push_back(frame.number);
    chunks.push_back(std::move(seen));
    order.push_back("chunk " + std::to_string(chunk.flow));
}

void Collector::ended(capture::FlowId flow) {
    ends.push_back(flow);
    order.push_back("ended " + std::to_string(flow));
}

void Collector::repeated(capture::FlowId, capture::FrameRef frame, std::span<const std::uint8_t> bytes) {
    repeats.push_back({frame.number, {bytes.begin(), bytes.end()}});
}

std::string Collector::all() const {
    std::string result;
    for (const Seen& seen : chunks) {
        if (!result.empty()) result += '|';
        if (seen.chunk.gap_before) result += '^';
        result += seen.bytes;
    }
    return result;
}

Read read(const Buffer& file) {
    Read result;
    auto summary = capture::read_bytes(file, "made by hand", result.sink);
    INFO((summary.ok() ? "" : summary.error().text()));
    REQUIRE(summary.ok());
    result.summary = std::move(summary).value();
    return result;
}

}  // namespace imspect::capture_tests
