// Looks for a ranking (justice.h) of what is pending in visited states.
//
// Stage by stage: fair rules that no step between pending states disables, and whose own step leaves them, become helpful, the one that
// helps in most states first; what they help is done with. Where some is left, a measure that no step there raises and that as many as can
// be make less: inequalities between weights, one for each way in which a step changes the terms, solved over the rationals. The steps that
// it makes less are done with too, and the next stage is for the rest. What comes out was seen to rank the visited steps, and has to be proved.
// What is lost: helpful are whole rules, not rules in some states; measures are linear in what single terms hold.
// Cost: a pass over the steps a helpful rule. Thread-safety: pure but for `stop`. Throws SolverFailure.
#pragma once

#include <functional>
#include <optional>

#include "checker/symbolic/justice.h"
#include "checker/symbolic/pending_graph.h"

namespace imspect::symbolic {

struct RankingSearch {
    std::optional<Ranking> ranking;
    std::string reason;  ///< why there is none
};

[[nodiscard]] RankingSearch find_ranking(const ir::GroundSystem& system, const Machine& machine, const VisitedStates& states,
                                         const PendingGraph& graph, const std::function<bool()>& stop);

}  // namespace imspect::symbolic
