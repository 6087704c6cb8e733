#include "checker/parameterised/cutoff.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace imspect::parameterised {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::SlotId;

namespace {

bool is_slot(const ExprNode& node) { return node.op == Op::kSlot || node.op == Op::kOldSlot; }

class CutoffFinder {
public:
    CutoffFinder(Localised& localised, const Shape& shape, bool split)
        : localised_(localised), shape_(shape), stand_in_(shape.replicas - 1), split_(split), aggregates_(localised, shape) {}

    Result<Cutoff> run() {
        for (std::size_t rule = 0; rule < localised_.ground.rules.size() && error_.empty(); ++rule) look_at_rule(rule);
        for (monitor::Observer& observer : localised_.observers) {
            if (observer.formula != ir::kNoExpr && error_.empty()) {
                where_ = observer.id;
                actor_ = kNobody;
                tied_ = false;
                asker_ = Asker::kState;
                observer.formula = look_at_formula(observer.formula);
            }
        }
        if (split_) aggregates_.split();
        result_.shown = aggregates_.shown();
        result_.parts = aggregates_.parts();
        result_.aggregates = aggregates_.finish();
        for (std::size_t rule = 0; rule < localised_.ground.rules.size() && error_.empty(); ++rule) settle_others(rule);
        if (!error_.empty()) return Error{"cutoff", error_, {}, {}, {}};
        return std::move(result_);
    }

private:
    using Replicas = std::set<std::uint32_t>;

    ir::ExprPool& pool() { return localised_.ground.pool(); }
    [[nodiscard]] const Owner& owner(const ExprNode& leaf) const {
        static const Owner shared;  // a register that answers an aggregate
        const auto slot = static_cast<SlotId>(leaf.a);
        return slot < shape_.owners.size() ? shape_.owners[slot] : shared;
    }

    void refuse(const std::string& what) {
        if (error_.empty()) error_ = fmt::format("{}: {}", where_, what);
    }

    void look_at_rule(std::size_t index) {
        ir::GroundRule& rule = localised_.ground.rules[index];
        where_ = rule.name;
        asker_ = Asker::kRule;
        find_actor(rule);
        result_.actors.push_back(actor_);
        result_.concerns_others.push_back(false);
        written_.clear();
        for (const ir::GroundAssignment& assignment : rule.assignments) written_.insert(assignment.slot);
        for (const monitor::Observer& observer : localised_.observers) {
            for (std::size_t i = 0; i < observer.registers.size(); ++i) {
                if (observer.registers[i].next[index] != ir::kNoExpr) written_.insert(observer.first_register + static_cast<SlotId>(i));
            }
        }
        check_channels(rule);
        expect_reads(rule.guard, {actor_});
        for (const ir::Bound& bound : rule.bounds) check_bound(bound);
        for (ir::GroundAssignment& assignment : rule.assignments) check_assignment(assignment);
        asker_ = Asker::kStep;
        for (monitor::Observer& observer : localised_.observers) look_at_observer(index, observer);
    }

    void find_actor(const ir::GroundRule& rule) {
        const ir::Rule& declared = localised_.ground.system->rules[rule.rule];
        Replicas actors;
        for (std::size_t i = 0; i < declared.params.size(); ++i) {
            const ir::DomainId domain = localised_.ground.system->params[declared.params[i]].domain;
            if (domain == shape_.replica_domain) actors.insert(static_cast<std::uint32_t>(rule.arguments[i]));
        }
        if (actors.size() > 1) refuse("it has two actors");
        actor_ = actors.empty() ? kNobody : *actors.begin();
        tied_ = false;
        const ExprNode guard = pool().node(rule.guard);
        const std::vector<ExprId> conjuncts = guard.op == Op::kAnd ? guard.kids : std::vector<ExprId>{rule.guard};
        for (const ExprId conjunct : conjuncts) tied_ |= actor_ != kNobody && head_is(conjunct, actor_);
    }

    /// The conjunct says that the head of a word is this replica's.
    bool head_is(ExprId conjunct, std::uint32_t replica) {
        const ExprNode node = pool().node(conjunct);
        if (node.op != Op::kEq) return false;
        for (const std::size_t side : {0U, 1U}) {
            const ExprNode leaf = pool().node(node.kids[side]);
            const ExprId other = node.kids[1 - side];
            if (!is_slot(leaf) || !pool().is_const(other)) continue;
            const Owner& who = owner(leaf);
            if (who.kind == Owner::Kind::kWord && who.part == Owner::Part::kOwner && who.position == 0 &&
                pool().const_value(other) == static_cast<ir::Value>(replica)) {
                return true;
            }
        }
        return false;
    }

    void check_channels(const ir::GroundRule& rule) {
        const ir::System& system = *localised_.ground.system;
        bool takes = false;
        for (const ir::ChannelStep& step : system.rules[rule.rule].channel_steps) {
            const auto kept = std::find_if(localised_.ground.channels.begin(), localised_.ground.channels.end(),
                                           [&](const ir::GroundChannel& channel) { return channel.channel == step.channel; });
            if (kept == localised_.ground.channels.end()) continue;
            if (shape_.owners[kept->length].kind != Owner::Kind::kWord) continue;
            if (step.kind == ir::ChannelStep::Kind::kSwap) refuse("messages of two replicas may change places");
            if (step.kind == ir::ChannelStep::Kind::kRemove && step.position != 0) refuse("it takes a message that is not the first");
            if (step.kind == ir::ChannelStep::Kind::kRemove && takes && actor_ == kNobody) refuse("it takes messages of two replicas");
            takes |= step.kind == ir::ChannelStep::Kind::kRemove;
            if (step.kind == ir::ChannelStep::Kind::kAppend && actor_ == kNobody && step.values.empty()) refuse("it repeats a message");
        }
        if (takes && actor_ != kNobody && !tied_) refuse("it takes a message that may be another replica's");
    }

    void check_bound(const ir::Bound& bound) {
        pool().visit(bound.condition, [&](ExprId, const ExprNode& node) {
            if (is_slot(node) && owner(node).kind == Owner::Kind::kOwn && owner(node).replica != actor_) refuse("a bound reads another replica");
        });
    }

    void check_assignment(ir::GroundAssignment& assignment) {
        const Owner& to = shape_.owners[assignment.slot];
        if (to.kind == Owner::Kind::kWord) {
            // The grounder wrote the shifting; what is appended comes from the actor and from heads of words.
            pool().visit(assignment.value, [&](ExprId, const ExprNode& node) {
                if (is_slot(node) && owner(node).kind == Owner::Kind::kOwn && owner(node).replica != actor_) refuse("it sends what another replica has");
            });
            if (to.part == Owner::Part::kOwner) check_owner(assignment.value);
            return;
        }
        const bool others = to.kind == Owner::Kind::kOwn && to.replica != actor_;
        if (others) expect_reads(assignment.value, {to.replica});
        else expect_reads(assignment.value, {actor_});
        if (others) {
            pool().visit(assignment.value, [&](ExprId, const ExprNode& node) {
                if (is_slot(node) && owner(node).kind != Owner::Kind::kOwn) refuse("it changes another replica by what is shared");
            });
        }
    }

    /// A message appended is its actor's.
    void check_owner(ExprId value) {
        pool().visit(value, [&](ExprId, const ExprNode& node) {
            if (node.op != Op::kIte) return;
            for (const ExprId kid : {node.kids[1], node.kids[2]}) {
                const bool good = !pool().is_const(kid) || pool().const_value(kid) < 0 || pool().const_value(kid) == static_cast<ir::Value>(actor_);
                if (!good) refuse("it sends a message in another replica's name");
            }
        });
    }

    /// Whose own slots an expression reads, those within aggregates left out; registers answer aggregates in it.
    Replicas reads(ExprId& expression) {
        Replicas found;
        expression = aggregates_.answered(expression, actor_, asker_, [&](const ExprNode& node) {
            if (is_slot(node)) read_slot(node, found);
            check_comparison(node);
        });
        return found;
    }

    void read_slot(const ExprNode& node, Replicas& found) {
        const Owner& who = owner(node);
        if (who.kind == Owner::Kind::kOwn) found.insert(who.replica);
        if (who.kind != Owner::Kind::kWord) return;
        if (asker_ == Asker::kState) result_.state_reads_messages = true;
        if (who.part == Owner::Part::kLength || who.position != 0) return refuse("it reads a word of messages beyond its head");
        if (actor_ != kNobody && !tied_) refuse("it reads a message that may be another replica's");
    }

    void check_comparison(const ExprNode& node) {
        if (node.op != Op::kEq && node.op != Op::kLt && node.op != Op::kLe) return;
        Replicas whose;
        for (const ExprId kid : node.kids) {
            if (localised_.ground.system->domains[pool().node(kid).domain].kind != ir::DomainKind::kToken) continue;
            pool().visit(kid, [&](ExprId, const ExprNode& below) {
                if (!is_slot(below) || localised_.ground.system->domains[below.domain].kind != ir::DomainKind::kToken) return;
                const Owner& who = owner(below);
                whose.insert(who.kind == Owner::Kind::kWord ? actor_ : who.replica);
            });
        }
        if (whose.size() > 1) refuse("it compares tokens of two replicas");
    }

    void expect_reads(ExprId& expression, const Replicas& allowed) {
        for (const std::uint32_t replica : reads(expression)) {
            if (!allowed.contains(replica)) refuse("it reads what another replica has");
        }
    }

    void look_at_observer(std::size_t index, monitor::Observer& observer) {
        for (std::size_t i = 0; i < observer.registers.size(); ++i) {
            ExprId& next = observer.registers[i].next[index];
            if (next == ir::kNoExpr) continue;
            const Owner& whose = shape_.owners[observer.first_register + i];
            if (whose.kind == Owner::Kind::kOwn && whose.replica != actor_) {
                expect_reads(next, {whose.replica, actor_});
                result_.concerns_others.back() = true;
            } else expect_reads(next, {actor_});
        }
        ExprId& formula = observer.step_formula[index];
        if (formula != ir::kNoExpr) formula = look_at_formula(formula);
    }

    /// Without the instances for the replica that stands in; every other one reads the actor and one replica at most.
    ExprId look_at_formula(ExprId formula) {
        const ExprNode node = pool().node(formula);
        const std::vector<ExprId> conjuncts = node.op == Op::kAnd ? node.kids : std::vector<ExprId>{formula};
        std::vector<ExprId> kept;
        for (ExprId conjunct : conjuncts) {
            Replicas whose = reads(conjunct);
            whose.erase(actor_);
            if (whose.size() > 1) refuse("a property asks something of several replicas at once");
            if (!whose.empty() && asker_ == Asker::kStep && !holds_on(conjunct, *whose.begin())) result_.concerns_others.back() = true;
            if (whose.contains(stand_in_)) continue;
            kept.push_back(whose.empty() ? conjunct : aggregates_.where_shown(*whose.begin(), conjunct));
        }
        return pool().conjunction(kept);
    }

    /// It says of the other replica's own slots what it said after the last step that wrote these: this one leaves them alone.
    bool holds_on(ExprId conjunct, std::uint32_t replica) {
        bool holds = true;
        pool().visit(conjunct, [&](ExprId, const ExprNode& node) {
            if (!is_slot(node)) return;
            const Owner& who = owner(node);
            holds = holds && node.op == Op::kSlot && who.kind == Owner::Kind::kOwn && who.replica == replica &&
                    !written_.contains(static_cast<SlotId>(node.a));
        });
        return holds;
    }

    /// What a step makes of the qualities of replicas that it is not by (a restart): of those outside a scene all the same.
    void settle_others(std::size_t index) {
        const ir::GroundRule& rule = localised_.ground.rules[index];
        where_ = rule.name;
        std::map<SlotId, ExprId> written;
        for (const ir::GroundAssignment& assignment : rule.assignments) {
            const Owner& to = shape_.owners[assignment.slot];
            if (to.kind == Owner::Kind::kOwn && to.replica == stand_in_ && actor_of(index) != stand_in_) written[assignment.slot] = assignment.value;
        }
        std::vector<bool> takes;
        for (const Aggregate& aggregate : result_.aggregates) {
            takes.push_back(takes_away(aggregate, written));
            if (!takes.back()) continue;
            monitor::Observer& observer = localised_.observers.back();
            observer.registers[aggregate.outside - observer.first_register].next[index] = pool().boolean(false);
        }
        result_.takes_away.push_back(std::move(takes));
        if (actor_of(index) != stand_in_ && writes_history_of_stand_in(index)) refuse("it changes a history of others that an aggregate reads");
    }

    [[nodiscard]] std::uint32_t actor_of(std::size_t index) const { return result_.actors[index]; }

    bool takes_away(const Aggregate& aggregate, const std::map<SlotId, ExprId>& written) {
        const ExprId before = aggregate.of[stand_in_];
        const ExprId after = pool().rewrite(before, [&](const ExprNode& node, ExprId leaf) {
            const auto found = is_slot(node) ? written.find(static_cast<SlotId>(node.a)) : written.end();
            return found == written.end() ? leaf : found->second;
        });
        if (after == before) return false;
        if (!pool().is_false(after)) refuse("it changes of others what an aggregate reads, and does not take it from all");
        return true;
    }

    bool writes_history_of_stand_in(std::size_t index) {
        bool writes = false;
        for (const Aggregate& aggregate : result_.aggregates) {
            pool().visit(aggregate.of[stand_in_], [&](ExprId, const ExprNode& node) {
                if (!is_slot(node)) return;
                const auto slot = static_cast<SlotId>(node.a);
                for (const monitor::Observer& observer : localised_.observers) {
                    if (slot < observer.first_register || slot >= observer.first_register + observer.registers.size()) continue;
                    writes |= observer.registers[slot - observer.first_register].next[index] != ir::kNoExpr;
                }
            });
        }
        return writes;
    }

    Localised& localised_;
    const Shape& shape_;
    std::uint32_t stand_in_;
    std::uint32_t actor_ = kNobody;
    std::set<SlotId> written_;  ///< by the rule, registers included
    bool tied_ = false;  ///< the head of a word is the actor's
    std::string where_;
    std::string error_;
    bool split_;
    Asker asker_ = Asker::kRule;  ///< whose expression is looked at
    Aggregates aggregates_;
    Cutoff result_;
};

}  // namespace

Result<Cutoff> find_cutoff(Localised& localised, const Shape& shape, bool split) { return CutoffFinder(localised, shape, split).run(); }

}  // namespace imspect::parameterised
