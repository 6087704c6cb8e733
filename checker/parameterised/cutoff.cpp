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
    CutoffFinder(Localised& localised, const Shape& shape)
        : localised_(localised), shape_(shape), stand_in_(shape.replicas - 1) {}

    Result<Cutoff> run() {
        for (std::size_t rule = 0; rule < localised_.ground.rules.size() && error_.empty(); ++rule) look_at_rule(rule);
        for (monitor::Observer& observer : localised_.observers) {
            if (observer.formula != ir::kNoExpr && error_.empty()) {
                where_ = observer.id;
                actor_ = kNobody;
                tied_ = false;
                observer.formula = look_at_formula(observer.formula);
            }
        }
        if (!error_.empty()) return Error{"cutoff", error_, {}, {}, {}};
        return std::move(result_);
    }

private:
    using Replicas = std::set<std::uint32_t>;

    ir::ExprPool& pool() { return localised_.ground.pool(); }
    [[nodiscard]] const Owner& owner(const ExprNode& leaf) const { return shape_.owners[static_cast<SlotId>(leaf.a)]; }

    void refuse(const std::string& what) {
        if (error_.empty()) error_ = fmt::format("{}: {}", where_, what);
    }

    void look_at_rule(std::size_t index) {
        const ir::GroundRule& rule = localised_.ground.rules[index];
        where_ = rule.name;
        find_actor(rule);
        result_.actors.push_back(actor_);
        result_.concerns_others.push_back(false);
        check_channels(rule);
        expect_reads(rule.guard, {actor_});
        for (const ir::Bound& bound : rule.bounds) check_bound(bound);
        for (const ir::GroundAssignment& assignment : rule.assignments) check_assignment(assignment);
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

    void check_assignment(const ir::GroundAssignment& assignment) {
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

    /// Whose own slots an expression reads, those within aggregates left out; notes aggregates on the way.
    Replicas reads(ExprId id) {
        Replicas found;
        std::set<ExprId> seen;
        std::vector<ExprId> pending = {id};
        while (!pending.empty()) {
            const ExprId at = pending.back();
            pending.pop_back();
            if (!seen.insert(at).second) continue;
            const ExprNode node = pool().node(at);
            if (is_slot(node)) read_slot(node, found);
            check_comparison(node);
            if (node.op == Op::kAnd || node.op == Op::kOr) {
                for (const ExprId kid : without_aggregates(node)) pending.push_back(kid);
            } else if (!asks_if_empty(node)) {
                for (const ExprId kid : node.kids) pending.push_back(kid);
            }
        }
        return found;
    }

    void read_slot(const ExprNode& node, Replicas& found) {
        const Owner& who = owner(node);
        if (who.kind == Owner::Kind::kOwn) found.insert(who.replica);
        if (who.kind != Owner::Kind::kWord) return;
        if (who.part == Owner::Part::kLength || who.position != 0) return refuse("it reads a word of messages beyond its head");
        if (actor_ != kNobody && !tied_) refuse("it reads a message that may be another replica's");
    }

    /// length > 0
    bool asks_if_empty(const ExprNode& node) {
        if (node.op != Op::kLt) return false;
        const ExprNode right = pool().node(node.kids[1]);
        return pool().is_const(node.kids[0]) && pool().const_value(node.kids[0]) == 0 && is_slot(right) &&
               owner(right).kind == Owner::Kind::kWord && owner(right).part == Owner::Part::kLength;
    }

    /// The operands of a connective that are neither an aggregate's nor ask whether a replica has a message in a word.
    std::vector<ExprId> without_aggregates(const ExprNode& node) {
        std::map<std::vector<ExprId>, std::map<std::uint32_t, ExprId>> alike;  // by form for replica 0
        std::vector<ExprId> rest;
        for (const ExprId kid : node.kids) {
            if (node.op == Op::kOr && asks_for_own_message(kid)) continue;
            const std::optional<std::uint32_t> replica = only_replica(kid);
            if (replica) alike[{as_replica(kid, 0)}][*replica] = kid;
            else rest.push_back(kid);
        }
        for (const auto& [form, kids] : alike) {
            bool all = true;
            for (std::uint32_t r = 0; r < shape_.replicas; ++r) all = all && (r == actor_ || kids.contains(r));
            if (all && shape_.replicas > 2) add_aggregate(node.op == Op::kAnd ? pool().negate(form[0]) : form[0]);
            else for (const auto& [replica, kid] : kids) rest.push_back(kid);
        }
        return rest;
    }

    /// length > i and owner_i = replica and …, all of position i.
    bool asks_for_own_message(ExprId id) {
        const ExprNode node = pool().node(id);
        if (node.op != Op::kAnd) return false;
        std::set<std::uint32_t> positions;
        bool named = false;
        for (const ExprId kid : node.kids) {
            const ExprNode part = pool().node(kid);
            if (part.op == Op::kEq) {
                for (const std::size_t side : {0U, 1U}) {
                    const ExprNode leaf = pool().node(part.kids[side]);
                    if (is_slot(leaf) && owner(leaf).kind == Owner::Kind::kWord && owner(leaf).part == Owner::Part::kOwner &&
                        pool().is_const(part.kids[1 - side]) && pool().const_value(part.kids[1 - side]) == static_cast<ir::Value>(actor_)) {
                        named = true;
                    }
                }
            }
            bool words_only = true;
            pool().visit(kid, [&](ExprId, const ExprNode& below) {
                if (!is_slot(below)) return;
                const Owner& who = owner(below);
                if (who.kind != Owner::Kind::kWord) words_only = false;
                else if (who.part != Owner::Part::kLength) positions.insert(who.position);
            });
            if (!words_only) return false;
        }
        return named && positions.size() == 1;
    }

    /// The replica of whom alone the Boolean expression speaks, of its slots as they are before the step or after it.
    std::optional<std::uint32_t> only_replica(ExprId id) {
        Replicas found;
        bool others = false;
        pool().visit(id, [&](ExprId, const ExprNode& node) {
            if (!is_slot(node)) return;
            if (owner(node).kind == Owner::Kind::kOwn) found.insert(owner(node).replica);
            else others = true;
        });
        if (others || found.size() != 1) return std::nullopt;
        return *found.begin();
    }

    ExprId as_replica(ExprId id, std::uint32_t replica) {
        return pool().rewrite(id, [&](const ExprNode& node, ExprId leaf) {
            if (!is_slot(node)) return leaf;
            const SlotId slot = shape_.own[replica][owner(node).twin].slot;
            return node.op == Op::kSlot ? pool().slot(slot, node.domain) : pool().old_slot(slot, node.domain);
        });
    }

    void add_aggregate(ExprId of_first) {
        // What a formula asks of the state before the step is the same quality.
        const ExprId now = pool().rewrite(of_first, [&](const ExprNode& node, ExprId leaf) {
            return node.op == Op::kOldSlot ? pool().slot(static_cast<SlotId>(node.a), node.domain) : leaf;
        });
        if (!known_.insert(now).second) return;
        Aggregate aggregate;
        for (std::uint32_t r = 0; r < shape_.replicas; ++r) aggregate.of.push_back(as_replica(now, r));
        result_.aggregates.push_back(std::move(aggregate));
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

    void expect_reads(ExprId expression, const Replicas& allowed) {
        for (const std::uint32_t replica : reads(expression)) {
            if (!allowed.contains(replica)) refuse("it reads what another replica has");
        }
    }

    void look_at_observer(std::size_t index, monitor::Observer& observer) {
        for (std::size_t i = 0; i < observer.registers.size(); ++i) {
            const ExprId next = observer.registers[i].next[index];
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
        for (const ExprId conjunct : conjuncts) {
            Replicas whose = reads(conjunct);
            whose.erase(actor_);
            if (whose.size() > 1) refuse("a property asks something of several replicas at once");
            if (!whose.empty() && !result_.concerns_others.empty()) result_.concerns_others.back() = true;
            if (!whose.contains(stand_in_)) kept.push_back(conjunct);
        }
        return pool().conjunction(kept);
    }

    Localised& localised_;
    const Shape& shape_;
    std::uint32_t stand_in_;
    std::uint32_t actor_ = kNobody;
    bool tied_ = false;  ///< the head of a word is the actor's
    std::string where_;
    std::string error_;
    std::set<ExprId> known_;
    Cutoff result_;
};

}  // namespace

Result<Cutoff> find_cutoff(Localised& localised, const Shape& shape) { return CutoffFinder(localised, shape).run(); }

}  // namespace imspect::parameterised
