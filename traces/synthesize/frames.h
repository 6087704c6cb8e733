// Messages into frames of pcap files: Ethernet, IPv4, and UDP, TCP or SCTP around each.
//
// One file shows what was sent, as one tap in the middle of the network would. On demand there is one more for every host that sends or
// receives: what left it and, kFlightNs later, what reached it, so that a message that was lost is in its sender's file alone.
// Checksums are right (RFC 1071; CRC-32C for SCTP, RFC 9260), IP identifications count up by sender, TCP sequence numbers
// and SCTP TSNs go on from message to message; there is no handshake, as in a capture that starts in the middle.
// A TCP message longer than a segment takes several frames. Times are microseconds in the file.
// Invariant: frames are added in ascending time. Cost: linear. Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traces/capture/chunk.h"

namespace imspect::synthesize {

[[nodiscard]] capture::Endpoint endpoint(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, std::uint16_t port);

constexpr std::int64_t kFlightNs = 150'000;

/// Which of the hosts at its ends a message passed.
struct Passage {
    bool left = true;     ///< the sender; false: somebody else has put it on the way
    bool arrived = true;
};

class Frames {
public:
    explicit Frames(bool by_host = false);
    /// With files by host, messages follow each other by more than kFlightNs.
    void add(std::int64_t time_ns, capture::Transport transport, const capture::Endpoint& from, const capture::Endpoint& to,
             std::string_view payload, Passage passage = {});
    /// An ICMP echo request, which every host's file has at its begin and end: the capture was running.
    void ping(std::int64_t time_ns, const capture::Endpoint& from, const capture::Endpoint& to);
    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// The whole file.
    [[nodiscard]] const std::string& pcap() const { return file_; }
    [[nodiscard]] const std::map<capture::Address, std::string>& by_host() const { return of_host_; }

private:
    using Direction = std::pair<capture::Endpoint, capture::Endpoint>;
    void udp(std::int64_t time_ns, const Direction& direction, std::string_view payload);
    void tcp(std::int64_t time_ns, const Direction& direction, std::string_view payload);
    void sctp(std::int64_t time_ns, const Direction& direction, std::string_view payload);
    void ip(std::int64_t time_ns, const Direction& direction, std::uint8_t protocol, const std::string& segment);

    std::string file_;
    bool by_host_ = false;
    Passage passage_;                                           ///< of the message at hand
    std::map<capture::Address, std::string> of_host_;
    std::uint64_t count_ = 0;
    std::map<capture::Address, std::uint16_t> identification_;  ///< by sender
    std::map<Direction, std::uint32_t> sequence_;               ///< next of each direction: octet (TCP) or TSN (SCTP)
    std::map<Direction, std::uint16_t> stream_sequence_;
};

}  // namespace imspect::synthesize
