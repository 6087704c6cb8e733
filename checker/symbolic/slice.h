// What of a machine one question needs: its cone of influence.
//
// `bad` is the target as one function of state and choice: a state that is one, a step that is one, or a step that leaves a
// domain. `latches` are those that it depends on through any number of steps; `shape` those conditions on the shape of
// states that speak of them alone. Everything outside can be left free without changing the answer.
// Thread-safety: plain values.
#pragma once

#include <vector>

#include "checker/symbolic/machine.h"

namespace imspect::symbolic {

struct Slice {
    Literal bad = kFalse;
    std::vector<std::size_t> latches;
    std::vector<Literal> shape;
};

/// Adds one gate or two to the machine's circuit.
Slice slice_for(Machine& machine, const Target& target);

/// Latches that the roots depend on, through any number of steps; ascending.
std::vector<std::size_t> relevant_latches(const Machine& machine, std::span<const Literal> roots);

}  // namespace imspect::symbolic
