#include "report/export/tla_expressions.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "model/result.h"

namespace imspect::exports {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::ParamId;

namespace {

constexpr std::size_t kInlineSize = 10;  // nodes; smaller expressions are repeated rather than named
constexpr std::size_t kHuge = 1'000'000;
constexpr ir::Value kAny = 1'000'000'000;

}  // namespace

TlaExpressions::TlaExpressions(const ir::GroundSystem& system, const TlaNames& names) : system_(system), names_(names), pool_(system.pool()) {
    trust_parameters();
}

/// A definition may be called with values outside its parameter's domain, such as none for an identity.
void TlaExpressions::trust_parameters() {
    const ir::System& system = *system_.system;
    trusted_.assign(system.params.size(), true);
    for (bool changed = true; changed;) {
        changed = false;
        for (ExprId id = 0; id < pool_.size(); ++id) {
            const ExprNode& node = pool_.node(id);
            if (node.op != Op::kCall) continue;
            const ir::Definition& definition = system.definitions[static_cast<std::size_t>(node.a)];
            for (std::size_t i = 0; i < node.kids.size(); ++i) {
                const ir::Domain& domain = system.domains[system.params[definition.params[i]].domain];
                const Range values = range(node.kids[i]);
                if (!trusted_[definition.params[i]] || (values.lo >= domain.lo && values.hi <= domain.hi)) continue;
                trusted_[definition.params[i]] = false;
                changed = true;
            }
        }
    }
}

// NOLINTNEXTLINE(misc-no-recursion): depth is limited by validation
TlaExpressions::Range TlaExpressions::range(ExprId id) const {
    const ExprNode& node = pool_.node(id);
    const ir::Domain& domain = system_.system->domains[node.domain];
    if (node.op == Op::kConst) return {node.a, node.a};
    if (node.op == Op::kParam && !trusted_[static_cast<std::size_t>(node.a)]) return {-kAny, kAny};
    if (node.op == Op::kAdd || node.op == Op::kSub) return {-kAny, kAny};
    if (node.op == Op::kCall) return range(system_.system->definitions[static_cast<std::size_t>(node.a)].body);
    if (node.op != Op::kIte) return {domain.lo, domain.hi};
    const Range yes = range(node.kids[1]);
    const Range no = range(node.kids[2]);
    return {std::min(yes.lo, no.lo), std::max(yes.hi, no.hi)};
}

void TlaExpressions::open(const std::vector<ParamId>& params) {
    params_.clear();
    lets_.clear();
    next_let_ = 1;
    for (const ParamId param : params) params_.emplace(param, scoped_name(param));
}

std::string TlaExpressions::scoped_name(ParamId param) const {
    const std::string name = TlaNames::identifier(system_.system->params[param].name);
    std::string result = name;
    const auto in_use = [&] {
        return names_.taken(result) || std::any_of(params_.begin(), params_.end(), [&](const auto& entry) { return entry.second == result; });
    };
    for (int i = 2; in_use(); ++i) result = fmt::format("{}_{}", name, i);
    return result;
}

std::string TlaExpressions::print(ExprId id) { return shared(id); }

std::string TlaExpressions::line(ExprId id) {
    std::string result = shared(id);
    const Op op = pool_.node(id).op;
    const bool plain = op == Op::kEq || op == Op::kLt || op == Op::kLe || op == Op::kNot;
    return plain && result[0] == '(' && !result.starts_with("(LET ") ? result.substr(1, result.size() - 2) : result;
}

/// LETs for what occurs more than once, children before parents; quantifiers' bodies are seen to where they are printed.
// NOLINTNEXTLINE(misc-no-recursion): depth is limited by validation
std::string TlaExpressions::shared(ExprId root) {
    std::map<ExprId, std::size_t> uses;   // ids of children are smaller than their parents'
    std::vector<ExprId> pending = {root};
    while (!pending.empty()) {
        const ExprId id = pending.back();
        pending.pop_back();
        if (lets_.contains(id) || ++uses[id] > 1) continue;
        const ExprNode& node = pool_.node(id);
        if (node.op != Op::kForall && node.op != Op::kExists) pending.insert(pending.end(), node.kids.begin(), node.kids.end());
    }
    std::map<ExprId, std::size_t> sizes;
    std::string definitions;
    std::vector<ExprId> named;
    for (const auto& [id, count] : uses) {
        const ExprNode& node = pool_.node(id);
        std::size_t size = node.op == Op::kForall || node.op == Op::kExists ? kInlineSize : 1;
        for (const ExprId kid : node.kids) {
            const auto found = sizes.find(kid);
            size = std::min(size + (found == sizes.end() || lets_.contains(kid) ? 1 : found->second), kHuge);
        }
        sizes[id] = size;
        if (id == root || count < 2 || size < kInlineSize) continue;
        const std::string value = text(id);
        const std::string name = fmt::format("e__{}", next_let_++);
        definitions += fmt::format("{} == {} ", name, value);
        lets_.emplace(id, name);
        named.push_back(id);
    }
    std::string result = text(root);
    for (const ExprId id : named) lets_.erase(id);
    return definitions.empty() ? result : fmt::format("(LET {}IN {})", definitions, result);
}

std::string TlaExpressions::joined(const ExprNode& node, const char* op) {
    std::string result = "(";
    for (std::size_t i = 0; i < node.kids.size(); ++i) result += (i == 0 ? "" : op) + text(node.kids[i]);
    return result + ")";
}

std::string TlaExpressions::ordered(ExprId id) {
    const ir::DomainId domain = pool_.node(id).domain;
    const ir::DomainKind kind = system_.system->domains[domain].kind;
    if (kind != ir::DomainKind::kEnum && kind != ir::DomainKind::kIdentity) return text(id);
    ranked.insert(domain);
    return fmt::format("{}({})", names_.ranks[domain], text(id));
}

// NOLINTNEXTLINE(misc-no-recursion): depth is limited by validation
std::string TlaExpressions::text(ExprId id) {
    if (const auto found = lets_.find(id); found != lets_.end()) return found->second;
    const ExprNode& node = pool_.node(id);
    switch (node.op) {
        case Op::kConst: return names_.value(node.domain, node.a);
        case Op::kVar: return element(static_cast<ir::VarId>(node.a), node.kids);
        case Op::kParam: return params_.at(static_cast<ParamId>(node.a));
        case Op::kSlot: return slot(static_cast<ir::SlotId>(node.a));
        case Op::kCall: {
            std::string arguments;
            for (const ExprId kid : node.kids) arguments += (arguments.empty() ? "" : ", ") + text(kid);
            const std::string& name = names_.definitions[static_cast<std::size_t>(node.a)];
            return arguments.empty() ? name : fmt::format("{}({})", name, arguments);
        }
        case Op::kNot: {
            const ExprNode& kid = pool_.node(node.kids[0]);
            if (kid.op == Op::kEq && !lets_.contains(node.kids[0])) return joined(kid, " # ");
            return fmt::format("(~{})", text(node.kids[0]));
        }
        case Op::kAnd: return joined(node, " /\\ ");
        case Op::kOr: return joined(node, " \\/ ");
        case Op::kEq: return joined(node, " = ");
        case Op::kLt: return fmt::format("({} < {})", ordered(node.kids[0]), ordered(node.kids[1]));
        case Op::kLe: return fmt::format("({} <= {})", ordered(node.kids[0]), ordered(node.kids[1]));
        case Op::kAdd: return joined(node, " + ");
        case Op::kSub: return joined(node, " - ");
        case Op::kIte: return fmt::format("(IF {} THEN {} ELSE {})", text(node.kids[0]), text(node.kids[1]), text(node.kids[2]));
        case Op::kForall:
        case Op::kExists: return quantifier(node);
        case Op::kFresh: return fmt::format("{}({})", (in_bound ? names_.bound_fresh : names_.fresh)[node.domain], node.a + 1);
        default: break;
    }
    fail_invariant("an expression of another moment reached the export", __FILE__, __LINE__);
}

std::string TlaExpressions::quantifier(const ExprNode& node) {
    const auto param = static_cast<ParamId>(node.a);
    const auto outer = params_.find(param);
    const std::string hidden = outer == params_.end() ? "" : outer->second;
    const std::string name = scoped_name(param);
    params_[param] = name;
    const std::string body = shared(node.kids[0]);
    if (hidden.empty()) params_.erase(param);
    else params_[param] = hidden;
    return fmt::format("({} {} \\in {} : {})", node.op == Op::kForall ? "\\A" : "\\E", name, names_.domains[system_.system->params[param].domain], body);
}

std::string TlaExpressions::subscript(const std::vector<ExprId>& indices) {
    std::string result;
    for (const ExprId index : indices) result += (result.empty() ? "" : ", ") + print(index);
    return result.empty() ? "" : "[" + result + "]";
}

std::string TlaExpressions::at(const TlaPlace& place, const std::string& base) const {
    if (place.length) return fmt::format("Len({})", base);
    if (place.position == 0) return base;
    return fmt::format("{}({}, {}).{}", names_.message_at.at(place.variable), base, place.position, names_.variables[place.variable].fields[place.field].first);
}

std::string TlaExpressions::element(ir::VarId id, const std::vector<ExprId>& indices) {
    const ir::Variable& variable = system_.system->variables[id];
    std::string outside;
    std::string list;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const std::string index = text(indices[i]);
        list += (i == 0 ? "" : ", ") + index;
        const ir::Domain& domain = system_.system->domains[variable.indices[i]];
        const Range values = range(indices[i]);
        if (values.lo >= domain.lo && values.hi <= domain.hi) continue;
        outside += fmt::format("{}{} \\in {}", outside.empty() ? "" : " /\\ ", index, names_.domains[variable.indices[i]]);
    }
    const TlaPlace& place = names_.places[id];
    const std::string value = at(place, names_.variables[place.variable].name + (list.empty() ? "" : "[" + list + "]"));
    if (outside.empty()) return value;
    return fmt::format("(IF {} THEN {} ELSE {})", outside, value, names_.value(variable.domain, system_.system->domains[variable.domain].lo));
}

std::string TlaExpressions::slot(ir::SlotId id) const {
    if (names_.is_register(id)) return names_.variables[names_.variable_of_register(id)].name;
    const ir::GroundVariable& variable = system_.variables[id];
    const std::vector<ir::DomainId>& domains = system_.system->variables[variable.variable].indices;
    std::string list;
    for (std::size_t i = 0; i < variable.indices.size(); ++i) list += (i == 0 ? "" : ", ") + names_.value(domains[i], variable.indices[i]);
    const TlaPlace& place = names_.places[variable.variable];
    return at(place, names_.variables[place.variable].name + (list.empty() ? "" : "[" + list + "]"));
}

}  // namespace imspect::exports
