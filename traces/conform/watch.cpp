#include "traces/conform/watch.h"

#include <algorithm>

#include "model/exec/footprint.h"
#include "model/result.h"
#include "properties/monitor/unknown_history.h"

namespace imspect::conform {

namespace {

bool overlap(const std::vector<ir::SlotId>& one, const std::vector<ir::SlotId>& other) {
    return std::any_of(one.begin(), one.end(), [&](ir::SlotId slot) { return std::binary_search(other.begin(), other.end(), slot); });
}

}  // namespace

Watch::Watch(ir::GroundSystem& ground, const std::vector<const language::Property*>& properties) {
    auto next = static_cast<ir::SlotId>(ground.variables.size());
    for (const language::Property* property : properties) {
        const Result<monitor::Observer> compiled = language::compile(*property, ground, next);
        IMSPECT_REQUIRE(compiled.ok(), "a property of the catalogue over the system of an audit");
        observers_.push_back(monitor::with_unknown_history(compiled.value(), ground));
        for (const monitor::Register& one : observers_.back().registers) {
            registers_.push_back({next++, one.variable});
            token_registers_ |= ground.system->domains[one.variable.domain].kind == ir::DomainKind::kToken;
        }
    }
}

void Watch::attach(const ir::GroundSystem& ground, const exec::Layout& layout, exec::Code& code) {
    rules_.resize(ground.rules.size());
    for (const monitor::Observer& observer : observers_) {
        for (std::size_t i = 0; i < observer.registers.size(); ++i) {
            const auto slot = observer.first_register + static_cast<ir::SlotId>(i);
            for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
                const ir::ExprId next = observer.registers[i].next[rule];
                if (next != ir::kNoExpr) rules_[rule].updates.push_back({layout.field(slot), code.compile(next)});
            }
        }
        if (observer.kind == monitor::ObserverKind::kLeadsTo) promises_.push_back(code.compile(observer.formula));
        else if (observer.formula != ir::kNoExpr) attach_invariant(ground, observer.formula, code.compile(observer.formula));
        for (std::size_t rule = 0; rule < observer.step_formula.size(); ++rule) {
            const ir::ExprId formula = observer.step_formula[rule];
            if (formula != ir::kNoExpr && !ground.pool().is_true(formula)) rules_[rule].steps.push_back(code.compile(formula));
        }
    }
}

void Watch::attach_invariant(const ir::GroundSystem& ground, ir::ExprId formula, exec::ProgramId program) {
    const std::vector<ir::SlotId> read = exec::slots_read(ground, formula);
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
        if (overlap(read, exec::footprint(ground, rule).writes)) rules_[rule].states.push_back(program);
    }
}

bool Watch::follow(const exec::Code& code, std::size_t rule, const exec::Word* from, exec::Word* to) const {
    const OfRule& own = rules_[rule];
    for (const Update& update : own.updates) {
        const exec::Value value = code.evaluate(update.program, {to, from, nullptr});
        IMSPECT_REQUIRE(value >= update.to.lo && value <= update.to.hi, "an observer's register left its domain");
        update.to.set(to, value);
    }
    for (const exec::ProgramId formula : own.steps) {
        if (code.evaluate(formula, {to, from, nullptr}) == 0) return false;
    }
    for (const exec::ProgramId formula : own.states) {
        const bool holds = code.evaluate(formula, {to, to, nullptr}) != 0;
        if (!holds && code.evaluate(formula, {from, from, nullptr}) != 0) return false;
    }
    return true;
}

bool Watch::kept(const exec::Code& code, const exec::Word* state) const {
    return std::all_of(promises_.begin(), promises_.end(), [&](exec::ProgramId promise) { return code.evaluate(promise, {state, state, nullptr}) != 0; });
}

}  // namespace imspect::conform
