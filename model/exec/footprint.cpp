#include "model/exec/footprint.h"

#include <set>

namespace imspect::exec {

namespace {

void collect(const ir::GroundSystem& system, ir::ExprId expression, std::set<ir::SlotId>& slots) {
    system.pool().visit(expression, [&](ir::ExprId, const ir::ExprNode& node) {
        if (node.op == ir::Op::kSlot) slots.insert(static_cast<ir::SlotId>(node.a));
        if (node.op != ir::Op::kFresh) return;
        for (ir::SlotId slot = 0; slot < system.variables.size(); ++slot) {
            if (system.variables[slot].domain == node.domain) slots.insert(slot);
        }
    });
}

}  // namespace

Footprint footprint(const ir::GroundSystem& system, std::size_t ground_rule) {
    const ir::GroundRule& rule = system.rules[ground_rule];
    std::set<ir::SlotId> reads;
    std::set<ir::SlotId> writes;
    collect(system, rule.guard, reads);
    for (const ir::Bound& bound : rule.bounds) collect(system, bound.condition, reads);
    for (const ir::GroundAssignment& assignment : rule.assignments) {
        collect(system, assignment.value, reads);
        writes.insert(assignment.slot);
    }
    return {{reads.begin(), reads.end()}, {writes.begin(), writes.end()}};
}

std::vector<ir::SlotId> slots_read(const ir::GroundSystem& system, ir::ExprId expression) {
    std::set<ir::SlotId> slots;
    collect(system, expression, slots);
    return {slots.begin(), slots.end()};
}

}  // namespace imspect::exec
