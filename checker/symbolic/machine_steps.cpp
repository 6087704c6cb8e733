// The steps of a Machine: rules, their successors, registers, and what is watched in them.
#include "checker/symbolic/machine_builder.h"

#include "model/result.h"

namespace imspect::symbolic {

using monitor::ObserverKind;

bool MachineBuilder::of_node(std::size_t rule) const {
    const ir::RuleKind kind = system_.rule_of(rule).kind;
    return kind != ir::RuleKind::kFault && kind != ir::RuleKind::kAttacker;
}

void MachineBuilder::add_rules() {
    writes_.resize(system_.variables.size());
    Evaluator values(machine_.circuit, system_.pool(), {&now_, nullptr, &fresh_});
    Evaluator bounds(machine_.circuit, system_.pool(), {&now_, nullptr, &bound_fresh_});
    for (std::size_t rule = 0; rule < system_.rules.size(); ++rule) add_rule(rule, values, bounds);
    machine_.fired = machine_.circuit.any(machine_.fires);
    for (const auto& [name, where] : reached_) machine_.bounds.push_back({name, machine_.circuit.any(where)});
    make_built_in(values);
    use(values);
    use(bounds);
}

/// Whether all bounds of the rule let it pass.
Literal MachineBuilder::note_bounds(const ir::GroundRule& rule, Literal guard, Evaluator& bounds) {
    std::vector<Literal> passes;
    std::vector<Literal> of_specification;
    for (const ir::Bound& bound : rule.bounds) {
        const Literal passed = bounds.truth(bound.condition);
        passes.push_back(passed);
        if (bound.environment) continue;
        const Literal held = machine_.circuit.conjunction(guard, negate(passed));
        of_specification.push_back(held);
        if (held != kFalse) reached_[bound.name].push_back(held);
    }
    limited_.push_back(machine_.circuit.any(of_specification));
    return machine_.circuit.all(passes);
}

void MachineBuilder::add_rule(std::size_t rule, Evaluator& values, Evaluator& bounds) {
    Circuit& circuit = machine_.circuit;
    const ir::GroundRule& ground = system_.rules[rule];
    const Literal guard = values.truth(ground.guard);
    const Literal passes = circuit.conjunction(guard, note_bounds(ground, guard, bounds));
    std::vector<Literal> in_range;
    for (const ir::GroundAssignment& assignment : ground.assignments) {
        const MachineSlot& slot = machine_.slots[assignment.slot];
        if (!assignment.needs_range_check && !is_token(slot)) continue;
        const Number& value = values.number(assignment.value);
        in_range.push_back(arithmetic_.less_equal(Arithmetic::constant(slot.lo), value));
        in_range.push_back(arithmetic_.less_equal(value, Arithmetic::constant(slot.hi)));
    }
    const Literal stays = circuit.all(in_range);
    machine_.guards.push_back(guard);
    machine_.enabled.push_back(circuit.conjunction(passes, stays));
    const Literal fires = circuit.conjunction(chosen_[rule], machine_.enabled.back());
    machine_.fires.push_back(fires);
    out_of_range_.push_back(circuit.conjunction(chosen_[rule], circuit.conjunction(passes, negate(stays))));
    for (const ir::GroundAssignment& assignment : ground.assignments) {
        Writes& writes = writes_[assignment.slot];
        writes.by.push_back(fires);
        writes.values.push_back(values.number(assignment.value));
    }
}

/// At most one rule fires, so the values can be or-ed together bit by bit.
Number MachineBuilder::merged(const Writes& writes, const Number& otherwise) {
    Circuit& circuit = machine_.circuit;
    const std::int64_t lo = otherwise.lo;
    const std::size_t width = otherwise.bits.size();
    std::vector<std::vector<Literal>> terms(width);
    for (std::size_t i = 0; i < writes.by.size(); ++i) {
        const std::vector<Literal> bits = arithmetic_.packed(writes.values[i], lo, width);
        for (std::size_t bit = 0; bit < width; ++bit) terms[bit].push_back(circuit.conjunction(writes.by[i], bits[bit]));
    }
    const Literal keeps = negate(circuit.any(writes.by));
    Number result{lo, {}};
    for (std::size_t bit = 0; bit < width; ++bit) {
        terms[bit].push_back(circuit.conjunction(keeps, otherwise.bits[bit]));
        result.bits.push_back(circuit.any(terms[bit]));
    }
    return result;
}

void MachineBuilder::make_raw_successor() {
    raw_ = now_;
    for (std::size_t slot = 0; slot < writes_.size(); ++slot) raw_.numbers[slot] = merged(writes_[slot], now_.numbers[slot]);
}

void MachineBuilder::update_registers() {
    for (const monitor::Observer* observer : observers_) {
        for (std::size_t i = 0; i < observer->registers.size(); ++i) {
            update_register(observer->registers[i], observer->first_register + static_cast<ir::SlotId>(i));
        }
    }
}

void MachineBuilder::update_register(const monitor::Register& declared, ir::SlotId id) {
    IMSPECT_REQUIRE(declared.next.size() == system_.rules.size(), "a register without an update for every ground rule");
    // An expression may read the new value of registers before it and the old one of the others, so each register sees a
    // state of its own.
    Evaluator after(machine_.circuit, system_.pool(), {&raw_, &now_, nullptr});
    Writes writes;
    for (std::size_t rule = 0; rule < declared.next.size(); ++rule) {
        if (declared.next[rule] == ir::kNoExpr) continue;
        writes.by.push_back(machine_.fires[rule]);
        writes.values.push_back(after.number(declared.next[rule]));
    }
    use(after);
    Number& number = raw_.numbers[now_.position(id)];
    number = merged(writes, number);
}

Target MachineBuilder::watch(const monitor::Observer& observer) {
    Target target;
    if (observer.kind == ObserverKind::kLeadsTo || observer.kind == ObserverKind::kAutomatic) return target;
    const bool hit_when = observer.kind == ObserverKind::kPossible;
    if (observer.formula != ir::kNoExpr && observer.kind != ObserverKind::kStep) {
        Evaluator here(machine_.circuit, system_.pool(), {&now_, &now_, nullptr});
        target.at_state = with_sign(here.truth(observer.formula), !hit_when);
        use(here);
    }
    if (observer.kind == ObserverKind::kState || observer.step_formula.empty()) return target;
    target.initially = observer.holds_initially == hit_when;
    Evaluator after(machine_.circuit, system_.pool(), {&raw_, &now_, nullptr});
    target.at_step = watched_steps(observer, after, hit_when);
    use(after);
    return target;
}

Literal MachineBuilder::watched_steps(const monitor::Observer& observer, Evaluator& after, bool hit_when) {
    IMSPECT_REQUIRE(observer.step_formula.size() == system_.rules.size(), "an observer without a formula for every ground rule");
    std::vector<Literal> hits;
    for (std::size_t rule = 0; rule < system_.rules.size(); ++rule) {
        const ir::ExprId formula = observer.step_formula[rule];
        if (formula == ir::kNoExpr) continue;
        hits.push_back(machine_.circuit.conjunction(machine_.fires[rule], with_sign(after.truth(formula), !hit_when)));
    }
    return machine_.circuit.any(hits);
}

void MachineBuilder::make_built_in(Evaluator& here) {
    Circuit& circuit = machine_.circuit;
    std::vector<std::vector<Literal>> serves(system_.channels.size());
    std::vector<Literal> lively;
    for (std::size_t rule = 0; rule < system_.rules.size(); ++rule) {
        for (const std::uint32_t channel : system_.rules[rule].consumes) serves[channel].push_back(machine_.guards[rule]);
        if (!of_node(rule)) continue;
        lively.push_back(machine_.enabled[rule]);
        lively.push_back(limited_[rule]);
    }
    std::vector<Literal> stuck;
    std::vector<Literal> unserved;
    for (std::size_t c = 0; c < system_.channels.size(); ++c) {
        const ir::GroundChannel& channel = system_.channels[c];
        const Literal waits = negate(arithmetic_.equal(now_.numbers[channel.length], Arithmetic::constant(0)));
        stuck.push_back(waits);
        const Literal deferred = channel.deferred == ir::kNoExpr ? kFalse : here.truth(channel.deferred);
        unserved.push_back(circuit.all(std::vector<Literal>{waits, negate(deferred), negate(circuit.any(serves[c]))}));
    }
    for (const ir::GroundWaiting& waiting : system_.waiting) stuck.push_back(here.truth(waiting.condition));
    machine_.deadlock.at_state = circuit.conjunction(circuit.any(stuck), negate(circuit.any(lively)));
    machine_.unspecified.at_state = circuit.any(unserved);
}

}  // namespace imspect::symbolic
