#include "traces/capture/esp.h"

#include <array>

#include "traces/capture/ip.h"

namespace imspect::capture {

namespace {

constexpr std::size_t kHeader = 8;
// HMAC-MD5-96 and HMAC-SHA1-96, HMAC-SHA2-256-128, none, HMAC-SHA2-384-192, HMAC-SHA2-512-256.
constexpr std::array<std::size_t, 5> kCheckValues = {12, 16, 0, 24, 32};

bool padding_counts(Bytes padding) {
    for (std::size_t i = 0; i < padding.size(); ++i) {
        if (padding[i] != ((i + 1) & 0xff)) return false;
    }
    return true;
}

bool udp_agrees(Bytes bytes) {
    return bytes.size() >= 8 && be16(bytes, 4) == bytes.size() && be16(bytes, 0) != 0 && be16(bytes, 2) != 0;
}

bool tcp_agrees(Bytes bytes) {
    if (bytes.size() < 20 || be16(bytes, 0) == 0 || be16(bytes, 2) == 0) return false;
    const std::size_t header = (bytes[12] >> 4) * 4u;
    const unsigned flags = bytes[13];
    const bool syn = (flags & 0x02) != 0;
    const bool fin = (flags & 0x01) != 0;
    const bool rst = (flags & 0x04) != 0;
    const bool ack = (flags & 0x10) != 0;
    const bool reserved = (bytes[12] & 0x0e) != 0;
    return header >= 20 && header <= bytes.size() && !reserved && !(syn && (fin || rst)) && (syn || ack || rst);
}

bool sctp_agrees(Bytes bytes) {
    if (bytes.size() < 16 || be16(bytes, 0) == 0 || be16(bytes, 2) == 0) return false;
    const std::size_t chunk = be16(bytes, 14);
    return chunk >= 4 && chunk <= bytes.size() - 12 && bytes[12] <= 14;
}

bool ip_agrees(Bytes bytes, unsigned version) {
    if (bytes.size() < (version == 4 ? 20u : 40u) || bytes[0] >> 4 != version) return false;
    return version == 4 ? be16(bytes, 2) == bytes.size() : be16(bytes, 4) + 40u == bytes.size();
}

bool agrees(std::uint8_t next_header, Bytes payload) {
    switch (next_header) {
        case kProtocolUdp: return udp_agrees(payload);
        case kProtocolTcp: return tcp_agrees(payload);
        case kProtocolSctp: return sctp_agrees(payload);
        case kProtocolIp4: return ip_agrees(payload, 4);
        case kProtocolIp6: return ip_agrees(payload, 6);
        default: return false;
    }
}

}  // namespace

std::optional<EspContent> open_null_esp(Bytes bytes) {
    for (const std::size_t check_value : kCheckValues) {
        if (bytes.size() < kHeader + 2 + check_value) continue;
        const Bytes body = bytes.subspan(kHeader, bytes.size() - kHeader - check_value);
        const std::size_t padding = body[body.size() - 2];
        if (padding + 2 > body.size() || body.size() % 4 != 0) continue;
        const Bytes payload = body.first(body.size() - 2 - padding);
        if (!padding_counts(body.subspan(payload.size(), padding))) continue;
        const std::uint8_t next_header = body.back();
        if (!agrees(next_header, payload)) continue;
        return EspContent{be32(bytes, 0), next_header, payload};
    }
    return std::nullopt;
}

}  // namespace imspect::capture
