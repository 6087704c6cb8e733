#include "model/ir/print.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "model/ir/expression_syntax.h"
#include "model/ir/printer.h"

namespace imspect::ir {

namespace {

// Levels as in expression_syntax.cpp: what is looser than its surroundings stands in parentheses.
constexpr int kOpen = 0;
constexpr int kIff = 1;
constexpr int kImplies = 2;
constexpr int kOr = 3;
constexpr int kAnd = 4;
constexpr int kNot = 5;
constexpr int kCompare = 6;
constexpr int kSum = 7;
constexpr int kAtom = 8;

std::string in_quotes(std::string_view name) {
    const char quote = name.find('\'') == std::string_view::npos ? '\'' : '"';
    return quote + std::string(name) + quote;
}

std::string parenthesised(std::string text, int level, int context) {
    return level < context ? "(" + std::move(text) + ")" : text;
}

}  // namespace

std::string quoted_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    bool word = !name.empty() && letter(name.front()) && !is_keyword(name);
    for (std::size_t i = 0; i < name.size() && word; ++i) {
        if (letter(name[i]) || digit(name[i])) continue;
        word = name[i] == '.' && i + 1 < name.size() && (letter(name[i + 1]) || digit(name[i + 1]));
    }
    return word ? std::string(name) : in_quotes(name);
}

Printer::Printer(const System& system, PrintStyle style, const GroundSystem* ground)
    : system_(system), style_(style), ground_(ground) {
    for (const Variable& variable : system.variables) names_.insert(variable.name);
    for (const Definition& definition : system.definitions) names_.insert(definition.name);
}

void Printer::declare(ParamId param) {
    if (shown_.contains(param)) return;
    const std::string& wanted = system_.params[param].name;
    std::string name = wanted;
    const auto in_use = [&](const std::string& candidate) {
        return names_.contains(candidate) ||
               std::any_of(system_.domains.begin(), system_.domains.end(), [&](const Domain& domain) {
                   return std::find(domain.names.begin(), domain.names.end(), candidate) != domain.names.end();
               }) ||
               std::any_of(shown_.begin(), shown_.end(), [&](const auto& entry) { return entry.second == candidate; });
    };
    for (int i = 2; in_use(name); ++i) name = fmt::format("{}_{}", wanted, i);
    shown_.emplace(param, std::move(name));
}

std::string Printer::shown(ParamId param) const {
    const auto found = shown_.find(param);
    return found != shown_.end() ? found->second : system_.params[param].name;
}

std::string Printer::declarations(const std::vector<ParamId>& params) {
    std::string text;
    for (const ParamId param : params) {
        declare(param);
        if (!text.empty()) text += ", ";
        text += parameter(param) + ": " + quoted_name(system_.domains[system_.params[param].domain].name);
    }
    return text;
}

std::string Printer::expression(ExprId id) { return print(id, kOpen, false); }
std::string Printer::value(ExprId id) { return print(id, kOpen, true); }

std::string Printer::list(const std::vector<ExprId>& kids) {
    std::string text;
    for (const ExprId kid : kids) text += (text.empty() ? "" : ", ") + value(kid);
    return text;
}

std::string Printer::element(VarId id, const std::vector<ExprId>& indices) {
    const Variable& variable = system_.variables[id];
    const std::string suffix = indices.empty() ? "" : "[" + list(indices) + "]";
    if (style_ == PrintStyle::kReading && variable.channel) return channel_element(id, suffix);
    return quoted_name(variable.name) + suffix;
}

std::string Printer::channel_element(VarId id, const std::string& suffix) const {
    const Channel& channel = system_.channels[*system_.variables[id].channel];
    const std::string name = quoted_name(channel.name) + suffix;
    if (channel.length == id) return name + ".length";
    for (std::size_t position = 0; position < channel.slots.size(); ++position) {
        for (std::size_t f = 0; f < channel.slots[position].size(); ++f) {
            if (channel.slots[position][f] != id) continue;
            const std::string which = position == 0 ? "head" : fmt::format("message{}", position + 1);
            return fmt::format("{}.{}.{}", name, which, quoted_name(channel.fields[f].name));
        }
    }
    return quoted_name(system_.variables[id].name) + suffix;
}

std::string Printer::constant(const ExprNode& node, bool typed) const {
    const Domain& domain = system_.domains[node.domain];
    const std::string name = domain.value_name(node.a);
    if (node.domain == kBoolDomain || domain.kind == DomainKind::kRange) return name;
    const bool none = name == "none" && (domain.kind == DomainKind::kToken || node.a < 0);
    const bool shadowed = names_.contains(name) ||
                          std::any_of(shown_.begin(), shown_.end(), [&](const auto& entry) { return entry.second == name; });
    const bool bare = typed && !shadowed && (none || domain.kind != DomainKind::kToken);
    const std::string text = none ? name : quoted_name(name);
    if (bare) return text;
    // A quoted half keeps its dot apart: 'S-CSCF'.'one'.
    const std::string scope = quoted_name(domain.name);
    const bool plain = scope == domain.name && text == name;
    return plain || none || domain.kind == DomainKind::kToken ? scope + "." + text : in_quotes(domain.name) + "." + in_quotes(name);
}

std::string Printer::slot_name(Value slot) const {
    return ground_ != nullptr && static_cast<std::size_t>(slot) < ground_->variables.size()
               ? ground_->variables[static_cast<std::size_t>(slot)].name
               : fmt::format("slot#{}", slot);
}

std::string Printer::joined(const ExprNode& node, const char* op, int level) {
    std::string text;
    for (const ExprId kid : node.kids) text += (text.empty() ? "" : op) + print(kid, level + 1, false);
    return text;
}

std::string Printer::disjunction(const ExprNode& node, int context) {
    const ExprNode& first = system_.pool.node(node.kids[0]);
    if (first.op != Op::kNot || system_.pool.node(first.kids[0]).op == Op::kAnd) {
        return parenthesised(joined(node, " or ", kOr), kOr, context);
    }
    ExprNode rest = node;
    rest.kids.erase(rest.kids.begin());
    return parenthesised(print(first.kids[0], kOr, false) + " => " + joined(rest, " or ", kOr), kImplies, context);
}

std::string Printer::comparison(const ExprNode& node, const char* op, const char* mirrored, int context) {
    const auto constant_kid = [&](std::size_t i) { return system_.pool.is_const(node.kids[i]); };
    bool swap = constant_kid(0) && !constant_kid(1);
    if (node.op == Op::kEq && !constant_kid(0) && !constant_kid(1)) {
        // The pool orders both sides by age; a text must not depend on how the expression came to be.
        swap = print(node.kids[1], kSum, false) < print(node.kids[0], kSum, false);
    }
    const ExprId left = node.kids[swap ? 1 : 0];
    const ExprId right = node.kids[swap ? 0 : 1];
    return parenthesised(print(left, kSum, false) + (swap ? mirrored : op) + print(right, kSum, true), kCompare, context);
}

std::string Printer::negation(const ExprNode& node, int context) {
    const ExprNode& kid = system_.pool.node(node.kids[0]);
    if (kid.op == Op::kEq && system_.pool.node(kid.kids[0]).domain != kBoolDomain) {
        return comparison(kid, " != ", " != ", context);
    }
    return parenthesised("not " + print(node.kids[0], kNot, false), kNot, context);
}

std::string Printer::quantifier(const ExprNode& node, int context) {
    const auto param = static_cast<ParamId>(node.a);
    const bool is_new = !shown_.contains(param);
    const std::string binder = declarations({param});
    const std::string text = fmt::format("{} {}. {}", node.op == Op::kForall ? "forall" : "exists", binder,
                                         print(node.kids[0], kOpen, false));
    if (is_new) shown_.erase(param);
    return parenthesised(text, kOpen, context);
}

std::string Printer::conditional(const ExprNode& node, int context, bool typed) {
    // Without a type from outside, one branch must say it; the other takes it from there.
    const bool first_is_const = system_.pool.is_const(node.kids[1]);
    const std::string yes = print(node.kids[1], kOpen, typed || (first_is_const && !system_.pool.is_const(node.kids[2])));
    const std::string no = print(node.kids[2], kOpen, typed || !first_is_const);
    return parenthesised(fmt::format("if {} then {} else {}", print(node.kids[0], kOpen, false), yes, no), kOpen, context);
}

// NOLINTNEXTLINE(misc-no-recursion): depth is limited by validation
std::string Printer::print(ExprId id, int context, bool typed) {
    const ExprNode& node = system_.pool.node(id);
    switch (node.op) {
        case Op::kConst: return constant(node, typed);
        case Op::kVar: return element(static_cast<VarId>(node.a), node.kids);
        case Op::kParam: return parameter(static_cast<ParamId>(node.a));
        case Op::kSlot: return slot_name(node.a);
        case Op::kOldSlot: return "old(" + slot_name(node.a) + ")";
        case Op::kOld: return "old(" + print(node.kids[0], kOpen, typed) + ")";
        case Op::kCall: {
            const std::string& name = system_.definitions[static_cast<std::size_t>(node.a)].name;
            return quoted_name(name) + (node.kids.empty() ? "" : "(" + list(node.kids) + ")");
        }
        case Op::kNot: return negation(node, context);
        case Op::kAnd: return parenthesised(joined(node, " and ", kAnd), kAnd, context);
        case Op::kOr: return disjunction(node, context);
        case Op::kEq:
            if (system_.pool.node(node.kids[0]).domain != kBoolDomain) return comparison(node, " = ", " = ", context);
            return parenthesised(print(node.kids[0], kImplies, false) + " <=> " + print(node.kids[1], kImplies, false), kIff, context);
        case Op::kLt: return comparison(node, " < ", " > ", context);
        case Op::kLe: return comparison(node, " <= ", " >= ", context);
        case Op::kAdd:
        case Op::kSub: {
            const char* op = node.op == Op::kAdd ? " + " : " - ";
            return parenthesised(print(node.kids[0], kSum, true) + op + print(node.kids[1], kAtom, true), kSum, context);
        }
        case Op::kIte: return conditional(node, context, typed);
        case Op::kForall:
        case Op::kExists: return quantifier(node, context);
        case Op::kFresh: {
            const std::string domain = quoted_name(system_.domains[node.domain].name);
            return node.a == 0 ? "fresh(" + domain + ")" : fmt::format("fresh({}, {})", domain, node.a);
        }
    }
    return "?";
}

std::string print(const System& system, ExprId expression, PrintStyle style) {
    return Printer(system, style).expression(expression);
}

std::string print(const GroundSystem& ground, ExprId expression) {
    return Printer(*ground.system, PrintStyle::kReading, &ground).expression(expression);
}

}  // namespace imspect::ir
