#include "traces/capture/dissector.h"

#include <algorithm>

#include "traces/capture/esp.h"
#include "traces/capture/gtp.h"
#include "traces/capture/ip.h"
#include "traces/capture/link_layer.h"

namespace imspect::capture {

namespace {

constexpr std::uint16_t kEspPort = 4500;  // RFC 3948

}  // namespace

Dissector::Dissector(Sink& sink, Account& account)
    : account_(account), output_(sink, account), fragments_(account), udp_(output_), tcp_(output_), sctp_(output_) {}

void Dissector::frame(const Packet& packet) {
    tcp_.advance(packet.time_ns);
    sctp_.advance(packet.time_ns);
    const Bytes bytes = strip_link_layer(packet, account_);
    if (bytes.empty()) return;
    Layers layers;
    layers.frame = packet.frame;
    layers.frames = std::span(&packet.frame, 1);
    layers.time_ns = packet.time_ns;
    layers.interface = packet.interface;
    ip(bytes, layers);
}

void Dissector::finish() {
    fragments_.finish();
    tcp_.finish();
    sctp_.finish();
}

void Dissector::ip(Bytes bytes, Layers layers) {
    if (++layers.depth > kMaxDepth) {
        odd(layers, Odd::kTooDeep);
        return;
    }
    Odd why{};
    const std::optional<IpPacket> packet = parse_ip(bytes, why);
    if (!packet) {
        odd(layers, why);
        return;
    }
    if (packet->cut) odd(layers, Odd::kTruncatedPacket);
    if (layers.ip_headers != 0) {
        layers.tunnel = hash_bytes(hash_bytes(layers.tunnel, layers.from.address.bytes), layers.to.address.bytes);
    }
    layers.from = {packet->from, 0};
    layers.to = {packet->to, 0};
    layers.identification = packet->identification;
    ++layers.ip_headers;
    if (!packet->fragment) {
        payload(packet->protocol, packet->payload, layers);
        return;
    }
    const std::optional<Fragments::Datagram> whole = fragments_.add(*packet, layers);
    if (!whole) return;
    layers.frames = whole->frames;
    IpPacket rest;
    rest.protocol = whole->protocol;
    rest.payload = whole->bytes;
    if (packet->from.v6 && !step_over_extensions(rest)) odd(layers, Odd::kIpExtension);
    else payload(rest.protocol, rest.payload, layers);
}

void Dissector::payload(std::uint8_t protocol, Bytes bytes, Layers layers) {
    if (++layers.depth > kMaxDepth) {
        odd(layers, Odd::kTooDeep);
        return;
    }
    switch (protocol) {
        case kProtocolUdp: udp(bytes, layers); break;
        case kProtocolTcp: tcp_.segment(layers, bytes); break;
        case kProtocolSctp: sctp_.packet(layers, bytes); break;
        case kProtocolIp4:
        case kProtocolIp6: ip(bytes, layers); break;
        case kProtocolEsp: esp(bytes, layers); break;
        case kProtocolAh: authentication_header(bytes, layers); break;
        case kProtocolNone: break;
        case kProtocolIcmp: odd(layers, Odd::kIcmp); break;
        case kProtocolIgmp: odd(layers, Odd::kIgmp); break;
        case kProtocolIcmp6: odd(layers, Odd::kIcmp6); break;
        default: odd(layers, Odd::kProtocol, protocol);
    }
}

void Dissector::udp(Bytes bytes, Layers layers) {
    constexpr std::size_t kHeader = 8;
    if (bytes.size() < kHeader) {
        odd(layers, Odd::kShortTransport);
        return;
    }
    layers.from.port = be16(bytes, 0);
    layers.to.port = be16(bytes, 2);
    const std::size_t length = be16(bytes, 4);
    bytes = bytes.subspan(kHeader);
    if (length >= kHeader) bytes = bytes.first(std::min(bytes.size(), length - kHeader));
    else if (length != 0) odd(layers, Odd::kUdpLength);  // zero: a datagram too long for the field, or offloading

    const auto either = [&](std::uint16_t port) { return layers.from.port == port || layers.to.port == port; };
    if (either(kGtpUserPort) && gtp(bytes, layers)) return;
    const bool esp_inside = either(kEspPort) && bytes.size() > 4 && be32(bytes, 0) != 0;  // zero: IKE follows
    if (esp_inside && esp(bytes, layers)) return;
    if (!bytes.empty()) udp_.datagram(layers, bytes);
}

/// False: it only uses the port.
bool Dissector::gtp(Bytes bytes, const Layers& layers) {
    const std::optional<GtpContent> content = open_gtp(bytes);
    if (!content) return false;
    if (!content->user_packet) return true;
    const Bytes inner = content->payload;
    const unsigned version = inner.empty() ? 0 : inner[0] >> 4;
    if (content->damaged) odd(layers, Odd::kGtpHeader);
    else if (version != 4 && version != 6) odd(layers, Odd::kGtpNoIp);
    else ip(inner, layers);
    return true;
}

bool Dissector::esp(Bytes bytes, Layers layers) {
    constexpr std::size_t kShortest = 10;
    if (bytes.size() < kShortest) {
        odd(layers, Odd::kEspShort);
        return false;
    }
    const std::optional<EspContent> content = open_null_esp(bytes);
    if (!content) {
        odd(layers, Odd::kEspEncrypted);
        return false;
    }
    layers.esp_spi = content->spi;
    payload(content->next_header, content->payload, layers);
    return true;
}

void Dissector::authentication_header(Bytes bytes, const Layers& layers) {
    const std::size_t length = bytes.size() < 2 ? 0 : (bytes[1] + 2u) * 4u;  // RFC 4302 2.2
    if (length < 12 || length > bytes.size()) odd(layers, Odd::kShortTransport);
    else payload(bytes[0], bytes.subspan(length), layers);
}

}  // namespace imspect::capture
