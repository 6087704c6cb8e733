// Lassos: a run into a fair component and a loop through it, or into a state that stutters.
//
// The stem is a shortest path, least in (faults, length), through two copies of the graph: the second copy is entered at a
// state with `from` and lives outside `to`. The loop visits what fairness needs, always the nearest first, and returns to
// the very product state it left: short, but not promised to be shortest (that is NP-hard).
// Cost: kBytesAVertex bytes a state of the graph while it runs. Thread-safety: one thread.
#pragma once

#include <optional>
#include <vector>

#include "checker/explicit/components.h"

namespace imspect::explore {

struct Lasso {
    outcome::Witness witness;
    std::uint32_t faults = 0;  ///< of the stem
};

/// Where a lasso may end; vectors by member of the region.
struct LassoGoal {
    const Region& region;
    const std::vector<bool>& seed;
    const std::vector<bool>& accept;
    const std::vector<bool>& terminal;
    const Components& components;
};

class LassoFinder {
public:
    static constexpr std::uint64_t kBytesAVertex = 48;  ///< rank, predecessor and edge, in both copies

    LassoFinder(const Exploration& exploration, const EdgeGraph& graph, const SearchOptions& options,
                const std::vector<std::uint32_t>& fair_rules)
        : exploration_(exploration), graph_(graph), options_(options), fair_rules_(fair_rules) {}

    /// Nothing if it was interrupted.
    [[nodiscard]] std::optional<Lasso> find(const LassoGoal& goal) const;

private:
    const Exploration& exploration_;
    const EdgeGraph& graph_;
    const SearchOptions& options_;
    const std::vector<std::uint32_t>& fair_rules_;
};

/// Aborts unless the witness is a fair run, by guards, that breaks the obligation: replayed, not looked up.
void check_lasso(const Product& product, const outcome::Witness& witness, ir::ExprId from, ir::ExprId to);

}  // namespace imspect::explore
