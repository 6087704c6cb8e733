#include "model/ir/json_rules.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/ir/print.h"
#include "model/nearest.h"

namespace imspect::ir {

namespace {

constexpr std::array<RuleKind, 6> kKinds = {RuleKind::kReceive, RuleKind::kSend,     RuleKind::kTimeout,
                                            RuleKind::kFault,   RuleKind::kAttacker, RuleKind::kInternal};

}  // namespace

void ModelReader::read_rule(const std::string& name, const Json& entry, const std::string& path) {
    Keys keys(reading_, entry, path);
    Rule rule;
    rule.name = name;
    rule.node = node(keys, "node");
    if (keys.find("kind") != nullptr) {
        const std::string kind = keys.text("kind", true);
        const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](RuleKind candidate) { return kind_name(candidate) == kind; });
        if (found == kKinds.end()) {
            std::vector<std::string> names;
            for (const RuleKind candidate : kKinds) names.emplace_back(kind_name(candidate));
            reading_.fail(keys.path("kind"), fmt::format("unknown kind '{}'; expected one of {}", kind, fmt::join(names, ", ")));
        } else {
            rule.kind = *found;
        }
    }
    rule.clauses = keys.texts("clauses", false);
    rule.about = keys.text("about", false);
    rule.params = parameters(keys);
    rule.guard = condition(keys, "when", false);
    read_updates(keys, rule);
    const auto part = [&](const char* key, void (ModelReader::*read)(Keys&, Rule&)) {
        items(keys, key, [&](const Json& item, const std::string& item_path) {
            Keys item_keys(reading_, item, item_path);
            (this->*read)(item_keys, rule);
            item_keys.finish();
        });
    };
    part("messages", &ModelReader::read_step);
    part("raises", &ModelReader::read_raise);
    part("labels", &ModelReader::read_label);
    part("bounds", &ModelReader::read_bound);
    rule.fair = keys.flag("fair");
    rule.fault_cost = static_cast<std::uint32_t>(keys.number("cost", 0, 1000, 0));
    keys.finish();
    if (good()) system_.rules.push_back(std::move(rule));
}

void ModelReader::read_updates(Keys& keys, Rule& rule) {
    each(keys, "set", false, [&](const std::string& target, const Json& value, const std::string& path) {
        if (!good()) return;
        auto assignment = expressions_.read_target(target);
        if (!assignment) return reading_.fail(path, assignment.error().message, assignment.error().excerpt);
        const DomainId domain = system_.variables[assignment.value().var].domain;
        // A plain number or truth value needs no quotes.
        std::string text;
        if (value.is_string()) text = value.get<std::string>();
        else if (value.is_boolean()) text = value.get<bool>() ? "true" : "false";
        else if (value.is_number_integer()) text = value.dump();
        else return reading_.fail(path, "expected an expression");
        assignment.value().value = expression(text, path, domain);
        rule.assignments.push_back(std::move(assignment).value());
    });
}

void ModelReader::read_step(Keys& keys, Rule& rule) {
    ChannelStep step;
    const char* key = nullptr;
    for (const char* candidate : {"receive", "lose", "send", "swap"}) {
        if (keys.find(candidate) == nullptr) continue;
        if (key != nullptr) return reading_.fail(keys.path(), fmt::format("both '{}' and '{}' in one step", key, candidate));
        key = candidate;
    }
    if (!good()) return;
    if (key == nullptr) return reading_.fail(keys.path(), "expected one of 'receive', 'lose', 'send', 'swap'");
    const std::string_view verb = key;
    step.kind = verb == "send" ? ChannelStep::Kind::kAppend : verb == "swap" ? ChannelStep::Kind::kSwap : ChannelStep::Kind::kRemove;
    step.consumes = verb == "receive";
    const std::string text = keys.text(key, true);
    if (!good()) return;
    auto channel = expressions_.read_channel(text);
    if (!channel) return reading_.fail(keys.path(key), channel.error().message, channel.error().excerpt);
    step.channel = channel.value().first;
    step.indices = channel.value().second;
    if (step.kind == ChannelStep::Kind::kAppend) {
        read_fields(keys, step);
    } else {
        const auto capacity = static_cast<long long>(system_.channels[step.channel].capacity);
        const long long last = capacity - (step.kind == ChannelStep::Kind::kSwap ? 2 : 1);
        if (last < 0) return reading_.fail(keys.path(key), "a channel of one message has nothing to swap");
        step.position = static_cast<std::uint32_t>(keys.number("position", 0, last, 0));
        require_message(rule, step);
    }
    if (good()) rule.channel_steps.push_back(std::move(step));
}

/// The message that a step takes or moves must be there: part of the guard.
void ModelReader::require_message(Rule& rule, const ChannelStep& step) {
    if (!good()) return;
    const VarId length = system_.channels[step.channel].length;
    const DomainId domain = system_.variables[length].domain;
    std::size_t removed = 0;  // earlier steps of this rule on the same channel
    for (const ChannelStep& other : rule.channel_steps) {
        if (other.channel != step.channel || other.indices != step.indices) continue;
        if (other.kind == ChannelStep::Kind::kRemove) ++removed;
    }
    const auto least = static_cast<Value>(step.position + removed + (step.kind == ChannelStep::Kind::kSwap ? 1 : 0));
    const ExprId there = system_.pool.less(system_.pool.constant(domain, least), system_.pool.variable(length, domain, step.indices));
    rule.guard = system_.pool.conjunction({rule.guard, there});
}

void ModelReader::read_fields(Keys& keys, ChannelStep& step) {
    const Channel& channel = system_.channels[step.channel];
    for (std::size_t f = 0; f < channel.fields.size(); ++f) {
        const Value unused = system_.variables[channel.slots[0][f]].initial;
        step.values.push_back(system_.pool.constant(channel.fields[f].domain, unused));
    }
    std::vector<std::string> names;
    for (const Field& field : channel.fields) names.push_back(field.name);
    each(keys, "fields", false, [&](const std::string& name, const Json& value, const std::string& path) {
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) {
            return reading_.fail(path, fmt::format("{} has no field '{}'{}", channel.name, name, did_you_mean(name, names)));
        }
        const auto f = static_cast<std::size_t>(found - names.begin());
        if (value.is_string()) step.values[f] = expression(value.get<std::string>(), path, channel.fields[f].domain);
        else if (value.is_boolean()) step.values[f] = expression(value.get<bool>() ? "true" : "false", path, channel.fields[f].domain);
        else if (value.is_number_integer()) step.values[f] = expression(value.dump(), path, channel.fields[f].domain);
        else reading_.fail(path, "expected an expression");
    });
}

void ModelReader::read_raise(Keys& keys, Rule& rule) {
    Raise raise;
    const std::string name = keys.text("event", true);
    const auto found = std::find(events_.begin(), events_.end(), name);
    if (good() && found == events_.end()) {
        return reading_.fail(keys.path("event"), fmt::format("unknown event '{}'{}", name, did_you_mean(name, events_)));
    }
    raise.condition = condition(keys, "when", false);
    const std::vector<std::string> arguments = keys.texts("arguments", false);
    if (!good()) return;
    raise.event = static_cast<EventId>(found - events_.begin());
    const std::vector<DomainId> domains = system_.events[raise.event].domains;
    if (arguments.size() != domains.size()) {
        return reading_.fail(keys.path("arguments"), fmt::format("the event {} has {} arguments, not {}", name, domains.size(), arguments.size()));
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        raise.arguments.push_back(expression(arguments[i], fmt::format("{}/{}", keys.path("arguments"), i), domains[i]));
    }
    rule.raises.push_back(std::move(raise));
}

void ModelReader::read_label(Keys& keys, Rule& rule) {
    Label label;
    label.text = keys.text("text", true);
    label.from = node(keys, "from");
    label.to = node(keys, "to");
    label.sent = keys.find("sent") == nullptr || keys.flag("sent");
    label.condition = condition(keys, "when", false);
    rule.labels.push_back(std::move(label));
}

void ModelReader::read_bound(Keys& keys, Rule& rule) {
    Bound bound;
    bound.name = keys.text("name", true);
    bound.condition = condition(keys, "condition", true);
    bound.environment = keys.flag("environment");
    rule.bounds.push_back(std::move(bound));
}

}  // namespace imspect::ir
