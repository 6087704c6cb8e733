#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "model/ir/expression_syntax.h"
#include "model/ir/expression_text.h"
#include "model/ir/validator.h"

namespace imspect::ir {

namespace {

constexpr double kMostValue = 1e9;      // of arithmetic: far within an int
constexpr double kMostArgument = 1e6;  // of a definition's parameter
constexpr double kMostResult = 1e7;    // of a definition

}  // namespace

bool Validator::pool_is_sound() {
    for (ExprId id = 0; id < system_.pool.size(); ++id) {
        const ExprNode& node = system_.pool.node(id);
        const bool sound = has_domain(node.domain) && std::all_of(node.kids.begin(), node.kids.end(), [&](ExprId kid) { return kid < id; });
        if (sound) continue;
        add("dangling-expression", "/", "an expression refers to one that does not exist, or to a domain that does not");
        return false;
    }
    return true;
}

/// Marks every definition from which a cycle of calls can be reached.
void Validator::find_recursion() {
    const std::size_t count = system_.definitions.size();
    std::vector<std::set<std::size_t>> calls(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (system_.definitions[i].body >= system_.pool.size()) continue;
        system_.pool.visit(system_.definitions[i].body, [&](ExprId, const ExprNode& node) {
            if (node.op == Op::kCall && node.a >= 0 && static_cast<std::size_t>(node.a) < count) calls[i].insert(static_cast<std::size_t>(node.a));
        });
    }
    recursive_.assign(count, true);
    for (bool changed = true; changed;) {  // a definition is sound once all that it calls are
        changed = false;
        for (std::size_t i = 0; i < count; ++i) {
            if (!recursive_[i] || std::any_of(calls[i].begin(), calls[i].end(), [&](std::size_t other) { return recursive_[other]; })) continue;
            recursive_[i] = false;
            changed = true;
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (recursive_[i]) add("recursive-definition", "/definitions/" + system_.definitions[i].name, fmt::format("definition {} calls itself, directly or through others", system_.definitions[i].name));
    }
}

/// Whether all ids below an expression exist and it is not too deep: only then it is looked at.
bool Validator::resolves(ExprId root, const Place& place) {
    if (root >= system_.pool.size()) {
        add("dangling-expression", place.path, place.who + " has no expression");
        return false;
    }
    bool good = true;
    system_.pool.visit(root, [&](ExprId, const ExprNode& node) {
        const auto index = static_cast<std::size_t>(node.a);
        const auto dangling = [&](const char* code, const char* what) {
            add(code, place.path, fmt::format("{} refers to a {} that does not exist", place.who, what));
            good = false;
        };
        if (node.op == Op::kVar && index >= system_.variables.size()) dangling("dangling-variable", "variable");
        if (node.op == Op::kCall && index >= system_.definitions.size()) dangling("dangling-definition", "definition");
        else if (node.op == Op::kCall && (recursive_[index] || system_.definitions[index].body >= system_.pool.size())) good = false;
        const bool binds = node.op == Op::kParam || node.op == Op::kForall || node.op == Op::kExists;
        if (binds && (index >= system_.params.size() || !has_domain(system_.params[index].domain))) dangling("dangling-parameter", "parameter");
    });
    if (good && depth(root) > kMaxDepth) {
        add("too-deep", place.path, fmt::format("{} is nested deeper than {} levels, definitions expanded", place.who, kMaxDepth));
        good = false;
    }
    return good;
}

std::size_t Validator::depth(ExprId root) {
    if (const auto found = depth_.find(root); found != depth_.end()) return found->second;
    system_.pool.visit(root, [&](ExprId id, const ExprNode& node) {
        if (depth_.contains(id)) return;
        std::size_t deepest = 0;
        for (const ExprId kid : node.kids) deepest = std::max(deepest, depth_.at(kid));
        // As deep as definitions call each other, and each has been found not to be recursive.
        if (node.op == Op::kCall) deepest += depth(system_.definitions[static_cast<std::size_t>(node.a)].body);
        depth_.emplace(id, deepest + 1);
    });
    return depth_.at(root);
}

bool Validator::check_expression(ExprId root, const Place& place) {
    if (!resolves(root, place)) return false;
    system_.pool.visit(root, [&](ExprId, const ExprNode& node) { check_node(node, place); });
    if (place.domain && has_domain(*place.domain) && !compatible(system_, domain_of(root), *place.domain)) {
        add(place.code, place.path, fmt::format("{} is of domain {}, not {}", place.who, domain_name(domain_of(root)), domain_name(*place.domain)));
    }
    check_free(root, place);
    check_overflow(root, place);
    return true;
}

void Validator::booleans(const ExprNode& node, const Place& place, std::size_t count) {
    for (std::size_t i = 0; i < count && i < node.kids.size(); ++i) {
        if (domain_of(node.kids[i]) == kBoolDomain) continue;
        add("type", place.path, fmt::format("{} joins or tests something of domain {} as if it were true or false", place.who, domain_name(domain_of(node.kids[i]))));
    }
}

void Validator::check_node(const ExprNode& node, const Place& place) {
    switch (node.op) {
        case Op::kConst: return check_constant(node, place);
        case Op::kVar: return check_element(node, place);
        case Op::kCall: return check_call(node, place);
        case Op::kEq:
        case Op::kLt:
        case Op::kLe: return check_comparison(node, place);
        case Op::kParam:
            if (node.domain != system_.params[static_cast<std::size_t>(node.a)].domain) add("type", place.path, place.who + " uses a parameter with another domain than it has");
            return;
        case Op::kSlot:
        case Op::kOldSlot: return add("ground-expression", place.path, place.who + " speaks of a slot of a ground system");
        case Op::kOld: return add("old", place.path, place.who + " uses old(…), which only properties may");
        case Op::kNot: return booleans(node, place, 1);
        case Op::kAnd:
        case Op::kOr: return booleans(node, place, node.kids.size());
        case Op::kForall:
        case Op::kExists:
            if (system_.params[static_cast<std::size_t>(node.a)].domain == kIntDomain) add("type", place.path, place.who + " quantifies over int");
            return booleans(node, place, 1);
        case Op::kAdd:
        case Op::kSub:
            for (const ExprId kid : node.kids) {
                if (system_.domains[domain_of(kid)].kind == DomainKind::kRange) continue;
                add("arithmetic", place.path, fmt::format("{} calculates with something of domain {}, which is no number", place.who, domain_name(domain_of(kid))));
            }
            return;
        case Op::kIte:
            booleans(node, place, 1);
            if (!compatible(system_, domain_of(node.kids[1]), domain_of(node.kids[2]))) {
                add("type", place.path, fmt::format("{} chooses between {} and {}", place.who, domain_name(domain_of(node.kids[1])), domain_name(domain_of(node.kids[2]))));
            }
            return;
        case Op::kFresh: return check_fresh(node, place);
    }
}

/// Conditions are looked at in states where nothing is drawn, and definitions serve conditions and properties.
void Validator::check_fresh(const ExprNode& node, const Place& place) {
    if (system_.domains[node.domain].kind != DomainKind::kToken || node.a < 0 || node.a > 100) {
        return add("type", place.path, place.who + " asks for a fresh value of a domain without tokens");
    }
    if (place.fresh) return;
    add("fresh", place.path, fmt::format("{} asks for a fresh token of {}, which only what a rule sets, sends, raises or is bounded by may", place.who, domain_name(node.domain)));
}

void Validator::check_constant(const ExprNode& node, const Place& place) {
    const Domain& domain = system_.domains[node.domain];
    if (node.a < domain.lo || node.a > domain.hi) {
        return add("value-outside", place.path, fmt::format("{} uses {}, which is no value of {}", place.who, node.a, domain.name));
    }
    if (domain.kind == DomainKind::kToken && node.a != 0) {
        add("token-constant", place.path, fmt::format("{} uses the token {} of {}; tokens are renamed after every step and only none is a constant", place.who, node.a, domain.name));
    }
}

void Validator::check_element(const ExprNode& node, const Place& place) {
    const Variable& variable = system_.variables[static_cast<std::size_t>(node.a)];
    if (node.domain != variable.domain) add("type", place.path, fmt::format("{} reads {} with another domain than it has", place.who, variable.name));
    if (node.kids.size() != variable.indices.size()) {
        return add("index-count", place.path, fmt::format("{} reads {} with {} indices instead of {}", place.who, variable.name, node.kids.size(), variable.indices.size()));
    }
    for (std::size_t i = 0; i < node.kids.size(); ++i) {
        if (!has_domain(variable.indices[i]) || compatible(system_, domain_of(node.kids[i]), variable.indices[i])) continue;
        add("index-type", place.path, fmt::format("{} indexes {} by {} instead of {}", place.who, variable.name, domain_name(domain_of(node.kids[i])), domain_name(variable.indices[i])));
    }
}

void Validator::check_call(const ExprNode& node, const Place& place) {
    const Definition& definition = system_.definitions[static_cast<std::size_t>(node.a)];
    if (node.domain != domain_of(definition.body)) add("type", place.path, fmt::format("{} calls {} with another domain than it has", place.who, definition.name));
    if (node.kids.size() != definition.params.size()) {
        return add("call-arity", place.path, fmt::format("{} calls {} with {} arguments instead of {}", place.who, definition.name, node.kids.size(), definition.params.size()));
    }
    for (std::size_t i = 0; i < node.kids.size(); ++i) {
        const ParamId param = definition.params[i];
        if (param >= system_.params.size() || !has_domain(system_.params[param].domain)) continue;  // the definition's defect
        if (compatible(system_, domain_of(node.kids[i]), system_.params[param].domain)) continue;
        add("call-type", place.path, fmt::format("{} calls {} with {} instead of {}", place.who, definition.name, domain_name(domain_of(node.kids[i])), domain_name(system_.params[param].domain)));
    }
}

void Validator::check_comparison(const ExprNode& node, const Place& place) {
    const DomainId left = domain_of(node.kids[0]);
    const DomainId right = domain_of(node.kids[1]);
    if (!compatible(system_, left, right)) {
        return add("type", place.path, fmt::format("{} compares {} with {}", place.who, domain_name(left), domain_name(right)));
    }
    if (node.op == Op::kEq) return;
    const Domain& domain = system_.domains[left];
    if (domain.symmetric || system_.domains[right].symmetric) {
        add("symmetric-order", place.path, fmt::format("{} orders identities of the symmetric {}", place.who, domain.name));
    } else if (domain.kind == DomainKind::kBool) {
        add("type", place.path, place.who + " orders true and false");
    }
}

const std::vector<ParamId>& Validator::free_params(ExprId root) {
    system_.pool.visit(root, [&](ExprId id, const ExprNode& node) {
        if (free_.contains(id)) return;
        std::set<ParamId> free;
        for (const ExprId kid : node.kids) free.insert(free_.at(kid).begin(), free_.at(kid).end());
        if (node.op == Op::kParam) free.insert(static_cast<ParamId>(node.a));
        if (node.op == Op::kForall || node.op == Op::kExists) free.erase(static_cast<ParamId>(node.a));
        free_.emplace(id, std::vector<ParamId>(free.begin(), free.end()));
    });
    return free_.at(root);
}

void Validator::check_free(ExprId root, const Place& place) {
    for (const ParamId param : free_params(root)) {
        if (std::find(place.params.begin(), place.params.end(), param) != place.params.end()) continue;
        add("free-parameter", place.path, fmt::format("{} uses the parameter {}, which nothing binds", place.who, system_.params[param].name));
    }
}

void Validator::check_overflow(ExprId root, const Place& place) {
    std::unordered_map<ExprId, Range> ranges;
    bool reported = false;
    system_.pool.visit(root, [&](ExprId id, const ExprNode& node) {
        const Domain& domain = system_.domains[node.domain];
        Range range{static_cast<double>(domain.lo), static_cast<double>(domain.hi)};
        const auto kid = [&](std::size_t i) { return ranges.at(node.kids[i]); };
        if (node.op == Op::kConst) range = {static_cast<double>(node.a), static_cast<double>(node.a)};
        if (node.op == Op::kParam && domain.kind == DomainKind::kRange) range = {-kMostArgument, kMostArgument};
        if (node.op == Op::kAdd) range = {kid(0).lo + kid(1).lo, kid(0).hi + kid(1).hi};
        if (node.op == Op::kSub) range = {kid(0).lo - kid(1).hi, kid(0).hi - kid(1).lo};
        if (node.op == Op::kIte) range = {std::min(kid(1).lo, kid(2).lo), std::max(kid(1).hi, kid(2).hi)};
        // What a definition of arithmetic gives is only as bounded as its body, which was judged by itself.
        if (node.op == Op::kCall && node.domain == kIntDomain) range = {-kMostResult, kMostResult};
        double most = kMostValue;
        if (node.op == Op::kCall) {
            for (const ExprId argument : node.kids) {
                if (ranges.at(argument).lo < -kMostArgument || ranges.at(argument).hi > kMostArgument) most = -1;
            }
        }
        if ((range.lo < -most || range.hi > most) && !reported) {
            reported = true;
            add("overflow", place.path, place.who + " calculates with numbers beyond what a model can be meant to have");
        }
        range = {std::max(range.lo, -1e15), std::min(range.hi, 1e15)};
        ranges.emplace(id, range);
    });
    const bool definition = !place.domain && place.path.starts_with("/definitions/");
    const Range whole = ranges.at(root);
    if (definition && !reported && system_.domains[domain_of(root)].kind == DomainKind::kRange && std::max(-whole.lo, whole.hi) > kMostResult) {
        add("overflow", place.path, place.who + " may give numbers beyond ten million");
    }
}

/// How many nodes grounding visits for it, quantifiers and definitions expanded; a node shared below one quantifier once.
double Validator::weight(ExprId root) {
    if (const auto found = weight_.find(root); found != weight_.end()) return found->second;
    double total = 0;
    std::set<ExprId> seen;
    std::vector<ExprId> pending = {root};
    while (!pending.empty()) {
        const ExprId id = pending.back();
        pending.pop_back();
        if (!seen.insert(id).second) continue;
        const ExprNode& node = system_.pool.node(id);
        total += 1;
        if (node.op == Op::kForall || node.op == Op::kExists) {
            total += instances({static_cast<ParamId>(node.a)}) * weight(node.kids[0]);
            continue;
        }
        if (node.op == Op::kCall) total += weight(system_.definitions[static_cast<std::size_t>(node.a)].body);
        if (node.op == Op::kVar) total += elements(system_.variables[static_cast<std::size_t>(node.a)].indices);
        pending.insert(pending.end(), node.kids.begin(), node.kids.end());
    }
    total = std::min(total, 1e15);
    weight_.emplace(root, total);
    return total;
}

}  // namespace imspect::ir
