// One step of a machine in a SAT solver.
//
// `encode_step` puts the relation of a slice into a solver once: latches before and after, the choice, what is bad.
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

}  // namespace imspect::symbolic
