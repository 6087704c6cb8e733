// The states in which something is owed, and the steps among them.
//
// Taken from visited states: all of them, or the first so many, in which case what is found there is a guess. A fair run that breaks
// the obligation ends here, in a component that has what every fair rule needs (as explore::Liveness, whose words these are).
// Invariant: steps stand in the order of the states that they leave.
// Cost: 12 bytes a step. Thread-safety: read-only once made.
#pragma once

#include <optional>

#include "checker/symbolic/visited_states.h"
#include "model/ir/ground.h"
#include "properties/outcome/outcome.h"

namespace imspect::symbolic {

struct PendingGraph {
    static constexpr std::uint32_t kOutside = 0xffffffff;
    struct Step {
        std::uint32_t from = 0;
        std::uint32_t rule = 0;
        std::uint32_t to = kOutside;   ///< kOutside: nothing is owed any more, or not visited
    };
    std::vector<std::uint32_t> states;  ///< numbers of visited states
    std::vector<Step> steps;            ///< all, by members
    std::vector<std::size_t> first;     ///< by member, and one behind the last: where its steps begin
};

/// `pending`: a latch.
[[nodiscard]] PendingGraph pending_graph(VisitedStates& states, std::size_t pending);

/// Fair runs on which it is pending for ever.
struct FairEnds {
    bool by_enabled = false;                    ///< there is one, if what a bound holds back need not be taken
    std::optional<outcome::Witness> by_guards;  ///< and one that needs no bound
};
[[nodiscard]] FairEnds fair_ends(const PendingGraph& graph, const VisitedStates& states, const ir::GroundSystem& system, const Machine& machine);

}  // namespace imspect::symbolic
