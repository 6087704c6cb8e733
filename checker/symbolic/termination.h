// That every run of a system is finite, as a measure that is proved.
//
// One process looks for a measure, another proves with Z3, from nothing but machine and measure, that every step makes it
// smaller; no measure that was not proved leaves here. Where runs do not end, or their end has no measure of this kind, there is the
// reason why it stayed open: never a claim that they go on for ever.
// Thread-safety: forks; no other thread may be running.
#pragma once

#include <memory>

#include "checker/symbolic/engine.h"
#include "checker/symbolic/measure.h"

namespace imspect::symbolic {

struct Termination {
    std::optional<Measure> measure;
    std::shared_ptr<const Machine> machine;  ///< of the plain system, which the measure speaks of
    std::string reason;                      ///< why there is none
    std::uint64_t peak_bytes = 0;
    bool interrupted = false;
};

Result<Termination> prove_termination(const ir::GroundSystem& system, const ProofOptions& options);

}  // namespace imspect::symbolic
