#include <algorithm>

#include "model/ir/builder.h"
#include "model/result.h"

namespace imspect::ir {

namespace {

NodeId node_by_name(const System& system, const std::string& name) {
    const auto found = std::find(system.nodes.begin(), system.nodes.end(), name);
    IMSPECT_REQUIRE(found != system.nodes.end(), name.c_str());
    return static_cast<NodeId>(found - system.nodes.begin());
}

std::vector<ExprId> index_ids(Builder& builder, const Channel& channel, const std::vector<E>& indices) {
    IMSPECT_REQUIRE(indices.size() == channel.indices.size(), channel.name.c_str());
    std::vector<ExprId> ids;
    for (std::size_t i = 0; i < indices.size(); ++i) ids.push_back(builder.resolve(indices[i], channel.indices[i]));
    return ids;
}

}  // namespace

Rule& RuleBuilder::rule() {
    return builder_->system().rules[rule_];
}

RuleBuilder& RuleBuilder::cites(std::vector<std::string> clauses) {
    rule().clauses = std::move(clauses);
    return *this;
}

RuleBuilder& RuleBuilder::about(std::string text) {
    rule().about = std::move(text);
    return *this;
}

RuleBuilder& RuleBuilder::param(const E& parameter) {
    rule().params.push_back(static_cast<ParamId>(builder_->pool().node(parameter.id).a));
    return *this;
}

RuleBuilder& RuleBuilder::when(E condition) {
    const ExprId guard = builder_->pool().conjunction({rule().guard, condition.id});
    rule().guard = guard;
    return *this;
}

RuleBuilder& RuleBuilder::bounded(std::string name, E condition, bool environment) {
    rule().bounds.push_back({std::move(name), condition.id, environment});
    return *this;
}

RuleBuilder& RuleBuilder::set(E variable_element, E value) {
    const ExprNode node = builder_->pool().node(variable_element.id);
    IMSPECT_REQUIRE(node.op == Op::kVar, rule().name.c_str());
    const ExprId id = builder_->resolve(value, node.domain);
    rule().assignments.push_back({static_cast<VarId>(node.a), node.kids, id});
    return *this;
}

RuleBuilder& RuleBuilder::receives(const Ch& channel, std::vector<E> indices) {
    removes(channel, std::move(indices), 0);
    rule().channel_steps.back().consumes = true;
    return *this;
}

RuleBuilder& RuleBuilder::removes(const Ch& channel, std::vector<E> indices, std::uint32_t position) {
    when(channel.length(indices) > static_cast<Value>(position));
    ChannelStep step;
    step.kind = ChannelStep::Kind::kRemove;
    step.channel = channel.id;
    step.indices = index_ids(*builder_, builder_->system().channels[channel.id], indices);
    step.position = position;
    rule().channel_steps.push_back(std::move(step));
    return *this;
}

RuleBuilder& RuleBuilder::sends(const Ch& channel, std::vector<E> indices, FieldValues values) {
    const Channel& declared = builder_->system().channels[channel.id];
    ChannelStep step;
    step.kind = ChannelStep::Kind::kAppend;
    step.channel = channel.id;
    step.indices = index_ids(*builder_, declared, indices);
    std::size_t used = 0;
    for (std::size_t f = 0; f < declared.fields.size(); ++f) {
        const Value unused = builder_->system().variables[declared.slots[0][f]].initial;
        ExprId id = builder_->pool().constant(declared.fields[f].domain, unused);
        for (const auto& [name, value] : values) {
            if (name != declared.fields[f].name) continue;
            id = builder_->resolve(value, declared.fields[f].domain);
            ++used;
        }
        step.values.push_back(id);
    }
    IMSPECT_REQUIRE(used == values.size(), (rule().name + " sends an unknown field on " + declared.name).c_str());
    rule().channel_steps.push_back(std::move(step));
    return *this;
}

RuleBuilder& RuleBuilder::repeats(const Ch& channel, std::vector<E> indices, std::uint32_t position) {
    when(channel.length(indices) > static_cast<Value>(position));
    const Channel& declared = builder_->system().channels[channel.id];
    FieldValues values;
    for (const Field& field : declared.fields)
        values.emplace_back(field.name, channel.field(field.name, indices, position));
    return sends(channel, std::move(indices), std::move(values));
}

RuleBuilder& RuleBuilder::swaps(const Ch& channel, std::vector<E> indices, std::uint32_t position) {
    when(channel.length(indices) > static_cast<Value>(position + 1));
    ChannelStep step;
    step.kind = ChannelStep::Kind::kSwap;
    step.channel = channel.id;
    step.indices = index_ids(*builder_, builder_->system().channels[channel.id], indices);
    step.position = position;
    rule().channel_steps.push_back(std::move(step));
    return *this;
}

RuleBuilder& RuleBuilder::label(std::string text, std::string from, std::string to, bool sent) {
    return label_if(builder_->boolean(true), std::move(text), std::move(from), std::move(to), sent);
}

RuleBuilder& RuleBuilder::label_if(E condition, std::string text, std::string from, std::string to, bool sent) {
    if (builder_->pool().is_false(condition.id)) return *this;
    const System& system = builder_->system();
    rule().labels.push_back(
        {condition.id, std::move(text), node_by_name(system, from), node_by_name(system, to), sent});
    return *this;
}

RuleBuilder& RuleBuilder::raises(std::string event, std::vector<E> arguments) {
    return raises_if(builder_->boolean(true), std::move(event), std::move(arguments));
}

RuleBuilder& RuleBuilder::raises_if(E condition, std::string event, std::vector<E> arguments) {
    const auto found = builder_->event_ids_.find(event);
    IMSPECT_REQUIRE(found != builder_->event_ids_.end(), event.c_str());
    const EventDecl& declared = builder_->system().events[found->second];
    IMSPECT_REQUIRE(declared.domains.size() == arguments.size(), event.c_str());
    Raise raise{found->second, condition.id, {}};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        raise.arguments.push_back(builder_->resolve(arguments[i], declared.domains[i]));
    }
    rule().raises.push_back(std::move(raise));
    return *this;
}

RuleBuilder& RuleBuilder::fair() {
    rule().fair = true;
    return *this;
}

RuleBuilder& RuleBuilder::costs(std::uint32_t faults) {
    rule().fault_cost = faults;
    return *this;
}

}  // namespace imspect::ir
