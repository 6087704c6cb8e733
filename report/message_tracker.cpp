#include "report/message_tracker.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/exec/program.h"

namespace imspect::report {

ir::Value MessageTracker::evaluate(ir::ExprId expression, const exec::Word* state) const {
    exec::Code code(stepper_->system().pool(), stepper_->layout());
    return code.evaluate(code.compile(expression), exec::View{state, nullptr, nullptr});
}

MessageTracker::Labels MessageTracker::labels_of(std::uint32_t ground_rule, const exec::Word* from) const {
    Labels labels;
    for (const ir::Label& label : stepper_->system().rules[ground_rule].labels) {
        const ir::Label*& wanted = label.sent ? labels.sent : labels.received;
        if (wanted == nullptr && evaluate(label.condition, from) != 0) wanted = &label;
    }
    return labels;
}

std::optional<std::size_t> MessageTracker::ground_channel(std::uint32_t ground_rule, const ir::ChannelStep& step,
                                                          const exec::Word* from) const {
    const ir::GroundSystem& system = stepper_->system();
    const ir::GroundRule& rule = system.rules[ground_rule];
    const std::vector<ir::ParamId>& params = system.rule_of(ground_rule).params;
    ir::Binding binding;
    for (std::size_t i = 0; i < params.size(); ++i) binding.emplace_back(params[i], rule.arguments[i]);
    std::vector<ir::Value> indices;
    for (const ir::ExprId index : step.indices) indices.push_back(evaluate(ir::ground_expression(system, index, binding), from));
    for (std::size_t i = 0; i < system.channels.size(); ++i) {
        if (system.channels[i].channel == step.channel && system.channels[i].indices == indices) return i;
    }
    return std::nullopt;
}

std::string MessageTracker::content_of(const ir::GroundChannel& channel, const exec::Word* raw) const {
    const std::vector<ir::Field>& fields = stepper_->system().system->channels[channel.channel].fields;
    const auto length = static_cast<std::size_t>(stepper_->layout().get(raw, channel.length));
    if (length == 0) return channel.name;
    std::vector<std::string> values;
    for (std::size_t f = 0; f < fields.size(); ++f) {
        const ir::SlotId slot = channel.slots[length - 1][f];
        values.push_back(fmt::format("{}={}", fields[f].name, tokens_->value_name(slot, stepper_->layout().get(raw, slot))));
    }
    return fmt::format("{}({})", channel.name, fmt::join(values, ", "));
}

Message MessageTracker::taken(std::size_t channel, const ir::ChannelStep& step, const Labels& labels) {
    const ir::Channel& declared = stepper_->system().system->channels[step.channel];
    std::vector<Message>& content = channels_[channel];
    Message message{labels.received != nullptr ? labels.received->text : declared.name, declared.from, declared.to, Fate::kSent, 0};
    if (step.position < content.size()) {
        message = content[step.position];
        content.erase(content.begin() + static_cast<std::ptrdiff_t>(step.position));
    }
    message.fate = step.consumes ? Fate::kReceived : Fate::kLost;
    return message;
}

std::vector<Message> MessageTracker::step(std::uint32_t ground_rule, std::size_t number, const exec::Word* from, const exec::Word* raw) {
    const ir::GroundSystem& system = stepper_->system();
    const Labels labels = labels_of(ground_rule, from);
    std::vector<Message> taken_messages;
    std::vector<Message> sent_messages;
    bool label_used = false;
    for (const ir::ChannelStep& step : system.rule_of(ground_rule).channel_steps) {
        const std::optional<std::size_t> channel = ground_channel(ground_rule, step, from);
        if (!channel) continue;
        const ir::Channel& declared = system.system->channels[step.channel];
        std::vector<Message>& content = channels_[*channel];
        switch (step.kind) {
            case ir::ChannelStep::Kind::kRemove: taken_messages.push_back(taken(*channel, step, labels)); break;
            case ir::ChannelStep::Kind::kSwap:
                if (step.position + 1 >= content.size()) break;
                std::swap(content[step.position], content[step.position + 1]);
                taken_messages.push_back(content[step.position]);
                taken_messages.back().fate = Fate::kOvertakes;
                break;
            case ir::ChannelStep::Kind::kAppend: {
                const ir::Label* label = labels.sent != nullptr ? labels.sent : taken_messages.empty() ? labels.received : nullptr;
                Message message{content_of(system.channels[*channel], raw), declared.from, declared.to, Fate::kSent, number};
                if (label != nullptr && !label_used) message = Message{label->text, label->from, label->to, Fate::kSent, number};
                label_used = true;
                content.push_back(message);
                sent_messages.push_back(std::move(message));
                break;
            }
        }
    }
    // Labels of rules that speak without a channel: a synchronous exchange.
    if (taken_messages.empty() && labels.received != nullptr && !label_used) {
        taken_messages.push_back({labels.received->text, labels.received->from, labels.received->to, Fate::kReceived, number});
    }
    if (sent_messages.empty() && labels.sent != nullptr) {
        sent_messages.push_back({labels.sent->text, labels.sent->from, labels.sent->to, Fate::kSent, number});
    }
    taken_messages.insert(taken_messages.end(), sent_messages.begin(), sent_messages.end());
    return taken_messages;
}

std::vector<Message> MessageTracker::on_the_way() const {
    std::vector<Message> messages;
    for (const auto& entry : channels_) messages.insert(messages.end(), entry.second.begin(), entry.second.end());
    std::stable_sort(messages.begin(), messages.end(), [](const Message& a, const Message& b) { return a.sent_in < b.sent_in; });
    return messages;
}

}  // namespace imspect::report
