// Certificates: what is proved again, in a solver of another make, before anybody hears Holds.
//
// Three obligations, each a formula that must have no model: *initiation* (the initial state breaks the invariant),
// *consecution* (a step leaves it), *property* (a state or step within it is bad). For k-induction they are base, step, and
// nothing for the third. The invariant is the negation of the certificate's cubes together with the shape of states, over
// the latches of the slice. smtlib.h writes them for other solvers and for people.
// The obligations are built from the machine alone, never from an engine's solver.
// Thread-safety: pure. Throws SolverFailure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/symbolic/finding.h"
#include "checker/symbolic/slice.h"

namespace imspect::symbolic {

/// One question: no assignment of the circuit's inputs makes `goal` true.
struct Refutation {
    std::string name;  ///< "initiation", ...
    Circuit circuit;
    Literal goal = kFalse;
};

[[nodiscard]] std::vector<Refutation> obligations(const Machine& machine, const Slice& slice, const Certificate& certificate);

/// What does not hold of the certificate, or nothing.
[[nodiscard]] std::optional<std::string> refute(const Machine& machine, const Slice& slice, const Certificate& certificate);

}  // namespace imspect::symbolic
