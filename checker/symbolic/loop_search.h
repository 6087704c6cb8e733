// A fair run that never stops and on which something stays owed, by bounded search.
//
// A run of k steps whose last state is one it has been in; between the two an obligation is pending all along, and each fair rule is taken
// or somewhere its guard is false. Guards, not what bounds let fire: a run that is fair only because of a bound breaks nothing.
// Papers: Biere and others, "Symbolic model checking without BDDs" (1999), on loops; Biere, Artho, Schuppan, "Liveness checking as safety
// checking" (2002), on the state that is met again.
// Cost: an unrolling, and a comparison of states for each pair of frames. Thread-safety: forks; no other thread may be running.
#pragma once

#include "checker/symbolic/response.h"

namespace imspect::symbolic {

/// A violation, or why none was found, for runs of at most `options.bound` steps, or kDefaultSteps.
[[nodiscard]] Response find_loop(const ir::GroundSystem& system, const monitor::Observer& stuck, const Machine& machine,
                                 std::size_t obligations, const ProofOptions& options);

}  // namespace imspect::symbolic
