// Replays a run, a list of ground rules, through the step semantics.
//
// Used on every witness before anybody sees it, and by whoever prints one. The run may come from outside (a witness in a
// file), so a rule that is not enabled is an Error and not an aborted program. Thread-safety: pure.
#pragma once

#include <span>
#include <vector>

#include "model/exec/stepper.h"
#include "model/result.h"

namespace imspect::exec {

/// The states of the run, the initial one first, each normalised: one more than there are rules.
Result<std::vector<State>> replay(const Stepper& stepper, std::span<const std::uint32_t> rules);
Result<std::vector<State>> replay(const ir::GroundSystem& system, std::span<const std::uint32_t> rules);

}  // namespace imspect::exec
