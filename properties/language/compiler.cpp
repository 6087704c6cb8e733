#include "properties/language/compiler.h"

#include <algorithm>

#include <fmt/format.h>

#include "properties/language/diagnostic.h"

namespace imspect::language {

namespace {

constexpr std::size_t kMaxTerms = 1'000'000;      // evaluated while expanding quantifiers

}  // namespace

Compiler::Compiler(const Property& property, const ResolvedProperty& resolved, ir::GroundSystem& ground,
                   ir::SlotId first_register)
    : property_(property), resolved_(resolved), ground_(ground), builder_(ground, first_register),
      values_(resolved.bound.size(), 0), tokens_(resolved.bound.size(), ir::kNoExpr) {}

Result<monitor::Observer> Compiler::run() {
    monitor::Observer observer;
    observer.id = property_.id;
    observer.meaning = property_.meaning;
    observer.clauses = property_.clauses;
    observer.modality = property_.modality;
    observer.text = property_.text;
    observer.identity_free = resolved_.identity_free;
    if (property_.kind == BodyKind::kAutomatic) {
        observer.kind = monitor::ObserverKind::kAutomatic;
        return observer;
    }
    if (!declare_records()) return *error_;
    if (property_.kind == BodyKind::kLeadsTo) leads_to(observer);
    else always_or_possible(observer);
    if (error_) return *error_;
    return observer;
}

// Terms

std::vector<ir::ExprId> Compiler::expressions(const std::vector<TermIndex>& terms) {
    std::vector<ir::ExprId> result;
    result.reserve(terms.size());
    for (const TermIndex term : terms) result.push_back(term == kNoTerm ? ir::kNoExpr : expression(term));
    return result;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the tree, which the parser bounded
ir::ExprId Compiler::expression(TermIndex index) {
    const Term& term = resolved_.terms[index];
    if (error_) return pool().boolean(false);
    if (++terms_ > kMaxTerms) refuse(term.span, fmt::format("this formula expands to more than {} terms", kMaxTerms));
    switch (term.kind) {
        case TermKind::kConst: return pool().constant(term.type.domain, term.number);
        case TermKind::kBound:
            return tokens_[term.target] != ir::kNoExpr ? tokens_[term.target] : pool().constant(term.type.domain, values_[term.target]);
        case TermKind::kRecord: return element_of_record(term);
        case TermKind::kInitially: return builder_.initially();
        case TermKind::kForall:
        case TermKind::kExists: return quantified(term);
        case TermKind::kCount: return counted(term);
        case TermKind::kThe: return least(term);
        case TermKind::kOnce:
        case TermKind::kHistorically:
        case TermKind::kPreviously:
        case TermKind::kSince: return past(index, term);
        default: break;
    }
    const std::vector<ir::ExprId> kids = expressions(term.kids);
    if (error_) return pool().boolean(false);
    switch (term.kind) {
        case TermKind::kVariable:
            return ir::ground_expression(ground_, pool().variable(term.target, term.type.domain, kids), {});
        case TermKind::kDefinition:
            return ir::ground_expression(ground_, pool().call(term.target, term.type.domain, kids), {});
        case TermKind::kEvent: return builder_.event(term.target, kids);
        case TermKind::kTaken: return builder_.taken(term.target, kids);
        case TermKind::kNot: return pool().negate(kids[0]);
        case TermKind::kAnd: return pool().conjunction(kids);
        case TermKind::kOr: return pool().disjunction(kids);
        case TermKind::kEqual: return pool().equal(kids[0], kids[1]);
        case TermKind::kLess: return pool().less(kids[0], kids[1]);
        case TermKind::kLessEqual: return pool().less_equal(kids[0], kids[1]);
        case TermKind::kAdd: return pool().add(kids[0], kids[1]);
        case TermKind::kSubtract: return pool().subtract(kids[0], kids[1]);
        case TermKind::kIf: return pool().ite(kids[0], kids[1], kids[2]);
        default: break;
    }
    IMSPECT_REQUIRE(term.kind == TermKind::kOld, "a kind of term that is not compiled");
    return builder_.before(kids[0]);
}

ir::ExprId Compiler::element_of_record(const Term& term) {
    const std::vector<ir::ExprId> indices = expressions(term.kids);
    if (error_) return pool().boolean(false);
    std::vector<ir::Value> values;
    return choose_element(term, indices, values);
}

/// The element; an index that is not constant becomes a choice over the values of its domain.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the record has indices
ir::ExprId Compiler::choose_element(const Term& term, const std::vector<ir::ExprId>& indices, std::vector<ir::Value>& values) {
    const ResolvedRecord& record = resolved_.records[term.target];
    const ir::ExprId outside = pool().constant(term.type.domain, held_before(record, *ground_.system));
    if (values.size() == indices.size()) {
        std::size_t at = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const BoundVariable& bound = resolved_.bound[record.indices[i]];
            at = at * size_of(bound) + static_cast<std::size_t>(values[i] - bound.lo);
        }
        return builder_.now(elements_[term.target][at]);
    }
    const ir::ExprId index = indices[values.size()];
    const BoundVariable& bound = resolved_.bound[record.indices[values.size()]];
    const auto at_value = [&](ir::Value value) {
        values.push_back(value);
        const ir::ExprId result = choose_element(term, indices, values);
        values.pop_back();
        return result;
    };
    if (pool().is_const(index)) {
        const ir::Value value = pool().const_value(index);
        return value < bound.lo || value > bound.hi ? outside : at_value(value);
    }
    const ir::DomainId domain = pool().node(index).domain;
    ir::ExprId result = outside;
    for (ir::Value value = bound.hi; value >= bound.lo; --value) {
        result = pool().ite(pool().equal(index, pool().constant(domain, value)), at_value(value), result);
    }
    return result;
}

ir::ExprId Compiler::quantified(const Term& term) {
    std::vector<ir::ExprId> instances;
    std::vector<BoundIndex> plain;
    for (const BoundIndex bound : term.bound) {
        if (!ranges_over_tokens(bound)) plain.push_back(bound);
    }
    for_each(plain, [&] {
        instances.push_back(over_tokens(term, 0));
        return spend(term.span);
    });
    if (error_) return pool().boolean(false);
    return term.kind == TermKind::kForall ? pool().conjunction(std::move(instances)) : pool().disjunction(std::move(instances));
}

ir::ExprId Compiler::counted(const Term& term) {
    ir::Value always = 0;
    std::vector<ir::ExprId> sometimes;
    for_each(term.bound, [&] {
        const ir::ExprId hit = expression(term.kids[0]);
        if (pool().is_true(hit)) ++always;
        else if (!pool().is_false(hit)) sometimes.push_back(hit);
        return spend(term.span);
    });
    ir::ExprId sum = pool().constant(ir::kIntDomain, always);
    const ir::ExprId zero = pool().constant(ir::kIntDomain, 0);
    const ir::ExprId one = pool().constant(ir::kIntDomain, 1);
    bool first = always == 0;
    for (const ir::ExprId hit : sometimes) {
        const ir::ExprId summand = pool().ite(hit, one, zero);
        sum = first ? summand : pool().add(sum, summand);
        first = false;
    }
    return sum;
}

ir::ExprId Compiler::least(const Term& term) {
    if (ranges_over_tokens(term.bound[0])) return least_token(term);
    const BoundVariable& bound = resolved_.bound[term.bound[0]];
    std::vector<std::pair<ir::Value, ir::ExprId>> hits;
    for_each(term.bound, [&] {
        hits.emplace_back(values_[term.bound[0]], expression(term.kids[0]));
        return spend(term.span);
    });
    ir::ExprId result = pool().constant(term.type.domain, bound.lo);
    for (auto hit = hits.rbegin(); hit != hits.rend(); ++hit) {
        result = pool().ite(hit->second, pool().constant(term.type.domain, hit->first), result);
    }
    return result;
}

// Tokens: see ObserverBuilder::token_variable.

bool Compiler::ranges_over_tokens(BoundIndex bound) const {
    return ground_.system->domains[resolved_.bound[bound].type.domain].kind == ir::DomainKind::kToken;
}

std::optional<Compiler::TokenBody> Compiler::token_body(const Term& term, BoundIndex bound,
                                                        const std::function<ir::ExprId()>& body) {
    TokenBody result;
    result.variable = builder_.token_variable(resolved_.bound[bound].type.domain);
    tokens_[bound] = result.variable;
    result.body = body();
    tokens_[bound] = ir::kNoExpr;
    if (error_) return std::nullopt;
    if (!builder_.comparands(result.body, result.variable, result.candidates)) {
        refuse(term.span, fmt::format("'{}' ranges over tokens: compare it by = or != only, or hand it to an event",
                                      resolved_.bound[bound].name));
        return std::nullopt;
    }
    return result;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the quantifier has variables
ir::ExprId Compiler::over_tokens(const Term& term, std::size_t position) {
    while (position < term.bound.size() && !ranges_over_tokens(term.bound[position])) ++position;
    if (position == term.bound.size()) return expression(term.kids[0]);
    const BoundIndex bound = term.bound[position];
    const auto made = token_body(term, bound, [&] { return over_tokens(term, position + 1); });
    if (!made) return pool().boolean(false);
    const ir::ExprId none = pool().constant(resolved_.bound[bound].type.domain, 0);
    std::vector<ir::ExprId> instances = {builder_.with_other_token(made->body, made->variable),
                                         builder_.with_token(made->body, made->variable, none)};
    for (const ir::ExprId candidate : made->candidates) {
        if (!spend(term.span)) break;
        instances.push_back(builder_.with_token(made->body, made->variable, candidate));
    }
    return term.kind == TermKind::kForall ? pool().conjunction(std::move(instances)) : pool().disjunction(std::move(instances));
}

/// The least of the tokens that the body names and that satisfy it.
ir::ExprId Compiler::least_token(const Term& term) {
    const auto made = token_body(term, term.bound[0], [&] { return expression(term.kids[0]); });
    const ir::ExprId none = pool().constant(term.type.domain, 0);
    if (!made) return none;
    const std::vector<ir::ExprId>& candidates = made->candidates;
    std::vector<ir::ExprId> hits;
    for (const ir::ExprId candidate : candidates) {
        if (!spend(term.span)) return none;
        const ir::ExprId hit = builder_.with_token(made->body, made->variable, candidate);
        hits.push_back(pool().conjunction({hit, pool().negate(pool().equal(candidate, none))}));
    }
    ir::ExprId result = none;
    for (std::size_t i = candidates.size(); i-- > 0;) {
        std::vector<ir::ExprId> least = {hits[i]};
        for (std::size_t j = 0; j < candidates.size(); ++j) {
            if (j != i) least.push_back(pool().implies(hits[j], pool().less_equal(candidates[i], candidates[j])));
        }
        result = pool().ite(pool().conjunction(std::move(least)), candidates[i], result);
    }
    return result;
}

ir::ExprId Compiler::past(TermIndex index, const Term& term) {
    const std::vector<ir::ExprId> kids = expressions(term.kids);
    if (builder_.registers() >= kMaxRegisters) {
        refuse(term.span, fmt::format("a property may have {} registers, and this one exceeds them", kMaxRegisters));
    }
    if (error_) return pool().boolean(false);
    const std::string& text = property_.source->text;
    monitor::ElementOf own = element(index, term.free, std::string_view(text).substr(term.span.begin, term.span.end - term.span.begin));
    switch (term.kind) {
        case TermKind::kOnce: return builder_.once(kids[0], std::move(own));
        case TermKind::kHistorically: return builder_.historically(kids[0], std::move(own));
        case TermKind::kPreviously: return builder_.previously(kids[0], std::move(own));
        default: return builder_.since(kids[0], kids[1], std::move(own));
    }
}

// Valuations

bool Compiler::for_each(const std::vector<BoundIndex>& bound, const std::function<bool()>& visit) {
    for (const BoundIndex index : bound) values_[index] = resolved_.bound[index].lo;
    while (true) {
        if (!visit() || error_) return false;
        std::size_t digit = bound.size();
        while (digit > 0) {
            const BoundVariable& variable = resolved_.bound[bound[digit - 1]];
            if (values_[bound[digit - 1]] < variable.hi) break;
            values_[bound[digit - 1]] = variable.lo;
            --digit;
        }
        if (digit == 0) return true;
        ++values_[bound[digit - 1]];
    }
}

bool Compiler::spend(Span span) {
    if (++instances_ > kMaxInstances) {
        refuse(span, fmt::format("the quantifiers of this property expand to more than {} instances", kMaxInstances));
    }
    return !error_;
}

void Compiler::refuse(Span span, std::string message) {
    if (!error_) error_ = diagnose(*property_.source, span, std::move(message));
}

std::string Compiler::value_name(BoundIndex bound) const {
    const BoundVariable& variable = resolved_.bound[bound];
    return ground_.system->domains[variable.type.domain].value_name(values_[bound]);
}

std::string Compiler::valuation(const std::vector<BoundIndex>& bound) const {
    std::string result;
    for (const BoundIndex index : bound) {
        result += fmt::format("{}{} = {}", result.empty() ? "" : ", ", resolved_.bound[index].name, value_name(index));
    }
    return result;
}

monitor::ElementOf Compiler::element(std::uint32_t family, const std::vector<BoundIndex>& indices, std::string_view label) {
    monitor::ElementOf result;
    result.family = family;
    std::string names;
    for (const BoundIndex index : indices) {
        result.index_domains.push_back(resolved_.bound[index].type.domain);
        result.indices.push_back(values_[index]);
        names += (names.empty() ? "" : ", ") + value_name(index);
    }
    result.name = indices.empty() ? std::string(label) : fmt::format("{}[{}]", label, names);
    return result;
}

// Bodies

bool Compiler::reads_only_state(const ResolvedStatement& statement) const {
    const Term& formula = resolved_.terms[statement.formula];
    return !formula.reads_step && !formula.reads_past && !formula.reads_record;
}

bool Compiler::observable() {
    if (builder_.unobservable().empty()) return true;
    refuse(property_.statements[0].span, fmt::format("an event read here carries a fresh token that rule {} sets no variable to",
                                                     builder_.unobservable()));
    return false;
}

void Compiler::always_or_possible(monitor::Observer& observer) {
    std::vector<ir::ExprId> all;
    bool state = true;
    for (const ResolvedStatement& statement : resolved_.statements) {
        all.push_back(expression(statement.formula));
        state = state && reads_only_state(statement);
    }
    if (error_) return;
    const ir::ExprId root = pool().conjunction(std::move(all));
    monitor::ObserverBuilder::Finished finished = builder_.finish({root});
    if (!observable()) return;
    const bool possible = property_.kind == BodyKind::kPossible;
    observer.kind = possible ? monitor::ObserverKind::kPossible
                             : (state ? monitor::ObserverKind::kState : monitor::ObserverKind::kStep);
    observer.registers = std::move(finished.registers);
    observer.history = std::move(finished.history);
    observer.holds_initially = finished.formulas[0].initially;
    if (state) {
        observer.formula = finished.formulas[0].elsewhere;
        if (possible) observer.step_formula.assign(ground_.rules.size(), pool().boolean(false));
    } else {
        observer.step_formula = std::move(finished.formulas[0].by_rule);
    }
}

void Compiler::leads_to(monitor::Observer& observer) {
    observer.kind = monitor::ObserverKind::kLeadsTo;
    std::vector<ir::ExprId> roots;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < resolved_.statements.size(); ++i) {
        const ResolvedStatement& statement = resolved_.statements[i];
        for_each(statement.bound, [&] {
            ir::ExprId from = expression(statement.formula);
            ir::ExprId to = expression(statement.goal);
            if (!error_ && !(builder_.is_state(from) && builder_.is_state(to))) {
                const auto family = static_cast<std::uint32_t>(resolved_.terms.size() + resolved_.records.size() + i);
                const ir::ExprId open = builder_.pending(from, to, element(family, statement.bound, "open obligation"));
                from = open;
                to = pool().negate(open);
                if (builder_.registers() > kMaxRegisters) refuse(statement.span, fmt::format("a property may have {} registers, and this one exceeds them", kMaxRegisters));
            }
            roots.push_back(from);
            roots.push_back(to);
            names.push_back(valuation(statement.bound));
            return spend(statement.span);
        });
    }
    if (error_) return;
    monitor::ObserverBuilder::Finished finished = builder_.finish(roots);
    if (!observable()) return;
    observer.registers = std::move(finished.registers);
    observer.history = std::move(finished.history);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const ir::ExprId from = finished.formulas[2 * i].elsewhere;
        const ir::ExprId to = finished.formulas[2 * i + 1].elsewhere;
        if (pool().is_false(from) || pool().is_true(to)) continue;  // nothing to fulfil
        observer.obligations.push_back({from, to, names[i]});
    }
}

}  // namespace imspect::language
