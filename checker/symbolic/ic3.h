// IC3, also called property directed reachability: an inductive invariant found clause by clause, at the level of bits.
//
// Obligations (cubes that lead to what is bad) are blocked at the lowest frame first; a blocked cube is generalised by
// the solver's core and by leaving literals out, until a few in a row had to stay; what a clause excludes already is not asked
// about again. The shape of states is not assumed: a certificate says itself what it needs of that.
// Blocking first what stands in the way of leaving out (counterexamples to generalisation) proves P31 of `single` in a second, which
// without it took more than 15; with it P19, without it two seconds, took more than 40. So there are two searches that
// know nothing of each other and go on in turns, counted in queries (no clock is looked at): one without, and one in which every other
// thousand queries does it, which was better than all of them.
// Clauses are pushed forward; two equal frames are the certificate. A chain of obligations from the initial state is a run,
// short but not always shortest.
// Papers: Bradley, "SAT-based model checking without unrolling" (2011); Eén and others, "Efficient implementation of PDR"
// (2011); Hassan, Bradley, Somenzi, "Better generalization in IC3" (2013).
// Thread-safety: pure but for `tell`. Throws SolverFailure; meant to run in a process of its own.
#pragma once

#include "checker/symbolic/finding.h"
#include "checker/symbolic/slice.h"

namespace imspect::symbolic {

/// `options.bound`: give up beyond so many frames.
Finding ic3(const Machine& machine, const Slice& slice, const EngineOptions& options, const TellDepth& tell);

}  // namespace imspect::symbolic
