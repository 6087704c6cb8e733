// The explored product as a graph: successors of every stored state, compressed sparse rows with 32-bit numbers.
//
// Made after the search by stepping every state once more; an edge is the successor's number (kNoState where a search that
// was cut never stored it) and the ground rule. Cost: 6 bytes an edge (8 with more than 65535 rules) and 8 a state.
// Thread-safety: read-only once built.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/explicit/exploration.h"

namespace imspect::explore {

class EdgeGraph {
public:
    /// The graph, or why it could not be built ("interrupted", "memory limit ...").
    static std::optional<std::string> build(EdgeGraph& graph, const Exploration& exploration, const SearchOptions& options);

    [[nodiscard]] std::uint64_t begin(StateId id) const { return offsets_[id]; }
    [[nodiscard]] std::uint64_t end(StateId id) const { return offsets_[id + 1]; }
    [[nodiscard]] StateId target(std::uint64_t edge) const { return targets_[edge]; }
    [[nodiscard]] std::uint32_t rule(std::uint64_t edge) const {
        return rules_low_[edge] | (rules_high_.empty() ? 0U : static_cast<std::uint32_t>(rules_high_[edge]) << 16);
    }
    [[nodiscard]] std::uint64_t vertices() const { return offsets_.size() - 1; }
    [[nodiscard]] std::uint64_t edges() const { return targets_.size(); }
    [[nodiscard]] std::uint64_t bytes() const;

private:
    std::vector<std::uint64_t> offsets_;
    std::vector<StateId> targets_;
    std::vector<std::uint16_t> rules_low_;
    std::vector<std::uint16_t> rules_high_;
};

}  // namespace imspect::explore
