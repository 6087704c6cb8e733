// k-induction: what k good steps in a row cannot lead to never happens, if it does not happen in the first k steps.
//
// Base and step grow together, each in an incremental solver of its own. States are assumed to have the shape of reachable
// ones (Slice::shape, inductive by itself), and on request to differ along the path, which makes the method complete but
// for its cost. A run that the base finds is shortest but for a step that is bad by itself.
// Paper: Sheeran, Singh, Stålmarck, "Checking safety properties using induction and a SAT-solver" (2000).
// Thread-safety: pure but for `tell`. Throws SolverFailure; meant to run in a process of its own.
#pragma once

#include "checker/symbolic/finding.h"
#include "checker/symbolic/slice.h"

namespace imspect::symbolic {

Finding k_induction(const Machine& machine, const Slice& slice, const EngineOptions& options, const TellDepth& tell);

}  // namespace imspect::symbolic
