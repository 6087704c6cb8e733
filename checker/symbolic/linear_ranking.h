// Weights under which no change of features is a gain, and as many as can be are a loss.
//
// A change says of each feature by how much it grows. Solutions can be added up, so changes that can be a loss one by one can be together:
// each round asks Z3 for weights under which the ones left lose in sum, until there are none.
// Papers: measure_search.h. Cost: a linear program a round. Thread-safety: pure but for `stop`. Throws SolverFailure.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace imspect::symbolic {

/// By feature, none of them 0.
using FeatureChange = std::vector<std::pair<std::uint32_t, std::int32_t>>;

struct LinearRanking {
    std::map<std::uint32_t, std::int64_t> weights;  ///< by feature, none of them 0
    std::vector<bool> loses;                        ///< by change; some, or there are no weights
};

/// Nothing where the weights became too large, or `stop` said so.
[[nodiscard]] std::optional<LinearRanking> rank_changes(const std::vector<FeatureChange>& changes, const std::function<bool()>& stop);

}  // namespace imspect::symbolic
