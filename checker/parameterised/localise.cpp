#include "checker/parameterised/localise.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "checker/parameterised/free_choices.h"

namespace imspect::parameterised {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::SlotId;
using ir::Value;

namespace {

constexpr double kMostInstances = 100'000;  // of all rules; seconds

Error wrong(std::string message) { return Error{"localise", std::move(message), {}, {}, {}}; }

class Localiser {
public:
    Localiser(const ir::GroundSystem& whole, const std::vector<monitor::Observer>& observers, const std::vector<bool>& kept)
        : whole_(whole), given_(observers), kept_(kept) {}

    Result<Localised> run() {
        declare();
        for (std::size_t rule = 0; rule < whole_.rules.size() && !error_; ++rule) localise_rule(rule);
        if (!error_) refuse_lost_order();
        if (error_) return *error_;
        return std::move(result_);
    }

private:
    ir::ExprPool& pool() { return whole_.pool(); }
    [[nodiscard]] bool is_register(SlotId slot) const { return slot >= whole_.variables.size(); }
    [[nodiscard]] bool is_kept(SlotId slot) const { return is_register(slot) || kept_[slot]; }

    void declare() {
        result_.ground.system = whole_.system;
        for (SlotId slot = 0; slot < whole_.variables.size(); ++slot) {
            if (!kept_[slot]) continue;
            new_slot_[slot] = static_cast<SlotId>(result_.origin.size());
            result_.origin.push_back(slot);
            result_.ground.variables.push_back(whole_.variables[slot]);
        }
        auto next = static_cast<SlotId>(result_.origin.size());
        result_.observers = given_;
        for (monitor::Observer& observer : result_.observers) {
            for (std::size_t i = 0; i < observer.registers.size(); ++i) {
                new_slot_[observer.first_register + static_cast<SlotId>(i)] = next + static_cast<SlotId>(i);
                observer.registers[i].next.clear();
            }
            observer.first_register = next;
            next += static_cast<SlotId>(observer.registers.size());
            observer.step_formula.clear();
            if (observer.formula != ir::kNoExpr) observer.formula = state_formula(observer);
        }
        for (const ir::GroundChannel& channel : whole_.channels) keep_channel(channel);
        ordered_.resize(whole_.system->domains.size());
        sensitive_.resize(whole_.system->domains.size());
    }

    void keep_channel(const ir::GroundChannel& channel) {
        if (!kept_[channel.length]) return;
        ir::GroundChannel copy = channel;
        copy.length = new_slot_.at(channel.length);
        copy.deferred = ir::kNoExpr;
        for (auto& fields : copy.slots) {
            for (SlotId& slot : fields) slot = new_slot_.count(slot) != 0 ? new_slot_.at(slot) : kForgottenSlot;
        }
        result_.ground.channels.push_back(std::move(copy));
    }

    ExprId state_formula(const monitor::Observer& observer) {
        pool().visit(observer.formula, [&](ExprId, const ExprNode& node) {
            if (node.op != Op::kSlot || is_kept(static_cast<SlotId>(node.a)) || error_) return;
            error_ = wrong(fmt::format("{} reads {}, which is not kept", observer.id, whole_.variables[static_cast<SlotId>(node.a)].name));
        });
        return error_ ? observer.formula : renumber(observer.formula, Op::kSlot);
    }

    /// Slots by their new numbers; `before` says what reads the state before the step: kSlot in rules, kOldSlot in formulas.
    ExprId renumber(ExprId id, Op before) {
        return pool().rewrite(id, [&](const ExprNode& node, ExprId leaf) {
            if (node.op != Op::kSlot && node.op != Op::kOldSlot) return leaf;
            const SlotId slot = new_slot_.at(static_cast<SlotId>(node.a));
            const bool old = node.op == Op::kOldSlot && before == Op::kOldSlot;
            return old ? pool().old_slot(slot, node.domain) : pool().slot(slot, node.domain);
        });
    }

    /// A formula's reading of a forgotten slot after the step: what the rule assigns it, or what it held before.
    ExprId before_the_step(ExprId formula, const std::map<SlotId, ExprId>& assigned) {
        return pool().rewrite(formula, [&](const ExprNode& node, ExprId leaf) {
            if (node.op != Op::kSlot || is_kept(static_cast<SlotId>(node.a))) return leaf;
            const auto found = assigned.find(static_cast<SlotId>(node.a));
            if (found == assigned.end()) return pool().old_slot(static_cast<SlotId>(node.a), node.domain);
            bool fresh = false;
            pool().visit(found->second, [&](ExprId, const ExprNode& below) { fresh |= below.op == Op::kFresh; });
            return fresh ? leaf : found->second;
        });
    }

    /// Guard, kept assignments, kept bounds, new values of registers and step formulas, in this order.
    struct Roots {
        std::vector<ExprId> all;
        std::vector<ir::GroundAssignment> assignments;
        std::vector<ir::Bound> bounds;
    };

    Roots roots_of(std::size_t index) {
        const ir::GroundRule& rule = whole_.rules[index];
        Roots roots;
        std::map<SlotId, ExprId> assigned;
        roots.all.push_back(ir::as_old(pool(), rule.guard));
        for (const ir::GroundAssignment& assignment : rule.assignments) {
            const ExprId value = ir::as_old(pool(), assignment.value);
            assigned[assignment.slot] = value;
            if (!kept_[assignment.slot]) continue;
            roots.assignments.push_back(assignment);
            roots.all.push_back(value);
        }
        for (const ir::Bound& bound : rule.bounds) {
            if (!keeps_bound(bound, roots)) continue;
            roots.bounds.push_back(bound);
            roots.all.push_back(ir::as_old(pool(), bound.condition));
        }
        for (const monitor::Observer& observer : given_) {
            for (const monitor::Register& reg : observer.registers) {
                roots.all.push_back(reg.next[index] == ir::kNoExpr ? ir::kNoExpr : before_the_step(reg.next[index], assigned));
            }
            const bool steps = !observer.step_formula.empty() && observer.step_formula[index] != ir::kNoExpr;
            roots.all.push_back(steps ? before_the_step(observer.step_formula[index], assigned) : ir::kNoExpr);
        }
        return roots;
    }

    /// A bound stays where it speaks of kept slots: room in a kept channel, fresh tokens that are kept.
    bool keeps_bound(const ir::Bound& bound, const Roots& roots) {
        bool forgotten = false;
        std::set<ir::DomainId> fresh;
        pool().visit(bound.condition, [&](ExprId, const ExprNode& node) {
            forgotten |= node.op == Op::kSlot && !is_kept(static_cast<SlotId>(node.a));
            if (node.op == Op::kFresh) fresh.insert(node.domain);
        });
        if (forgotten) return false;
        if (fresh.empty()) return true;
        bool used = false;
        for (std::size_t i = 1; i <= roots.assignments.size(); ++i) {
            pool().visit(roots.all[i], [&](ExprId, const ExprNode& node) { used |= node.op == Op::kFresh && fresh.contains(node.domain); });
        }
        return used;
    }

    void localise_rule(std::size_t index) {
        Roots roots = roots_of(index);
        FreeChoices choices(whole_, [&](const ExprNode& node) { return !is_kept(static_cast<SlotId>(node.a)); });
        choices.make(roots.all);
        if (pool().is_false(roots.all[0])) return;
        instances_ += choices.combinations();
        if (instances_ > kMostInstances) {
            error_ = wrong(fmt::format("rules read too much of what is not kept, {} is one", whole_.rules[index].name));
            return;
        }
        note_orders(index, roots.all, choices);
        std::set<std::vector<ExprId>> seen;
        choices.instances(roots.all, [&](const std::vector<ExprId>& instance, const std::vector<Value>& values) {
            if (seen.insert(instance).second) add(index, roots, instance, choices, values);
        });
    }

    /// Where tokens are compared by order, and where a forgotten token is used otherwise than in an equation.
    void note_orders(std::size_t index, const std::vector<ExprId>& roots, const FreeChoices& choices) {
        std::set<ExprId> leaves;
        for (const FreeChoices::Choice& choice : choices.choices()) leaves.insert(choice.leaf);
        const auto is_token = [&](ir::DomainId domain) { return whole_.system->domains[domain].kind == ir::DomainKind::kToken; };
        for (const ExprId root : roots) {
            if (root == ir::kNoExpr) continue;
            pool().visit(root, [&](ExprId id, const ExprNode& node) {
                if (id == root && leaves.contains(id) && is_token(node.domain)) sensitive_[node.domain] = whole_.rules[index].name;
                for (const ExprId kid : node.kids) {
                    const ir::DomainId domain = pool().node(kid).domain;
                    if (!is_token(domain)) continue;
                    if (node.op == Op::kLt || node.op == Op::kLe) ordered_[domain] = true;
                    if (node.op != Op::kEq && leaves.contains(kid)) sensitive_[domain] = whole_.rules[index].name;
                }
            });
        }
    }

    void refuse_lost_order() {
        for (std::size_t domain = 0; domain < ordered_.size(); ++domain) {
            if (!ordered_[domain] || sensitive_[domain].empty()) continue;
            error_ = wrong(fmt::format("rule {} takes a token of {} from what is not kept, and its place in their order matters",
                                       sensitive_[domain], whole_.system->domains[domain].name));
            return;
        }
        result_.ordered = ordered_;
    }

    void add(std::size_t index, const Roots& roots, const std::vector<ExprId>& instance, const FreeChoices& choices,
             const std::vector<Value>& values) {
        const ir::GroundRule& rule = whole_.rules[index];
        ir::GroundRule added;
        added.name = rule.name;
        added.rule = rule.rule;
        added.arguments = rule.arguments;
        added.guard = renumber(instance[0], Op::kSlot);
        std::size_t at = 1;
        for (const ir::GroundAssignment& assignment : roots.assignments) {
            const SlotId slot = new_slot_.at(assignment.slot);
            const ExprId value = renumber(instance[at++], Op::kSlot);
            if (value == pool().slot(slot, whole_.variables[assignment.slot].domain)) continue;
            added.assignments.push_back({slot, value, true});
        }
        for (const ir::Bound& bound : roots.bounds) added.bounds.push_back({bound.name, renumber(instance[at++], Op::kSlot), bound.environment});
        bool matters = !added.assignments.empty();
        const std::size_t first = at;
        for (const monitor::Observer& observer : given_) {
            for (std::size_t i = 0; i < observer.registers.size(); ++i) matters |= instance[at++] != ir::kNoExpr;
            const ExprId formula = instance[at++];
            matters |= formula != ir::kNoExpr && !pool().is_true(formula);
        }
        if (!matters) return;  // nothing that is kept changes, and nothing is said of it
        at = first;
        for (monitor::Observer& observer : result_.observers) {
            for (monitor::Register& reg : observer.registers) reg.next.push_back(formula_or_none(instance[at++]));
            const ExprId formula = formula_or_none(instance[at++]);
            observer.step_formula.push_back(formula == ir::kNoExpr ? pool().boolean(true) : formula);
        }
        result_.ground.rules.push_back(std::move(added));
        result_.token_choices.push_back(tokens_chosen(choices, values));
    }

    ExprId formula_or_none(ExprId id) { return id == ir::kNoExpr ? id : renumber(id, Op::kOldSlot); }

    /// Values beyond the tokens in use and as many new ones as were chosen only rename these.
    std::vector<TokenChoice> tokens_chosen(const FreeChoices& choices, const std::vector<Value>& values) {
        std::map<ir::DomainId, std::pair<Value, Value>> greatest;  // domain: choices, greatest value
        for (std::size_t i = 0; i < values.size(); ++i) {
            const ir::DomainId domain = choices.choices()[i].domain;
            if (whole_.system->domains[domain].kind != ir::DomainKind::kToken) continue;
            auto& [count, most] = greatest[domain];
            ++count;
            most = std::max(most, values[i]);
        }
        std::vector<TokenChoice> chosen;
        for (const auto& [domain, entry] : greatest) chosen.push_back({domain, std::max(entry.second - entry.first, 0)});
        return chosen;
    }

    const ir::GroundSystem& whole_;
    const std::vector<monitor::Observer>& given_;
    const std::vector<bool>& kept_;
    std::map<SlotId, SlotId> new_slot_;
    std::vector<bool> ordered_;
    std::vector<std::string> sensitive_;  ///< by domain: a rule that uses a forgotten token's place in the order
    Localised result_;
    double instances_ = 0;  ///< of rules so far
    std::optional<Error> error_;
};

}  // namespace

Result<Localised> localise(const ir::GroundSystem& whole, const std::vector<monitor::Observer>& observers,
                           const std::vector<bool>& kept) {
    return Localiser(whole, observers, kept).run();
}

}  // namespace imspect::parameterised
