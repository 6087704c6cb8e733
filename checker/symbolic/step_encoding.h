// One step of a machine in a SAT solver, and the part of a state that a step's outcome follows from.
//
// `encode_step` puts the relation of a slice into a solver once: latches before and after, the choice, what is bad.
// `Lifter` has a solver of its own, with the relation alone: given a state and a rule that lead somewhere, it says which of
// the state's latches suffice for that. The relation is a function, so the negation of where it leads has no solution, and
// the solver's core is the answer.
// Paper: Eén, Mishchenko, Brayton, "Efficient implementation of property directed reachability" (2011).
// Thread-safety: one thread. Throws SolverFailure.
#pragma once

#include <vector>

#include "checker/symbolic/finding.h"
#include "checker/symbolic/sat.h"
#include "checker/symbolic/slice.h"

namespace imspect::symbolic {

struct EncodedStep {
    std::vector<SatLiteral> now, next;  ///< by latch; 0 outside the slice
    std::vector<SatLiteral> choice;
    SatLiteral bad = 0;
};

EncodedStep encode_step(const Machine& machine, const Slice& slice, SatSolver& solver, bool with_shape);

[[nodiscard]] inline std::size_t latch_of(std::int32_t literal) { return static_cast<std::size_t>(literal > 0 ? literal : -literal) - 1; }
/// A cube's literal over the variables of the latches.
[[nodiscard]] inline SatLiteral over(const std::vector<SatLiteral>& of_latch, std::int32_t literal) {
    return literal > 0 ? of_latch[latch_of(literal)] : -of_latch[latch_of(literal)];
}

/// A state, every latch of the slice, and a rule chosen in it.
struct StateAndRule {
    Cube state;
    std::uint32_t rule = 0;
};
/// What the solver's last solution is.
StateAndRule read_step(const Machine& machine, const Slice& slice, const SatSolver& solver, const EncodedStep& step);

class Lifter {
public:
    Lifter(const Machine& machine, const Slice& slice) : step_(encode_step(machine, slice, solver_, false)) {}
    /// States in which the rule is, or leads to, what is bad.
    Cube into_bad(const StateAndRule& from) { return lift(from, -step_.bad); }
    /// States from which the rule leads into the cube.
    Cube into(const Cube& cube, const StateAndRule& from);
    [[nodiscard]] std::uint64_t queries() const { return solver_.queries(); }

private:
    Cube lift(const StateAndRule& from, SatLiteral escapes);

    SatSolver solver_{Questions::kManySmall};
    EncodedStep step_;
};

}  // namespace imspect::symbolic
