#include "checker/symbolic/lifted_counters.h"

#include <optional>

#include <fmt/format.h>

#include "checker/symbolic/step_encoding.h"

namespace imspect::symbolic {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::SlotId;

namespace {

/// Takes out of a set of counters what expressions use in another way than a lifted one may be.
class Uses {
public:
    Uses(const ir::GroundSystem& system, std::set<SlotId>& counters) : system_(system), pool_(system.pool()), counters_(counters) {}

    /// Read before a step, in comparisons; `after`: no counter may be read after it.
    void read(ExprId root, bool after = false) {
        if (root == ir::kNoExpr) return;
        use_otherwise(root);
        pool_.visit(root, [&](ExprId, const ExprNode& node) {
            if (after && node.op == Op::kSlot) counters_.erase(static_cast<SlotId>(node.a));
            if (compares(node)) return;
            for (const ExprId kid : node.kids) use_otherwise(kid);
        });
    }

    void write(SlotId slot, ExprId value) {
        if (!counters_.contains(slot)) return read(value);
        if (is_slot_itself(value, slot) || pool_.is_const(value)) return;
        const ExprNode& node = pool_.node(value);
        if (node.op == Op::kSub && is_slot_itself(node.kids[0], slot) && pool_.is_const(node.kids[1])) {
            const ir::Value less = pool_.const_value(node.kids[1]);
            // From above the range it does not fall below it.
            if (less >= 0 && less <= system_.domain_of(slot).hi + 1 - system_.domain_of(slot).lo) return;
        }
        if (node.op == Op::kIte) {
            read(node.kids[0]);
            write(slot, node.kids[1]);
            write(slot, node.kids[2]);
            return;
        }
        counters_.erase(slot);
        read(value);
    }

private:
    [[nodiscard]] std::optional<SlotId> counter(ExprId expression) const {
        const ExprNode& node = pool_.node(expression);
        if (!ir::is_slot(node) || !counters_.contains(static_cast<SlotId>(node.a))) return std::nullopt;
        return static_cast<SlotId>(node.a);
    }
    [[nodiscard]] bool is_slot_itself(ExprId expression, SlotId slot) const {
        const ExprNode& node = pool_.node(expression);
        return node.op == Op::kSlot && static_cast<SlotId>(node.a) == slot;
    }
    void use_otherwise(ExprId expression) {
        if (const auto slot = counter(expression)) counters_.erase(*slot);
    }

    /// A comparison of a counter with a constant, by which all values from the greatest of the range are alike.
    [[nodiscard]] bool compares(const ExprNode& node) const {
        if (node.op != Op::kLt && node.op != Op::kLe && node.op != Op::kEq) return false;
        const std::size_t of_constant = pool_.is_const(node.kids[1]) ? 1 : 0;
        const auto slot = counter(node.kids[1 - of_constant]);
        if (!slot || !pool_.is_const(node.kids[of_constant])) return false;
        const ir::Value constant = pool_.const_value(node.kids[of_constant]);
        const ir::Value greatest = system_.domain_of(*slot).hi;
        const bool at_least_constant = node.op == Op::kLt ? of_constant == 1 : node.op == Op::kLe ? of_constant == 0 : false;
        return at_least_constant ? constant <= greatest : constant < greatest;  // asks "at least the constant", or "at least one more"
    }

    const ir::GroundSystem& system_;
    const ir::ExprPool& pool_;
    std::set<SlotId>& counters_;
};

}  // namespace

LiftedCounters::LiftedCounters(const ir::GroundSystem& system) : system_(system) {
    for (SlotId slot = 0; slot < system.variables.size(); ++slot) {
        if (system.domain_of(slot).counter) counters_.insert(slot);
    }
    Uses uses(system, counters_);
    for (const ir::GroundRule& rule : system.rules) {
        uses.read(rule.guard);
        for (const ir::Bound& bound : rule.bounds) uses.read(bound.condition);
        for (const ir::GroundAssignment& assignment : rule.assignments) uses.write(assignment.slot, assignment.value);
    }
    for (const ir::GroundChannel& channel : system.channels) uses.read(channel.deferred);
    for (const ir::GroundWaiting& waiting : system.waiting) uses.read(waiting.condition);
}

std::vector<std::string> LiftedCounters::lifted_in(const Machine& machine, const Certificate& certificate, const monitor::Observer* observer) const {
    if (certificate.depth > 0) return {};
    std::set<SlotId> counters = counters_;
    if (observer != nullptr) {
        Uses uses(system_, counters);
        uses.read(observer->formula, true);
        for (const ExprId formula : observer->step_formula) uses.read(formula, true);
        for (const monitor::Register& reg : observer->registers) {
            for (const ExprId next : reg.next) uses.read(next, true);
        }
    }
    for (const Cube& cube : certificate.excluded) {
        for (const std::int32_t literal : cube) counters.erase(machine.slots[machine.latches[latch_of(literal)].slot].id);
    }
    std::vector<std::string> names;
    for (const SlotId slot : counters) names.push_back(system_.variables[slot].name);
    return names;
}

std::string LiftedCounters::words(const Machine& machine, const Certificate& certificate, const monitor::Observer* observer) const {
    const std::vector<std::string> lifted = lifted_in(machine, certificate, observer);
    return lifted.empty() ? "" : fmt::format(", whatever {} begin{} with", fmt::join(lifted, ", "), lifted.size() == 1 ? "s" : "");
}

}  // namespace imspect::symbolic
