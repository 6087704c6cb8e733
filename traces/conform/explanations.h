// The explanations of what a unit's events have shown so far: the set of model states consistent with them.
//
// A state carries what believing in it costs: faults of the environment that nobody saw. Hidden steps (hops not captured,
// inner steps, timers that may have fired by the clock) are closed over; steps that put a message on a captured hop wait for
// its observation. No state within the allowance is ever dropped and unequal ones are never merged; past the cap the
// set is marked overflown and says nothing any more. Cost: proportional to states × rules that may fire. Thread-safety: one thread.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "traces/conform/machine.h"
#include "traces/conform/observation.h"

namespace imspect::conform {

struct StateHash {
    std::size_t operator()(const State& state) const;
};
using StateSet = std::unordered_map<State, std::uint8_t, StateHash>;

/// What the clock and the capture allow at one moment.
struct Moment {
    std::bitset<kHops> tapped;
    std::bitset<kHops> lossless;  ///< what was lost there is known, and nothing else was
    bool await_over = false;      ///< so much time since the last challenge that the await timer may have fired
    bool diameter_over = false;   ///< likewise for the last request of an S-CSCF to the HSS
    bool query_over = false;      ///< and for the last of the I-CSCF
    std::optional<std::uint32_t> restarting;  ///< the S-CSCF that restarted about now, as it shows later
    std::uint8_t allowance = 0;   ///< faults nobody saw, per procedure
    /// Kinds of messages of the running procedures that were seen more than once, by hop.
    std::array<std::vector<std::string>, kHops> repeated;
    std::int32_t only_ue = -1;    ///< the one UE that may act; -1: any
    std::size_t cap = 20'000;
};

struct Closure {
    StateSet states;
    bool overflown = false;
};

/// All states reachable by hidden steps.
Closure close(const Machine& machine, const StateSet& from, const Moment& moment);

/// Whether the step from `before` to `after` by this rule would have been seen.
bool visible(const Machine& machine, std::size_t rule, const Word* after, const Moment& moment);

/// One rule fired from one state, budgets refilled.
using Firing = std::function<void(std::size_t rule, const State& before, State&& after, std::uint8_t cost)>;
void fire_all(const Machine& machine, const State& from, std::uint8_t cost, const Firing& firing);

struct Match {
    StateSet states;
    std::uint32_t soft = 0;          ///< fields on which every explanation disagrees
    std::vector<std::size_t> rules;  ///< that put the message there
};

/// The states after the message was seen; empty: no state explains it. `closed` is a closure.
Match match(const Machine& machine, const StateSet& closed, const Observation& seen, const Moment& moment);

/// The states after one step that should have been seen and was not, by the channel its message went to.
std::unordered_map<std::uint32_t, StateSet> unseen_step(const Machine& machine, const StateSet& closed, const Moment& moment);

/// Steps of the specification that would have been seen next.
struct Possible {
    std::string label;
    std::string node;
    std::vector<std::string> clauses;
    std::size_t rule = 0;
};
std::vector<Possible> possible_next(const Machine& machine, const StateSet& closed, const Moment& moment);

}  // namespace imspect::conform
