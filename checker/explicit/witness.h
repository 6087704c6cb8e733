// From a hit to a run that anybody can replay.
//
// The visited set keeps parents only; the rules of the run are found again by stepping. Under symmetry the stored states
// are canonical, so the run is made real on the way: from the real state a rule is taken whose successor has the canonical
// form stored next. Every run is then replayed through exec and, with registers, through the product, and what it is a
// witness of is checked in its last state; a run that fails that is a broken invariant of the search.
// Cost: path length times rules. Thread-safety: pure.
#pragma once

#include <vector>

#include "checker/explicit/exploration.h"

namespace imspect::explore {

/// The stored states from the initial one to `id`.
std::vector<StateId> path_to(const VisitedSet& visited, StateId id);

/// The run behind `hit` of watch `watch`, checked.
outcome::Witness witness_of(const Exploration& exploration, std::size_t watch, const Hit& hit);

/// The product states of a run; aborts if it is not one.
std::vector<exec::State> replay_product(const Product& product, const std::vector<std::uint32_t>& rules);

}  // namespace imspect::explore
