// What a run of the model breaks, said by the checker's own product of system and observers. Thread-safety: pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/ir/ground.h"

namespace imspect::tests {

/// Ids of the catalogue's invariants and past-time properties that the run breaks somewhere, and of its leads-to that are open at its end. The ground system's pool grows.
std::set<std::string> broken_by(ir::GroundSystem& ground, const std::vector<std::uint32_t>& rules);

}  // namespace imspect::tests
