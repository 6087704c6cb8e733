// An inductive invariant learnt from the reachable states: the solver asks, the states answer.
//
// A SAT solver looks for a state that the clauses so far allow and from which a step leads to what is bad, or out of a
// clause. What of that state the step follows from (justification.h) is a cube; no reachable state lies in it, or what is
// bad would be reachable. The fewest of its literals that no reachable state satisfies together are the next clause. Every
// clause is true, so the loop ends, and then the clauses are inductive. This is IC3 whose frames are replaced by an oracle: what it is slow at, learning anew in
// each frame what is true in all of them, does not occur. What is learnt is a certificate like any other and proved again
// without the states; nothing here has to be believed.
// Papers: Bradley, "SAT-based model checking without unrolling" (2011); Garg, Löding, Madhusudan, Neider, "ICE: a robust
// framework for learning invariants" (2014).
// Cost: two questions a clause, and a pass over the states' columns for each literal. Thread-safety: pure but for `stop`.
// Throws SolverFailure.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "checker/symbolic/finding.h"
#include "checker/symbolic/slice.h"
#include "checker/symbolic/visited_states.h"

namespace imspect::symbolic {

/// Cubes whose exclusion is inductive and excludes what is bad; nothing where a visited state is or leads to what is bad,
/// or where `stop` said so.
std::optional<std::vector<Cube>> learnt_invariant(const Machine& machine, const Slice& slice, const VisitedStates& states,
                                                  const std::function<bool()>& stop);

}  // namespace imspect::symbolic
