#include "checker/symbolic/justification.h"

namespace imspect::symbolic {

Justification::Justification(const Machine& machine, const Slice& slice)
    : machine_(machine), slice_(slice), values_(machine.circuit.size(), 0), needed_(machine.circuit.size(), 0) {
    std::vector<Literal> roots = machine.choice;
    for (const std::size_t latch : slice.latches) {
        roots.push_back(machine.latches[latch].now);
        roots.push_back(machine.latches[latch].next);
    }
    roots.push_back(slice.bad);
    nodes_ = machine.circuit.cone(roots);
}

void Justification::evaluate(const StateAndRule& from) {
    for (const std::int32_t literal : from.state) values_[node_of(machine_.latches[latch_of(literal)].now)] = literal > 0 ? 1 : 0;
    for (std::size_t i = 0; i < machine_.choice.size(); ++i) values_[node_of(machine_.choice[i])] = static_cast<char>((from.rule >> i) & 1U);
    const Circuit& circuit = machine_.circuit;
    const auto value = [&](Literal literal) { return (values_[node_of(literal)] != 0) != is_negated(literal); };
    for (const Node node : nodes_) {
        needed_[node] = 0;
        if (circuit.is_gate(node)) values_[node] = value(circuit.left(node)) && value(circuit.right(node)) ? 1 : 0;
    }
}

Cube Justification::into_bad(const StateAndRule& from) {
    evaluate(from);
    need(slice_.bad);
    return collect(from.state);
}

Cube Justification::into(const Cube& cube, const StateAndRule& from) {
    evaluate(from);
    for (const std::int32_t literal : cube) need(machine_.latches[latch_of(literal)].next);
    return collect(from.state);
}

/// Of a gate's operands that are not both true, a false one: if both are, one that is needed already, or the first.
Literal Justification::reason(Literal left, Literal right) const {
    const auto is_false = [&](Literal literal) { return (values_[node_of(literal)] != 0) == is_negated(literal); };
    if (!is_false(left)) return right;
    if (!is_false(right) || needed_[node_of(left)] != 0) return left;
    return needed_[node_of(right)] != 0 ? right : left;
}

Cube Justification::collect(const Cube& state) {
    const Circuit& circuit = machine_.circuit;
    for (auto node = nodes_.rbegin(); node != nodes_.rend(); ++node) {
        if (needed_[*node] == 0 || !circuit.is_gate(*node)) continue;
        const Literal left = circuit.left(*node);
        const Literal right = circuit.right(*node);
        if (values_[*node] != 0) {
            need(left);
            need(right);
        } else {
            need(reason(left, right));
        }
    }
    Cube cube;
    for (const std::int32_t literal : state) {
        if (needed_[node_of(machine_.latches[latch_of(literal)].now)] != 0) cube.push_back(literal);
    }
    return cube;
}

}  // namespace imspect::symbolic
