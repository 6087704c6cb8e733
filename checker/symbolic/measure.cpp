#include "checker/symbolic/measure.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/symbolic/second_opinion.h"
#include "model/result.h"

namespace imspect::symbolic {

namespace {

/// What a value weighs, as a choice by its bits from the highest down.
Number weight_of_value(Arithmetic& arithmetic, const std::vector<Literal>& bits, std::size_t count, std::size_t value,
                       const std::vector<std::int64_t>& weights) {
    if (count == 0) return Arithmetic::constant(weights[value]);
    const std::size_t high = std::size_t{1} << (count - 1);
    return arithmetic.choose(bits[count - 1], weight_of_value(arithmetic, bits, count - 1, value + high, weights),
                             weight_of_value(arithmetic, bits, count - 1, value, weights));
}

Number weight_of(Arithmetic& arithmetic, const std::vector<std::vector<Literal>>& state, const Cell& cell, const std::vector<std::int64_t>& weights) {
    const std::vector<Literal>& bits = state[cell.slot];
    return arithmetic.choose(RuleStep::present(arithmetic, state, cell), weight_of_value(arithmetic, bits, bits.size(), 0, weights),
                             Arithmetic::constant(0));
}

}  // namespace

std::size_t Measure::weights() const {
    std::size_t count = 0;
    for (const auto& component : components) {
        for (const Term& term : component) {
            count += static_cast<std::size_t>(std::count_if(term.weights.begin(), term.weights.end(), [](std::int64_t w) { return w != 0; }));
        }
    }
    return count;
}

Words pack(const Measure& measure) {
    Words words = {static_cast<std::uint32_t>(measure.components.size())};
    const auto put = [&](std::uint64_t value) {
        words.push_back(static_cast<std::uint32_t>(value));
        words.push_back(static_cast<std::uint32_t>(value >> 32U));
    };
    for (const auto& component : measure.components) {
        put(component.size());
        for (const Measure::Term& term : component) {
            put(term.cells.size());
            for (const Cell& cell : term.cells) {
                put(cell.slot);
                put(cell.length);
                put(cell.position);
            }
            put(term.weights.size());
            for (const std::int64_t weight : term.weights) put(static_cast<std::uint64_t>(weight));
        }
    }
    words.insert(words.end(), measure.component_of.begin(), measure.component_of.end());
    return words;
}

Measure unpack_measure(const Words& words) {
    std::size_t at = 0;
    const auto get = [&] {
        const std::uint64_t value = words[at] | (static_cast<std::uint64_t>(words[at + 1]) << 32U);
        at += 2;
        return value;
    };
    Measure measure;
    measure.components.resize(words[at++]);
    for (auto& component : measure.components) {
        component.resize(get());
        for (Measure::Term& term : component) {
            term.cells.resize(get());
            for (Cell& cell : term.cells) {
                cell.slot = get();
                cell.length = get();
                cell.position = static_cast<std::uint32_t>(get());
            }
            term.weights.resize(get());
            for (std::int64_t& weight : term.weights) weight = static_cast<std::int64_t>(get());
        }
    }
    measure.component_of.assign(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
    return measure;
}

bool RuleStep::changes(const Cell& cell) const {
    return now[cell.slot] != next[cell.slot] || (cell.length != Cell::kAlways && now[cell.length] != next[cell.length]);
}

Literal RuleStep::present(Arithmetic& arithmetic, const std::vector<std::vector<Literal>>& state, const Cell& cell) {
    if (cell.length == Cell::kAlways) return kTrue;
    return arithmetic.less(Arithmetic::constant(cell.position), Number{0, state[cell.length]});
}

RuleSteps::RuleSteps(const Machine& machine, const ir::System& system) : machine_(machine), weighable_(machine.slots.size(), false) {
    std::vector<Literal> roots = machine.enabled;
    for (std::size_t slot = 0; slot < machine.slots.size(); ++slot) {
        const MachineSlot& declared = machine.slots[slot];
        weighable_[slot] = system.domains[declared.domain].kind != ir::DomainKind::kToken;
        for (unsigned bit = 0; weighable_[slot] && bit < declared.bits; ++bit) roots.push_back(machine.latches[declared.first_latch + bit].next);
    }
    nodes_ = machine.circuit.cone(roots);
}

/// `values`: by node of the machine, set for inputs; the gates' are made.
void RuleSteps::copy(std::size_t rule, Circuit& circuit, std::vector<Literal>& values) const {
    for (std::size_t i = 0; i < machine_.choice.size(); ++i) values[node_of(machine_.choice[i])] = ((rule >> i) & 1U) != 0 ? kTrue : kFalse;
    const auto at = [&](Literal literal) { return with_sign(values[node_of(literal)], is_negated(literal)); };
    for (const Node node : nodes_) {
        if (!machine_.circuit.is_gate(node)) continue;
        values[node] = circuit.conjunction(at(machine_.circuit.left(node)), at(machine_.circuit.right(node)));
    }
}

std::vector<std::vector<Literal>> RuleSteps::by_slot(const std::vector<Literal>& values, bool next) const {
    std::vector<std::vector<Literal>> result(machine_.slots.size());
    for (std::size_t slot = 0; slot < machine_.slots.size(); ++slot) {
        const MachineSlot& declared = machine_.slots[slot];
        for (unsigned bit = 0; weighable_[slot] && bit < declared.bits; ++bit) {
            const Latch& latch = machine_.latches[declared.first_latch + bit];
            const Literal literal = next ? latch.next : latch.now;
            result[slot].push_back(with_sign(values[node_of(literal)], is_negated(literal)));
        }
    }
    return result;
}

RuleStep RuleSteps::of(std::size_t rule) const {
    RuleStep step;
    std::vector<Literal> values(machine_.circuit.size(), kFalse);
    for (const Latch& latch : machine_.latches) values[node_of(latch.now)] = step.circuit.input();
    copy(rule, step.circuit, values);
    step.enabled = with_sign(values[node_of(machine_.enabled[rule])], is_negated(machine_.enabled[rule]));
    step.now = by_slot(values, false);
    step.next = by_slot(values, true);
    return step;
}

std::vector<std::vector<Literal>> RuleSteps::next_within(Circuit& circuit, std::size_t rule) const {
    std::vector<Literal> values(machine_.circuit.size(), kFalse);
    for (const Latch& latch : machine_.latches) values[node_of(latch.now)] = latch.now;
    copy(rule, circuit, values);
    return by_slot(values, true);
}

std::vector<std::vector<Literal>> RuleSteps::now() const {
    std::vector<Literal> values(machine_.circuit.size(), kFalse);
    for (const Latch& latch : machine_.latches) values[node_of(latch.now)] = latch.now;
    return by_slot(values, false);
}

Change change_of(Circuit& circuit, const std::vector<std::vector<Literal>>& now, const std::vector<std::vector<Literal>>& next,
                 const std::vector<Measure::Term>& component) {
    Arithmetic arithmetic(circuit);
    Number before = Arithmetic::constant(0);
    Number after = Arithmetic::constant(0);
    for (const Measure::Term& term : component) {
        for (const Cell& cell : term.cells) {
            const bool changes = now[cell.slot] != next[cell.slot] || (cell.length != Cell::kAlways && now[cell.length] != next[cell.length]);
            if (!changes) continue;
            before = arithmetic.add(before, weight_of(arithmetic, now, cell, term.weights));
            after = arithmetic.add(after, weight_of(arithmetic, next, cell, term.weights));
        }
    }
    return {arithmetic.less(after, before), arithmetic.equal(after, before)};
}

Literal fails_to_decrease(RuleStep& step, const std::vector<Measure::Term>& component, bool strictly) {
    const Change change = change_of(step.circuit, step.now, step.next, component);
    const Literal kept = strictly ? change.less : step.circuit.disjunction(change.less, change.equal);
    return step.circuit.conjunction(step.enabled, negate(kept));
}

std::vector<Refutation> decrease_obligations(const ir::GroundSystem& system, const Machine& machine, const Measure& measure) {
    IMSPECT_REQUIRE(measure.component_of.size() == system.rules.size(), "a measure without a component for every ground rule");
    const RuleSteps steps(machine, *system.system);
    std::vector<Refutation> result;
    for (std::size_t rule = 0; rule < system.rules.size(); ++rule) {
        RuleStep step = steps.of(rule);
        std::vector<Literal> failures;
        for (std::size_t i = 0; i < measure.component_of[rule] && i < measure.components.size(); ++i) {
            failures.push_back(fails_to_decrease(step, measure.components[i], false));
        }
        // A rule that no component makes less is one that must never fire.
        const bool has_one = measure.component_of[rule] < measure.components.size();
        failures.push_back(has_one ? fails_to_decrease(step, measure.components[measure.component_of[rule]], true) : step.enabled);
        const Literal goal = step.circuit.any(failures);
        result.push_back({"every step decreases the measure: " + system.rules[rule].name, std::move(step.circuit), goal});
    }
    return result;
}

std::optional<std::string> refute(const ir::GroundSystem& system, const Machine& machine, const Measure& measure) {
    for (const Refutation& refutation : decrease_obligations(system, machine, measure)) {
        if (refutation.goal != kFalse && has_model(refutation.circuit, refutation.goal)) return refutation.name;
    }
    return std::nullopt;
}

std::vector<std::string> for_people(const ir::GroundSystem& system, const Machine& machine, const std::vector<Measure::Term>& component) {
    std::vector<std::string> lines;
    for (const Measure::Term& term : component) {
        const MachineSlot& slot = machine.slots[term.cells[0].slot];
        const ir::Domain& domain = system.system->domains[slot.domain];
        std::vector<std::string> values;
        for (ir::Value value = slot.lo; value <= slot.hi; ++value) {
            const std::int64_t weight = term.weights[static_cast<std::size_t>(value - slot.lo)];
            if (weight != 0) values.push_back(fmt::format("{} {}", domain.value_name(value), weight));
        }
        const bool message = term.cells[0].length != Cell::kAlways;
        lines.push_back(fmt::format("{}{}: {}", slot.name, message ? ", and so of every message in the channel" : "", fmt::join(values, ", ")));
    }
    return lines;
}

std::vector<std::string> for_people(const ir::GroundSystem& system, const Machine& machine, const Measure& measure) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < measure.components.size(); ++i) {
        if (measure.components.size() > 1) lines.push_back(fmt::format("component {} of {}:", i + 1, measure.components.size()));
        for (std::string& line : for_people(system, machine, measure.components[i])) lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace imspect::symbolic
