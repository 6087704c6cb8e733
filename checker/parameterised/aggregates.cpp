#include "checker/parameterised/aggregates.h"

#include <algorithm>

#include <fmt/format.h>

namespace imspect::parameterised {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::SlotId;

Aggregates::Aggregates(Localised& localised, const Shape& shape) : localised_(localised), shape_(shape) {
    IMSPECT_REQUIRE(!localised.observers.empty(), "aggregates are for a search that watches a property");
    const monitor::Observer& last = localised.observers.back();
    next_register_ = last.first_register + static_cast<SlotId>(last.registers.size());
    for (std::uint32_t replica = 0; replica + 1 < shape.replicas; ++replica) shown_.push_back(add_register(fmt::format("shown.{}", replica)));
}

SlotId Aggregates::add_register(std::string name) {
    ir::GroundVariable variable;
    variable.name = std::move(name);
    registers_.push_back({std::move(variable), std::vector<ExprId>(localised_.ground.rules.size(), ir::kNoExpr)});
    return next_register_++;
}

std::vector<Aggregate> Aggregates::finish() {
    if (!parts_of_.empty()) answer_by_parts();
    monitor::Observer& last = localised_.observers.back();
    for (monitor::Register& reg : registers_) last.registers.push_back(std::move(reg));
    return std::move(found_);
}

const Owner& Aggregates::owner(const ExprNode& leaf) const {
    static const Owner shared;  // a register of this file
    const auto slot = static_cast<SlotId>(leaf.a);
    return slot < shape_.owners.size() ? shape_.owners[slot] : shared;
}

bool Aggregates::is_own_or_word(const ExprNode& node) const { return is_slot(node) && owner(node).kind != Owner::Kind::kShared; }

ExprId Aggregates::answered(ExprId expression, std::uint32_t actor, Asker asker, const Visit& visit) {
    Context context{actor, asker, &visit, {}};
    return answer(expression, context);
}

ExprId Aggregates::where_shown(std::uint32_t replica, ExprId condition) {
    return pool().implies(pool().slot(shown_[replica], ir::kBoolDomain), condition);
}

ExprId Aggregates::answer(ExprId id, Context& context) {
    if (const auto found = context.done.find(id); found != context.done.end()) return found->second;
    const ExprNode node = pool().node(id);
    (*context.visit)(node);
    ExprId result = id;
    if (node.op == Op::kAnd || node.op == Op::kOr) {
        std::vector<ExprId> operands = answer_operands(node, context);
        result = node.op == Op::kAnd ? pool().conjunction(std::move(operands)) : pool().disjunction(std::move(operands));
    } else if (!node.kids.empty() && !asks_if_empty(node)) {
        std::vector<ExprId> kids;
        for (const ExprId kid : node.kids) kids.push_back(answer(kid, context));
        result = pool().rebuild(node, std::move(kids));
    }
    context.done[id] = result;
    return result;
}

/// length > 0
bool Aggregates::asks_if_empty(const ExprNode& node) const {
    if (node.op != Op::kLt) return false;
    const ir::ExprPool& expressions = localised_.ground.pool();
    const ExprNode right = expressions.node(node.kids[1]);
    return expressions.is_const(node.kids[0]) && expressions.const_value(node.kids[0]) == 0 && is_slot(right) &&
           owner(right).kind == Owner::Kind::kWord && owner(right).part == Owner::Part::kLength;
}

std::vector<ExprId> Aggregates::answer_operands(const ExprNode& node, Context& context) {
    const bool disjunct = node.op == Op::kOr;
    std::vector<ExprId> operands = node.kids;
    std::vector<ExprId> result;
    if (disjunct) take_messages(operands, result, context);
    std::map<std::vector<ExprId>, std::map<std::uint32_t, ExprId>> alike;  // by form for replica 0 and what is shared
    std::map<ExprId, Operand> taken_apart;
    for (const ExprId kid : operands) {
        std::optional<Operand> operand = operand_of(kid, disjunct);
        if (!operand) {
            result.push_back(answer(kid, context));
            continue;
        }
        std::vector<ExprId> form = {as_replica(operand->own, 0)};
        form.insert(form.end(), operand->shared.begin(), operand->shared.end());
        alike[form][operand->replica] = kid;
        taken_apart.emplace(kid, std::move(*operand));
    }
    for (const auto& [form, kids] : alike) {
        bool all = shape_.replicas > 2;
        for (std::uint32_t r = 0; r < shape_.replicas; ++r) all = all && (r == context.actor || kids.contains(r));
        if (!all) {
            for (const auto& [replica, kid] : kids) result.push_back(answer(kid, context));
            continue;
        }
        std::vector<ExprId> of;
        const ExprId quality = disjunct ? form[0] : pool().negate(form[0]);
        for (std::uint32_t r = 0; r < shape_.replicas; ++r) of.push_back(as_replica(now(quality), r));
        std::vector<ExprId> shared(form.begin() + 1, form.end());
        for (ExprId& condition : shared) condition = answer(condition, context);
        for (const auto& [replica, kid] : kids) {
            const bool stands_in = replica + 1 == shape_.replicas;
            ExprId has = stands_in ? outside_has(of, before_the_step(form[0]), context.asker, 2) : ir::kNoExpr;
            if (!stands_in) {
                const ExprId own = taken_apart.at(kid).own;
                has = pool().conjunction({pool().slot(shown_[replica], ir::kBoolDomain), disjunct ? own : pool().negate(own)});
            }
            std::vector<ExprId> parts = shared;
            parts.push_back(has);
            const ExprId operand = pool().conjunction(std::move(parts));
            result.push_back(disjunct ? operand : pool().negate(operand));
        }
    }
    return result;
}

/// Takes the operands that ask for a message of the actor's, and those that ask for one of anybody's.
void Aggregates::take_messages(std::vector<ExprId>& operands, std::vector<ExprId>& result, Context& context) {
    std::map<std::pair<std::uint32_t, ExprId>, std::map<std::uint32_t, ExprId>> alike;  // by channel and form for the first place
    std::vector<ExprId> rest;
    for (const ExprId kid : operands) {
        if (asks_for_own_message(kid, context.actor)) {
            result.push_back(kid);
            continue;
        }
        const auto where = only_message(kid);
        if (where) alike[{where->first, as_position(kid, where->first, 0)}][where->second] = kid;
        else rest.push_back(kid);
    }
    for (const auto& [key, kids] : alike) {
        const std::uint32_t channel = key.first;
        const ir::GroundChannel& ground = ground_channel(channel);
        if (kids.size() != ground.slots.size()) {
            for (const auto& [position, kid] : kids) rest.push_back(kid);
            continue;
        }
        std::vector<ExprId> of;
        for (std::uint32_t r = 0; r < shape_.replicas; ++r) {
            std::vector<ExprId> places;
            for (const auto& [position, kid] : kids) {
                const auto& slots = ground.slots[position];
                const auto names = std::find_if(slots.begin(), slots.end(), [&](SlotId slot) {
                    return slot != kForgottenSlot && shape_.owners[slot].kind == Owner::Kind::kWord && shape_.owners[slot].part == Owner::Part::kOwner;
                });
                const ir::DomainId domain = localised_.ground.variables[*names].domain;
                places.push_back(pool().conjunction({pool().equal(pool().slot(*names, domain), pool().constant(domain, static_cast<ir::Value>(r))), now(kid)}));
            }
            of.push_back(pool().disjunction(std::move(places)));
        }
        for (const auto& [position, kid] : kids) result.push_back(kid);  // messages in a scene are those of replicas that it shows
        result.push_back(outside_has(std::move(of), before_the_step(key.second), context.asker, 1));
    }
    operands = std::move(rest);
}

/// length > i and owner_i = actor and …, all of position i.
bool Aggregates::asks_for_own_message(ExprId id, std::uint32_t actor) {
    const ExprNode node = pool().node(id);
    if (node.op != Op::kAnd || actor == kNobody) return false;
    std::set<std::uint32_t> positions;
    bool named = false;
    for (const ExprId kid : node.kids) {
        const ExprNode part = pool().node(kid);
        if (part.op == Op::kEq) {
            for (const std::size_t side : {0U, 1U}) {
                const ExprNode leaf = pool().node(part.kids[side]);
                if (is_slot(leaf) && owner(leaf).kind == Owner::Kind::kWord && owner(leaf).part == Owner::Part::kOwner &&
                    pool().is_const(part.kids[1 - side]) && pool().const_value(part.kids[1 - side]) == static_cast<ir::Value>(actor)) {
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

std::optional<std::pair<std::uint32_t, std::uint32_t>> Aggregates::only_message(ExprId id) {
    const ExprNode node = pool().node(id);
    if (node.op != Op::kAnd) return std::nullopt;
    std::set<std::pair<std::uint32_t, std::uint32_t>> where;
    std::set<std::uint32_t> lengths;
    std::set<Op> times;
    bool good = true;
    pool().visit(id, [&](ExprId, const ExprNode& below) {
        if (!is_slot(below)) return;
        const Owner& who = owner(below);
        times.insert(below.op);
        if (who.kind != Owner::Kind::kWord || who.part == Owner::Part::kOwner) good = false;
        else if (who.part == Owner::Part::kField) where.insert({who.channel, who.position});
        else lengths.insert(who.channel);
    });
    if (!good || times.size() != 1 || where.size() != 1 || lengths != std::set<std::uint32_t>{where.begin()->first}) return std::nullopt;
    // There is such a message: its place is below the length, and nothing else is said of the length.
    const auto [channel, position] = *where.begin();
    std::size_t says = 0;
    for (const ExprId kid : node.kids) {
        const ExprNode part = pool().node(kid);
        bool of_length = false;
        pool().visit(kid, [&](ExprId, const ExprNode& below) { of_length |= is_slot(below) && owner(below).part == Owner::Part::kLength; });
        if (!of_length) continue;
        const bool below_length = part.op == Op::kLt && pool().is_const(part.kids[0]) && is_slot(pool().node(part.kids[1])) &&
                                  pool().const_value(part.kids[0]) == static_cast<ir::Value>(position);
        if (!below_length) return std::nullopt;
        ++says;
    }
    if (says != 1) return std::nullopt;
    return std::pair{channel, position};
}

const ir::GroundChannel& Aggregates::ground_channel(std::uint32_t channel) const {
    const auto found = std::find_if(localised_.ground.channels.begin(), localised_.ground.channels.end(), [&](const ir::GroundChannel& candidate) {
        const Owner& whose = shape_.owners[candidate.length];
        return whose.kind == Owner::Kind::kWord && whose.channel == channel;
    });
    IMSPECT_REQUIRE(found != localised_.ground.channels.end(), "a word of messages is a channel");
    return *found;
}

/// The condition on a message, said of another place of its channel.
ExprId Aggregates::as_position(ExprId id, std::uint32_t channel, std::uint32_t position) {
    const ir::GroundChannel& ground = ground_channel(channel);
    const ExprNode whole = pool().node(id);
    std::vector<ExprId> kids;
    for (const ExprId kid : whole.kids) {
        bool of_length = false;
        pool().visit(kid, [&](ExprId, const ExprNode& below) { of_length |= is_slot(below) && owner(below).part == Owner::Part::kLength; });
        if (of_length) continue;  // what it says follows from the place
        kids.push_back(pool().rewrite(kid, [&](const ExprNode& node, ExprId leaf) {
            if (!is_slot(node)) return leaf;
            const auto& from = ground.slots[owner(node).position];
            const auto field = std::find(from.begin(), from.end(), static_cast<SlotId>(node.a)) - from.begin();
            const SlotId slot = ground.slots[position][static_cast<std::size_t>(field)];
            return node.op == Op::kSlot ? pool().slot(slot, node.domain) : pool().old_slot(slot, node.domain);
        }));
    }
    return pool().conjunction(std::move(kids));
}

/// One replica's quality, and beside it, in a disjunction, conditions on what is shared.
std::optional<Aggregates::Operand> Aggregates::operand_of(ExprId id, bool disjunct) {
    if (const auto replica = only_replica(id)) return Operand{{}, id, *replica};
    const ExprNode node = pool().node(id);
    if (!disjunct || node.op != Op::kAnd) return std::nullopt;
    Operand operand;
    std::vector<ExprId> own;
    for (const ExprId kid : node.kids) {
        bool shared = true;
        pool().visit(kid, [&](ExprId, const ExprNode& below) { shared = shared && !is_own_or_word(below); });
        (shared ? operand.shared : own).push_back(kid);
    }
    operand.own = pool().conjunction(std::move(own));
    const auto replica = only_replica(operand.own);
    if (!replica) return std::nullopt;
    operand.replica = *replica;
    return operand;
}

/// The replica of whom alone the Boolean expression speaks, of its slots all before the step or all after it.
std::optional<std::uint32_t> Aggregates::only_replica(ExprId id) {
    Replicas found;
    std::set<Op> times;
    bool others = false;
    pool().visit(id, [&](ExprId, const ExprNode& node) {
        if (!is_slot(node)) return;
        times.insert(node.op);
        if (owner(node).kind == Owner::Kind::kOwn) found.insert(owner(node).replica);
        else others = true;
    });
    if (others || found.size() != 1 || times.size() != 1) return std::nullopt;
    return *found.begin();
}

ExprId Aggregates::as_replica(ExprId id, std::uint32_t replica) {
    return pool().rewrite(id, [&](const ExprNode& node, ExprId leaf) {
        if (!is_slot(node) || owner(node).kind != Owner::Kind::kOwn) return leaf;
        const SlotId slot = shape_.own[replica][owner(node).twin].slot;
        return node.op == Op::kSlot ? pool().slot(slot, node.domain) : pool().old_slot(slot, node.domain);
    });
}

/// What a formula asks of the state before the step is the same quality.
ExprId Aggregates::now(ExprId id) {
    return pool().rewrite(id, [&](const ExprNode& node, ExprId leaf) {
        return node.op == Op::kOldSlot ? pool().slot(static_cast<SlotId>(node.a), node.domain) : leaf;
    });
}

bool Aggregates::before_the_step(ExprId id) {
    bool before = false;
    pool().visit(id, [&](ExprId, const ExprNode& node) { before |= node.op == Op::kOldSlot; });
    return before;
}

ExprId Aggregates::outside_has(std::vector<ExprId> of, bool before_step, Asker asker, std::uint8_t most) {
    const auto [known, is_new] = known_.try_emplace(of[0], found_.size());
    if (is_new) {
        Aggregate aggregate;
        aggregate.of = std::move(of);
        aggregate.most = most;
        aggregate.outside = add_register(fmt::format("outside.{}", found_.size()));
        found_.push_back(std::move(aggregate));
    }
    Aggregate& aggregate = found_[known->second];
    aggregate.askers |= static_cast<std::uint8_t>(asker);
    return before_step ? pool().old_slot(aggregate.outside, ir::kBoolDomain) : pool().slot(aggregate.outside, ir::kBoolDomain);
}

}  // namespace imspect::parameterised
