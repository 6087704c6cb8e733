// Spacer, the engine for constrained Horn clauses in Z3: one relation over the bits of a slice, one clause for all steps.
//
// What Spacer answers is brought to what the other engines answer, and checked as theirs. Its invariant becomes clauses
// over the latches; a symbol in it that is not a latch (Z3's own, such as bit2bool) is refused here, before the second
// proof. Its ground refutation is a list of states; the rules between them are found by simulating the circuit in each.
// The shape of states is given to every clause, as to the certificate. Z3's slicing and inlining are off: what they remove
// from the clauses would be missing in the invariant.
// Papers: Komuravelli, Gurfinkel, Chaki, "SMT-based model checking for recursive programs" (2014); Hoder, Bjørner,
// "Generalized property directed reachability" (2012).
// Thread-safety: pure but for `tell`. Throws SolverFailure; meant to run in a process of its own.
#pragma once

#include "checker/symbolic/finding.h"
#include "checker/symbolic/slice.h"

namespace imspect::symbolic {

/// `options.bound`: give up beyond so many levels.
Finding spacer(const Machine& machine, const Slice& slice, const EngineOptions& options, const TellDepth& tell);

}  // namespace imspect::symbolic
