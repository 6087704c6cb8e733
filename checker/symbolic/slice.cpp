#include "checker/symbolic/slice.h"

#include <algorithm>

namespace imspect::symbolic {

std::vector<std::size_t> relevant_latches(const Machine& machine, std::span<const Literal> roots) {
    std::vector<std::size_t> latch_of(machine.circuit.size(), machine.latches.size());
    for (std::size_t i = 0; i < machine.latches.size(); ++i) latch_of[node_of(machine.latches[i].now)] = i;
    std::vector<bool> relevant(machine.latches.size(), false);
    std::vector<Literal> wanted(roots.begin(), roots.end());
    for (bool more = true; more;) {
        more = false;
        for (const Node node : machine.circuit.cone(wanted)) {
            const std::size_t latch = latch_of[node];
            if (latch == machine.latches.size() || relevant[latch]) continue;
            relevant[latch] = true;
            wanted.push_back(machine.latches[latch].next);
            more = true;
        }
    }
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < relevant.size(); ++i) {
        if (relevant[i]) result.push_back(i);
    }
    return result;
}

Slice slice_for(Machine& machine, const Target& target) {
    Slice slice;
    slice.bad = machine.circuit.any(std::vector<Literal>{target.at_state, target.at_step, machine.out_of_range});
    const Literal roots[] = {slice.bad};
    slice.latches = relevant_latches(machine, roots);
    std::vector<bool> inside(machine.circuit.size(), false);
    for (const std::size_t latch : slice.latches) inside[node_of(machine.latches[latch].now)] = true;
    for (const Literal condition : machine.shape) {
        const Literal root[] = {condition};
        const std::vector<Node> cone = machine.circuit.cone(root);
        const bool known = std::all_of(cone.begin(), cone.end(), [&](Node node) { return machine.circuit.is_gate(node) || inside[node]; });
        if (known) slice.shape.push_back(condition);
    }
    return slice;
}

}  // namespace imspect::symbolic
