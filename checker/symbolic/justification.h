// The part of a state that a step's outcome follows from, read off the circuit.
//
// The circuit is evaluated in the state; then, from where the step leads back to the latches, a gate that is true needs both
// operands, one that is false needs one of them: the one that rests on fewer bits of the state. What is met on the way suffices. Cheaper by far than the core of a
// solver that is asked the negation, and a little larger, which does not matter where what is made of it is made smaller anyway.
// Paper: Eén, Mishchenko, Brayton, "Efficient implementation of property directed reachability" (2011), on ternary simulation.
// Cost: two passes over the part of the circuit that the question is about. Thread-safety: one thread.
#pragma once

#include <vector>

#include "checker/symbolic/step_encoding.h"

namespace imspect::symbolic {

class Justification {
public:
    Justification(const Machine& machine, const Slice& slice);
    /// States in which the rule is, or leads to, what is bad. `below`: what that is a function of, operands before gates.
    Cube into_bad(const StateAndRule& from, const std::vector<Node>& below);
    Cube into_bad(const StateAndRule& from) { return into_bad(from, all_); }
    /// States from which the rule leads into the cube.
    Cube into(const Cube& cube, const StateAndRule& from, const std::vector<Node>& below);
    Cube into(const Cube& cube, const StateAndRule& from) { return into(cube, from, all_); }

private:
    void evaluate(const StateAndRule& from, const std::vector<Node>& below);
    void need(Literal literal) { needed_[node_of(literal)] = 1; }
    [[nodiscard]] Literal reason(Literal left, Literal right) const;
    Cube collect(const Cube& state, const std::vector<Node>& below);

    const Machine& machine_;
    const Slice& slice_;
    std::vector<Node> all_;             ///< of the slice's cone, ascending
    std::vector<char> values_;          ///< by node
    std::vector<std::uint32_t> costs_;  ///< by node: how many bits of the state its value rests on, shared ones counted again
    std::vector<char> needed_;   ///< by node
};

}  // namespace imspect::symbolic
