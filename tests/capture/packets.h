// Packets and capture files made by hand for the tests of traces/capture, and a sink that keeps what comes out.
//
// Builders nest: pcap({ethernet(ip4(udp("...")))}). Lengths are right and checksums zero unless a test says otherwise.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "traces/capture/reader.h"

namespace imspect::capture_tests {

using Buffer = std::vector<std::uint8_t>;

Buffer text(const std::string& characters);
Buffer operator+(Buffer left, const Buffer& right);
Buffer u8(std::uint64_t value);
Buffer u16(std::uint64_t value);
Buffer u32(std::uint64_t value);
Buffer u64(std::uint64_t value);

// Link layers
Buffer ethernet(const Buffer& packet, std::uint16_t type = 0x0800);
Buffer vlan(const Buffer& rest, std::uint16_t inner_type = 0x0800);  ///< what follows an ethertype of 0x8100

// Network
struct Ip {
    std::string from = "10.0.0.1";
    std::string to = "10.0.0.2";
    std::uint16_t id = 1;
    std::uint16_t offset = 0;     ///< in bytes
    bool more = false;
    Buffer options;
};
Buffer ip4(std::uint8_t protocol, const Buffer& payload, const Ip& how = {});
/// From 2001:db8::1 to 2001:db8::2.
Buffer ip6(std::uint8_t next_header, const Buffer& payload);
Buffer ip6_fragment(std::uint8_t next_header, const Buffer& payload, std::uint32_t id, std::uint16_t offset, bool more);

// Transport
Buffer udp(const Buffer& payload, std::uint16_t from = 5060, std::uint16_t to = 5060);
constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kAck = 16;
struct Tcp {
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint8_t flags = kAck;
    std::uint16_t from = 1000;
    std::uint16_t to = 2000;
};
Buffer tcp(const Tcp& how, const Buffer& payload = {});
/// The same packet from 10.0.0.1 to 10.0.0.2, and (`back`) the other way; ports are turned too.
Buffer forth(const Tcp& how, const std::string& payload = "");
Buffer back(const Tcp& how, const std::string& payload = "");

// Files
struct Record {
    Buffer bytes;
    std::int64_t time_ns = 1'000'000'000;
    std::uint32_t wire_length = 0;  ///< 0: as many as there are
};
struct PcapFormat {
    bool big = false;
    bool nanoseconds = true;
    std::uint32_t link_type = 101;
    std::uint32_t snap_length = 262144;
};
Buffer pcap(const std::vector<Record>& records, const PcapFormat& format = {});
/// Raw IP packets, one millisecond apart from second 1 on.
Buffer pcap_of(const std::vector<Buffer>& packets);
Buffer gzip(const Buffer& plain);

// What comes out
struct Seen {
    capture::Chunk chunk;
    std::string bytes;
    std::vector<std::uint32_t> frames;
};
struct Collector : capture::Sink {
    std::vector<Seen> chunks;
    std::vector<capture::FlowId> ends;
    std::vector<std::pair<std::uint32_t, std::string>> repeats;  ///< frame and bytes
    std::vector<std::string> order;                               ///< "chunk 1", "ended 1", ...

    void chunk(const capture::Chunk& chunk) override;
    void ended(capture::FlowId flow) override;
    void repeated(capture::FlowId flow, capture::FrameRef frame, std::span<const std::uint8_t> bytes) override;
    /// All payload, chunks apart by '|', those after a gap marked by '^'.
    [[nodiscard]] std::string all() const;
};
struct Read {
    Collector sink;
    capture::CaptureSummary summary;
};
/// Requires that `file` is a capture.
Read read(const Buffer& file);

}  // namespace imspect::capture_tests
