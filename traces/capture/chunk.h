// What the capture layer hands up: pieces of payload with where, when and by which frames they came.
//
// A chunk is a UDP datagram, an SCTP user message, or the next bytes of one direction of a TCP connection, in stream order and
// without repetition. Everything below (link types, tunnels, fragments, retransmitted segments, ESP with NULL encryption) has
// been taken off. Invariant: chunks of one flow arrive in stream order; `frames` is ascending and never empty.
// Thread-safety: values; `bytes` lives only during the call that brings it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace imspect::capture {

/// IPv4 in the first four bytes, or IPv6 in all sixteen.
struct Address {
    std::array<std::uint8_t, 16> bytes{};
    bool v6 = false;
    auto operator<=>(const Address&) const = default;
    [[nodiscard]] std::string text() const;
    /// "10.0.1.1" or "2001:db8::1"; nothing where it is neither.
    [[nodiscard]] static std::optional<Address> read(const std::string& text);
};

struct Endpoint {
    Address address;
    std::uint16_t port = 0;
    auto operator<=>(const Endpoint&) const = default;
    [[nodiscard]] std::string text() const;  ///< "10.0.1.1:5060", "[2001:db8::1]:5060"
};

enum class Transport : std::uint8_t { kUdp, kTcp, kSctp };

/// One direction of one UDP pair, TCP connection, or SCTP association and stream. Never reused within a capture.
using FlowId = std::uint32_t;

/// A frame of the capture: its number counts from 1 in its file, `file` from 0 in the order of the command line.
struct FrameRef {
    std::uint32_t file = 0;
    std::uint32_t number = 0;
    auto operator<=>(const FrameRef&) const = default;
};

struct Chunk {
    FlowId flow = 0;
    Transport transport = Transport::kUdp;
    Endpoint from;
    Endpoint to;
    std::span<const std::uint8_t> bytes;
    std::vector<FrameRef> frames;     ///< those that brought these bytes; a fragmented datagram has several
    std::int64_t time_ns = 0;         ///< since 1970, of the last of `frames`
    std::uint32_t interface = 0;      ///< number of the capture's interface
    std::uint64_t packet_key = 0;     ///< equal for copies of one IP packet (addresses, identification, payload); 0 where none can be made
    std::uint32_t esp_spi = 0;        ///< SPI where the bytes came through ESP, else 0
    std::uint8_t tunnel_depth = 0;    ///< IP headers around the innermost one
    bool gap_before = false;          ///< TCP, SCTP: bytes before these were lost by the capture, or it started in mid-stream
};

/// What a capture tells as it is read. Called by one thread.
class Sink {
public:
    virtual ~Sink() = default;
    virtual void chunk(const Chunk& chunk) = 0;
    /// The flow ended (FIN, RST, or idle so long that it was let go): what is pending of it never gets complete.
    virtual void ended(FlowId flow) = 0;
    /// `frame` brought nothing but a copy of bytes that an earlier chunk of this flow brought (TCP, SCTP retransmission or second tap).
    virtual void repeated(FlowId flow, FrameRef frame, std::span<const std::uint8_t> bytes) = 0;
};

}  // namespace imspect::capture
