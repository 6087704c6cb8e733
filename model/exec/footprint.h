// What a ground rule reads and writes, derived from its expressions.
//
// `reads` holds the slots of the guard, the bounds and the right-hand sides; `writes` the slots assigned. A rule that
// draws a fresh token reads every slot of the token's domain. Sorted, without duplicates.
// Cost: linear in the rule's distinct expressions. Thread-safety: pure.
#pragma once

#include <vector>

#include "model/ir/ground.h"

namespace imspect::exec {

struct Footprint {
    std::vector<ir::SlotId> reads;
    std::vector<ir::SlotId> writes;
};

Footprint footprint(const ir::GroundSystem& system, std::size_t ground_rule);

/// The slots that one ground expression reads in the current state.
std::vector<ir::SlotId> slots_read(const ir::GroundSystem& system, ir::ExprId expression);

}  // namespace imspect::exec
