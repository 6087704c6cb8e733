// Puts IP datagrams together again, of either version, whatever the order of their fragments.
//
// RFC 791, RFC 8200 4.5. Bytes that came first stay where fragments overlap, and the overlap is counted. A fragment that a datagram has already is
// a copy (second tap, repeated on the wire) and starts a datagram of its own, so that both copies get whole. What stays incomplete
// is let go after kPatienceNs of capture time, or when kMaxBytes are pending. Cost: one copy of each byte. Thread-safety: one thread.
#pragma once

#include <optional>
#include <vector>

#include "traces/capture/flow_key.h"
#include "traces/capture/ip.h"
#include "traces/capture/layers.h"
#include "traces/capture/recent_map.h"

namespace imspect::capture {

class Fragments {
public:
    static constexpr std::int64_t kPatienceNs = 60'000'000'000;  ///< RFC 8200's
    static constexpr std::size_t kMaxBytes = 16u << 20;
    static constexpr std::size_t kMaxCopies = 4;

    struct Datagram {
        std::vector<std::uint8_t> bytes;
        std::vector<FrameRef> frames;
        std::uint8_t protocol = 0;
    };

    explicit Fragments(Account& account) : account_(account) {}
    /// `layers`: what lies around `packet`. The datagram that `packet` completes, if it does.
    std::optional<Datagram> add(const IpPacket& packet, const Layers& layers);
    /// The end: what is incomplete is counted.
    void finish();

private:
    struct Range {
        std::uint32_t begin;
        std::uint32_t end;
    };
    struct Pending {
        Datagram datagram;
        std::vector<Range> ranges;   ///< that are there, ascending, apart from each other
        std::uint32_t size = 0;      ///< 0: the last fragment has not come
        std::int64_t since_ns = 0;
    };

    void let_go_of_old(std::int64_t now_ns);
    void let_go_of_oldest();
    void insert(Pending& pending, std::uint32_t begin, Bytes bytes, std::uint32_t file);
    static bool covers(const Pending& pending, std::uint32_t begin, std::uint32_t end);
    static std::size_t cost(const Pending& pending);

    Account& account_;
    RecentMap<FlowKey, std::vector<Pending>, FlowKeyHash> pending_;  ///< never touched, so the oldest is the first to come
    std::size_t bytes_ = 0;
};

}  // namespace imspect::capture
