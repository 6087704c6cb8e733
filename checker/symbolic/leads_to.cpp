#include "checker/symbolic/leads_to.h"

#include <fmt/format.h>

#include "checker/explicit/lasso.h"
#include "checker/explicit/witness.h"
#include "model/result.h"

namespace imspect::symbolic {

namespace {

class StuckObserver {
public:
    StuckObserver(const ir::GroundSystem& system, const monitor::Observer& observer, ir::SlotId first_register)
        : system_(system), observer_(observer), product_(system, {&observer}), first_(first_register) {}

    monitor::Observer make() {
        monitor::Observer stuck = observer_;
        stuck.kind = monitor::ObserverKind::kState;
        stuck.first_register = first_;
        stuck.obligations.clear();
        stuck.step_formula.clear();
        for (monitor::Register& declared : stuck.registers) {
            for (ir::ExprId& next : declared.next) next = moved(next);
        }
        std::vector<ir::ExprId> fine;
        for (const monitor::Obligation& obligation : observer_.obligations) {
            const ir::SlotId slot = first_ + static_cast<ir::SlotId>(stuck.registers.size());
            fine.push_back(pool().negate(pool().slot(slot, ir::kBoolDomain)));
            stuck.registers.push_back(pending(obligation, slot));
        }
        ir::ExprId live = pool().boolean(false);
        for (std::size_t rule = 0; rule < system_.rules.size(); ++rule) {
            if (system_.rule_of(rule).fair) live = pool().disjunction({live, system_.rules[rule].guard});
        }
        stuck.formula = pool().disjunction({pool().conjunction(std::move(fine)), live});
        return stuck;
    }

private:
    [[nodiscard]] ir::ExprPool& pool() const { return system_.pool(); }

    /// The expression over the registers where they are now.
    ir::ExprId moved(ir::ExprId expression) {
        if (expression == ir::kNoExpr) return expression;
        return pool().rewrite(expression, [&](const ir::ExprNode& node, ir::ExprId leaf) {
            const bool slot = ir::is_slot(node);
            if (!slot || static_cast<ir::SlotId>(node.a) < system_.variables.size()) return leaf;
            const ir::SlotId to = static_cast<ir::SlotId>(node.a) - observer_.first_register + first_;
            return node.op == ir::Op::kSlot ? pool().slot(to, node.domain) : pool().old_slot(to, node.domain);
        });
    }

    monitor::Register pending(const monitor::Obligation& obligation, ir::SlotId slot) {
        const ir::ExprId from = moved(obligation.from);
        const ir::ExprId outside = pool().negate(moved(obligation.to));
        const ir::ExprId next = pool().conjunction({outside, pool().disjunction({from, pool().old_slot(slot, ir::kBoolDomain)})});
        monitor::Register made;
        made.variable.name = obligation.name.empty() ? "pending" : fmt::format("pending[{}]", obligation.name);
        made.variable.domain = ir::kBoolDomain;
        made.variable.initial = initially(obligation) ? 1 : 0;
        made.next.assign(system_.rules.size(), next);
        return made;
    }

    bool initially(const monitor::Obligation& obligation) {
        exec::Code code(pool(), product_.layout());
        const exec::ProgramId due = code.compile(pool().conjunction({obligation.from, pool().negate(obligation.to)}));
        const exec::State state = product_.initial();
        return code.evaluate(due, {state.data(), state.data(), nullptr}) != 0;
    }

    const ir::GroundSystem& system_;
    const monitor::Observer& observer_;
    explore::Product product_;
    ir::SlotId first_;
};

}  // namespace

monitor::Observer stuck_observer(const ir::GroundSystem& system, const monitor::Observer& observer, ir::SlotId first_register) {
    IMSPECT_REQUIRE(observer.kind == monitor::ObserverKind::kLeadsTo, "only a leads-to gets stuck");
    return StuckObserver(system, observer, first_register).make();
}

Target held_up(Machine& machine, const ir::GroundSystem& system, const monitor::Observer& stuck, std::size_t obligations) {
    const ir::SlotId first = stuck.first_register + static_cast<ir::SlotId>(stuck.registers.size() - obligations);
    std::vector<Literal> pending;
    for (const MachineSlot& slot : machine.slots) {
        if (slot.id >= first && slot.id < first + obligations) pending.push_back(machine.latches[slot.first_latch].now);
    }
    IMSPECT_REQUIRE(pending.size() == obligations, "a machine without the registers of what is pending");
    std::vector<Literal> fair;
    for (std::size_t rule = 0; rule < system.rules.size(); ++rule) {
        if (system.rule_of(rule).fair) fair.push_back(machine.enabled[rule]);
    }
    Target target;
    target.at_state = machine.circuit.conjunction(machine.circuit.any(pending), negate(machine.circuit.any(fair)));
    return target;
}

BrokenObligation broken_obligation(const ir::GroundSystem& system, const monitor::Observer& observer, std::size_t obligation,
                                   const outcome::Witness& witness) {
    const monitor::Obligation& broken = observer.obligations.at(obligation);
    explore::check_lasso(explore::Product(system, {&observer}), witness, broken.from, broken.to);
    return {broken.name, witness};
}

BrokenObligation stuttering_witness(const ir::GroundSystem& system, const monitor::Observer& observer, const monitor::Observer& stuck,
                                    const std::vector<std::uint32_t>& rules) {
    const explore::Product watched(system, {&stuck});
    const exec::State last = explore::replay_product(watched, rules).back();
    const std::size_t first = stuck.registers.size() - observer.obligations.size();
    const outcome::Witness witness{rules, {}, true};
    for (std::size_t i = 0; i < observer.obligations.size(); ++i) {
        if (watched.layout().get(last.data(), stuck.first_register + static_cast<ir::SlotId>(first + i)) == 0) continue;
        return broken_obligation(system, observer, i, witness);
    }
    fail_invariant("a run into a stuck state in which nothing is pending", __FILE__, __LINE__);
}

}  // namespace imspect::symbolic
