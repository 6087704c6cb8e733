// The state graph of a small system for Graphviz: one node a state, one edge a step.
//
// States are numbered in breadth-first order and labelled with what differs from the initial state; edges carry the
// name of the ground rule. Terminal states are drawn double. Deterministic.
// Errors: more than `most` states (a drawing of which nobody would see anything); a value outside its domain.
// Cost: explores the system. Thread-safety: pure.
#pragma once

#include <cstddef>
#include <string>

#include "model/ir/ground.h"
#include "model/result.h"

namespace imspect::exports {

inline constexpr std::size_t kMostDrawnStates = 2000;

[[nodiscard]] Result<std::string> write_dot(const ir::GroundSystem& system, std::size_t most = kMostDrawnStates);

}  // namespace imspect::exports
