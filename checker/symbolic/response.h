// Why what is owed comes, or a run on which it never does, from the states that can be visited.
//
// One process visits the states of a leads-to's machine (leads_to.h), all of them or the first kMostStates, and looks among those in which
// something is owed for a fair run that stays there (pending_graph.h), or else, an obligation at a time, for a ranking (justice.h). A run is
// checked by who tells it; a ranking is a guess until an engine has shown that it fails nowhere. Neither needs runs to end.
// Thread-safety: forks; no other thread may be running.
#pragma once

#include "checker/symbolic/engine.h"
#include "checker/symbolic/justice.h"

namespace imspect::symbolic {

struct Response {
    std::vector<Ranking> rankings;            ///< by obligation, or none
    std::optional<outcome::Witness> violation;
    std::size_t violated = 0;                 ///< obligation, where there is a violation
    std::string reason;                       ///< why there is neither
    std::uint64_t peak_bytes = 0;
    bool interrupted = false;
};

/// `stuck`: the observer with a register for each of the `obligations`; `machine`: its machine.
[[nodiscard]] Response find_response(const ir::GroundSystem& system, const monitor::Observer& stuck, const Machine& machine,
                                     std::size_t obligations, const ProofOptions& options);

struct RankingWords {
    std::string summary;  ///< ", and a ranking by 3 helpful fair rules and 12 weights"
    std::string text;     ///< comments of a certificate: what it excludes, and each obligation's ranking
};
[[nodiscard]] RankingWords words_of(const std::vector<Ranking>& rankings, const std::vector<monitor::Obligation>& obligations, const ir::GroundSystem& system,
                                    const Machine& machine);

/// Positions of the latches that say what is pending, by obligation.
[[nodiscard]] std::vector<std::size_t> pending_latches(const Machine& machine, const monitor::Observer& stuck, std::size_t obligations);

/// Where some obligation's ranking fails.
[[nodiscard]] Target response_fails(Machine& machine, const ir::GroundSystem& system, const monitor::Observer& stuck,
                                    const std::vector<Ranking>& rankings);

}  // namespace imspect::symbolic
