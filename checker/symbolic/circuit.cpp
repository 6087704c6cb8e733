#include "checker/symbolic/circuit.h"

#include <algorithm>
#include <utility>

namespace imspect::symbolic {

Literal Circuit::input() {
    gates_.push_back({});
    return static_cast<Literal>(2 * (gates_.size() - 1));
}

Literal Circuit::conjunction(Literal left, Literal right) {
    if (left > right) std::swap(left, right);
    if (left == kFalse || left == negate(right)) return kFalse;
    if (left == kTrue || left == right) return right;
    // One level below: x and (x and y), x and (not x and y), where the operand is not negated.
    for (const auto& [one, other] : {std::pair(left, right), std::pair(right, left)}) {
        if (is_negated(other) || !is_gate(node_of(other))) continue;
        const Gate& inner = gates_[node_of(other)];
        if (inner.left == one || inner.right == one) return other;
        if (inner.left == negate(one) || inner.right == negate(one)) return kFalse;
    }
    const std::uint64_t key = (static_cast<std::uint64_t>(left) << 32U) | right;
    const auto [entry, is_new] = known_.emplace(key, static_cast<Node>(gates_.size()));
    if (is_new) gates_.push_back({left, right});
    return 2 * entry->second;
}

Literal Circuit::equal(Literal left, Literal right) {
    return negate(disjunction(conjunction(left, negate(right)), conjunction(negate(left), right)));
}

Literal Circuit::choose(Literal condition, Literal then_value, Literal else_value) {
    if (then_value == else_value) return then_value;
    if (then_value == kTrue || then_value == condition) return disjunction(condition, else_value);
    if (then_value == kFalse || then_value == negate(condition)) return conjunction(negate(condition), else_value);
    if (else_value == kTrue || else_value == negate(condition)) return disjunction(negate(condition), then_value);
    if (else_value == kFalse || else_value == condition) return conjunction(condition, then_value);
    return disjunction(conjunction(condition, then_value), conjunction(negate(condition), else_value));
}

Literal Circuit::all(std::span<const Literal> literals) {
    if (literals.empty()) return kTrue;
    std::vector<Literal> level(literals.begin(), literals.end());
    std::sort(level.begin(), level.end());
    level.erase(std::unique(level.begin(), level.end()), level.end());
    while (level.size() > 1) {
        std::size_t out = 0;
        for (std::size_t i = 0; i + 1 < level.size(); i += 2) level[out++] = conjunction(level[i], level[i + 1]);
        if (level.size() % 2 != 0) level[out++] = level.back();
        level.resize(out);
    }
    return level[0];
}

Literal Circuit::any(std::span<const Literal> literals) {
    std::vector<Literal> negated(literals.begin(), literals.end());
    for (Literal& literal : negated) literal = negate(literal);
    return negate(all(negated));
}

std::vector<Node> Circuit::cone(std::span<const Literal> roots) const {
    std::vector<bool> seen(gates_.size(), false);
    for (const Literal root : roots) seen[node_of(root)] = true;
    for (Node node = static_cast<Node>(gates_.size()); node-- > 1;) {
        if (!seen[node] || !is_gate(node)) continue;
        seen[node_of(gates_[node].left)] = true;
        seen[node_of(gates_[node].right)] = true;
    }
    std::vector<Node> nodes;
    for (Node node = 1; node < gates_.size(); ++node) {
        if (seen[node]) nodes.push_back(node);
    }
    return nodes;
}

void Valuation::propagate() {
    for (Node node = 1; node < values_.size(); ++node) {
        if (circuit_.is_gate(node)) values_[node] = lanes(circuit_.left(node)) & lanes(circuit_.right(node));
    }
}

}  // namespace imspect::symbolic
