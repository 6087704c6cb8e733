// Copies of a machine's relation, one a step, in a circuit of their own.
//
// Frame 0 is the initial state, whose constants fold whatever they decide, or any state at all. Frame k + 1 is what frame
// k's latches go to under frame k's choice. Only the cone of what is asked for is copied.
// See Biere and others, "Symbolic model checking without BDDs" (1999).
// Cost: a machine's cone a frame. Thread-safety: one thread.
#pragma once

#include <vector>

#include "checker/symbolic/slice.h"

namespace imspect::symbolic {

class Unrolling {
public:
    /// `roots`: the machine's literals that at() will be asked for, beside latches' next values.
    Unrolling(const Machine& machine, std::span<const Literal> roots, bool from_initial);

    void extend();  ///< one frame more
    [[nodiscard]] std::size_t frames() const { return values_.size(); }
    [[nodiscard]] const Circuit& circuit() const { return circuit_; }
    [[nodiscard]] Circuit& circuit() { return circuit_; }
    /// The value of a machine's literal in a frame.
    [[nodiscard]] Literal at(std::size_t frame, Literal literal) const {
        return with_sign(values_[frame][node_of(literal)], is_negated(literal));
    }
    [[nodiscard]] const std::vector<std::size_t>& latches() const { return latches_; }

private:
    void copy();

    const Machine& machine_;
    std::vector<std::size_t> latches_;
    std::vector<Node> nodes_;  ///< of the machine, ascending
    Circuit circuit_;
    std::vector<std::vector<Literal>> values_;  ///< by frame, by node of the machine
};

}  // namespace imspect::symbolic
