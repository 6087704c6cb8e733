// Concrete states of a localised system in which every replica acts, to compare views with. Thread-safety: one thread.
#pragma once

#include "tests/parameterised/pipeline.h"

namespace imspect::tests {

/// The first states of a breadth-first search, those that a bound on messages leaves out left out.
std::vector<exec::State> states_of(const Pipeline& made, std::uint32_t messages, std::size_t most);

/// Every view of so many concrete states is among those found; how many were looked at.
std::size_t expect_views_known(const Pipeline& made, std::uint32_t seen, unsigned states);

}  // namespace imspect::tests
