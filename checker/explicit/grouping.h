// Which observers are explored together.
//
// Observers without registers share the search of the plain system, whose states are the system's own. The others are
// packed into groups greedily, widest first, into the first group that still has room: registers multiply states, so a
// group's register bits are limited; but every group is a search of its own, so small observers travel together.
// Thread-safety: pure.
#pragma once

#include <vector>

#include "model/ir/ground.h"
#include "properties/monitor/observer.h"

namespace imspect::explore {

inline constexpr unsigned kRegisterBitsOfGroup = 12;

/// Indices of observers by group, ascending in each; the first group is the plain one and may be empty.
std::vector<std::vector<std::size_t>> group_observers(const ir::GroundSystem& system,
                                                      const std::vector<monitor::Observer>& observers);

}  // namespace imspect::explore
