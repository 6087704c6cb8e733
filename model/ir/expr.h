// Interned expressions over finite domains.
//
// An ExprPool holds a DAG in which structurally equal expressions have one id, so equality of expressions is equality
// of ids, and everything derived from rules (native execution, footprints, exports) shares work. Constant folding
// happens on construction: a fold never changes meaning, only size.
// Invariant: an id is only meaningful with the pool that made it; children have smaller ids than their parents.
// Cost: construction O(children) amortised; pools never shrink.
// Thread-safety: a pool may be read from many threads, and written from one when nobody reads.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/ir/domain.h"

namespace imspect::ir {

using ExprId = std::uint32_t;
using VarId = std::uint32_t;
using ParamId = std::uint32_t;
inline constexpr ExprId kNoExpr = 0xffffffffU;

enum class Op : std::uint8_t {
    kConst,     ///< a = value
    kVar,       ///< a = VarId, kids = indices; parameterised systems only
    kParam,     ///< a = ParamId; bound by a rule, a definition or a quantifier
    kSlot,      ///< a = slot of a ground system, current state
    kOldSlot,   ///< a = slot of a ground system, state before the step; properties only
    kOld,       ///< one kid: its value before the step; properties only, removed by grounding
    kCall,      ///< a = definition id, kids = arguments; removed by grounding
    kNot,
    kAnd,       ///< n-ary
    kOr,        ///< n-ary
    kEq,        ///< two kids of any one domain
    kLt,
    kLe,
    kAdd,
    kSub,
    kIte,       ///< condition, then, else
    kForall,    ///< a = ParamId, one kid
    kExists,
    kFresh,     ///< a = k: the k-th fresh token (k = 0, 1, …) of the expression's token domain
};

struct ExprNode {
    Op op = Op::kConst;
    DomainId domain = kBoolDomain;
    Value a = 0;
    std::vector<ExprId> kids;
    bool operator==(const ExprNode&) const = default;
};

/// Of a ground expression: a slot, after the step or before it.
[[nodiscard]] inline bool is_slot(const ExprNode& node) { return node.op == Op::kSlot || node.op == Op::kOldSlot; }

class ExprPool {
public:
    ExprPool();

    [[nodiscard]] const ExprNode& node(ExprId id) const { return nodes_[id]; }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

    ExprId constant(DomainId domain, Value value);
    ExprId boolean(bool value) { return value ? true_ : false_; }
    ExprId variable(VarId var, DomainId domain, std::vector<ExprId> indices);
    ExprId param(ParamId param, DomainId domain);
    ExprId slot(std::uint32_t slot, DomainId domain);
    ExprId old_slot(std::uint32_t slot, DomainId domain);
    ExprId old(ExprId kid);
    ExprId call(std::uint32_t definition, DomainId domain, std::vector<ExprId> arguments);
    ExprId negate(ExprId kid);
    ExprId conjunction(std::vector<ExprId> kids);
    ExprId disjunction(std::vector<ExprId> kids);
    ExprId implies(ExprId left, ExprId right) { return disjunction({negate(left), right}); }
    ExprId equal(ExprId left, ExprId right);
    ExprId less(ExprId left, ExprId right);
    ExprId less_equal(ExprId left, ExprId right);
    ExprId add(ExprId left, ExprId right);
    ExprId subtract(ExprId left, ExprId right);
    ExprId ite(ExprId condition, ExprId then_value, ExprId else_value);
    ExprId quantified(Op forall_or_exists, ParamId param, ExprId body);
    ExprId fresh(DomainId token_domain, Value ordinal);

    [[nodiscard]] bool is_const(ExprId id) const { return nodes_[id].op == Op::kConst; }
    [[nodiscard]] bool is_true(ExprId id) const { return id == true_; }
    [[nodiscard]] bool is_false(ExprId id) const { return id == false_; }
    [[nodiscard]] Value const_value(ExprId id) const { return nodes_[id].a; }

    /// The same node over other kids, with folding; what every substitution is built from.
    ExprId rebuild(const ExprNode& like, std::vector<ExprId> kids);

    /// Rewrites bottom-up: `leaf` sees every node without kids and gives its replacement. Shared nodes are visited once.
    ExprId rewrite(ExprId root, const std::function<ExprId(const ExprNode&, ExprId)>& leaf);

    /// Calls `visit` once for every distinct node below and including `root`, children first.
    void visit(ExprId root, const std::function<void(ExprId, const ExprNode&)>& visit) const;

private:
    ExprId intern(ExprNode node);
    ExprId junction(Op op, const std::vector<ExprId>& kids, ExprId neutral, ExprId absorbing);

    struct NodeHash {
        std::size_t operator()(const ExprNode& node) const;
    };
    std::vector<ExprNode> nodes_;
    std::unordered_map<ExprNode, ExprId, NodeHash> ids_;
    ExprId true_ = 0;
    ExprId false_ = 0;
};

}  // namespace imspect::ir
