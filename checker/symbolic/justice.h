// A ranking of what is pending: why fairness brings what is owed, where runs need not end.
//
// A ranking is a list of stages, a measure and then an order of fair rules; a state's rank is, stage by stage, its measure and
// the place of the first rule of the order that can fire there: that rule is *helpful*, and stages after it don't count.
// It proves that an obligation is met if, in all that can be reached, (1) where it is pending, some stage has a helpful
// rule; (2) no step between pending states makes the rank greater, in lexicographic order; (3) the helpful rule's own step makes it less.
// For then a run on which it is pending for ever makes its rank less finitely often; from some point on one rule is helpful, can
// fire for ever and never does: no fair run. Rules that may be taken for ever, as what a user may wish, only must not make it greater.
// All three are one target in the machine that has a register of what is pending: a question of safety like any other, and
// its invariant is the whole certificate. How the ranking was found does not matter.
// Papers: Manna and Pnueli, "Completing the temporal picture" (1991), the rule for response under justice; Alias and others (measure.h)
// on lexicographic measures.
// Cost of a target: a copy of what each rule does, where a measure has weights. Thread-safety: plain values.
#pragma once

#include <string>
#include <vector>

#include "checker/symbolic/measure.h"

namespace imspect::symbolic {

struct Ranking {
    struct Stage {
        std::vector<Measure::Term> measure;   ///< empty: all states alike
        std::vector<std::uint32_t> helpful;   ///< ground rules, all fair; in this order
    };
    std::vector<Stage> stages;
    [[nodiscard]] std::size_t weights() const;  ///< that are not 0
    [[nodiscard]] std::size_t helpful() const;  ///< rules
};

[[nodiscard]] Words pack(const Ranking& ranking);
[[nodiscard]] Ranking unpack_ranking(const Words& words);

/// Where the ranking fails: in pending states without a helpful rule, and in steps between pending states that are not as (2) and (3)
/// say. `pending`: the latch of what is owed, by its position.
[[nodiscard]] Target ranking_fails(Machine& machine, const ir::GroundSystem& system, std::size_t pending, const Ranking& ranking);

/// In the model's names and values; cells speak of slots of the machine.
[[nodiscard]] std::vector<std::string> for_people(const ir::GroundSystem& system, const Machine& machine, const Ranking& ranking);

}  // namespace imspect::symbolic
