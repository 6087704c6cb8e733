#include "checker/symbolic/cone_step.h"

#include <algorithm>
#include <array>
#include <optional>

#include "model/result.h"

namespace imspect::symbolic {

namespace {

/// A gate that is the negation of: if `condition` then `one` else `other`.
struct Choice {
    Literal condition, one, other;
};

std::optional<Choice> as_choice(const Circuit& circuit, Node node) {
    const Literal left = circuit.left(node);
    const Literal right = circuit.right(node);
    if (!is_negated(left) || !is_negated(right) || !circuit.is_gate(node_of(left)) || !circuit.is_gate(node_of(right))) return std::nullopt;
    const std::array<Literal, 2> first = {circuit.left(node_of(left)), circuit.right(node_of(left))};
    const std::array<Literal, 2> second = {circuit.left(node_of(right)), circuit.right(node_of(right))};
    for (std::size_t i = 0; i < 2; ++i) {
        for (std::size_t j = 0; j < 2; ++j) {
            if (first[i] == negate(second[j])) return Choice{first[i], first[1 - i], second[1 - j]};
        }
    }
    return std::nullopt;
}

}  // namespace

ConeStep::ConeStep(const Machine& machine, const Slice& slice)
    : machine_(machine), variables_(machine.circuit.size(), 0), latch_at_(machine.circuit.size(), machine.latches.size()),
      visited_(machine.circuit.size(), 0) {
    std::vector<Literal> roots = machine.choice;
    for (const std::size_t latch : slice.latches) {
        latch_at_[node_of(machine.latches[latch].now)] = latch;
        roots.push_back(machine.latches[latch].now);
        roots.push_back(machine.latches[latch].next);
    }
    roots.push_back(slice.bad);
    number_nodes(roots);
}

/// A variable for what is an input, asked for, read twice or read negated; but not for the two halves of a choice.
void ConeStep::number_nodes(const std::vector<Literal>& roots) {
    const Circuit& circuit = machine_.circuit;
    const std::vector<Node> cone = circuit.cone(roots);
    std::vector<std::uint32_t> readers(circuit.size(), 0);
    std::vector<bool> wanted(circuit.size(), false);
    for (const Literal root : roots) wanted[node_of(root)] = true;
    for (const Node node : cone) {
        if (!circuit.is_gate(node)) continue;
        ++readers[node_of(circuit.left(node))];
        ++readers[node_of(circuit.right(node))];
    }
    std::vector<bool> half(circuit.size(), false);
    for (auto at = cone.rbegin(); at != cone.rend(); ++at) {  // readers first: a half has a choice's clauses, so no halves itself
        const Node node = *at;
        if (!circuit.is_gate(node) || half[node] || !as_choice(circuit, node)) continue;
        const Node one = node_of(circuit.left(node));
        const Node other = node_of(circuit.right(node));
        if (readers[one] != 1 || readers[other] != 1 || wanted[one] || wanted[other]) continue;
        half[one] = half[other] = true;
        wanted[node] = true;
    }
    std::vector<bool> negated(circuit.size(), false);
    for (const Node node : cone) {
        if (!circuit.is_gate(node)) continue;
        for (const Literal operand : {circuit.left(node), circuit.right(node)}) {
            // What makes a choice up reads its operands in both senses, as far as anybody else may tell.
            if (is_negated(operand) || half[node]) negated[node_of(operand)] = true;
        }
    }
    variables_[0] = solver_.variable();
    solver_.add({-variables_[0]});
    for (const Node node : cone) {
        const bool merged = circuit.is_gate(node) && !wanted[node] && (half[node] || (readers[node] == 1 && !negated[node]));
        if (!merged) variables_[node] = solver_.variable();
    }
    for (const Node node : cone) {
        if (circuit.is_gate(node) && variables_[node] != 0) encode(node);
    }
}

SatLiteral ConeStep::literal(Literal literal) const {
    const SatLiteral variable = variables_[node_of(literal)];
    IMSPECT_REQUIRE(variable != 0, "a gate without a variable of its own is asked about");
    return is_negated(literal) ? -variable : variable;
}

void ConeStep::gather(Literal of, std::vector<SatLiteral>& operands) const {
    if (!inner(of)) {
        operands.push_back(literal(of));
        return;
    }
    gather(machine_.circuit.left(node_of(of)), operands);
    gather(machine_.circuit.right(node_of(of)), operands);
}

bool ConeStep::encode_choice(Node node) {
    if (!inner(machine_.circuit.left(node)) || !is_negated(machine_.circuit.left(node))) return false;
    const std::optional<Choice> choice = as_choice(machine_.circuit, node);
    if (!choice) return false;
    const SatLiteral gate = -variables_[node];
    const SatLiteral condition = literal(choice->condition);
    const SatLiteral one = literal(choice->one);
    const SatLiteral other = literal(choice->other);
    solver_.add({-condition, -one, gate});
    solver_.add({-condition, one, -gate});
    solver_.add({condition, -other, gate});
    solver_.add({condition, other, -gate});
    solver_.add({-one, -other, gate});
    solver_.add({one, other, -gate});
    return true;
}

void ConeStep::encode(Node node) {
    if (encode_choice(node)) return;
    std::vector<SatLiteral> operands;
    gather(machine_.circuit.left(node), operands);
    gather(machine_.circuit.right(node), operands);
    const SatLiteral gate = variables_[node];
    for (const SatLiteral operand : operands) solver_.add({-gate, operand});
    for (SatLiteral& operand : operands) operand = -operand;
    operands.push_back(gate);
    solver_.add(operands);
}

void ConeStep::begin_question() {
    solver_.begin_question();
    solver_.admit(variables_[0]);
    below_.clear();
    ++question_;
}

void ConeStep::about(Literal literal) {
    const Circuit& circuit = machine_.circuit;
    open_.push_back(node_of(literal));
    while (!open_.empty()) {
        const Node node = open_.back();
        if (node == 0 || visited_[node] == question_) {
            open_.pop_back();
            continue;
        }
        bool ready = true;
        if (circuit.is_gate(node)) {
            for (const Literal operand : {circuit.left(node), circuit.right(node)}) {
                if (visited_[node_of(operand)] == question_ || node_of(operand) == 0) continue;
                open_.push_back(node_of(operand));
                ready = false;
            }
        }
        if (!ready) continue;
        open_.pop_back();
        visited_[node] = question_;
        below_.push_back(node);
        if (variables_[node] != 0) solver_.admit(variables_[node]);
    }
}

StateAndRule ConeStep::read() const {
    StateAndRule result;
    for (const Node node : below_) {
        const std::size_t latch = latch_at_[node];
        if (latch == machine_.latches.size()) continue;
        const auto number = static_cast<std::int32_t>(latch + 1);
        result.state.push_back(solver_.value(variables_[node]) ? number : -number);
    }
    std::sort(result.state.begin(), result.state.end(), [](std::int32_t a, std::int32_t b) { return std::abs(a) < std::abs(b); });
    std::vector<bool> bits;
    for (const Literal choice : machine_.choice) bits.push_back(solver_.value(variables_[node_of(choice)]));
    result.rule = static_cast<std::uint32_t>(machine_.chosen_rule(bits));
    return result;
}

}  // namespace imspect::symbolic
