#include "checker/parameterised/message_orders.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "checker/parameterised/shape.h"

namespace imspect::parameterised {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::SlotId;

namespace {

class Orders {
public:
    Orders(const ir::GroundSystem& ground, ir::DomainId replicas) : ground_(ground), system_(*ground.system), replicas_(replicas) {
        for (const ir::GroundChannel& channel : ground.channels) {
            slots_.push_back({channel.length});
            for (const auto& place : channel.slots) slots_.back().insert(place.begin(), place.end());
        }
        for (const ir::GroundRule& rule : ground.rules) kinds_taken_.push_back(kind_taken_by(rule));
    }

    /// What the guard says of the first message of the channel that the rule takes it from.
    [[nodiscard]] const std::optional<MessageKind>& kind_taken(std::size_t rule) const { return kinds_taken_[rule]; }
    [[nodiscard]] const std::set<SlotId>& slots_of(std::size_t channel) const { return slots_[channel]; }

    [[nodiscard]] bool is_sent(const MessageKind& kind) const {
        return std::any_of(ground_.rules.begin(), ground_.rules.end(),
                           [&](const ir::GroundRule& rule) { return touches(rule, kind.channel) && may_append(rule, kind); });
    }

    /// A rule that takes a message and sends another there leaves the length alone.
    [[nodiscard]] bool touches(const ir::GroundRule& rule, std::size_t channel) const {
        return std::any_of(rule.assignments.begin(), rule.assignments.end(),
                           [&](const ir::GroundAssignment& assignment) { return slots_[channel].contains(assignment.slot); });
    }

    [[nodiscard]] bool does(const ir::GroundRule& rule, std::size_t channel, ir::ChannelStep::Kind kind) const {
        const auto& steps = system_.rules[rule.rule].channel_steps;
        return std::any_of(steps.begin(), steps.end(), [&](const ir::ChannelStep& step) {
            return step.channel == ground_.channels[channel].channel && step.kind == kind;
        });
    }

    /// It appends a message that is not seen to be of another kind.
    [[nodiscard]] bool may_append(const ir::GroundRule& rule, const MessageKind& kind) const {
        const auto& steps = system_.rules[rule.rule].channel_steps;
        return std::any_of(steps.begin(), steps.end(), [&](const ir::ChannelStep& step) {
            if (step.channel != ground_.channels[kind.channel].channel || step.kind != ir::ChannelStep::Kind::kAppend) return false;
            return std::all_of(kind.fields.begin(), kind.fields.end(), [&](const auto& field) {
                const ExprId value = step.values[field.first];
                return !pool().is_const(value) || pool().const_value(value) == field.second;
            });
        });
    }

    /// The message at this place is there and of the kind.
    [[nodiscard]] ExprId at(const MessageKind& kind, std::size_t position) const {
        const ir::GroundChannel& channel = ground_.channels[kind.channel];
        const ir::DomainId lengths = ground_.variables[channel.length].domain;
        std::vector<ExprId> says = {pool().less(pool().constant(lengths, static_cast<ir::Value>(position)), pool().slot(channel.length, lengths))};
        for (const auto& [field, value] : kind.fields) {
            const SlotId slot = channel.slots[position][field];
            const ir::DomainId domain = ground_.variables[slot].domain;
            says.push_back(pool().equal(pool().slot(slot, domain), pool().constant(domain, value)));
        }
        return pool().conjunction(std::move(says));
    }

    [[nodiscard]] ExprId some(const MessageKind& kind) const {
        std::vector<ExprId> places;
        for (std::size_t position = 0; position < ground_.channels[kind.channel].slots.size(); ++position) places.push_back(at(kind, position));
        return pool().disjunction(std::move(places));
    }

    [[nodiscard]] ir::ExprPool& pool() const { return ground_.pool(); }

private:
    [[nodiscard]] std::optional<MessageKind> kind_taken_by(const ir::GroundRule& rule) const {
        for (std::size_t channel = 0; channel < ground_.channels.size(); ++channel) {
            if (is_replicas_own(channel) || !touches(rule, channel) || !does(rule, channel, ir::ChannelStep::Kind::kRemove)) continue;
            MessageKind kind{channel, {}};
            const ExprNode guard = pool().node(rule.guard);
            for (const ExprId conjunct : guard.op == Op::kAnd ? guard.kids : std::vector<ExprId>{rule.guard}) note(conjunct, kind);
            if (!kind.fields.empty()) return kind;
        }
        return std::nullopt;
    }

    [[nodiscard]] bool is_replicas_own(std::size_t channel) const {
        const auto& indices = system_.channels[ground_.channels[channel].channel].indices;
        return std::find(indices.begin(), indices.end(), replicas_) != indices.end();
    }

    /// field of the first message = constant, the owner left out
    void note(ExprId conjunct, MessageKind& kind) const {
        const ExprNode node = pool().node(conjunct);
        if (node.op != Op::kEq) return;
        for (const std::size_t side : {0U, 1U}) {
            const ExprNode leaf = pool().node(node.kids[side]);
            if (leaf.op != Op::kSlot || !pool().is_const(node.kids[1 - side]) || names_replicas(system_, leaf.domain, replicas_)) continue;
            const auto& head = ground_.channels[kind.channel].slots[0];
            const auto field = std::find(head.begin(), head.end(), static_cast<SlotId>(leaf.a));
            if (field != head.end()) kind.fields[static_cast<std::size_t>(field - head.begin())] = pool().const_value(node.kids[1 - side]);
        }
    }

    const ir::GroundSystem& ground_;
    const ir::System& system_;
    ir::DomainId replicas_;
    std::vector<std::set<SlotId>> slots_;                  ///< by channel
    std::vector<std::optional<MessageKind>> kinds_taken_;  ///< by rule
};

/// No message is both.
bool exclude(const MessageKind& left, const MessageKind& right) {
    return std::any_of(left.fields.begin(), left.fields.end(), [&](const auto& field) {
        const auto other = right.fields.find(field.first);
        return other != right.fields.end() && other->second != field.second;
    });
}

/// Slots that the rule and formulas about its step read before it.
std::set<SlotId> slots_read(const Localised& localised, std::size_t index) {
    std::set<SlotId> read;
    const auto note = [&](ExprId expression) {
        if (expression == ir::kNoExpr) return;
        localised.ground.pool().visit(expression, [&](ExprId, const ExprNode& node) {
            if (is_slot(node)) read.insert(static_cast<SlotId>(node.a));
        });
    };
    const ir::GroundRule& rule = localised.ground.rules[index];
    note(rule.guard);
    for (const monitor::Observer& observer : localised.observers) note(observer.step_formula[index]);
    return read;
}

}  // namespace

std::vector<MessageOrder> orders_before(const Localised& localised, ir::DomainId replicas, std::size_t rule) {
    const Orders orders(localised.ground, replicas);
    const std::optional<MessageKind>& taken = orders.kind_taken(rule);
    if (!taken) return {};
    const std::set<SlotId> read = slots_read(localised, rule);
    const std::set<SlotId>& words = orders.slots_of(taken->channel);
    const auto matters = [&](const ir::GroundAssignment& assignment) { return read.contains(assignment.slot) && !words.contains(assignment.slot); };
    std::set<MessageOrder> found;
    for (std::size_t other = 0; other < localised.ground.rules.size(); ++other) {
        const std::optional<MessageKind>& first = orders.kind_taken(other);
        if (!first || first->channel != taken->channel || !exclude(*first, *taken)) continue;
        const auto& assignments = localised.ground.rules[other].assignments;
        if (std::any_of(assignments.begin(), assignments.end(), matters) && orders.is_sent(*first)) found.insert({*first, *taken});
    }
    return {found.begin(), found.end()};
}

void note_orders(Localised& localised, ir::DomainId replicas, const std::vector<MessageOrder>& noted) {
    const Orders orders(localised.ground, replicas);
    ir::ExprPool& pool = localised.ground.pool();
    monitor::Observer& observer = localised.observers.back();
    std::uint32_t family = 0;
    for (const monitor::HistoryElement& element : observer.history) family = std::max(family, element.family + 1);
    for (const MessageOrder& order : noted) {
        const auto index = static_cast<std::uint32_t>(observer.registers.size());
        const SlotId slot = observer.first_register + index;
        const ExprId both = pool.conjunction({orders.some(order.first), orders.some(order.second)});
        const ExprId ahead = pool.disjunction({pool.slot(slot, ir::kBoolDomain), pool.negate(orders.some(order.second))});
        monitor::Register reg;
        reg.variable.name = words(localised, order);
        for (std::size_t rule = 0; rule < localised.ground.rules.size(); ++rule) {
            ir::GroundRule& ground_rule = localised.ground.rules[rule];
            const bool appends = orders.may_append(ground_rule, order.second);
            const bool removes = orders.does(ground_rule, order.first.channel, ir::ChannelStep::Kind::kRemove);
            const bool changes = orders.touches(ground_rule, order.first.channel) && (appends || removes);
            const ExprId was = appends ? pool.boolean(true) : pool.old_slot(slot, ir::kBoolDomain);
            reg.next.push_back(changes ? pool.conjunction({was, both}) : ir::kNoExpr);
            if (orders.kind_taken(rule) != order.first) continue;
            ground_rule.guard = pool.conjunction({ground_rule.guard, ahead});
        }
        observer.registers.push_back(std::move(reg));
        observer.history.push_back({family++, {}, {}, index});
    }
}

std::string words(const Localised& localised, const MessageOrder& order) {
    const ir::System& system = *localised.ground.system;
    const auto kind = [&](const MessageKind& said) {
        const auto& fields = system.channels[localised.ground.channels[said.channel].channel].fields;
        std::vector<std::string> parts;
        for (const auto& [field, value] : said.fields) parts.push_back(fmt::format("{} = {}", fields[field].name, system.domains[fields[field].domain].value_name(value)));
        return fmt::format("{}", fmt::join(parts, ", "));
    };
    return fmt::format("{}: {} ahead of {}", localised.ground.channels[order.first.channel].name, kind(order.first), kind(order.second));
}

}  // namespace imspect::parameterised
