// Concrete states of a localised system in which every replica acts, to compare views with. Thread-safety: one thread.
#pragma once

#include "tests/parameterised/pipeline.h"

namespace imspect::tests {

/// The first states of a breadth-first search, those that a bound on messages leaves out left out.
std::vector<exec::State> states_of(const Pipeline& made, std::uint32_t messages, std::size_t most);

/// The states on so many random walks from the initial one, of so many steps each: deeper than a search of as many states.
std::vector<exec::State> states_on_walks(const Pipeline& made, unsigned walks, unsigned steps);

/// Of each aggregate, by looking at every replica.
parameterised::Counts counts_of(const Pipeline& made, const exec::Word* state);

/// Every view of so many concrete states is among those found; how many were looked at.
std::size_t expect_views_known(const Pipeline& made, std::uint32_t seen, unsigned states);

}  // namespace imspect::tests
