// Expressions of rules (over parameters) and of observers (over slots) in TLA+'s notation.
//
// Meaning is that of grounding: an element outside an array reads as the least value of its domain, a field of a message
// beyond a channel's length as an empty one. Subexpressions that occur more than once and are not small become LETs: what
// is a DAG for us would be an exponential text. A kOldSlot is not printed: callers rewrite a step to the state before it.
// Private to report/export. Thread-safety: one printer, one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/ir/ground.h"
#include "report/export/tla_names.h"

namespace imspect::exports {

class TlaExpressions {
public:
    TlaExpressions(const ir::GroundSystem& system, const TlaNames& names);

    /// Parameters in scope for what is printed next; values of a rule's lie in their domains, a definition's need not.
    void open(const std::vector<ir::ParamId>& params);
    [[nodiscard]] std::string parameter(ir::ParamId param) const { return params_.at(param); }

    /// In parentheses wherever that could matter.
    std::string print(ir::ExprId id);
    /// The same without those around a comparison or negation, for a line of its own.
    std::string line(ir::ExprId id);
    /// "[u, p]", or nothing.
    std::string subscript(const std::vector<ir::ExprId>& indices);

    bool in_bound = false;            ///< a fresh token counts the system's tokens only
    std::set<ir::DomainId> ranked;    ///< domains whose values were compared by order

private:
    struct Range {
        ir::Value lo = 0;
        ir::Value hi = 0;
    };
    std::string shared(ir::ExprId id);
    std::string text(ir::ExprId id);
    std::string joined(const ir::ExprNode& node, const char* op);
    std::string ordered(ir::ExprId id);
    std::string element(ir::VarId variable, const std::vector<ir::ExprId>& indices);
    std::string slot(ir::SlotId slot) const;
    std::string at(const TlaPlace& place, const std::string& base) const;
    std::string quantifier(const ir::ExprNode& node);
    std::string scoped_name(ir::ParamId param) const;
    Range range(ir::ExprId id) const;
    void trust_parameters();

    const ir::GroundSystem& system_;
    const TlaNames& names_;
    const ir::ExprPool& pool_;
    std::map<ir::ParamId, std::string> params_;
    std::vector<bool> trusted_;       ///< by ParamId: its values lie in its domain
    std::unordered_map<ir::ExprId, std::string> lets_;
    std::size_t next_let_ = 1;
};

}  // namespace imspect::exports
