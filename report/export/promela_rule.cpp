#include "report/export/promela_rule.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/result.h"

namespace imspect::exports {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::SlotId;

namespace {

constexpr std::size_t kInlineSize = 6;  // nodes; smaller expressions are repeated rather than kept in a temporary

}  // namespace

std::string PromelaExpressions::joined(const ExprNode& node, const char* op) const {
    std::string text = "(";
    for (std::size_t i = 0; i < node.kids.size(); ++i) text += (i == 0 ? "" : op) + print(node.kids[i]);
    return text + ")";
}

// NOLINTNEXTLINE(misc-no-recursion): depth is limited by validation
std::string PromelaExpressions::print(ExprId id) const {
    if (const auto found = temporaries.find(id); found != temporaries.end()) return found->second;
    const ExprNode& node = pool_.node(id);
    switch (node.op) {
        case Op::kConst: return node.a < 0 ? fmt::format("(0 - {})", -node.a) : std::to_string(node.a);
        case Op::kSlot: return slots_.read(static_cast<SlotId>(node.a));
        case Op::kOldSlot: {
            const auto old = old_names.find(static_cast<SlotId>(node.a));
            return old != old_names.end() ? old->second : slots_.read(static_cast<SlotId>(node.a));
        }
        case Op::kFresh: {
            const TokenArray* array = slots_.array_of(node.domain);
            IMSPECT_REQUIRE(array != nullptr, "a fresh token of a domain that no slot has");
            return fmt::format("({} + {})", in_bound ? array->used() : array->greatest(), node.a + 1);
        }
        case Op::kNot: return "!" + print(node.kids[0]);
        case Op::kAnd: return joined(node, " && ");
        case Op::kOr: return joined(node, " || ");
        case Op::kEq: return joined(node, " == ");
        case Op::kLt: return joined(node, " < ");
        case Op::kLe: return joined(node, " <= ");
        case Op::kAdd: return joined(node, " + ");
        case Op::kSub: return joined(node, " - ");
        case Op::kIte:
            return fmt::format("({} -> {} : {})", print(node.kids[0]), print(node.kids[1]), print(node.kids[2]));
        default: break;
    }
    fail_invariant("an expression that is not ground reached the export", __FILE__, __LINE__);
}

std::string PromelaRules::temporary() {
    std::string name = fmt::format("t{}_", used_temporaries_++);
    most_temporaries_ = std::max(most_temporaries_, used_temporaries_);
    return name;
}

std::set<SlotId> PromelaRules::reads(ExprId root, const PromelaExpressions& expressions) const {
    std::set<SlotId> slots;
    std::set<ExprId> seen;
    std::vector<ExprId> pending = {root};
    while (!pending.empty()) {
        const ExprId id = pending.back();
        pending.pop_back();
        if (expressions.temporaries.contains(id) || !seen.insert(id).second) continue;
        const ExprNode& node = system_.pool().node(id);
        if (node.op == Op::kSlot) slots.insert(static_cast<SlotId>(node.a));
        pending.insert(pending.end(), node.kids.begin(), node.kids.end());
    }
    return slots;
}

std::string PromelaRules::guard(const ir::GroundRule& rule) const {
    PromelaExpressions expressions(slots_, system_.pool());
    std::string text = expressions.print(rule.guard);
    expressions.in_bound = true;
    for (const ir::Bound& bound : rule.bounds) text += " && " + expressions.print(bound.condition);
    return text;
}

/// Subexpressions of the new values that occur more than once, computed first, children before parents.
void PromelaRules::share(const ir::GroundRule& rule) {
    std::map<ExprId, std::size_t> uses;  // ids of children are smaller than their parents'
    std::map<ExprId, std::size_t> sizes;
    for (const ir::GroundAssignment& assignment : rule.assignments) {
        ++uses[assignment.value];
        system_.pool().visit(assignment.value, [&](ExprId id, const ExprNode& node) {
            if (sizes.contains(id)) return;
            std::size_t size = 1;
            for (const ExprId kid : node.kids) {
                ++uses[kid];
                size = std::min<std::size_t>(size + sizes[kid], 1'000'000);
            }
            sizes[id] = size;
        });
    }
    for (const auto& [id, size] : sizes) {
        if (uses[id] < 2 || size < kInlineSize) continue;
        const std::string value = expressions_->print(id);
        const std::string name = temporary();
        statement(name + " = " + value);
        expressions_->temporaries.emplace(id, name);
    }
}

/// What formulas about the step still want to know of slots that the step overwrites.
void PromelaRules::save_old(const ir::GroundRule& rule, const StepHook& hook) {
    std::set<SlotId> written;
    for (const ir::GroundAssignment& assignment : rule.assignments) written.insert(assignment.slot);
    for (const auto& [slot, value] : hook.registers) written.insert(slot);
    const auto save = [&](ExprId formula) {
        system_.pool().visit(formula, [&](ExprId, const ExprNode& node) {
            const auto slot = static_cast<SlotId>(node.a);
            if (node.op != Op::kOldSlot || !written.contains(slot) || saved_.contains(slot)) return;
            const std::string name = temporary();
            statement(name + " = " + slots_.read(slot));
            saved_.emplace(slot, name);
        });
    };
    for (const auto& [slot, value] : hook.registers) save(value);
    for (const auto& [comment, formula] : hook.assertions) save(formula);
    for (const auto& [bit, formula] : hook.bits) save(formula);
}

void PromelaRules::assign(const ir::GroundRule& rule) {
    struct Pending {
        const ir::GroundAssignment* assignment;
        std::string value;  ///< not empty: a temporary
        std::set<SlotId> reads;
    };
    std::vector<Pending> pending;
    for (const ir::GroundAssignment& assignment : rule.assignments) {
        Pending entry{&assignment, {}, reads(assignment.value, *expressions_)};
        if (assignment.needs_range_check) {
            const ir::Domain& domain = system_.domain_of(assignment.slot);
            entry.value = temporary();
            statement(entry.value + " = " + expressions_->print(assignment.value));
            statement(fmt::format("assert({0} >= {1} && {0} <= {2})", entry.value, domain.lo, domain.hi));
            entry.reads.clear();
        }
        pending.push_back(std::move(entry));
    }
    while (!pending.empty()) {
        // A slot that no other pending value reads can be overwritten now.
        const auto ready = std::find_if(pending.begin(), pending.end(), [&](const Pending& candidate) {
            return std::none_of(pending.begin(), pending.end(), [&](const Pending& other) {
                return &other != &candidate && other.reads.contains(candidate.assignment->slot);
            });
        });
        if (ready == pending.end()) {  // a cycle: the first value waits in a temporary
            pending.front().value = temporary();
            statement(pending.front().value + " = " + expressions_->print(pending.front().assignment->value));
            pending.front().reads.clear();
            continue;
        }
        const ir::GroundAssignment& assignment = *ready->assignment;
        statement(slots_.write(assignment.slot, ready->value.empty() ? expressions_->print(assignment.value) : ready->value));
        pending.erase(ready);
    }
}

void PromelaRules::watch(const StepHook& hook) {
    PromelaExpressions after(slots_, system_.pool());
    after.old_names = saved_;
    for (const auto& [slot, value] : hook.registers) statement(slots_.write(slot, after.print(value)));
    for (const auto& [comment, formula] : hook.assertions) {
        statement(fmt::format("assert({})  /* {} */", after.print(formula), comment));
    }
    for (const auto& [bit, formula] : hook.bits) statement(bit + " = " + after.print(formula));
}

void PromelaRules::rename(const ir::GroundRule& rule, const StepHook& hook) {
    for (const TokenArray& array : slots_.tokens()) {
        const auto of_array = [&](SlotId slot) { return slots_.at(slot).domain == array.domain; };
        const bool assigned = std::any_of(rule.assignments.begin(), rule.assignments.end(),
                                          [&](const ir::GroundAssignment& assignment) { return of_array(assignment.slot); });
        const bool remembered = std::any_of(hook.registers.begin(), hook.registers.end(),
                                            [&](const auto& entry) { return of_array(entry.first); });
        if (assigned || remembered) statement(fmt::format("rename_{}()", array.name));
    }
}

std::string PromelaRules::print(const ir::GroundRule& rule, const StepHook& hook) {
    PromelaExpressions expressions(slots_, system_.pool());
    expressions_ = &expressions;
    body_.clear();
    saved_.clear();
    used_temporaries_ = 0;
    share(rule);
    save_old(rule, hook);
    assign(rule);
    watch(hook);
    rename(rule, hook);
    for (std::size_t i = 0; i < used_temporaries_; ++i) statement(fmt::format("t{}_ = 0", i));
    expressions_ = nullptr;
    return fmt::format("    :: d_step {{  /* {} */\n        {}{}\n    }}\n", rule.name, guard(rule), body_);
}

}  // namespace imspect::exports
