// One random run of a model, reproducible from its seed on every machine.
//
// At each state one of the enabled ground rules is taken, each with equal chance. Steps are exec::Stepper's, so a run is a
// witness like any other and can be told as a story. Errors: a model that assigns a value outside a domain.
// Cost: O(rules) a step. Thread-safety: a call owns everything it uses.
#pragma once

#include <cstdint>

#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/outcome/outcome.h"

namespace imspect::checker {

struct SimulatedRun {
    outcome::Witness run;
    bool quiescent = false;  ///< the run ended because no rule was enabled
};

[[nodiscard]] Result<SimulatedRun> simulate(const ir::GroundSystem& ground, std::uint64_t seed, std::uint64_t steps);

}  // namespace imspect::checker
