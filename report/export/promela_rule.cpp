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
constexpr std::size_t kMostGuardSize = 20'000;  // nodes of a tree; SPIN and cc take seconds for such a one
constexpr std::size_t kHuge = 1'000'000;

/// Nodes of the expressions as trees, at most kHuge.
std::size_t tree_size(const ir::ExprPool& pool, ExprId root) {
    std::map<ExprId, std::size_t> sizes;
    pool.visit(root, [&](ExprId id, const ExprNode& node) {
        std::size_t size = 1;
        for (const ExprId kid : node.kids) size = std::min(size + sizes[kid], kHuge);
        sizes[id] = size;
    });
    return sizes[root];
}

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
        case Op::kNot: return "(!" + print(node.kids[0]) + ")";  // without parentheses two of them are SPIN's "!!"
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

const ir::GroundRule* PromelaRules::too_large() const {
    for (const ir::GroundRule& rule : system_.rules) {
        std::size_t size = tree_size(system_.pool(), rule.guard);
        for (const ir::Bound& bound : rule.bounds) size += tree_size(system_.pool(), bound.condition);
        if (size > kMostGuardSize) return &rule;
    }
    return nullptr;
}

/// Subexpressions that occur more than once, computed now, children before parents. Where bounds are printed too, what
/// counts from a fresh token is left alone: it reads differently there.
void PromelaRules::share(const std::vector<ExprId>& roots, PromelaExpressions& expressions, bool beside_bounds) {
    struct Facts {
        std::size_t uses = 0;
        std::size_t size = 0;  ///< 0: not visited yet
        bool fresh = false;
    };
    std::map<ExprId, Facts> facts;  // ids of children are smaller than their parents'
    for (const ExprId root : roots) {
        ++facts[root].uses;
        system_.pool().visit(root, [&](ExprId id, const ExprNode& node) {
            if (facts[id].size != 0) return;
            Facts own{facts[id].uses, 1, node.op == Op::kFresh};
            for (const ExprId kid : node.kids) {
                ++facts[kid].uses;
                own.size = std::min(own.size + facts[kid].size, kHuge);
                own.fresh |= facts[kid].fresh;
            }
            facts[id] = own;
        });
    }
    for (const auto& [id, fact] : facts) {
        if (fact.uses < 2 || fact.size < kInlineSize || (beside_bounds && fact.fresh) || expressions.temporaries.contains(id)) continue;
        const std::string value = expressions.print(id);
        const std::string name = temporary();
        statement(name + " = " + value);
        expressions.temporaries.emplace(id, name);
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
    for (const Judgement& judgement : hook.assertions) save(judgement.formula);
}

void PromelaRules::assign(const ir::GroundRule& rule, PromelaExpressions& expressions) {
    struct Pending {
        const ir::GroundAssignment* assignment;
        std::string value;  ///< not empty: a temporary
        std::set<SlotId> reads;
    };
    std::vector<Pending> pending;
    for (const ir::GroundAssignment& assignment : rule.assignments) {
        Pending entry{&assignment, {}, reads(assignment.value, expressions)};
        if (assignment.needs_range_check) {
            const ir::Domain& domain = system_.domain_of(assignment.slot);
            entry.value = temporary();
            statement(entry.value + " = " + expressions.print(assignment.value));
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
        if (ready == pending.end()) {  // a cycle: a value of it, or one that waits for it, is kept in a temporary
            const auto stuck = std::find_if(pending.begin(), pending.end(), [](const Pending& entry) { return entry.value.empty(); });
            IMSPECT_REQUIRE(stuck != pending.end(), "values that read nothing wait for each other");
            stuck->value = temporary();
            statement(stuck->value + " = " + expressions.print(stuck->assignment->value));
            stuck->reads.clear();
            continue;
        }
        const ir::GroundAssignment& assignment = *ready->assignment;
        statement(slots_.write(assignment.slot, ready->value.empty() ? expressions.print(assignment.value) : ready->value));
        pending.erase(ready);
    }
}

void PromelaRules::assertion(const std::string& name) { statement(fmt::format("assert({0});\n        {0} = 1", name)); }

void PromelaRules::judge(const Judgement& judgement, const PromelaExpressions& expressions) {
    statement(fmt::format("{} = {}{}", judgement.name, judgement.negated ? "!" : "", expressions.print(judgement.formula)));
}

void PromelaRules::watch(const StepHook& hook) {
    for (const auto& [slot, value] : hook.registers) {
        PromelaExpressions after(slots_, system_.pool());  // anew each time: what it shares may read this register
        after.old_names = saved_;
        share({value}, after);
        statement(slots_.write(slot, after.print(value)));
    }
    PromelaExpressions after(slots_, system_.pool());
    after.old_names = saved_;
    std::vector<ExprId> formulas;
    for (const Judgement& judgement : hook.assertions) formulas.push_back(judgement.formula);
    for (const Judgement& judgement : hook.bits) formulas.push_back(judgement.formula);
    share(formulas, after);
    for (const Judgement& judgement : hook.assertions) {
        judge(judgement, after);
        assertion(judgement.name);
    }
    for (const Judgement& judgement : hook.bits) judge(judgement, after);
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

void PromelaRules::begin() {
    body_.clear();
    saved_.clear();
    used_temporaries_ = 0;
}

std::string PromelaRules::finish(const std::string& comment, const std::string& first) {
    for (std::size_t i = 0; i < used_temporaries_; ++i) statement(fmt::format("t{}_ = 0", i));
    return fmt::format("    :: d_step {{  /* {} */\n        {}{}\n    }}\n", comment, first, body_);
}

std::string PromelaRules::print(const ir::GroundRule& rule, const StepHook& hook) {
    PromelaExpressions expressions(slots_, system_.pool());
    begin();
    std::vector<ExprId> values;
    for (const ir::GroundAssignment& assignment : rule.assignments) values.push_back(assignment.value);
    share(values, expressions);
    save_old(rule, hook);
    assign(rule, expressions);
    watch(hook);
    rename(rule, hook);
    return finish(rule.name, guard(rule));
}

/// The rule is one of a node's, and no budget of the environment keeps it; a bound of the specification's may.
std::string PromelaRules::moves_or_is_limited(const ir::GroundRule& rule, PromelaExpressions& expressions) const {
    std::string text = expressions.print(rule.guard);
    std::string budgets = "true";
    std::string limited;
    expressions.in_bound = true;
    for (const ir::Bound& bound : rule.bounds) {
        const std::string condition = expressions.print(bound.condition);
        if (bound.environment) budgets += " && " + condition;
        else limited += " || !(" + condition + ")";
    }
    expressions.in_bound = false;
    return budgets == "true" ? text : fmt::format("({} && ({}{}))", text, budgets, limited);
}

/// Where no node can do anything: no message undelivered, no node waiting.
void PromelaRules::judge_deadlock(const std::string& name, PromelaExpressions& expressions) {
    std::string quiescent = "true";
    for (const ir::GroundChannel& channel : system_.channels) quiescent += fmt::format(" && {} == 0", slots_.read(channel.length));
    for (const ir::GroundWaiting& waiting : system_.waiting) quiescent += " && !" + expressions.print(waiting.condition);
    statement(fmt::format("{} = ({})", name, quiescent));
    for (std::size_t i = 0; i < system_.rules.size(); ++i) {
        const ir::RuleKind kind = system_.rule_of(i).kind;
        if (kind == ir::RuleKind::kFault || kind == ir::RuleKind::kAttacker) continue;
        statement(fmt::format("{0} = {0} || {1}", name, moves_or_is_limited(system_.rules[i], expressions)));
    }
    assertion(name);
}

/// A message at the head of a channel has a rule that takes it, bounds aside, or is deferred.
void PromelaRules::judge_reception(const std::string& name, const PromelaExpressions& expressions) {
    for (std::uint32_t channel = 0; channel < system_.channels.size(); ++channel) {
        const ir::GroundChannel& entry = system_.channels[channel];
        std::string taken = slots_.read(entry.length) + " == 0";
        if (entry.deferred != ir::kNoExpr) taken += " || " + expressions.print(entry.deferred);
        for (const ir::GroundRule& rule : system_.rules) {
            if (std::find(rule.consumes.begin(), rule.consumes.end(), channel) != rule.consumes.end()) taken += " || " + expressions.print(rule.guard);
        }
        statement(fmt::format("{0} = {0} && ({1})", name, taken));
    }
    assertion(name);
}

std::string PromelaRules::print(const StateChecks& checks) {
    PromelaExpressions expressions(slots_, system_.pool());
    begin();
    std::vector<ExprId> formulas;
    for (const Judgement& judgement : checks.assertions) formulas.push_back(judgement.formula);
    if (!checks.deadlock.empty()) {
        for (const ir::GroundRule& rule : system_.rules) formulas.push_back(rule.guard);
        for (const ir::GroundWaiting& waiting : system_.waiting) formulas.push_back(waiting.condition);
    }
    share(formulas, expressions, true);
    for (const Judgement& judgement : checks.assertions) {
        judge(judgement, expressions);
        assertion(judgement.name);
    }
    if (!checks.deadlock.empty()) judge_deadlock(checks.deadlock, expressions);
    if (!checks.unspecified.empty()) judge_reception(checks.unspecified, expressions);
    return finish("judges the state, changes nothing", "true");
}

}  // namespace imspect::exports
