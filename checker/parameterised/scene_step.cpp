#include "checker/parameterised/scene_step.h"

#include <map>

#include "checker/symbolic/tokens.h"

namespace imspect::parameterised {

using symbolic::Arithmetic;
using symbolic::Evaluator;
using symbolic::Literal;
using symbolic::Number;
using symbolic::SlotNumbers;

namespace {

struct Write {
    Literal when = symbolic::kFalse;
    Number value;
};

/// One rule of the group fires. Where each of them writes, nothing of what was there is left.
Number written(Arithmetic& arithmetic, const std::vector<Write>& writes, std::size_t rules, const Number& before) {
    Number result = writes.size() == rules ? writes[0].value : before;
    for (const Write& write : writes) result = arithmetic.choose(write.when, write.value, result);
    return result;
}

}  // namespace

std::vector<Number> tokens_in_state(symbolic::Machine& machine, const ir::GroundSystem& ground, const SlotNumbers& now, bool registers) {
    Arithmetic arithmetic(machine.circuit);
    std::vector<Number> in_use;
    for (ir::DomainId id = 0; id < ground.system->domains.size(); ++id) {
        std::vector<Number> holders;
        ir::Value most = ground.system->domains[id].hi;
        if (ground.system->domains[id].kind == ir::DomainKind::kToken) {
            for (std::size_t i = 0; i < machine.slots.size(); ++i) {
                if (machine.slots[i].domain != id) continue;
                most = machine.slots[i].hi;
                if (registers || i < ground.variables.size()) holders.push_back(now.numbers[i]);
            }
        }
        in_use.push_back(arithmetic.count(symbolic::tokens_in_use(machine.circuit, holders, static_cast<std::size_t>(most))));
    }
    return in_use;
}

SceneStep step_by(symbolic::Machine& machine, const ir::GroundSystem& ground, const monitor::Observer& observer, const SlotNumbers& now,
                  const std::vector<Number>& fresh, const std::vector<std::size_t>& rules) {
    Arithmetic arithmetic(machine.circuit);
    SceneStep step;
    std::vector<Literal> fires;
    std::map<ir::SlotId, std::vector<Write>> writes;
    Evaluator values(machine.circuit, ground.pool(), {&now, nullptr, &fresh});
    for (const std::size_t rule : rules) {
        fires.push_back(machine.fires[rule]);
        for (const ir::GroundAssignment& assignment : ground.rules[rule].assignments) {
            writes[assignment.slot].push_back({machine.fires[rule], values.number(assignment.value)});
        }
    }
    step.fires = machine.circuit.any(fires);
    step.sound = !values.too_wide();
    step.next = now;
    for (const auto& [slot, of_slot] : writes) step.next.numbers[slot] = written(arithmetic, of_slot, rules.size(), now.numbers[slot]);
    for (std::size_t i = 0; i < observer.registers.size(); ++i) {
        Evaluator after(machine.circuit, ground.pool(), {&step.next, &now, nullptr});  // registers before this one have their new values
        std::vector<Write> of_register;
        for (const std::size_t rule : rules) {
            const ir::ExprId next = observer.registers[i].next[rule];
            if (next != ir::kNoExpr) of_register.push_back({machine.fires[rule], after.number(next)});
        }
        if (of_register.empty()) continue;
        Number& number = step.next.numbers[now.position(observer.first_register + static_cast<ir::SlotId>(i))];
        number = written(arithmetic, of_register, rules.size(), number);
        step.sound = step.sound && !after.too_wide();
    }
    return step;
}

}  // namespace imspect::parameterised
