#include "model/ir/expand.h"

namespace imspect::ir {

ExprId Expander::expand(ExprId id, const Environment& environment, bool old) {
    Memo memo;
    return expand(id, environment, old, memo);
}

// NOLINTNEXTLINE(misc-no-recursion): depth is limited by validation
ExprId Expander::expand(ExprId id, const Environment& environment, bool old, Memo& memo) {
    if (const Op op = pool_.node(id).op; op == Op::kConst || op == Op::kFresh || op == Op::kOldSlot) return id;
    if (const auto found = memo.find(id); found != memo.end()) return found->second;
    const ExprNode node = pool_.node(id);
    const ExprId result = expand_node(id, node, environment, old, memo);
    memo.emplace(id, result);
    return result;
}

ExprId Expander::expand_node(ExprId id, const ExprNode& node, const Environment& environment, bool old, Memo& memo) {
    switch (node.op) {
        case Op::kConst:
        case Op::kFresh: return id;
        case Op::kSlot: return old ? pool_.old_slot(static_cast<SlotId>(node.a), node.domain) : id;
        case Op::kOldSlot: return id;
        case Op::kParam: {
            const auto found = environment.find(static_cast<ParamId>(node.a));
            IMSPECT_REQUIRE(found != environment.end(), "a free parameter reached grounding");
            return found->second;
        }
        case Op::kOld: {
            Memo fresh;
            return expand(node.kids[0], environment, true, fresh);
        }
        case Op::kVar: return element(node, kids_of(node, environment, old, memo), old);
        case Op::kCall: return call(node, kids_of(node, environment, old, memo), old);
        case Op::kForall:
        case Op::kExists: return quantifier(node, environment, old);
        default: return pool_.rebuild(node, kids_of(node, environment, old, memo));
    }
}

std::vector<ExprId> Expander::kids_of(const ExprNode& node, const Environment& environment, bool old, Memo& memo) {
    std::vector<ExprId> kids;
    kids.reserve(node.kids.size());
    for (const ExprId kid : node.kids) kids.push_back(expand(kid, environment, old, memo));
    return kids;
}

ExprId Expander::quantifier(const ExprNode& node, const Environment& environment, bool old) {
    const auto param = static_cast<ParamId>(node.a);
    const DomainId domain_id = ground_.system->params[param].domain;
    const Domain domain = ground_.system->domains[domain_id];
    std::vector<ExprId> instances;
    Environment inner = environment;
    for (Value value = domain.lo; value <= domain.hi; ++value) {
        inner[param] = pool_.constant(domain_id, value);
        instances.push_back(expand(node.kids[0], inner, old));
    }
    return node.op == Op::kForall ? pool_.conjunction(std::move(instances)) : pool_.disjunction(std::move(instances));
}

ExprId Expander::call(const ExprNode& node, const std::vector<ExprId>& arguments, bool old) {
    const Definition definition = ground_.system->definitions[static_cast<std::size_t>(node.a)];
    Environment inner;
    for (std::size_t i = 0; i < arguments.size(); ++i) inner[definition.params[i]] = arguments[i];
    return expand(definition.body, inner, old);
}

ExprId Expander::element(const ExprNode& node, const std::vector<ExprId>& indices, bool old) {
    const auto variable = static_cast<VarId>(node.a);
    std::vector<Value> values(indices.size(), 0);
    return choose(variable, node.domain, indices, 0, values, old);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as an array has dimensions
ExprId Expander::choose(VarId variable, DomainId domain, const std::vector<ExprId>& indices, std::size_t dimension,
                        std::vector<Value>& values, bool old) {
    if (dimension == indices.size()) {
        const SlotId slot = ground_.slot(variable, values);
        return old ? pool_.old_slot(slot, domain) : pool_.slot(slot, domain);
    }
    const Domain index_domain = ground_.system->domains[ground_.system->variables[variable].indices[dimension]];
    const ExprId outside = pool_.constant(domain, ground_.system->domains[domain].lo);
    if (pool_.is_const(indices[dimension])) {
        values[dimension] = pool_.const_value(indices[dimension]);
        const bool inside = values[dimension] >= index_domain.lo && values[dimension] <= index_domain.hi;
        return inside ? choose(variable, domain, indices, dimension + 1, values, old) : outside;
    }
    ExprId result = outside;
    const DomainId actual = pool_.node(indices[dimension]).domain;
    for (Value value = index_domain.hi; value >= index_domain.lo; --value) {
        values[dimension] = value;
        const ExprId hit = choose(variable, domain, indices, dimension + 1, values, old);
        result = pool_.ite(pool_.equal(indices[dimension], pool_.constant(actual, value)), hit, result);
    }
    return result;
}

}  // namespace imspect::ir
