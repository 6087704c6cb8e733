// Expansion of parameterised expressions to slots: parameters, definitions, quantifiers and array elements disappear.
//
// What grounding does to every guard, bound and value, and properties do to their formulas. Private to model/ir.
// Cost: linear in the size of the expansion; shared subexpressions are expanded once for each environment.
// Thread-safety: extends the system's pool; one thread.
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "model/ir/ground.h"

namespace imspect::ir {

/// What parameters stand for while an expression is expanded: constants, or (in definitions) ground expressions.
using Environment = std::map<ParamId, ExprId>;

class Expander {
public:
    explicit Expander(const GroundSystem& ground) : ground_(ground), pool_(ground.pool()) {}

    /// `old`: as if below Op::kOld. A parameter that the environment does not bind is a broken invariant.
    ExprId expand(ExprId id, const Environment& environment, bool old);

private:
    using Memo = std::unordered_map<ExprId, ExprId>;

    ExprId expand(ExprId id, const Environment& environment, bool old, Memo& memo);
    ExprId expand_node(ExprId id, const ExprNode& node, const Environment& environment, bool old, Memo& memo);
    std::vector<ExprId> kids_of(const ExprNode& node, const Environment& environment, bool old, Memo& memo);
    ExprId quantifier(const ExprNode& node, const Environment& environment, bool old);
    ExprId call(const ExprNode& node, const std::vector<ExprId>& arguments, bool old);
    /// An array element; an index that is not constant becomes a choice over its values, lo of the element's domain
    /// where it lies outside the array (the none of an optional identity).
    ExprId element(const ExprNode& node, const std::vector<ExprId>& indices, bool old);
    ExprId choose(VarId variable, DomainId domain, const std::vector<ExprId>& indices, std::size_t dimension,
                  std::vector<Value>& values, bool old);

    const GroundSystem& ground_;
    ExprPool& pool_;
};

}  // namespace imspect::ir
