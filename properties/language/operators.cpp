// Operators of the property language: operands, types, what past-time formulas may speak of.
#include <algorithm>

#include <fmt/format.h>

#include "properties/language/resolver.h"

namespace imspect::language {

namespace {
constexpr Type kBool{ir::kBoolDomain};
constexpr Type kInt{ir::kIntDomain};
}  // namespace

Resolver::Found Resolver::term(NodeIndex index, Expected expected) {
    const Node& node = node_at(index);
    const Found found = unchecked(node, expected);
    if (!found) return std::nullopt;
    if (expected && !check_type(*found, *expected, node.span)) return std::nullopt;
    return found;
}

Resolver::Found Resolver::unchecked(const Node& node, Expected expected) {
    switch (node.kind) {
        case NodeKind::kTrue: return constant(kBool, 1, node.span);
        case NodeKind::kFalse: return constant(kBool, 0, node.span);
        case NodeKind::kNumber: return constant(kInt, node.number, node.span);
        case NodeKind::kNone: return none(node, expected);
        case NodeKind::kString: {
            const Found found = value(node, expected);
            return found || error_ ? found : unknown(node, expected);
        }
        case NodeKind::kName: return name(node, expected);
        case NodeKind::kTaken: return taken(node);
        case NodeKind::kInitially: {
            Term term;
            term.kind = TermKind::kInitially;
            term.span = node.span;
            term.reads_step = true;
            return add(std::move(term));
        }
        case NodeKind::kNot:
        case NodeKind::kAnd:
        case NodeKind::kOr:
        case NodeKind::kImplies:
        case NodeKind::kIff: return connective(node);
        case NodeKind::kEqual:
        case NodeKind::kNotEqual:
        case NodeKind::kLess:
        case NodeKind::kLessEqual:
        case NodeKind::kGreater:
        case NodeKind::kGreaterEqual: return comparison(node);
        case NodeKind::kIn: return membership(node);
        case NodeKind::kAdd:
        case NodeKind::kSubtract: return arithmetic(node);
        case NodeKind::kIf: return conditional(node, expected);
        case NodeKind::kForall:
        case NodeKind::kExists:
        case NodeKind::kCount:
        case NodeKind::kThe: return quantified(node);
        case NodeKind::kOld: return before(node);
        case NodeKind::kOnce:
        case NodeKind::kHistorically:
        case NodeKind::kPreviously:
        case NodeKind::kSince: return past(node);
        case NodeKind::kAny: break;
    }
    return fail(node.span, "'_' stands for any argument of an event or rule, and for nothing else");
}

Resolver::Found Resolver::connective(const Node& node) {
    std::vector<TermIndex> kids;
    for (const NodeIndex kid : node.kids) {
        const Found found = condition(kid);
        if (!found) return std::nullopt;
        kids.push_back(*found);
    }
    switch (node.kind) {
        case NodeKind::kNot: return add(TermKind::kNot, kBool, node.span, std::move(kids));
        case NodeKind::kAnd: return add(TermKind::kAnd, kBool, node.span, std::move(kids));
        case NodeKind::kImplies:
            kids[0] = *add(TermKind::kNot, kBool, term_at(kids[0]).span, {kids[0]});
            return add(TermKind::kOr, kBool, node.span, std::move(kids));
        case NodeKind::kIff: return add(TermKind::kEqual, kBool, node.span, std::move(kids));
        default: return add(TermKind::kOr, kBool, node.span, std::move(kids));
    }
}

bool Resolver::operands(NodeIndex left, NodeIndex right, Expected expected, TermIndex& left_term, TermIndex& right_term) {
    const bool right_first = needs_context(left) && !needs_context(right);
    const Found first = term(right_first ? right : left, expected);
    if (!first) return false;
    // Both operands are checked together by the caller: the message names both types.
    const Found second = unchecked(node_at(right_first ? left : right), expected ? expected : term_at(*first).type);
    if (!second) return false;
    left_term = right_first ? *second : *first;
    right_term = right_first ? *first : *second;
    return true;
}

Resolver::Found Resolver::equality(TermIndex left, TermIndex right, Span span) {
    const Type left_type = term_at(left).type;
    const Type right_type = term_at(right).type;
    if (!compatible(left_type, right_type)) {
        return fail(span, fmt::format("cannot compare {} with {}", describe(left_type), describe(right_type)));
    }
    return add(TermKind::kEqual, kBool, span, {left, right});
}

Resolver::Found Resolver::comparison(const Node& node) {
    TermIndex left = 0;
    TermIndex right = 0;
    if (!operands(node.kids[0], node.kids[1], {}, left, right)) return std::nullopt;
    const Found equal = equality(left, right, node.span);
    if (!equal || node.kind == NodeKind::kEqual) return equal;
    if (node.kind == NodeKind::kNotEqual) return add(TermKind::kNot, kBool, node.span, {*equal});
    const ir::DomainKind kind = kind_of(term_at(left).type);
    if (kind != ir::DomainKind::kRange && kind != ir::DomainKind::kToken) {
        return fail(node.span, fmt::format("{} has no order: compare with = or !=", describe(term_at(left).type)));
    }
    for (const TermIndex side : {left, right}) {
        if (kind != ir::DomainKind::kToken || term_at(side).kind != TermKind::kBound) continue;
        return fail(term_at(side).span, fmt::format("'{}' ranges over tokens: compare it by = or != only, or hand it to an event",
                                                    result_.bound[term_at(side).target].name));
    }
    const bool strict = node.kind == NodeKind::kLess || node.kind == NodeKind::kGreater;
    const bool swapped = node.kind == NodeKind::kGreater || node.kind == NodeKind::kGreaterEqual;
    if (swapped) std::swap(left, right);
    return add(strict ? TermKind::kLess : TermKind::kLessEqual, kBool, node.span, {left, right});
}

Resolver::Found Resolver::membership(const Node& node) {
    const Found left = term(node.kids[0], {});
    if (!left) return std::nullopt;
    std::vector<TermIndex> choices;
    for (std::size_t i = 1; i < node.kids.size(); ++i) {
        const Node& kid = node_at(node.kids[i]);
        const Found choice = unchecked(kid, term_at(*left).type);
        if (!choice) return std::nullopt;
        const Found equal = equality(*left, *choice, kid.span);
        if (!equal) return std::nullopt;
        choices.push_back(*equal);
    }
    return add(TermKind::kOr, kBool, node.span, std::move(choices));
}

Resolver::Found Resolver::arithmetic(const Node& node) {
    std::vector<TermIndex> kids;
    for (const NodeIndex kid : node.kids) {
        const Found found = term(kid, kInt);
        if (!found) return std::nullopt;
        kids.push_back(*found);
    }
    return add(node.kind == NodeKind::kAdd ? TermKind::kAdd : TermKind::kSubtract, kInt, node.span, std::move(kids));
}

Resolver::Found Resolver::conditional(const Node& node, Expected expected) {
    const Found choice = condition(node.kids[0]);
    if (!choice) return std::nullopt;
    TermIndex then_value = 0;
    TermIndex else_value = 0;
    if (!operands(node.kids[1], node.kids[2], expected, then_value, else_value)) return std::nullopt;
    Type type = term_at(then_value).type;
    const Type other = term_at(else_value).type;
    if (!compatible(type, other)) {
        return fail(node.span, fmt::format("one branch is {}, the other {}", describe(type), describe(other)));
    }
    if (kind_of(type) == ir::DomainKind::kRange && type != other) type = kInt;
    if (kind_of(type) == ir::DomainKind::kIdentity && domain_of(other).lo < domain_of(type).lo) type = other;
    return add(TermKind::kIf, type, node.span, {*choice, then_value, else_value});
}

Resolver::Found Resolver::quantified(const Node& node) {
    Term term;
    term.span = node.span;
    const std::size_t outer = scope_.size();
    if (!bind(node.binders, term.bound)) return std::nullopt;
    for (std::size_t i = 0; i < term.bound.size() && node.kind == NodeKind::kCount; ++i) {
        if (kind_of(result_.bound[term.bound[i]].type) != ir::DomainKind::kToken) continue;
        return fail(node.binders[i].domain.span, "tokens cannot be counted: how many there are is no part of the model");
    }
    const Found body = condition(node.kids[0]);
    if (!body) return std::nullopt;
    scope_.resize(outer);
    term.kids = {*body};
    switch (node.kind) {
        case NodeKind::kForall: term.kind = TermKind::kForall; break;
        case NodeKind::kExists: term.kind = TermKind::kExists; break;
        case NodeKind::kCount:
            term.kind = TermKind::kCount;
            term.type = kInt;
            break;
        default:
            term.kind = TermKind::kThe;
            term.type = result_.bound[term.bound[0]].type;
            break;
    }
    return add(std::move(term));
}

Resolver::Found Resolver::before(const Node& node) {
    if (below_old_) return fail(node.span, "old() within old(): only one step back can be seen; use a record");
    below_old_ = true;
    const Found kid = unchecked(node_at(node.kids[0]), {});
    below_old_ = false;
    if (!kid) return std::nullopt;
    if (term_at(*kid).reads_step) {
        return fail(node.span, "old() takes a formula over states, without events: use 'previously' for those");
    }
    if (term_at(*kid).reads_past) {
        return fail(node.span, "old() takes a formula over states, without history: use 'previously' for those");
    }
    Term term;
    term.kind = TermKind::kOld;
    term.type = term_at(*kid).type;
    term.kids = {*kid};
    term.span = node.span;
    term.reads_step = true;
    return add(std::move(term));
}

Resolver::Found Resolver::past(const Node& node) {
    std::vector<TermIndex> kids;
    for (const NodeIndex kid : node.kids) {
        const Found found = condition(kid);
        if (!found) return std::nullopt;
        for (const BoundIndex bound : term_at(*found).free) {
            if (kind_of(result_.bound[bound].type) != ir::DomainKind::kToken) continue;
            return fail(node.span, fmt::format("history cannot follow the token '{}': tokens are renamed from state to state; "
                                               "keep it in a record", result_.bound[bound].name));
        }
        kids.push_back(*found);
    }
    Term term;
    switch (node.kind) {
        case NodeKind::kOnce: term.kind = TermKind::kOnce; break;
        case NodeKind::kHistorically: term.kind = TermKind::kHistorically; break;
        case NodeKind::kPreviously: term.kind = TermKind::kPreviously; break;
        default: term.kind = TermKind::kSince; break;
    }
    term.kids = std::move(kids);
    term.span = node.span;
    term.reads_past = true;
    return add(std::move(term));
}

}  // namespace imspect::language
