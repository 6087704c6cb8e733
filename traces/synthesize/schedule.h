// When each step of a run happens: a clock that obeys the timers.
//
// A run of the model has an order and no times. Its steps get the earliest times such that a timer that fires has run its
// full length (ims::timers(), the standard's defaults), one that does not fire had not yet run out, and everything else
// takes milliseconds. These are difference constraints; the longest path through them is the schedule. A random run need
// not be possible in real time (the model's fault `late` knows no lengths): then the least telling constraint of each
// contradiction is given up, so a schedule always exists. Cost: passes over the constraints, few in practice.
// Thread-safety: pure.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/synthesize/run.h"

namespace imspect::synthesize {

/// What is given up first where constraints contradict each other; kOrder never.
enum class Weight : std::uint8_t { kRepetition, kUserTimer, kDiameterAnswer, kLifetime, kSaLifetime, kAwaitTimer, kTimeout, kOrder };

/// time(to) >= time(from) + gap_ns; a negative gap says that `from` comes at most that much after `to`.
struct Constraint {
    std::size_t from = 0, to = 0;
    std::int64_t gap_ns = 0;
    Weight weight = Weight::kOrder;
};

[[nodiscard]] std::vector<Constraint> constraints_of(const exec::Stepper& stepper, const Vocabulary& vocabulary, const Run& run,
                                                     std::uint64_t seed);

struct Schedule {
    std::vector<std::int64_t> times_ns;  ///< by step, ascending from 0
    std::size_t given_up = 0;            ///< constraints that the run contradicts
};
[[nodiscard]] Schedule solve(std::size_t steps, std::vector<Constraint> constraints);

}  // namespace imspect::synthesize
