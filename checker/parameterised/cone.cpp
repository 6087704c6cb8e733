#include "checker/parameterised/cone.h"

#include <set>

namespace imspect::parameterised {

namespace {

class Cone {
public:
    Cone(const ir::GroundSystem& ground, const std::vector<bool>& kept) : ground_(ground), kept_(kept) {}

    void read(ir::ExprId expression) {
        if (expression == ir::kNoExpr) return;
        ground_.pool().visit(expression, [&](ir::ExprId, const ir::ExprNode& node) {
            if (node.op != ir::Op::kSlot && node.op != ir::Op::kOldSlot) return;
            const auto slot = static_cast<ir::SlotId>(node.a);
            if (slot < kept_.size() && kept_[slot]) variables_.insert(ground_.variables[slot].variable);
        });
    }

    void ask(ir::SlotId slot) { variables_.insert(ground_.variables[slot].variable); }

    /// `kept_` without what does not matter to what was read or asked about.
    std::vector<bool> found() {
        follow_rules();
        std::vector<bool> result(kept_.size());
        for (ir::SlotId slot = 0; slot < kept_.size(); ++slot) result[slot] = kept_[slot] && matters(slot);
        return result;
    }

private:
    void follow_rules() {
        for (std::size_t before = variables_.size() + 1; before != variables_.size();) {
            before = variables_.size();
            for (const ir::GroundRule& rule : ground_.rules) follow(rule);
        }
    }

    [[nodiscard]] bool matters(ir::SlotId slot) const { return variables_.contains(ground_.variables[slot].variable); }

    void follow(const ir::GroundRule& rule) {
        bool writes = false;
        for (const ir::GroundAssignment& assignment : rule.assignments) {
            if (!kept_[assignment.slot] || !matters(assignment.slot)) continue;
            writes = true;
            read(assignment.value);
        }
        if (writes) read(rule.guard);
    }

    const ir::GroundSystem& ground_;
    const std::vector<bool>& kept_;
    std::set<ir::VarId> variables_;
};

}  // namespace

std::vector<bool> cone_of_influence(const ir::GroundSystem& ground, const std::vector<monitor::Observer>& observers,
                                    std::vector<bool> kept) {
    Cone cone(ground, kept);
    for (const monitor::Observer& observer : observers) {
        cone.read(observer.formula);
        for (const ir::ExprId formula : observer.step_formula) cone.read(formula);
        for (const monitor::Register& reg : observer.registers) {
            for (const ir::ExprId next : reg.next) cone.read(next);
        }
    }
    // What a formula says of events stands in it as the guard's conditions; the guard itself decides whether it happens.
    for (std::size_t rule = 0; rule < ground.rules.size(); ++rule) {
        bool speaks = false;
        for (const monitor::Observer& observer : observers) {
            speaks |= !observer.step_formula.empty() && observer.step_formula[rule] != ir::kNoExpr && !ground.pool().is_const(observer.step_formula[rule]);
            for (const monitor::Register& reg : observer.registers) speaks |= reg.next[rule] != ir::kNoExpr;
        }
        if (speaks) cone.read(ground.rules[rule].guard);
    }
    return cone.found();
}

std::vector<bool> cone_of_influence(const ir::GroundSystem& ground, const std::vector<bool>& asked, const std::vector<bool>& kept) {
    Cone cone(ground, kept);
    for (ir::SlotId slot = 0; slot < asked.size(); ++slot) {
        if (asked[slot]) cone.ask(slot);
    }
    return cone.found();
}

}  // namespace imspect::parameterised
