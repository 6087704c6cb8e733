// A leads-to as what can be reached: a state in which something is owed and nothing fair can happen any more.
//
// A run that is weakly fair may stay for ever where no fair rule is enabled, and only there. So such a state, reached while an
// obligation is pending (`from` held, `to` has not since), breaks the property, whether or not runs end; and where every
// run is finite (termination.h), nothing else does; elsewhere a fair loop may (response.h). What is pending is a register beside the property's own. As for the
// explicit engine, a rule that only a bound holds back is enabled: `stuck` are states in which every fair guard is
// false, `held_up` those in which no fair rule fires. The first breaks the property; Holds needs that the second is never reached.
// Paper: Manna and Pnueli, "Completing the temporal picture" (1991), on response under justice by well-founded measures.
// Thread-safety: as the ground system's pool, which it extends.
#pragma once

#include <optional>

#include "checker/symbolic/machine.h"

namespace imspect::symbolic {

/// A kState observer that is false exactly where the leads-to of `observer` is stuck. Its registers, of which the last are what is
/// pending, an obligation each, begin at `first_register`.
[[nodiscard]] monitor::Observer stuck_observer(const ir::GroundSystem& system, const monitor::Observer& observer, ir::SlotId first_register);

/// In a machine with a stuck observer's registers: something is pending and no fair rule fires.
[[nodiscard]] Target held_up(Machine& machine, const ir::GroundSystem& system, const monitor::Observer& stuck, std::size_t obligations);

struct BrokenObligation {
    std::string name;
    outcome::Witness witness;  ///< ends in a state that stutters
};

/// A lasso that breaks one obligation, checked as the explicit engine checks its own: aborts where it does not.
[[nodiscard]] BrokenObligation broken_obligation(const ir::GroundSystem& system, const monitor::Observer& observer, std::size_t obligation,
                                                 const outcome::Witness& witness);

/// The run, which ends in a stuck state, as the explicit engine's witness, checked as it checks its own: aborts where it is none.
[[nodiscard]] BrokenObligation stuttering_witness(const ir::GroundSystem& system, const monitor::Observer& observer,
                                                  const monitor::Observer& stuck, const std::vector<std::uint32_t>& rules);

}  // namespace imspect::symbolic
