// Z3 asked about one circuit: what an engine found with CaDiCaL is proved again by a solver of another make.
//
// Errors: Z3's exceptions leave here as SolverFailure. Thread-safety: pure.
#pragma once

#include "checker/symbolic/circuit.h"

namespace imspect::symbolic {

/// Whether some assignment of the inputs makes `goal` true.
[[nodiscard]] bool has_model(const Circuit& circuit, Literal goal);

}  // namespace imspect::symbolic
