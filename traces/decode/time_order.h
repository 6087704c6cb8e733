// Puts messages in the order of their times before they are given out: a connection that had to wait for a segment, or for the
// certainty that none is missing, completes its messages after others that were said later.
//
// Invariant: within a flow the order in which messages were taken stays, whatever their times; between flows messages leave by
// time, as long as they come no more than kLatestNs late. A jump of the time back (the next file) lets go of everything. At most
// kMaxKept messages are kept. Cost: logarithmic in those a message. Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>

#include "traces/decode/decoder.h"

namespace imspect::decode {

/// Without overflow, whatever a damaged capture says of its times.
[[nodiscard]] constexpr std::uint64_t time_between(std::int64_t a, std::int64_t b) {
    const auto x = static_cast<std::uint64_t>(a), y = static_cast<std::uint64_t>(b);
    return a > b ? x - y : y - x;
}

class TimeOrder {
public:
    static constexpr std::uint64_t kLatestNs = 150'000'000;  ///< capture waits for a missing segment no longer
    static constexpr std::size_t kMaxKept = 8192;

    explicit TimeOrder(std::function<void(Message&&)> out) : out_(std::move(out)) {}
    void take(Message&& message, capture::FlowId flow);
    void expire(std::int64_t now);
    void flush();

private:
    struct Place {
        std::int64_t time_ns;
        std::uint64_t arrival;
        auto operator<=>(const Place&) const = default;
    };
    struct Kept {
        Message message;
        capture::FlowId flow;
    };
    struct Latest {
        std::int64_t time_ns = 0;
        std::size_t kept = 0;
    };
    void give_first();

    std::function<void(Message&&)> out_;
    std::map<Place, Kept> kept_;
    std::unordered_map<capture::FlowId, Latest> latest_;  ///< of the flows that have messages here
    std::uint64_t arrivals_ = 0;
    std::uint64_t given_ = 0;
};

}  // namespace imspect::decode
