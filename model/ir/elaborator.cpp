#include "model/ir/elaborator.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/nearest.h"

namespace imspect::ir {

Result<ExprId> Elaborator::run(Expected expected) {
    const ExprId id = expression(terms_.size() - 1, expected);
    if (id == kNoExpr) return error_;
    return id;
}

bool Elaborator::indexed_name(std::string& name, std::vector<std::size_t>& kids) {
    const Term& root = terms_.back();
    if (root.kind != TermKind::kName && root.kind != TermKind::kElement) {
        fail(root, "expected a name, or name[index]");
        return false;
    }
    name = root.scope.empty() ? root.name : root.scope + "." + root.name;
    kids = root.kids;
    return true;
}

bool Elaborator::indices(const Term& term, const std::string& what, const std::vector<std::size_t>& kids,
                         const std::vector<DomainId>& domains, std::vector<ExprId>& ids) {
    if (kids.size() != domains.size()) {
        fail(term, fmt::format("{} takes {} {}, not {}", what, domains.size(),
                               domains.size() == 1 ? "index or argument" : "indices or arguments", kids.size()));
        return false;
    }
    for (std::size_t i = 0; i < kids.size(); ++i) {
        const ExprId id = expression(kids[i], domains[i]);
        if (id == kNoExpr) return false;
        ids.push_back(id);
    }
    return true;
}

ExprId Elaborator::fail(const Term& term, std::string message) {
    if (error_.message.empty()) error_ = expression_error(text_, term.at, std::move(message));
    return kNoExpr;
}

bool Elaborator::has_type(std::size_t id) const {
    const Term& term = terms_[id];
    if (term.kind == TermKind::kNumber) return false;
    if (term.kind == TermKind::kIf) return has_type(term.kids[1]) || has_type(term.kids[2]);
    if (term.kind != TermKind::kName || !term.scope.empty()) return true;
    if (term.name == "true" || term.name == "false") return true;
    if (find_parameter(term.name) || reader_.variables_.contains(term.name) || reader_.definitions_.contains(term.name)) {
        return true;
    }
    return qualified(term.name).has_value();
}

ExprId Elaborator::expression(std::size_t id, Expected expected) {
    const Term& term = terms_[id];
    const ExprId result = untyped(term, expected);
    if (result == kNoExpr || !expected || compatible(system_, domain_of(result), *expected)) return result;
    return fail(term, fmt::format("this is of domain {}; {} was expected", domain_name(domain_of(result)),
                                  domain_name(*expected)));
}

ExprId Elaborator::untyped(const Term& term, Expected expected) {
    switch (term.kind) {
        case TermKind::kNumber: return number(term, term.number, expected);
        case TermKind::kName: return name(term, expected);
        case TermKind::kElement: return element(term);
        case TermKind::kCall: return call(term);
        case TermKind::kOperator: return operation(term, expected);
        case TermKind::kIn: return membership(term);
        case TermKind::kIf: return conditional(term, expected);
        case TermKind::kForall:
        case TermKind::kExists: return quantifier(term);
    }
    return kNoExpr;
}

ExprId Elaborator::number(const Term&, Value value, Expected expected) {
    if (expected && system_.domains[*expected].kind == DomainKind::kRange) {
        const Domain& domain = system_.domains[*expected];
        if (value >= domain.lo && value <= domain.hi) return pool_.constant(*expected, value);
    }
    return pool_.constant(kIntDomain, value);
}

std::optional<ParamId> Elaborator::find_parameter(const std::string& name) const {
    for (std::size_t i = scope_.size(); i > 0; --i) {
        if (system_.params[scope_[i - 1]].name == name) return scope_[i - 1];
    }
    return {};
}

std::optional<Value> Elaborator::value_in(DomainId id, const std::string& name) const {
    const Domain& domain = system_.domains[id];
    if (name == "none" && domain.lo <= 0 && domain.kind == DomainKind::kToken) return 0;
    if (name == "none" && domain.lo < 0 && domain.kind == DomainKind::kIdentity) return -1;
    for (std::size_t i = 0; i < domain.names.size(); ++i) {
        const Value first = domain.kind == DomainKind::kIdentity ? 0 : domain.lo;
        if (domain.names[i] == name) return first + static_cast<Value>(i);
    }
    const bool digits = !name.empty() && name.size() < 8 && name.find_first_not_of("0123456789", name[0] == '-' ? 1 : 0) == std::string::npos;
    const bool numeric = domain.kind == DomainKind::kRange || domain.kind == DomainKind::kToken;
    if (numeric && digits && name != "-") {
        const Value value = static_cast<Value>(std::stol(name));
        if (value >= domain.lo && value <= domain.hi) return value;
    }
    return {};
}

std::optional<ExprId> Elaborator::qualified(const std::string& name) const {
    for (std::size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0; dot = name.rfind('.', dot - 1)) {
        const auto domain = reader_.domain(name.substr(0, dot));
        if (!domain) continue;
        if (const auto value = value_in(*domain, name.substr(dot + 1))) return pool_.constant(*domain, *value);
    }
    return {};
}

ExprId Elaborator::name(const Term& term, Expected expected) {
    if (!term.scope.empty()) return scoped(term);
    if (term.name == "true" || term.name == "false") return pool_.boolean(term.name == "true");
    if (const auto param = find_parameter(term.name)) return pool_.param(*param, system_.params[*param].domain);
    if (reader_.variables_.contains(term.name)) return element(term);
    if (reader_.definitions_.contains(term.name)) return call(term);
    if (const auto constant = qualified(term.name)) return *constant;
    if (expected) {
        if (const auto value = value_in(*expected, term.name)) return pool_.constant(*expected, *value);
        return unknown(term, *expected);
    }
    return value_of_any(term);
}

ExprId Elaborator::scoped(const Term& term) {
    const auto domain = reader_.domain(term.scope);
    if (!domain) return fail(term, "unknown domain '" + term.scope + "'" + did_you_mean(term.scope, reader_.domain_names()));
    const auto value = value_in(*domain, term.name);
    if (!value) return unknown(term, *domain);
    return pool_.constant(*domain, *value);
}

ExprId Elaborator::value_of_any(const Term& term) {
    std::vector<DomainId> found;
    for (const auto& entry : reader_.domains_) {
        const DomainId id = entry.second;  // Clang 14 captures no structured binding
        const bool known = std::none_of(found.begin(), found.end(), [&](DomainId other) { return compatible(system_, other, id); });
        if (id != kBoolDomain && known && value_in(id, term.name)) found.push_back(id);
    }
    if (found.size() == 1) return pool_.constant(found[0], *value_in(found[0], term.name));
    if (found.size() > 1) {
        return fail(term, fmt::format("'{}' is a value of {} and of {}; write {}.{}", term.name, domain_name(found[0]),
                                      domain_name(found[1]), domain_name(found[0]), term.name));
    }
    return fail(term, "unknown name '" + term.name + "'" + did_you_mean(term.name, reader_.known_names()));
}

ExprId Elaborator::unknown(const Term& term, DomainId domain) {
    std::vector<std::string> known = system_.domains[domain].names;
    for (std::string& other : reader_.known_names()) known.push_back(std::move(other));
    for (const ParamId param : scope_) known.push_back(system_.params[param].name);
    return fail(term, fmt::format("'{}' is neither a name nor a value of {}{}", term.name, domain_name(domain),
                                  did_you_mean(term.name, known)));
}

ExprId Elaborator::element(const Term& term) {
    const std::string name = term.scope.empty() ? term.name : term.scope + "." + term.name;
    const auto found = reader_.variable(name);
    if (!found) return fail(term, "unknown variable '" + name + "'" + did_you_mean(name, reader_.known_names()));
    const DomainId domain = system_.variables[*found].domain;
    std::vector<ExprId> ids;
    const std::vector<DomainId> domains = system_.variables[*found].indices;
    if (!indices(term, name, term.kids, domains, ids)) return kNoExpr;
    return pool_.variable(*found, domain, std::move(ids));
}

ExprId Elaborator::call(const Term& term) {
    if (term.name == "fresh") return fresh(term);
    const auto found = reader_.definitions_.find(term.name);
    if (found == reader_.definitions_.end()) {
        return fail(term, "unknown definition '" + term.name + "'" + did_you_mean(term.name, reader_.known_names()));
    }
    std::vector<DomainId> domains;
    for (const ParamId param : system_.definitions[found->second].params) domains.push_back(system_.params[param].domain);
    std::vector<ExprId> ids;
    if (!indices(term, term.name, term.kids, domains, ids)) return kNoExpr;
    const DomainId domain = domain_of(system_.definitions[found->second].body);
    return pool_.call(found->second, domain, std::move(ids));
}

ExprId Elaborator::fresh(const Term& term) {
    const bool shape = (term.kids.size() == 1 || term.kids.size() == 2) && terms_[term.kids[0]].kind == TermKind::kName &&
                       (term.kids.size() == 1 || terms_[term.kids[1]].kind == TermKind::kNumber);
    const auto domain = shape ? reader_.domain(terms_[term.kids[0]].name) : std::nullopt;
    if (!domain || system_.domains[*domain].kind != DomainKind::kToken) {
        return fail(term, "expected fresh(D) or fresh(D, k) with a domain D of tokens and a number k");
    }
    const Value ordinal = term.kids.size() == 2 ? terms_[term.kids[1]].number : 0;
    if (ordinal < 0) return fail(term, "the ordinal of a fresh token is negative");
    return pool_.fresh(*domain, ordinal);
}

ExprId Elaborator::operation(const Term& term, Expected expected) {
    const std::string& op = term.name;
    if (op == "not" || op == "and" || op == "or" || op == "=>" || op == "<=>") return connective(term);
    if (op == "+" || op == "-") return sum(term, expected);
    ExprId left = kNoExpr;
    ExprId right = kNoExpr;
    if (!operands(term, term.kids[0], term.kids[1], left, right)) return kNoExpr;
    if (op == "=") return pool_.equal(left, right);
    if (op == "!=") return pool_.negate(pool_.equal(left, right));
    if (op == "<") return pool_.less(left, right);
    if (op == "<=") return pool_.less_equal(left, right);
    if (op == ">") return pool_.less(right, left);
    return pool_.less_equal(right, left);
}

ExprId Elaborator::connective(const Term& term) {
    std::vector<ExprId> kids;
    for (const std::size_t kid : term.kids) {
        kids.push_back(expression(kid, kBoolDomain));
        if (kids.back() == kNoExpr) return kNoExpr;
    }
    if (term.name == "not") return pool_.negate(kids[0]);
    if (term.name == "and") return pool_.conjunction(std::move(kids));
    if (term.name == "or") return pool_.disjunction(std::move(kids));
    if (term.name == "=>") return pool_.implies(kids[0], kids[1]);
    return pool_.equal(kids[0], kids[1]);
}

ExprId Elaborator::sum(const Term& term, Expected) {
    ExprId left = kNoExpr;
    ExprId right = kNoExpr;
    if (!operands(term, term.kids[0], term.kids[1], left, right)) return kNoExpr;
    if (system_.domains[domain_of(left)].kind != DomainKind::kRange) {
        return fail(term, "'" + term.name + "' is for integers; this is of domain " + domain_name(domain_of(left)));
    }
    return term.name == "+" ? pool_.add(left, right) : pool_.subtract(left, right);
}

bool Elaborator::operands(const Term& term, std::size_t l, std::size_t r, ExprId& left, ExprId& right) {
    if (has_type(l) || !has_type(r)) {
        left = expression(l, {});
        if (left != kNoExpr) right = side(r, domain_of(left));
    } else {
        right = expression(r, {});
        if (right != kNoExpr) left = side(l, domain_of(right));
    }
    if (left == kNoExpr || right == kNoExpr) return false;
    if (compatible(system_, domain_of(left), domain_of(right))) return true;
    fail(term, fmt::format("'{}' between {} and {}", term.name, domain_name(domain_of(left)), domain_name(domain_of(right))));
    return false;
}

ExprId Elaborator::side(std::size_t id, DomainId other) {
    return has_type(id) && terms_[id].kind != TermKind::kIf ? expression(id, {}) : expression(id, other);
}

ExprId Elaborator::membership(const Term& term) {
    const ExprId value = expression(term.kids[0], {});
    if (value == kNoExpr) return kNoExpr;
    std::vector<ExprId> hits;
    for (std::size_t i = 1; i < term.kids.size(); ++i) {
        const ExprId member = expression(term.kids[i], domain_of(value));
        if (member == kNoExpr) return kNoExpr;
        hits.push_back(pool_.equal(value, member));
    }
    return pool_.disjunction(std::move(hits));
}

ExprId Elaborator::conditional(const Term& term, Expected expected) {
    const ExprId condition = expression(term.kids[0], kBoolDomain);
    ExprId yes = kNoExpr;
    ExprId no = kNoExpr;
    if (condition == kNoExpr) return kNoExpr;
    if (expected) {
        yes = expression(term.kids[1], expected);
        if (yes != kNoExpr) no = expression(term.kids[2], expected);
    } else if (!operands(term, term.kids[1], term.kids[2], yes, no)) {
        return kNoExpr;
    }
    return yes == kNoExpr || no == kNoExpr ? kNoExpr : pool_.ite(condition, yes, no);
}

ExprId Elaborator::quantifier(const Term& term) {
    const auto domain = reader_.domain(term.scope);
    if (!domain) return fail(term, "unknown domain '" + term.scope + "'" + did_you_mean(term.scope, reader_.domain_names()));
    const ParamId param = reader_.parameter(term.name, *domain);
    scope_.push_back(param);
    const ExprId body = expression(term.kids[0], kBoolDomain);
    scope_.pop_back();
    if (body == kNoExpr) return kNoExpr;
    return pool_.quantified(term.kind == TermKind::kForall ? Op::kForall : Op::kExists, param, body);
}

}  // namespace imspect::ir
