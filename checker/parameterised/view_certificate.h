// A proof by views for other solvers and for people: written as SMT-LIB 2, and proved again before anybody hears Holds.
//
// The file says in its head what was kept, the views in the model's own names, which input stands for which bit, and what it
// does not carry and rests on: that the localised system does whatever the whole one does, and that scenes of one UE more are
// enough (localise.h, cutoff.h check both). Every obligation stands behind a (reset), its parts asserted one by one.
// Cost: the obligations' circuits, made and proved in a process of its own. Thread-safety: certify() forks, so no other threads may run.
#pragma once

#include <atomic>
#include <string>

#include "checker/parameterised/view_obligations.h"

namespace imspect::parameterised {

struct CertificateLimits {
    double seconds = 0;              ///< for writing and proving again; 0: none
    std::uint64_t memory_bytes = 0;  ///< of all processes that do; 0: none
    const std::atomic<bool>* interrupt = nullptr;
    unsigned processes = 1;          ///< at least one
};

struct Certified {
    std::string text;     ///< SMT-LIB 2; comments alone, that say why, where there is no certificate; empty where it was refuted
    std::string summary;  ///< "3 lines of V, 6 obligations proved again by CaDiCaL"
    std::string missing;  ///< why there is none, though nothing speaks against the proof: too long, too much memory, not translated
    std::string failure;  ///< an obligation has a model: the proof is not to be believed
    std::uint64_t peak_bytes = 0;  ///< of the process that wrote it
};

[[nodiscard]] std::string as_smtlib(const ViewProof& proof, const ViewObligations& obligations, const std::string& property);

[[nodiscard]] Certified certify(const ViewProof& proof, const std::string& property, const CertificateLimits& limits);

}  // namespace imspect::parameterised
