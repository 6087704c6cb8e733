#include "checker/explicit/product.h"

#include "model/result.h"

namespace imspect::explore {

using monitor::ObserverKind;

Product::Product(const ir::GroundSystem& system, std::vector<const monitor::Observer*> group) : group_(std::move(group)) {
    for (const monitor::Observer* observer : group_) {
        for (std::size_t i = 0; i < observer->registers.size(); ++i) {
            const ir::GroundVariable& variable = observer->registers[i].variable;
            registers_.push_back({observer->first_register + static_cast<ir::SlotId>(i), variable});
            token_registers_ |= system.system->domains[variable.domain].kind == ir::DomainKind::kToken;
        }
    }
    stepper_ = std::make_unique<exec::Stepper>(system, registers_);
    code_ = std::make_unique<exec::Code>(system.pool(), stepper_->layout());
    rules_.resize(system.rules.size());
    for (std::size_t i = 0; i < group_.size(); ++i) {
        add_registers(*group_[i]);
        add_watches(i, *group_[i]);
    }
}

void Product::add_registers(const monitor::Observer& observer) {
    for (std::size_t i = 0; i < observer.registers.size(); ++i) {
        const monitor::Register& declared = observer.registers[i];
        IMSPECT_REQUIRE(declared.next.size() == rules_.size(), "a register without an update for every ground rule");
        const auto slot = observer.first_register + static_cast<ir::SlotId>(i);
        for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
            if (declared.next[rule] == ir::kNoExpr) continue;
            rules_[rule].updates.push_back({layout().field(slot), code_->compile(declared.next[rule])});
        }
    }
}

void Product::add_watches(std::size_t watch, const monitor::Observer& observer) {
    const ir::ExprPool& pool = system().pool();
    if (observer.kind == ObserverKind::kLeadsTo || observer.kind == ObserverKind::kAutomatic) return;
    const bool hit_when = observer.kind == ObserverKind::kPossible;
    if (observer.formula != ir::kNoExpr && observer.kind != ObserverKind::kStep) {
        state_watches_.push_back({watch, code_->compile(observer.formula), hit_when});
    }
    if (observer.kind == ObserverKind::kState) return;
    if (observer.step_formula.empty()) return;  // possible by states only: the initial state is looked at like any other
    IMSPECT_REQUIRE(observer.step_formula.size() == rules_.size(), "an observer without a formula for every ground rule");
    if (observer.holds_initially == hit_when) initial_hits_.push_back(watch);
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
        const ir::ExprId formula = observer.step_formula[rule];
        if (formula == ir::kNoExpr || (pool.is_const(formula) && (pool.const_value(formula) != 0) != hit_when)) continue;
        rules_[rule].watches.push_back({watch, code_->compile(formula), hit_when});
    }
}

void Product::update_register(const Update& update, const Word* from, Word* to) const {
    const exec::Value value = code_->evaluate(update.program, {to, from, nullptr});
    IMSPECT_REQUIRE(value >= update.to.lo && value <= update.to.hi, "an observer's register left its domain");
    update.to.set(to, value);
}

}  // namespace imspect::explore
