// What Spacer says, in this folder's words: an invariant as cubes, a refutation as states, states as a run of rules.
//
// An answer that holds anything but the slice's bits and propositional connectives throws SolverFailure: what cannot be
// read must not be guessed. So does an invariant that has more than kMostClauses clauses.
// Thread-safety: pure.
#pragma once

#include <vector>

#include <z3++.h>

#include "checker/symbolic/finding.h"
#include "checker/symbolic/slice.h"

namespace imspect::symbolic {

inline constexpr std::size_t kMostClauses = 1'000'000;

/// The cubes that a formula over the relation's arguments (variable i: the slice's latch i) excludes.
[[nodiscard]] std::vector<Cube> cubes_of(const z3::expr& formula, const Slice& slice);

/// The states that a proof by hyper-resolution goes through, first the initial one. Every clause has one premise at most, so
/// they are a line.
[[nodiscard]] std::vector<Cube> states_of(const z3::expr& proof, const z3::func_decl& relation, const Slice& slice);

/// Rules that lead from each state to the next, and one that is bad, or may be, in the last.
[[nodiscard]] std::vector<std::uint32_t> run_through(const Machine& machine, const Slice& slice, const std::vector<Cube>& states);

}  // namespace imspect::symbolic
