// How far apart the clocks of several captures are, from what must come before what.
//
// A message seen on two hops, or on one hop by two captures, orders their clocks: a request gains a Via a hop, a response loses one,
// a challenge follows the MAA that brought its vector, that follows the MAR, and the MAR the REGISTER. Each such pair bounds
// an offset from one side; requests bound it from one side and responses from the other, as in NTP, and it lies half-way. Nothing is
// changed where the bounds allow that the clocks agree. What the bounds leave open after that is how far two clocks may still be apart, and so
// which messages of two captures have no certain order. Tenths of the pairs at either end are left out: a capture that lost the
// first sending and shows a repetition bounds wrongly.
// Invariant: the first capture's clock is the measure, or that of whichever has an offset given.
// Paper: Mills, "Internet time synchronization: the network time protocol" (1991).
// Cost: constant a message, up to kMostChains procedures; linear in them at the end. Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "traces/decode/decoder.h"

namespace imspect::bind {

struct ClockOffset {
    std::int64_t add_ns = 0;       ///< to the capture's time stamps
    std::size_t pairs = 0;         ///< of messages that it is judged by; 0: nothing relates this capture to the others
    bool contradictory = false;    ///< no offset suits both directions: a clock that drifts or jumps
};

/// How far the clocks of two captures may still be apart once their offsets were added.
class ClockDoubts {
public:
    ClockDoubts() = default;
    explicit ClockDoubts(std::size_t captures) : captures_(captures), ns_(captures * captures, 0) {}
    void set(std::size_t one, std::size_t other, std::int64_t ns) { ns_[one * captures_ + other] = ns_[other * captures_ + one] = ns; }
    [[nodiscard]] bool none() const { return captures_ == 0; }
    /// 0 for one capture and itself, and for captures that nothing is known of.
    [[nodiscard]] std::int64_t between(std::size_t one, std::size_t other) const {
        return one < captures_ && other < captures_ ? ns_[one * captures_ + other] : 0;
    }

private:
    std::size_t captures_ = 0;
    std::vector<std::int64_t> ns_;
};

class ClockOffsets {
public:
    static constexpr std::int64_t kUnknownNs = 50'000'000;  ///< the doubt where nothing bounds it, or one side only

    /// `file` counts from 0. Only what a run's first messages of a kind show is kept.
    void message(std::size_t file, const decode::Message& message);
    /// `given`: by file, those that are known. An entry a file.
    [[nodiscard]] std::vector<ClockOffset> estimate(const std::vector<std::optional<std::int64_t>>& given) const;
    /// With these added. There is none between two that were given.
    [[nodiscard]] ClockDoubts doubts(const std::vector<ClockOffset>& added, const std::vector<std::optional<std::int64_t>>& given) const;

private:
    static constexpr std::size_t kMostChains = 50'000;
    /// Where in a procedure a message stands; of two places the smaller comes first.
    using Place = int;
    struct Sight {
        std::size_t file = 0;
        Place place = 0;
        std::int64_t time_ns = 0;
    };
    struct Chain {
        std::vector<Sight> sights;
        std::string nonce;
    };
    struct Bounds {
        std::vector<std::int64_t> at_least, at_most;  ///< what is to be added to the later file's stamps
    };
    using Pair = std::pair<std::size_t, std::size_t>;

    void sip(std::size_t file, const decode::SipMessage& message, std::int64_t time_ns);
    void diameter(std::size_t file, const decode::DiameterMessage& message, std::int64_t time_ns);
    static void see(std::vector<Sight>& sights, Sight sight);
    [[nodiscard]] std::map<Pair, Bounds> bounds() const;
    static void relate(const std::vector<Sight>& sights, std::map<Pair, Bounds>& into);
    static ClockOffset settle(Bounds bounds);
    static std::int64_t doubt(Bounds bounds, std::int64_t added);

    std::map<std::string, Chain> chains_;                 ///< by Call-ID and CSeq
    std::map<std::string, std::vector<Sight>> vectors_;   ///< MARs and MAAs, by av_key
    std::map<std::string, std::vector<Sight>> requests_;  ///< MARs, by Session-Id
    std::map<std::string, std::vector<Sight>> sessions_;  ///< requests and answers on Cx, by Session-Id and command
};

}  // namespace imspect::bind
