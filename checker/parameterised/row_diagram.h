// Whether a view is one of the rows of a cover, as a diagram: told apart field by field, equal rests once.
//
// Built once; each circuit of it costs its nodes, not the rows. Invariant: covers() is true just of numbers that agree with a row.
// Thread-safety: read-only once built; covers() extends the circuit.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "checker/parameterised/view_cover.h"
#include "checker/symbolic/number.h"

namespace imspect::parameterised {

class RowDiagram {
public:
    /// Rows ascending, each once, all as long.
    explicit RowDiagram(const std::vector<ViewRow>& rows);

    [[nodiscard]] symbolic::Literal covers(symbolic::Circuit& circuit, const std::vector<symbolic::Number>& view) const;
    [[nodiscard]] std::size_t nodes() const { return nodes_.size(); }

private:
    using NodeId = std::size_t;
    using Values = std::vector<std::optional<Value>>;
    /// Of one field: the values that lead to each rest.
    using Branches = std::map<NodeId, Values>;
    struct Node {
        std::size_t field = 0;
        Branches branches;
    };
    static constexpr NodeId kEnd = 0;

    NodeId build(const std::vector<ViewRow>& rows, std::size_t from, std::size_t to, std::size_t field);

    std::vector<Node> nodes_;  ///< rests before what leads to them
    std::map<std::pair<std::size_t, Branches>, NodeId> known_;
    std::optional<NodeId> root_;  ///< none: there is no row
};

}  // namespace imspect::parameterised
