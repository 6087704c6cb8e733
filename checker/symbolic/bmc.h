// Bounded model checking: is there a run of 0, 1, 2, … steps that reaches the target?
//
// Depth by depth with one incremental solver, so the run found is shortest. Never answers kUnreachable: not finding
// anything says something about runs of that depth only.
// Paper: Biere, Cimatti, Clarke, Zhu, "Symbolic model checking without BDDs" (1999). Thread-safety: pure but for `tell`.
// Throws SolverFailure; meant to run in a process of its own.
#pragma once

#include "checker/symbolic/finding.h"

namespace imspect::symbolic {

Finding bounded_search(const Machine& machine, const Target& target, const EngineOptions& options, const TellDepth& tell);

}  // namespace imspect::symbolic
