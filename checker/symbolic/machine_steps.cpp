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
    TokenRelations* const relations = relations_ ? &*relations_ : nullptr;
    Evaluator values(machine_.circuit, system_.pool(), {&now_, nullptr, &fresh_, relations});
    Evaluator bounds(machine_.circuit, system_.pool(), {&now_, nullptr, &bound_fresh_, relations});
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
        const MachineSlot slot = machine_.slots[assignment.slot];  // evaluation may add slots
        if ((!assignment.needs_range_check && !is_token(slot)) || is_related(slot)) continue;
        in_range.push_back(values.at_least(assignment.value, slot.lo));
        in_range.push_back(negate(values.at_least(assignment.value, std::int64_t{slot.hi} + 1)));
    }
    const Literal stays = circuit.all(in_range);
    machine_.guards.push_back(guard);
    machine_.enabled.push_back(circuit.conjunction(passes, stays));
    const Literal fires = circuit.conjunction(chosen_[rule], machine_.enabled.back());
    machine_.fires.push_back(fires);
    out_of_range_.push_back(circuit.conjunction(chosen_[rule], circuit.conjunction(passes, negate(stays))));
    for (const ir::GroundAssignment& assignment : ground.assignments) assign(rule, assignment, values);
}

void MachineBuilder::assign(std::size_t rule, const ir::GroundAssignment& assignment, Evaluator& values) {
    if (is_related(machine_.slots[assignment.slot])) {
        relations_->write(rule, assignment.slot, values.token(assignment.value));
        return;
    }
    Writes& writes = writes_[assignment.slot];
    writes.by.push_back(machine_.fires[rule]);
    writes.values.push_back(coded(values, assignment.value, machine_.slots[assignment.slot]));
}

std::vector<Literal> MachineBuilder::coded(Evaluator& values, ir::ExprId value, const MachineSlot& slot) {
    return values.coded(value, slot.code, slot.lo, slot.bits);
}

/// At most one rule fires, so the values can be or-ed together bit by bit.
std::vector<Literal> MachineBuilder::merged(const Writes& writes, const std::vector<Literal>& otherwise) {
    Circuit& circuit = machine_.circuit;
    std::vector<std::vector<Literal>> terms(otherwise.size());
    for (std::size_t i = 0; i < writes.by.size(); ++i) {
        for (std::size_t bit = 0; bit < otherwise.size(); ++bit) terms[bit].push_back(circuit.conjunction(writes.by[i], writes.values[i][bit]));
    }
    const Literal keeps = negate(circuit.any(writes.by));
    std::vector<Literal> result;
    for (std::size_t bit = 0; bit < otherwise.size(); ++bit) {
        terms[bit].push_back(circuit.conjunction(keeps, otherwise[bit]));
        result.push_back(circuit.any(terms[bit]));
    }
    return result;
}

void MachineBuilder::set_raw(std::size_t position, const Writes& writes) {
    const MachineSlot& slot = machine_.slots[position];
    raw_.bits[position] = merged(writes, now_.bits[position]);
    raw_.numbers[position] = decoded(machine_.circuit, slot.code, slot.lo, raw_.bits[position]);
}

void MachineBuilder::make_raw_successor() {
    raw_ = now_;
    for (std::size_t slot = 0; slot < writes_.size(); ++slot) set_raw(slot, writes_[slot]);
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
    Evaluator shared(machine_.circuit, system_.pool(), {&raw_, &now_, nullptr});
    Writes writes;
    for (std::size_t rule = 0; rule < declared.next.size(); ++rule) {
        if (declared.next[rule] == ir::kNoExpr) continue;
        std::optional<Evaluator> own;
        Evaluator& after = relations_ ? own.emplace(machine_.circuit, system_.pool(), after_step(rule)) : shared;
        if (is_related(machine_.slots[now_.position(id)])) {
            relations_->write(rule, now_.position(id), after.token(declared.next[rule]));
            continue;
        }
        writes.by.push_back(machine_.fires[rule]);
        writes.values.push_back(coded(after, declared.next[rule], machine_.slots[now_.position(id)]));
        use(after);
    }
    set_raw(now_.position(id), writes);
}

Target MachineBuilder::watch(const monitor::Observer& observer) {
    Target target;
    if (observer.kind == ObserverKind::kLeadsTo || observer.kind == ObserverKind::kAutomatic) return target;
    const bool hit_when = observer.kind == ObserverKind::kPossible;
    if (observer.formula != ir::kNoExpr && observer.kind != ObserverKind::kStep) {
        Evaluator here(machine_.circuit, system_.pool(), {&now_, &now_, nullptr, relations_ ? &*relations_ : nullptr});
        target.at_state = with_sign(here.truth(observer.formula), !hit_when);
        use(here);
    }
    if (observer.kind == ObserverKind::kState || observer.step_formula.empty()) return target;
    target.initially = observer.holds_initially == hit_when;
    target.at_step = watched_steps(observer, hit_when);
    return target;
}

Environment MachineBuilder::after_step(std::size_t rule) {
    if (!relations_) return {&raw_, &now_, nullptr};
    return {&raw_, &now_, nullptr, &*relations_, rule};
}

Literal MachineBuilder::watched_steps(const monitor::Observer& observer, bool hit_when) {
    IMSPECT_REQUIRE(observer.step_formula.size() == system_.rules.size(), "an observer without a formula for every ground rule");
    Evaluator shared(machine_.circuit, system_.pool(), {&raw_, &now_, nullptr});
    std::vector<Literal> hits;
    for (std::size_t rule = 0; rule < system_.rules.size(); ++rule) {
        const ir::ExprId formula = observer.step_formula[rule];
        if (formula == ir::kNoExpr) continue;
        std::optional<Evaluator> own;  // what a place holds after a step is another place by each rule
        Evaluator& after = relations_ ? own.emplace(machine_.circuit, system_.pool(), after_step(rule)) : shared;
        hits.push_back(machine_.circuit.conjunction(machine_.fires[rule], with_sign(after.truth(formula), !hit_when)));
        use(after);
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
