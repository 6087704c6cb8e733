#include "model/ir/builder.h"

#include <algorithm>

#include "model/result.h"

namespace imspect::ir {

namespace {

Builder* builder_of(const E& left, const E& right) {
    Builder* builder = left.builder != nullptr ? left.builder : right.builder;
    IMSPECT_REQUIRE(builder != nullptr, "an operator needs at least one expression that is not a literal");
    return builder;
}

DomainId domain_of(Builder& builder, const E& expression) {
    return builder.pool().node(expression.id).domain;
}

/// Both operands as ids, a literal taking the other's domain.
std::pair<ExprId, ExprId> operands(Builder& builder, const E& left, const E& right) {
    if (left.is_literal()) return {builder.resolve(left, domain_of(builder, right)), right.id};
    if (right.is_literal()) return {left.id, builder.resolve(right, domain_of(builder, left))};
    return {left.id, right.id};
}

}  // namespace

E operator==(E left, E right) {
    Builder* b = builder_of(left, right);
    const auto [l, r] = operands(*b, left, right);
    return {b, b->pool().equal(l, r)};
}
E operator!=(E left, E right) {
    return !(left == right);
}
E operator<(E left, E right) {
    Builder* b = builder_of(left, right);
    const auto [l, r] = operands(*b, left, right);
    return {b, b->pool().less(l, r)};
}
E operator<=(E left, E right) {
    Builder* b = builder_of(left, right);
    const auto [l, r] = operands(*b, left, right);
    return {b, b->pool().less_equal(l, r)};
}
E operator>(E left, E right) {
    return right < left;
}
E operator>=(E left, E right) {
    return right <= left;
}
E operator+(E left, E right) {
    Builder* b = builder_of(left, right);
    const auto [l, r] = operands(*b, left, right);
    return {b, b->pool().add(l, r)};
}
E operator-(E left, E right) {
    Builder* b = builder_of(left, right);
    const auto [l, r] = operands(*b, left, right);
    return {b, b->pool().subtract(l, r)};
}
E operator&&(E left, E right) {
    return all_of({left, right});
}
E operator||(E left, E right) {
    return any_of({left, right});
}
E operator!(E kid) {
    IMSPECT_REQUIRE(!kid.is_literal(), "negation of a literal");
    return {kid.builder, kid.builder->pool().negate(kid.id)};
}
E implies(E left, E right) {
    return !left || right;
}

E ite(E condition, E then_value, E else_value) {
    Builder* b = condition.builder;
    IMSPECT_REQUIRE(b != nullptr, "the condition of ite is a literal");
    if (then_value.is_literal() && else_value.is_literal()) {
        return {b, b->pool().ite(condition.id, b->pool().constant(kIntDomain, then_value.literal),
                                 b->pool().constant(kIntDomain, else_value.literal))};
    }
    const auto [t, e] = operands(*b, then_value, else_value);
    return {b, b->pool().ite(condition.id, t, e)};
}

E all_of(std::vector<E> kids) {
    IMSPECT_REQUIRE(!kids.empty(), "all_of nothing");
    std::vector<ExprId> ids;
    for (const E& kid : kids) ids.push_back(kid.id);
    return {kids[0].builder, kids[0].builder->pool().conjunction(std::move(ids))};
}

E any_of(std::vector<E> kids) {
    IMSPECT_REQUIRE(!kids.empty(), "any_of nothing");
    std::vector<ExprId> ids;
    for (const E& kid : kids) ids.push_back(kid.id);
    return {kids[0].builder, kids[0].builder->pool().disjunction(std::move(ids))};
}

E V::at(std::vector<E> indices) const {
    const Variable& variable = builder->system().variables[id];
    IMSPECT_REQUIRE(indices.size() == variable.indices.size(), variable.name.c_str());
    std::vector<ExprId> ids;
    for (std::size_t i = 0; i < indices.size(); ++i) ids.push_back(builder->resolve(indices[i], variable.indices[i]));
    return {builder, builder->pool().variable(id, variable.domain, std::move(ids))};
}

E Ch::field(std::string_view field, std::vector<E> indices, std::uint32_t position) const {
    const Channel& channel = builder->system().channels[id];
    for (std::size_t f = 0; f < channel.fields.size(); ++f) {
        if (channel.fields[f].name == field) {
            return V{builder, channel.slots[position][f]}.at(std::move(indices));
        }
    }
    fail_invariant((channel.name + " has no field " + std::string(field)).c_str(), __FILE__, __LINE__);
}

E Ch::length(std::vector<E> indices) const {
    return V{builder, builder->system().channels[id].length}.at(std::move(indices));
}

// Builder

Builder::Builder(std::string name) : system_(std::make_shared<System>()) {
    system_->name = std::move(name);
    system_->domains.push_back({"bool", DomainKind::kBool, 0, 1, {"false", "true"}, false, false});
    system_->domains.push_back({"int", DomainKind::kRange, -1'000'000, 1'000'000, {}, false, false});
}

DomainId Builder::add_domain(Domain domain) {
    system_->domains.push_back(std::move(domain));
    return static_cast<DomainId>(system_->domains.size() - 1);
}

DomainId Builder::enumeration(std::string name, std::vector<std::string> values) {
    const auto hi = static_cast<Value>(values.size()) - 1;
    return add_domain({std::move(name), DomainKind::kEnum, 0, hi, std::move(values), false, false});
}

DomainId Builder::range(std::string name, Value lo, Value hi, bool counter) {
    return add_domain({std::move(name), DomainKind::kRange, lo, hi, {}, false, counter});
}

DomainId Builder::identity(std::string name, std::vector<std::string> values, bool symmetric) {
    const auto hi = static_cast<Value>(values.size()) - 1;
    return add_domain({std::move(name), DomainKind::kIdentity, 0, hi, std::move(values), symmetric, false});
}

DomainId Builder::optional_identity(std::string name, DomainId of) {
    Domain domain = system_->domains[of];
    domain.name = std::move(name);
    domain.lo = -1;
    return add_domain(std::move(domain));
}

DomainId Builder::token(std::string name, Value most) {
    return add_domain({std::move(name), DomainKind::kToken, 0, most, {}, false, false});
}

NodeId Builder::node(std::string name) {
    system_->nodes.push_back(std::move(name));
    return static_cast<NodeId>(system_->nodes.size() - 1);
}

V Builder::variable(std::string name, NodeId owner, DomainId domain, std::vector<DomainId> indices, E initial,
                    std::string about) {
    const Value value = initial.is_literal() ? initial.literal : pool().const_value(initial.id);
    system_->variables.push_back({std::move(name), owner, domain, std::move(indices), value, {}, std::move(about)});
    return {this, static_cast<VarId>(system_->variables.size() - 1)};
}

Ch Builder::channel(std::string name, NodeId from, NodeId to, std::vector<DomainId> indices, std::vector<Field> fields,
                    std::uint32_t capacity) {
    const auto id = static_cast<ChannelId>(system_->channels.size());
    Channel channel{name, from, to, indices, fields, capacity, 0, {}, kNoExpr, {}};
    const DomainId length = range(name + ".length", 0, static_cast<Value>(capacity));
    channel.length = variable(name + ".length", to, length, indices, 0).id;
    system_->variables[channel.length].channel = id;
    for (std::uint32_t position = 0; position < capacity; ++position) {
        std::vector<VarId> slots;
        for (const Field& field : fields) {
            const Value unused = std::max(0, system_->domains[field.domain].lo);
            const Value initial = system_->domains[field.domain].lo < 0 ? system_->domains[field.domain].lo : unused;
            const V slot =
                variable(name + "." + std::to_string(position) + "." + field.name, to, field.domain, indices, initial);
            system_->variables[slot.id].channel = id;
            slots.push_back(slot.id);
        }
        channel.slots.push_back(std::move(slots));
    }
    system_->channels.push_back(std::move(channel));
    return {this, id};
}

void Builder::defers(const Ch& channel, std::vector<E> parameters, E condition) {
    Channel& declared = system_->channels[channel.id];
    for (const E& parameter : parameters) {
        declared.parameters.push_back(static_cast<ParamId>(pool().node(parameter.id).a));
    }
    declared.deferred = condition.id;
}

E Builder::parameter(std::string name, DomainId domain) {
    system_->params.push_back({std::move(name), domain});
    return {this, pool().param(static_cast<ParamId>(system_->params.size() - 1), domain)};
}

E Builder::value(DomainId domain, Value value) {
    return {this, pool().constant(domain, value)};
}

E Builder::value(DomainId domain, std::string_view name) {
    const Domain& declared = system_->domains[domain];
    for (Value value = declared.lo; value <= declared.hi; ++value) {
        if (declared.value_name(value) == name) return this->value(domain, value);
    }
    fail_invariant((declared.name + " has no value " + std::string(name)).c_str(), __FILE__, __LINE__);
}

E Builder::boolean(bool value) {
    return {this, pool().boolean(value)};
}
E Builder::fresh(DomainId token, Value ordinal) {
    return {this, pool().fresh(token, ordinal)};
}

E Builder::forall(const E& parameter, E body) {
    return {this, pool().quantified(Op::kForall, static_cast<ParamId>(pool().node(parameter.id).a), body.id)};
}
E Builder::exists(const E& parameter, E body) {
    return {this, pool().quantified(Op::kExists, static_cast<ParamId>(pool().node(parameter.id).a), body.id)};
}

E Builder::define(std::string name, std::vector<E> parameters, E body, std::string about) {
    Definition definition{name, {}, body.id, std::move(about)};
    for (const E& parameter : parameters) {
        definition.params.push_back(static_cast<ParamId>(pool().node(parameter.id).a));
    }
    definition_ids_.emplace(std::move(name), static_cast<std::uint32_t>(system_->definitions.size()));
    system_->definitions.push_back(std::move(definition));
    return body;
}

E Builder::call(std::string_view definition, std::vector<E> arguments) {
    const auto found = definition_ids_.find(definition);
    IMSPECT_REQUIRE(found != definition_ids_.end(), std::string(definition).c_str());
    const Definition& declared = system_->definitions[found->second];
    IMSPECT_REQUIRE(declared.params.size() == arguments.size(), declared.name.c_str());
    std::vector<ExprId> ids;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        ids.push_back(resolve(arguments[i], system_->params[declared.params[i]].domain));
    }
    return {this, pool().call(found->second, pool().node(declared.body).domain, std::move(ids))};
}

EventId Builder::event(std::string name, std::vector<DomainId> domains, std::string about) {
    const auto id = static_cast<EventId>(system_->events.size());
    event_ids_.emplace(name, id);
    system_->events.push_back({std::move(name), std::move(domains), std::move(about)});
    return id;
}

RuleBuilder Builder::rule(std::string name, NodeId node, RuleKind kind) {
    Rule rule;
    rule.name = std::move(name);
    rule.node = node;
    rule.kind = kind;
    rule.guard = pool().boolean(true);
    system_->rules.push_back(std::move(rule));
    return {this, static_cast<RuleId>(system_->rules.size() - 1)};
}

void Builder::waiting(std::string name, std::vector<E> parameters, E condition) {
    Waiting waiting{std::move(name), {}, condition.id};
    for (const E& parameter : parameters) {
        waiting.params.push_back(static_cast<ParamId>(pool().node(parameter.id).a));
    }
    system_->waiting.push_back(std::move(waiting));
}

void Builder::feature(std::string name) {
    system_->features.push_back(std::move(name));
}
void Builder::bound(std::string name, std::string value) {
    system_->bounds.emplace_back(std::move(name), std::move(value));
}

ExprId Builder::resolve(const E& expression, DomainId expected) {
    if (!expression.is_literal()) return expression.id;
    const Domain& declared = domain(expected);
    IMSPECT_REQUIRE(expected == kIntDomain || (expression.literal >= declared.lo && expression.literal <= declared.hi),
                    ("literal " + std::to_string(expression.literal) + " is outside " + declared.name).c_str());
    return pool().constant(expected, expression.literal);
}

}  // namespace imspect::ir
