// The end of a run that breaks off: what is on its way arrives, and nobody begins anything new.
//
// A witness ends with the step that breaks its property, which may be one that no wire shows (Cx-Put(pending) is seen in the MAR
// after it). Continued by the nodes' own rules, without faults, timers, users or attackers, the capture shows it. A random run
// that breaks off goes on to rest: the timers of procedures that are under way fire too, registrations stay.
// Deterministic: the first enabled rule is taken, `most` times at most. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <vector>

#include "model/exec/stepper.h"

namespace imspect::synthesize {

enum class Until : std::uint8_t {
    kDelivered,  ///< what is on its way has arrived
    kRest,       ///< and every timer of a procedure has fired that would
};

/// `rules` and what follows; unchanged where they are no run of the system.
[[nodiscard]] std::vector<std::uint32_t> settle(const exec::Stepper& stepper, std::vector<std::uint32_t> rules, Until until,
                                                std::size_t most = 200);

}  // namespace imspect::synthesize
