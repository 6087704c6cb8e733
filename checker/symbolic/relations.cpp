#include "checker/symbolic/relations.h"

#include <algorithm>

#include <fmt/format.h>

namespace imspect::symbolic {

using Kind = TokenSource::Kind;

TokenRelations::TokenRelations(Machine& machine, std::vector<ir::Value> initial, std::vector<bool> is_token)
    : machine_(machine), initial_(std::move(initial)), is_token_(std::move(is_token)) {}

TokenTerm TokenRelations::choose(Literal condition, const TokenTerm& then_term, const TokenTerm& else_term) {
    std::map<TokenSource, Literal> cases;
    Circuit& circuit = machine_.circuit;
    const auto add = [&](Literal when, const TokenTerm& term) {
        for (const auto& [source, holds] : term.cases) {
            Literal& entry = cases.emplace(source, kFalse).first->second;
            entry = circuit.disjunction(entry, circuit.conjunction(when, holds));
        }
    };
    add(condition, then_term);
    add(negate(condition), else_term);
    TokenTerm result;
    for (const auto& [source, when] : cases) {
        if (when != kFalse) result.cases.emplace_back(source, when);
    }
    return result;
}

Literal TokenRelations::equal(const TokenTerm& left, const TokenTerm& right) { return related(left, right, false); }
Literal TokenRelations::less(const TokenTerm& left, const TokenTerm& right) { return related(left, right, true); }

Literal TokenRelations::related(const TokenTerm& left, const TokenTerm& right, bool less) {
    std::vector<Literal> ways;
    for (const auto& [one, when_one] : left.cases) {
        for (const auto& [other, when_other] : right.cases) {
            const Literal both = machine_.circuit.conjunction(when_one, when_other);
            if (both != kFalse) ways.push_back(machine_.circuit.conjunction(both, related(one, other, less)));
        }
    }
    return machine_.circuit.any(ways);
}

/// None is less than every token, and what is fresh is greater than all that there were.
Literal TokenRelations::related(const TokenSource& left, const TokenSource& right, bool less) {
    if (left == right) return less ? kFalse : kTrue;
    if (left.kind == Kind::kFresh || right.kind == Kind::kFresh) {
        if (!less) return kFalse;
        if (left.kind == right.kind) return left.index < right.index ? kTrue : kFalse;
        return right.kind == Kind::kFresh ? kTrue : kFalse;
    }
    if (less && right.kind == Kind::kNone) return kFalse;
    if (less && left.kind == Kind::kNone) return negate(related(left, right, false));
    if (less) return left < right ? latch(left, right, true)
                                  : negate(machine_.circuit.disjunction(latch(right, left, true), latch(right, left, false)));
    return latch(std::min(left, right), std::max(left, right), false);
}

Literal TokenRelations::latch(const TokenSource& left, const TokenSource& right, bool less) {
    const auto [known, is_new] = latches_.emplace(std::pair(std::pair(left, right), less), kFalse);
    if (!is_new) return known->second;
    known->second = machine_.circuit.input();
    const auto name = [&](const TokenSource& place) { return place.kind == Kind::kNone ? std::string("none") : machine_.slots[place.index].name; };
    const std::size_t first = machine_.latches.size();
    const bool initial = less ? initially(left) < initially(right) : initially(left) == initially(right);
    machine_.latches.push_back({known->second, kFalse, initial, machine_.slots.size(), 0});
    MachineSlot slot{left.kind == Kind::kNone ? fmt::format("{} = none", name(right)) : fmt::format("{} {} {}", name(left), less ? "<" : "=", name(right)),
                     ir::kBoolDomain, 0, 0, 1, first, 1};
    slot.relation = TokenRelation{left.kind == Kind::kNone ? std::nullopt : std::optional(machine_.slots[left.index].id), machine_.slots[right.index].id, less};
    machine_.slots.push_back(std::move(slot));
    asked_.push_back({left, right, less, first});
    return known->second;
}

void TokenRelations::write(std::size_t rule, std::size_t position, TokenTerm term) { written_[{position, rule}] = std::move(term); }

TokenTerm TokenRelations::held(std::size_t position, std::optional<std::size_t> after_rule) const {
    if (after_rule) {
        if (const auto found = written_.find({position, *after_rule}); found != written_.end()) return found->second;
    }
    return of({Kind::kSlot, position});
}

TokenTerm TokenRelations::held_at(const TokenSource& place, std::size_t after_rule) const {
    return place.kind == Kind::kNone ? of(place) : held(place.index, after_rule);
}

void TokenRelations::add_writers(const TokenSource& of, std::vector<std::size_t>& rules) const {
    if (of.kind != Kind::kSlot) return;
    for (auto at = written_.lower_bound({of.index, 0}); at != written_.end() && at->first.first == of.index; ++at) rules.push_back(at->first.second);
}

Literal TokenRelations::next(const Asked& asked) {
    Circuit& circuit = machine_.circuit;
    std::vector<std::size_t> writers;
    add_writers(asked.left, writers);
    add_writers(asked.right, writers);
    std::sort(writers.begin(), writers.end());
    writers.erase(std::unique(writers.begin(), writers.end()), writers.end());
    std::map<Literal, std::vector<Literal>> fires_by_result;
    std::vector<Literal> written;
    for (const std::size_t rule : writers) {
        written.push_back(machine_.fires[rule]);
        fires_by_result[related(held_at(asked.left, rule), held_at(asked.right, rule), asked.less)].push_back(machine_.fires[rule]);
    }
    std::vector<Literal> ways = {circuit.conjunction(negate(circuit.any(written)), machine_.latches[asked.latch].now)};
    for (const auto& [result, fires] : fires_by_result) ways.push_back(circuit.conjunction(circuit.any(fires), result));
    return circuit.any(ways);
}

void TokenRelations::finish() {
    for (std::size_t i = 0; i < asked_.size(); ++i) {  // grows meanwhile
        const Asked asked = asked_[i];
        const Literal value = next(asked);
        machine_.latches[asked.latch].next = value;
    }
}

}  // namespace imspect::symbolic
