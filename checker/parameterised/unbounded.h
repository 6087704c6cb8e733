// Properties for any number of UEs: localisation to some nodes, then view abstraction; the smallest that proves it.
//
// The scenario says which faults there are, which readings, how many S-CSCFs and which IMPUs its UEs may register. How many
// UEs it has does not count, nor its attempts, faults and room in channels: there is any number of each. Nodes that are not
// kept may do anything at any time, and so may every message between them and the kept ones; that is more than any fault or
// attacker there does. One bound is left and said where it was met: messages of one UE under way in one channel between kept nodes.
// Tried are growing sets of nodes, with and without tokens, then pairs of UEs in place of single ones. What can't be proved is
// Unknown, with what broke the best attempt; whether it is violated, a search of a scenario tells.
// Errors: UEs that differ in their IMPUs. Thread-safety: a call owns everything it uses, except the interrupt flag.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "checker/symbolic/engine.h"
#include "model/ims/scenario.h"
#include "model/result.h"
#include "properties/language/language.h"
#include "properties/outcome/outcome.h"

namespace imspect::parameterised {

inline constexpr double kDefaultSeconds = 60;

struct UnboundedOptions {
    double seconds = kDefaultSeconds;   ///< for each property, and once more for proving its certificate again
    bool write_certificates = false;
    std::uint64_t memory_bytes = 0;     ///< of the processes that prove a certificate again; 0: no limit
    const std::atomic<bool>* interrupt = nullptr;
    unsigned processes = 1;             ///< that prove a certificate again
};

/// One outcome for each property, in their order; `certificate` says what was kept and how many views prove it. Where certificates
/// are to be written, what has an obligation with a model does not hold; what has none for want of time or memory does, and says so.
[[nodiscard]] Result<symbolic::ProofAnswer> prove_for_any_number(const ims::Scenario& scenario, const std::vector<language::Property>& properties,
                                                                const UnboundedOptions& options);

}  // namespace imspect::parameterised
