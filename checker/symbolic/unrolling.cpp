#include "checker/symbolic/unrolling.h"

namespace imspect::symbolic {

Unrolling::Unrolling(const Machine& machine, std::span<const Literal> roots, bool from_initial)
    : machine_(machine), latches_(relevant_latches(machine, roots)) {
    std::vector<Literal> wanted(roots.begin(), roots.end());
    for (const std::size_t latch : latches_) wanted.push_back(machine.latches[latch].next);
    nodes_ = machine.circuit.cone(wanted);
    values_.emplace_back(machine.circuit.size(), kFalse);
    for (const std::size_t latch : latches_) {
        const Latch& declared = machine.latches[latch];
        values_[0][node_of(declared.now)] = from_initial ? (declared.initial ? kTrue : kFalse) : circuit_.input();
    }
    copy();
}

void Unrolling::extend() {
    std::vector<Literal> next(machine_.circuit.size(), kFalse);
    for (const std::size_t latch : latches_) {
        next[node_of(machine_.latches[latch].now)] = at(frames() - 1, machine_.latches[latch].next);
    }
    values_.push_back(std::move(next));
    copy();
}

void Unrolling::copy() {
    std::vector<Literal>& values = values_.back();
    const std::size_t frame = frames() - 1;
    for (const Literal choice : machine_.choice) values[node_of(choice)] = circuit_.input();
    for (const Node node : nodes_) {
        if (!machine_.circuit.is_gate(node)) continue;
        values[node] = circuit_.conjunction(at(frame, machine_.circuit.left(node)), at(frame, machine_.circuit.right(node)));
    }
}

}  // namespace imspect::symbolic
