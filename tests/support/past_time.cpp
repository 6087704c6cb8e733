#include "tests/support/past_time.h"

#include <algorithm>
#include <functional>

#include "model/result.h"

namespace imspect::naive {

using language::NodeKind;

namespace {

/// Every valuation of the binders, one after the other.
void for_each(const PastTime& oracle, const std::vector<language::Binder>& binders, std::size_t first,
              PastTime::Environment environment, const std::function<void(const PastTime::Environment&)>& visit) {
    if (first == binders.size()) return visit(environment);
    for (const ir::Value value : oracle.values_of(binders[first].domain)) {
        environment[binders[first].name] = value;
        for_each(oracle, binders, first + 1, environment, visit);
    }
}

}  // namespace

std::vector<ir::Value> PastTime::values_of(const language::DomainSyntax& domain) const {
    ir::Value lo = domain.lo;
    ir::Value hi = domain.hi;
    for (const ir::Domain& declared : system_.domains) {
        if (declared.name != domain.name) continue;
        lo = declared.lo;
        hi = declared.hi;
        if (declared.kind == ir::DomainKind::kToken) hi = run_.back().newest_token + 5;
    }
    std::vector<ir::Value> values;
    for (ir::Value value = lo; value <= hi; ++value) values.push_back(value);
    return values;
}

ir::Value PastTime::value(language::NodeIndex index, std::size_t position, bool old, const Environment& environment) {
    const Node& node = at(index);
    const auto kid = [&](std::size_t i) { return value(node.kids[i], position, old, environment); };
    switch (node.kind) {
        case NodeKind::kTrue: return 1;
        case NodeKind::kFalse: return 0;
        case NodeKind::kNumber: return node.number;
        case NodeKind::kInitially: return position == 0 ? 1 : 0;
        case NodeKind::kName: return name(node, position, old, environment);
        case NodeKind::kTaken: return occurs(node, position, environment) ? 1 : 0;
        case NodeKind::kNot: return kid(0) == 0 ? 1 : 0;
        case NodeKind::kAnd: {
            bool all = true;
            for (std::size_t i = 0; i < node.kids.size(); ++i) all = kid(i) != 0 && all;
            return all ? 1 : 0;
        }
        case NodeKind::kOr: {
            bool any = false;
            for (std::size_t i = 0; i < node.kids.size(); ++i) any = kid(i) != 0 || any;
            return any ? 1 : 0;
        }
        case NodeKind::kImplies: return kid(0) == 0 || kid(1) != 0 ? 1 : 0;
        case NodeKind::kIff: return (kid(0) != 0) == (kid(1) != 0) ? 1 : 0;
        case NodeKind::kAdd: return kid(0) + kid(1);
        case NodeKind::kSubtract: return kid(0) - kid(1);
        case NodeKind::kIf: return kid(0) != 0 ? kid(1) : kid(2);
        case NodeKind::kOld: return value(node.kids[0], position, true, environment);
        case NodeKind::kForall:
        case NodeKind::kExists:
        case NodeKind::kCount:
        case NodeKind::kThe: return quantified(node, position, old, environment);
        case NodeKind::kOnce:
        case NodeKind::kHistorically:
        case NodeKind::kPreviously:
        case NodeKind::kSince: return past(node, position, environment);
        default: return compare(node, position, old, environment);
    }
}

ir::Value PastTime::past(const Node& node, std::size_t position, const Environment& environment) {
    const auto f = [&](std::size_t kid, std::size_t at_position) { return holds(node.kids[kid], at_position, environment); };
    if (node.kind == NodeKind::kPreviously) return position > 0 && f(0, position - 1) ? 1 : 0;
    if (node.kind == NodeKind::kSince) {
        for (std::size_t then = position + 1; then-- > 0;) {
            if (f(1, then)) return 1;
            if (!f(0, then)) return 0;
        }
        return 0;
    }
    for (std::size_t then = 0; then <= position; ++then) {
        if (node.kind == NodeKind::kOnce && f(0, then)) return 1;
        if (node.kind == NodeKind::kHistorically && !f(0, then)) return 0;
    }
    return node.kind == NodeKind::kHistorically ? 1 : 0;
}

ir::Value PastTime::quantified(const Node& node, std::size_t position, bool old, const Environment& environment) {
    ir::Value hits = 0;
    ir::Value total = 0;
    ir::Value least = values_of(node.binders[0].domain).front();
    for_each(*this, node.binders, 0, environment, [&](const Environment& inner) {
        ++total;
        if (value(node.kids[0], position, old, inner) == 0) return;
        if (hits == 0) least = inner.at(node.binders[0].name);
        ++hits;
    });
    switch (node.kind) {
        case NodeKind::kForall: return hits == total ? 1 : 0;
        case NodeKind::kExists: return hits > 0 ? 1 : 0;
        case NodeKind::kCount: return hits;
        default: return least;
    }
}

/// What `none` is beside this operand: 0 for tokens, -1 for identities.
ir::Value PastTime::none_of(const Node& other) const {
    std::string domain;
    for (const ir::Variable& variable : system_.variables) {
        if (variable.name == other.text) domain = system_.domains[variable.domain].name;
    }
    for (const language::RecordSyntax& record : property_.records) {
        if (record.name == other.text) domain = record.domain.name;
    }
    for (const ir::Domain& declared : system_.domains) {
        if (declared.name == domain) return declared.kind == ir::DomainKind::kToken ? 0 : -1;
    }
    return 0;
}

ir::Value PastTime::compare(const Node& node, std::size_t position, bool old, const Environment& environment) {
    const auto operand = [&](std::size_t i, std::size_t other) {
        const bool none = at(node.kids[i]).kind == NodeKind::kNone;
        return none ? none_of(at(node.kids[other])) : value(node.kids[i], position, old, environment);
    };
    const ir::Value left = operand(0, 1);
    const ir::Value right = operand(1, 0);
    switch (node.kind) {
        case NodeKind::kEqual: return left == right ? 1 : 0;
        case NodeKind::kNotEqual: return left != right ? 1 : 0;
        case NodeKind::kLess: return left < right ? 1 : 0;
        case NodeKind::kLessEqual: return left <= right ? 1 : 0;
        case NodeKind::kGreater: return left > right ? 1 : 0;
        case NodeKind::kGreaterEqual: return left >= right ? 1 : 0;
        default: break;
    }
    IMSPECT_REQUIRE(node.kind == NodeKind::kIn, "a kind of node that the oracle does not know");
    for (std::size_t i = 1; i < node.kids.size(); ++i) {
        if (operand(i, 0) == left) return 1;
    }
    return 0;
}

ir::Value PastTime::name(const Node& node, std::size_t position, bool old, const Environment& environment) {
    if (const auto bound = environment.find(node.text); bound != environment.end()) return bound->second;
    const State& state = old ? run_[position].old : run_[position].now;
    std::vector<ir::Value> arguments;
    if (node.brackets == language::Brackets::kSquare) {
        for (const language::NodeIndex index : node.kids) arguments.push_back(value(index, position, old, environment));
    }
    for (const language::RecordSyntax& declared : property_.records) {
        if (declared.name == node.text) return record(declared, arguments, position, old);
    }
    for (ir::VarId id = 0; id < system_.variables.size(); ++id) {
        if (system_.variables[id].name == node.text) return element(system_.variables[id], id, arguments, state);
    }
    for (const ir::Definition& declared : system_.definitions) {
        if (declared.name != node.text) continue;
        for (const language::NodeIndex index : node.kids) arguments.push_back(value(index, position, old, environment));
        return definition(declared, arguments, state);
    }
    const auto named = [&](const auto& declared) { return declared.name == node.text; };
    if (std::any_of(system_.events.begin(), system_.events.end(), named) ||
        std::any_of(system_.rules.begin(), system_.rules.end(), named)) {
        return occurs(node, position, environment) ? 1 : 0;
    }
    for (const ir::Domain& domain : system_.domains) {
        const auto found = std::find(domain.names.begin(), domain.names.end(), node.text);
        if (found != domain.names.end()) return static_cast<ir::Value>(found - domain.names.begin());
    }
    fail_invariant(("the oracle does not know " + node.text).c_str(), __FILE__, __LINE__);
}

ir::Value PastTime::element(const ir::Variable& variable, ir::VarId id, const std::vector<ir::Value>& indices,
                            const State& state) const {
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const ir::Domain& domain = system_.domains[variable.indices[i]];
        if (indices[i] < domain.lo || indices[i] > domain.hi) return system_.domains[variable.domain].lo;
    }
    return state.at(ground_.slot(id, indices));
}

ir::Value PastTime::definition(const ir::Definition& declared, const std::vector<ir::Value>& arguments, const State& state) const {
    ir::Binding binding;
    for (std::size_t i = 0; i < arguments.size(); ++i) binding.emplace_back(declared.params[i], arguments[i]);
    return evaluate(ground_, ir::ground_expression(ground_, declared.body, binding), {state, state, 0});
}

ir::Value PastTime::record(const language::RecordSyntax& declared, const std::vector<ir::Value>& indices,
                           std::size_t position, bool old) {
    ir::Value lo = declared.domain.lo;
    ir::Value hi = declared.domain.hi;
    bool token = false;
    for (const ir::Domain& domain : system_.domains) {
        if (domain.name != declared.domain.name) continue;
        lo = domain.lo;
        hi = domain.hi;
        token = domain.kind == ir::DomainKind::kToken;
    }
    if (old && position == 0) return lo;
    const std::size_t when = old ? position - 1 : position;
    const auto key = std::tuple(declared.name, indices, when);
    if (const auto known = records_.find(key); known != records_.end()) return known->second;
    Environment environment;
    for (std::size_t i = 0; i < indices.size(); ++i) environment[declared.indices[i].name] = indices[i];
    ir::Value result = record(declared, indices, when, true);
    for (const language::AlternativeSyntax& alternative : declared.alternatives) {
        if (alternative.conditional && !holds(alternative.condition, when, environment)) continue;
        result = value(alternative.value, when, false, environment);
        if (!token) result = std::clamp(result, lo, hi);
        break;
    }
    records_[key] = result;
    return result;
}

bool PastTime::occurs(const Node& node, std::size_t position, const Environment& environment) {
    if (position == 0) return false;
    const Position& here = run_[position];
    const ir::GroundRule& rule = ground_.rules[here.rule];
    const auto matches = [&](const std::vector<ir::Value>& actual) {
        for (std::size_t i = 0; i < node.kids.size(); ++i) {
            const Node& argument = at(node.kids[i]);
            if (argument.kind == NodeKind::kAny) continue;
            if (value(node.kids[i], position, true, environment) != actual[i]) return false;
        }
        return true;
    };
    if (system_.rules[rule.rule].name == node.text) return matches(rule.arguments);
    for (const ir::GroundRaise& raise : rule.raises) {
        if (system_.events[raise.event].name != node.text) continue;
        const Reading before{here.old, here.old, here.newest_token};
        if (evaluate(ground_, raise.condition, before) == 0) continue;
        std::vector<ir::Value> actual;
        for (const ir::ExprId argument : raise.arguments) actual.push_back(evaluate(ground_, argument, before));
        if (matches(actual)) return true;
    }
    return false;
}

}  // namespace imspect::naive
