#include "traces/capture/link_layer.h"

namespace imspect::capture {

namespace {

// Link types of www.tcpdump.org/linktypes.html.
constexpr std::uint32_t kNull = 0, kEthernet = 1, kRawBsd = 12, kRawOpenBsd = 14, kRaw = 101, kLoop = 108, kCooked = 113, kIp4 = 228,
                        kIp6 = 229, kCooked2 = 276;

constexpr std::uint16_t kTypeIp4 = 0x0800, kTypeIp6 = 0x86dd, kTypeVlan = 0x8100, kTypeQinQ = 0x88a8, kTypeOldQinQ = 0x9100,
                        kTypeMpls = 0x8847, kTypeLowest = 0x0600, kTypeArp = 0x0806, kTypeLldp = 0x88cc;
constexpr int kMaxTags = 8;

Bytes nothing(const Packet& packet, Account& account, Odd kind, std::uint32_t number = 0) {
    account.count(packet.frame.file, kind, number);
    return {};
}

Bytes strip_mpls(const Packet& packet, Bytes bytes, Account& account) {
    for (int label = 0; label < kMaxTags && bytes.size() >= 4; ++label) {
        const bool bottom = (bytes[2] & 1) != 0;
        bytes = bytes.subspan(4);
        if (bottom) return bytes.empty() ? nothing(packet, account, Odd::kShortLink) : bytes;
    }
    return nothing(packet, account, Odd::kShortLink);
}

Bytes by_ethertype(const Packet& packet, std::uint16_t type, Bytes bytes, Account& account) {
    for (int tag = 0; tag < kMaxTags; ++tag) {
        if (type == kTypeIp4 || type == kTypeIp6) return bytes.empty() ? nothing(packet, account, Odd::kShortLink) : bytes;
        if (type == kTypeMpls) return strip_mpls(packet, bytes, account);
        if (type != kTypeVlan && type != kTypeQinQ && type != kTypeOldQinQ) break;
        if (bytes.size() < 4) return nothing(packet, account, Odd::kShortLink);
        type = be16(bytes, 2);
        bytes = bytes.subspan(4);
    }
    if (type < kTypeLowest) return nothing(packet, account, Odd::kLogicalLink);
    if (type == kTypeArp) return nothing(packet, account, Odd::kArp);
    if (type == kTypeLldp) return nothing(packet, account, Odd::kLinkLayerDiscovery);
    return nothing(packet, account, Odd::kEthertype, type);
}

/// The family is in the order of the machine that captured, which may not be that of the file.
Bytes loopback(const Packet& packet, Account& account) {
    const Bytes bytes = packet.bytes;
    if (bytes.size() <= 4) return nothing(packet, account, Odd::kShortLink);
    const bool little = bytes[0] != 0;
    const unsigned family = little ? bytes[0] : bytes[3];
    // 2 is AF_INET everywhere; AF_INET6 is 10, 24, 28 or 30 depending on the system.
    const bool ip = family == 2 || family == 10 || family == 24 || family == 28 || family == 30;
    return ip ? bytes.subspan(4) : nothing(packet, account, Odd::kLoopbackFamily);
}

Bytes typed(const Packet& packet, std::size_t type_at, std::size_t header, Account& account) {
    if (packet.bytes.size() < header) return nothing(packet, account, Odd::kShortLink);
    return by_ethertype(packet, be16(packet.bytes, type_at), packet.bytes.subspan(header), account);
}

}  // namespace

Bytes strip_link_layer(const Packet& packet, Account& account) {
    switch (packet.link_type) {
        case kEthernet: return typed(packet, 12, 14, account);
        case kCooked: return typed(packet, 14, 16, account);
        case kCooked2: return typed(packet, 0, 20, account);
        case kNull:
        case kLoop: return loopback(packet, account);
        case kRaw:
        case kRawBsd:
        case kRawOpenBsd:
        case kIp4:
        case kIp6: return packet.bytes.empty() ? nothing(packet, account, Odd::kShortLink) : packet.bytes;
        default: return nothing(packet, account, Odd::kLinkType, packet.link_type);
    }
}

}  // namespace imspect::capture
