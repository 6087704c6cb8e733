// Strongly connected components of a part of the explored graph.
//
// The region is a set of states; its members get compact numbers, and Boost.Graph's strong_components (Tarjan, iterative)
// runs over a view of the EdgeGraph restricted to them: nothing is copied but the numbering.
// Cost: linear in members and their edges; kBytesAMember bytes a member while it runs. Thread-safety: pure.
#pragma once

#include <optional>
#include <vector>

#include "checker/explicit/edge_graph.h"

namespace imspect::explore {

inline constexpr std::uint32_t kNoMember = 0xffffffffU;

struct Region {
    std::vector<StateId> members;
    std::vector<std::uint32_t> member_of;  ///< by state: index into members, kNoMember outside
    [[nodiscard]] bool has(StateId id) const { return id != kNoState && member_of[id] != kNoMember; }
    void add(StateId id);
};

struct Components {
    std::vector<std::uint32_t> of_member;
    std::vector<std::vector<StateId>> cyclic;  ///< states of each component that has an edge inside
    [[nodiscard]] std::uint32_t of(const Region& region, StateId id) const { return of_member[region.member_of[id]]; }
};

inline constexpr std::uint64_t kBytesAMember = 24;

/// Nothing if it was interrupted.
std::optional<Components> strong_components_of(const EdgeGraph& graph, const Region& region, const SearchOptions& options);

}  // namespace imspect::explore
