#include "checker/parameterised/row_diagram.h"

namespace imspect::parameterised {

using symbolic::Arithmetic;
using symbolic::Literal;

RowDiagram::RowDiagram(const std::vector<ViewRow>& rows) {
    nodes_.emplace_back();  // kEnd
    if (!rows.empty()) root_ = build(rows, 0, rows.size(), 0);
    known_.clear();
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a view has fields
RowDiagram::NodeId RowDiagram::build(const std::vector<ViewRow>& rows, std::size_t from, std::size_t to, std::size_t field) {
    if (field == rows[from].size()) return kEnd;
    Branches branches;
    for (std::size_t next = from; from < to; from = next) {
        while (next < to && rows[next][field] == rows[from][field]) ++next;
        branches[build(rows, from, next, field + 1)].push_back(rows[from][field]);
    }
    const auto [node, is_new] = known_.try_emplace({field, branches}, nodes_.size());
    if (is_new) nodes_.push_back({field, std::move(branches)});
    return node->second;
}

Literal RowDiagram::covers(symbolic::Circuit& circuit, const std::vector<symbolic::Number>& view) const {
    if (!root_) return symbolic::kFalse;
    Arithmetic arithmetic(circuit);
    std::vector<Literal> rests = {symbolic::kTrue};
    for (NodeId id = 1; id < nodes_.size(); ++id) {
        std::vector<Literal> cases;
        for (const auto& [rest, values] : nodes_[id].branches) {
            std::vector<Literal> agree;
            for (const std::optional<Value>& value : values) {
                agree.push_back(value ? arithmetic.equal(view[nodes_[id].field], Arithmetic::constant(*value)) : symbolic::kTrue);
            }
            cases.push_back(circuit.conjunction(circuit.any(agree), rests[rest]));
        }
        rests.push_back(circuit.any(cases));
    }
    return rests[*root_];
}

}  // namespace imspect::parameterised
