#include "traces/capture/ip.h"

#include <algorithm>

namespace imspect::capture {

namespace {

constexpr std::size_t kIp4Header = 20, kIp6Header = 40;
constexpr std::uint8_t kHopByHop = 0, kRouting = 43, kFragment = 44, kDestination = 60, kMobility = 135, kHip = 139, kShim6 = 140;

Address address(Bytes bytes, std::size_t at, bool v6) {
    Address result;
    result.v6 = v6;
    std::memcpy(result.bytes.data(), bytes.data() + at, v6 ? 16 : 4);
    return result;
}

std::optional<IpPacket> parse_ip4(Bytes bytes, Odd& odd) {
    odd = Odd::kShortIp;
    if (bytes.size() < kIp4Header) return std::nullopt;
    const std::size_t header = (bytes[0] & 0x0fu) * 4u;
    odd = Odd::kIpHeaderLength;
    if (header < kIp4Header) return std::nullopt;
    odd = Odd::kShortIp;
    if (header > bytes.size()) return std::nullopt;
    std::size_t total = be16(bytes, 2);
    if (total == 0) total = bytes.size();
    odd = Odd::kIpLength;
    if (total < header) return std::nullopt;

    IpPacket packet;
    packet.from = address(bytes, 12, false);
    packet.to = address(bytes, 16, false);
    packet.protocol = bytes[9];
    packet.identification = be16(bytes, 4);
    const std::uint16_t flags = be16(bytes, 6);
    packet.more_fragments = (flags & 0x2000) != 0;
    packet.offset = (flags & 0x1fffu) * 8u;
    packet.fragment = packet.more_fragments || packet.offset != 0;
    packet.cut = total > bytes.size();
    packet.payload = bytes.subspan(header, std::min(total, bytes.size()) - header);
    return packet;
}

std::optional<IpPacket> parse_ip6(Bytes bytes, Odd& odd) {
    odd = Odd::kShortIp;
    if (bytes.size() < kIp6Header) return std::nullopt;
    IpPacket packet;
    packet.from = address(bytes, 8, true);
    packet.to = address(bytes, 24, true);
    packet.protocol = bytes[6];
    std::size_t length = be16(bytes, 4);
    const Bytes rest = bytes.subspan(kIp6Header);
    if (length == 0) length = rest.size();
    packet.cut = length > rest.size();
    packet.payload = rest.first(std::min(length, rest.size()));
    odd = Odd::kIpExtension;
    if (!step_over_extensions(packet)) return std::nullopt;
    return packet;
}

}  // namespace

bool step_over_extensions(IpPacket& packet) {
    for (;;) {
        const Bytes bytes = packet.payload;
        std::size_t length = 0;
        switch (packet.protocol) {
            case kHopByHop: case kRouting: case kDestination: case kMobility: case kHip: case kShim6:
                if (bytes.size() < 8) return false;
                length = 8u + bytes[1] * 8u;
                break;
            case kFragment:
                if (bytes.size() < 8) return false;
                packet.offset = be16(bytes, 2) & 0xfff8u;
                packet.more_fragments = (bytes[3] & 1) != 0;
                packet.identification = be32(bytes, 4);
                packet.fragment = packet.more_fragments || packet.offset != 0;
                length = 8;
                break;
            default: return true;
        }
        if (length > bytes.size()) return false;
        const bool was_fragment = packet.protocol == kFragment;
        packet.protocol = bytes[0];
        packet.payload = bytes.subspan(length);
        if (was_fragment && packet.fragment) return true;  // what follows belongs to the fragment
    }
}

std::optional<IpPacket> parse_ip(Bytes bytes, Odd& odd) {
    odd = Odd::kShortIp;
    if (bytes.empty()) return std::nullopt;
    const unsigned version = bytes[0] >> 4;
    if (version == 4) return parse_ip4(bytes, odd);
    if (version == 6) return parse_ip6(bytes, odd);
    odd = Odd::kIpVersion;
    return std::nullopt;
}

}  // namespace imspect::capture
