// Boolean circuits of and-gates and negations, in which equal gates are one gate.
//
// The symbolic engines see a model as such a circuit: SAT solvers, SMT-LIB, AIGER are written from it and nothing else.
// A Literal is twice a node plus one if it is negated; node 0 is the constant false. Nodes are inputs or gates.
// Invariant: a gate's operands have smaller numbers than the gate, so ascending order is an order of evaluation.
// Cost: a gate is a hash lookup; circuits never shrink. Thread-safety: as for standard containers.
// See Kuehlmann and others, "Robust Boolean reasoning for equivalence checking and functional property verification" (2002).
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace imspect::symbolic {

using Literal = std::uint32_t;
using Node = std::uint32_t;
inline constexpr Literal kFalse = 0;
inline constexpr Literal kTrue = 1;

[[nodiscard]] inline Literal negate(Literal literal) { return literal ^ 1U; }
[[nodiscard]] inline Node node_of(Literal literal) { return literal >> 1U; }
[[nodiscard]] inline bool is_negated(Literal literal) { return (literal & 1U) != 0; }
[[nodiscard]] inline bool is_constant(Literal literal) { return literal <= kTrue; }
[[nodiscard]] inline Literal with_sign(Literal literal, bool negated) { return negated ? negate(literal) : literal; }

class Circuit {
public:
    Circuit() : gates_(1) {}

    Literal input();
    Literal conjunction(Literal left, Literal right);
    Literal disjunction(Literal left, Literal right) { return negate(conjunction(negate(left), negate(right))); }
    Literal equal(Literal left, Literal right);
    Literal choose(Literal condition, Literal then_value, Literal else_value);
    /// Balanced, so that the circuit stays shallow.
    Literal all(std::span<const Literal> literals);
    Literal any(std::span<const Literal> literals);

    [[nodiscard]] std::size_t size() const { return gates_.size(); }
    [[nodiscard]] bool is_gate(Node node) const { return gates_[node].left != 0; }
    [[nodiscard]] bool is_input(Node node) const { return node != 0 && !is_gate(node); }
    [[nodiscard]] Literal left(Node node) const { return gates_[node].left; }
    [[nodiscard]] Literal right(Node node) const { return gates_[node].right; }

    /// The nodes that the roots depend on, inputs included, the constant not, ascending.
    [[nodiscard]] std::vector<Node> cone(std::span<const Literal> roots) const;

private:
    struct Gate {
        Literal left = 0;  ///< 0 for inputs: a gate never has a constant operand
        Literal right = 0;
    };
    std::vector<Gate> gates_;
    std::unordered_map<std::uint64_t, Node> known_;
};

/// Values of all nodes under 64 assignments of the inputs side by side, one a bit; inputs that are never set are false.
class Valuation {
public:
    using Lanes = std::uint64_t;
    explicit Valuation(const Circuit& circuit) : circuit_(circuit), values_(circuit.size(), 0) {}
    void set(Literal input, Lanes values) { values_[node_of(input)] = is_negated(input) ? ~values : values; }
    void set_all(Literal input, bool value) { set(input, value ? ~Lanes{0} : Lanes{0}); }
    void propagate();
    [[nodiscard]] Lanes lanes(Literal literal) const {
        return is_negated(literal) ? ~values_[node_of(literal)] : values_[node_of(literal)];
    }
    [[nodiscard]] bool operator()(Literal literal, unsigned lane) const { return ((lanes(literal) >> lane) & 1U) != 0; }

private:
    const Circuit& circuit_;
    std::vector<Lanes> values_;
};

}  // namespace imspect::symbolic
