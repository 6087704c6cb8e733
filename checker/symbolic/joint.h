// All questions of a run of IC3 put at once: states are visited, and one invariant learnt, for all of them together.
//
// The machine has the registers of all observers. What its visited states hit is reached, by a run; of everything else one
// invariant is learnt that excludes it all (learning.h). Where there are more states than kMostStates, or time is over,
// what has not been decided stays so, and IC3 is asked about each question by itself.
// The registers' bits multiply states less than one may fear: on the shipped scenarios the product has at most a few
// states more than the system, since histories follow from how far the run is.
// Thread-safety: plain values; work_jointly is for a process of its own.
#pragma once

#include <memory>
#include <vector>

#include "checker/symbolic/finding.h"
#include "checker/symbolic/slice.h"

namespace imspect::symbolic {

inline constexpr std::size_t kMostStates = std::size_t{1} << 21U;

/// A machine for all questions, and the target of each in it.
struct JointQuestion {
    Machine machine;
    std::vector<Target> targets;
};

enum class JointWork : std::uint8_t {
    kVisit,  ///< says what is reached
    kLearn,  ///< visits again, which is cheap, and learns from that: a process that may take long, or be stopped
};

/// One finding a target, kReached or kUndecided; behind them one for all that is not reached. `seconds`: 0 for no limit.
Words work_jointly(const JointQuestion& question, JointWork work, double seconds);

struct JointAnswer {
    bool saw_all = false;                   ///< states: there is something to learn from
    std::vector<Finding> findings;          ///< by target; what is unreachable has the certificate of all
    std::shared_ptr<const Machine> machine;
    Slice slice;                            ///< of everything unreachable at once
    std::vector<Slice> slices;              ///< by target: the same latches, its own badness; where it is unreachable
};

JointAnswer unpack_joint(const JointQuestion& question, const Words& words);

}  // namespace imspect::symbolic
