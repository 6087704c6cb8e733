// One pass of a unit's events through one machine: how far the rules explain them.
//
// A walk starts from a set of states at some event and goes on until no explanation is left, or an obligation of a timer is
// overdue. Runs whose beginning the capture doesn't show, and those that end outside the clauses, are passed over until the
// UE's next run; after them the unit may be in any state of rest.
// Events that two captures show have no certain order where they are closer than the clocks are sure to agree. The order of the time stamps is
// tried first; where an event has no explanation in it, the others that are possible around it. Thread-safety: one thread.
#pragma once

#include <bitset>
#include <span>
#include <string>
#include <vector>

#include "traces/bind/clock_offsets.h"
#include "traces/conform/explanations.h"
#include "traces/conform/initial.h"

namespace imspect::conform {

struct UnitEvent {
    const bind::Event* event = nullptr;
    Observation seen;
    std::string outside;   ///< why it ends its run outside the clauses
    bool starts = false;   ///< first message of a run, as far up as the capture reaches
    std::optional<std::uint32_t> restarts;  ///< no message: by now this S-CSCF has restarted
};

struct Clocks {
    std::vector<std::int64_t> challenged;  ///< by UE; 0: no challenge open
    std::vector<std::int64_t> asked;       ///< by UE: last request of an S-CSCF on Cx
    std::vector<std::int64_t> queried;     ///< by UE: last request of the I-CSCF
    /// By UE and hop: kinds seen more than once in the running procedure, and in those before it that got no answer.
    std::vector<std::array<std::vector<std::string>, kHops>> repeated;
    std::vector<bool> answered;            ///< by UE: the running procedure has its final answer
};

/// Where a walk stands between two events.
struct Position {
    std::size_t next = 0;
    StateSet states;
    std::vector<bool> skipping;  ///< by UE: until its next run begins
    Clocks clocks;
};

constexpr std::uint8_t kMostFaults = 2;  ///< unseen ones in a procedure that may be believed in

/// What happened to one event.
enum class Mark : std::uint8_t { kNone, kExplained, kSkipped, kOutside, kInferred };

struct SoftNote {
    std::size_t event = 0;
    std::uint32_t fields = 0;
    bool early_timer = false;
};

struct WalkLimits {
    std::bitset<kHops> tapped, lossless;
    std::int64_t await_ns = 0, diameter_ns = 0;
    std::int64_t end_ns = 0;  ///< of the capture; 0: more will come
    std::int64_t silence_ns = 0;  ///< after which every timer has shown its effect
    bool to_rest = false;     ///< so long before the end everything fell silent that some explanation must have come to rest
    std::uint64_t cap = 0;
    std::uint8_t allowance = 0;
    const bind::ClockDoubts* clocks = nullptr;  ///< of the captures; nothing: their order is certain
};

struct Walk {
    Position at;                ///< before the event that has no explanation, or behind the last
    Closure closed;             ///< of its states, at that moment
    Moment moment;
    bool done = false;
    bool overdue = false;       ///< not the event: the await timer should have had an effect before it
    std::uint32_t overdue_ue = 0;
    bool restless = false;      ///< not the event: no explanation comes to rest as `to_rest` wants it
    bool overflown = false;
    std::size_t peak = 0;
    std::vector<Mark> marks;    ///< by event, from the start of the walk on
    std::vector<SoftNote> notes;
    std::vector<std::size_t> order;  ///< in which it took the events, `at` and all else count by it; empty: as they were given
    /// Which of the events given is the one at this position.
    [[nodiscard]] std::size_t event_at(std::size_t position) const { return order.empty() ? position : order[position]; }
};

Walk walk(const Machine& machine, std::span<const UnitEvent> events, Position from, const WalkLimits& limits,
          const StateSet& rest);
/// In the order given and no other.
Walk walk_in_order(const Machine& machine, std::span<const UnitEvent> events, Position from, const WalkLimits& limits, const StateSet& rest);
[[nodiscard]] std::vector<UnitEvent> in_order(std::span<const UnitEvent> events, const std::vector<std::size_t>& order);
/// Some two of them that follow each other may have come the other way round.
[[nodiscard]] bool leaves_undecided(std::span<const UnitEvent> events, const WalkLimits& limits);

/// So long since a timer started; `since` 0: it hasn't.
inline bool over(std::int64_t since, std::int64_t now, std::int64_t length) { return since != 0 && now - since >= length; }
/// A timer of this length may have fired; the await timer's effect should have been seen.
inline std::int64_t nearly(std::int64_t length_ns) { return length_ns * 9 / 10; }
inline std::int64_t overdue(std::int64_t await_ns) {
    constexpr std::int64_t kGraceNs = 2'000'000'000;  // for clocks and for the way of the message
    return await_ns + await_ns / 4 + kGraceNs;
}

/// Bookkeeping of an event that was taken, however it was explained.
void pass(Position& position, const UnitEvent& event, const WalkLimits& limits);
/// Every explanation has this UE's challenge still open.
bool still_challenged(const Machine& machine, const StateSet& states, std::uint32_t ue);

}  // namespace imspect::conform
