#include "checker/symbolic/justification.h"

#include <algorithm>

namespace imspect::symbolic {

Justification::Justification(const Machine& machine, const Slice& slice)
    : machine_(machine), slice_(slice), values_(machine.circuit.size(), 0), costs_(machine.circuit.size(), 0), needed_(machine.circuit.size(), 0) {
    std::vector<Literal> roots = machine.choice;
    for (const std::size_t latch : slice.latches) {
        roots.push_back(machine.latches[latch].now);
        roots.push_back(machine.latches[latch].next);
    }
    roots.push_back(slice.bad);
    all_ = machine.circuit.cone(roots);
}

void Justification::evaluate(const StateAndRule& from, const std::vector<Node>& below) {
    constexpr std::uint32_t kMost = 1U << 20U;
    for (const std::int32_t literal : from.state) {
        const Node node = node_of(machine_.latches[latch_of(literal)].now);
        values_[node] = literal > 0 ? 1 : 0;
        costs_[node] = 1;
    }
    for (std::size_t i = 0; i < machine_.choice.size(); ++i) values_[node_of(machine_.choice[i])] = static_cast<char>((from.rule >> i) & 1U);
    const Circuit& circuit = machine_.circuit;
    const auto value = [&](Literal literal) { return (values_[node_of(literal)] != 0) != is_negated(literal); };
    for (const Node node : below) {
        needed_[node] = 0;
        if (!circuit.is_gate(node)) continue;
        const Literal left = circuit.left(node);
        const Literal right = circuit.right(node);
        values_[node] = value(left) && value(right) ? 1 : 0;
        const std::uint32_t of_left = costs_[node_of(left)];
        const std::uint32_t of_right = costs_[node_of(right)];
        costs_[node] = values_[node] != 0 ? std::min(kMost, of_left + of_right)
                       : value(left)      ? of_right
                       : value(right)     ? of_left
                                          : std::min(of_left, of_right);
    }
}

Cube Justification::into_bad(const StateAndRule& from, const std::vector<Node>& below) {
    evaluate(from, below);
    need(slice_.bad);
    return collect(from.state, below);
}

Cube Justification::into(const Cube& cube, const StateAndRule& from, const std::vector<Node>& below) {
    evaluate(from, below);
    for (const std::int32_t literal : cube) need(machine_.latches[latch_of(literal)].next);
    return collect(from.state, below);
}

/// Of a gate's operands that are not both true, a false one: if both are, one that is needed already, or the cheaper.
Literal Justification::reason(Literal left, Literal right) const {
    const auto is_false = [&](Literal literal) { return (values_[node_of(literal)] != 0) == is_negated(literal); };
    if (!is_false(left)) return right;
    if (!is_false(right) || needed_[node_of(left)] != 0) return left;
    if (needed_[node_of(right)] != 0) return right;
    return costs_[node_of(right)] < costs_[node_of(left)] ? right : left;
}

Cube Justification::collect(const Cube& state, const std::vector<Node>& below) {
    const Circuit& circuit = machine_.circuit;
    for (auto node = below.rbegin(); node != below.rend(); ++node) {
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
