#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "model/ir/expression_text.h"
#include "model/ir/validator.h"

namespace imspect::ir {

namespace {

constexpr std::size_t kMostBounds = 32;  // steps say which bounds hold them back in a word of 32 bits

/// The conjuncts of a guard.
std::vector<ExprId> conjuncts(const ExprPool& pool, ExprId guard) {
    if (guard >= pool.size()) return {};
    return pool.node(guard).op == Op::kAnd ? pool.node(guard).kids : std::vector<ExprId>{guard};
}

/// Whether the expression's values cannot depend on the state: channels are instances by name, not by content.
bool depends_on_state(const ExprPool& pool, ExprId root) {
    bool found = false;
    pool.visit(root, [&](ExprId, const ExprNode& node) { found = found || node.op == Op::kVar || node.op == Op::kCall || node.op == Op::kFresh; });
    return found;
}

/// The domains that the rule draws fresh tokens of.
std::set<DomainId> drawn(const ExprPool& pool, const Rule& rule) {
    std::set<DomainId> domains;
    const auto look = [&](ExprId value) {
        if (value >= pool.size()) return;  // a defect found elsewhere
        pool.visit(value, [&](ExprId, const ExprNode& node) {
            if (node.op == Op::kFresh) domains.insert(node.domain);
        });
    };
    for (const Assignment& assignment : rule.assignments) {
        look(assignment.value);
        for (const ExprId index : assignment.indices) look(index);
    }
    for (const ChannelStep& step : rule.channel_steps) {
        for (const ExprId value : step.values) look(value);
    }
    return domains;
}

}  // namespace

void Validator::check_rules() {
    std::vector<std::string> names;
    for (const Rule& rule : system_.rules) names.push_back(rule.name);
    check_unique(names, "/rules", "rule");
    for (const Rule& rule : system_.rules) check_rule(rule);
}

void Validator::check_rule(const Rule& rule) {
    const std::string path = "/rules/" + rule.name;
    const std::string who = "rule " + rule.name;
    if (rule.node >= system_.nodes.size()) add("dangling-node", path + "/node", who + " belongs to a node that does not exist");
    const std::vector<ParamId> params = known_params(rule.params, path, who);
    if (instances(params) > 1e6) add("too-large", path + "/parameters", who + " has more than a million instances");
    double cost = 1;
    if (check_expression(rule.guard, {path + "/when", who + ": the guard", params, kBoolDomain, "guard-type"})) cost += weight(rule.guard);
    total_weight_ += instances(params) * cost;
    check_bounds(rule, path, params);
    check_assignments(rule, path, params);
    check_steps(rule, path, params);
    check_labels(rule, path, params);
    check_raises(rule, path, params);
}

void Validator::check_bounds(const Rule& rule, const std::string& path, const std::vector<ParamId>& params) {
    for (std::size_t i = 0; i < rule.bounds.size(); ++i) {
        const Bound& bound = rule.bounds[i];
        const std::string at = fmt::format("{}/bounds/{}", path, i);
        if (bound.name.empty()) add("bad-name", at + "/name", fmt::format("rule {} has a bound without a name", rule.name));
        const Place place{at + "/condition", fmt::format("rule {}: the bound {}", rule.name, bound.name), params, kBoolDomain, "bound-type", true};
        if (check_expression(bound.condition, place)) total_weight_ += instances(params) * weight(bound.condition);
    }
    // Grounding adds a bound for the room that each message needs and for the number of each kind of fresh tokens.
    const auto sent = std::count_if(rule.channel_steps.begin(), rule.channel_steps.end(), [](const ChannelStep& step) { return step.kind == ChannelStep::Kind::kAppend; });
    const std::size_t all = rule.bounds.size() + static_cast<std::size_t>(sent) + drawn(system_.pool, rule).size();
    if (all <= kMostBounds) return;
    add("too-many-bounds", path + "/bounds", fmt::format("rule {} has {} bounds, counting one for each message it sends and each domain it draws fresh tokens of; {} is the most", rule.name, all, kMostBounds));
}

void Validator::check_assignments(const Rule& rule, const std::string& path, const std::vector<ParamId>& params) {
    for (const Assignment& assignment : rule.assignments) {
        if (assignment.var >= system_.variables.size()) {
            add("dangling-variable", path + "/set", fmt::format("rule {} assigns a variable that does not exist", rule.name));
            continue;
        }
        const Variable& variable = system_.variables[assignment.var];
        const std::string at = path + "/set/" + variable.name;
        const std::string who = fmt::format("rule {}: the new value of {}", rule.name, variable.name);
        if (!has_domain(variable.domain)) continue;  // the variable's defect
        if (assignment.indices.size() != variable.indices.size()) {
            add("index-count", at, fmt::format("rule {} assigns {} with {} indices instead of {}", rule.name, variable.name, assignment.indices.size(), variable.indices.size()));
            continue;
        }
        double cost = elements(variable.indices);
        for (std::size_t i = 0; i < assignment.indices.size(); ++i) {
            if (!has_domain(variable.indices[i])) continue;
            const Place place{at, fmt::format("rule {}: an index of {}", rule.name, variable.name), params, variable.indices[i], "index-type", true};
            if (check_expression(assignment.indices[i], place)) cost += weight(assignment.indices[i]);
        }
        if (!check_expression(assignment.value, {at, who, params, variable.domain, "assignment-type", true})) continue;
        total_weight_ += instances(params) * (cost + weight(assignment.value));
        const Domain& domain = system_.domains[variable.domain];
        const ExprNode& value = system_.pool.node(assignment.value);
        if (value.op == Op::kConst && compatible(system_, value.domain, variable.domain) && (value.a < domain.lo || value.a > domain.hi)) {
            add("value-outside", at, fmt::format("{} is {}, outside {} ({}..{})", who, system_.domains[value.domain].value_name(value.a), domain.name, domain.lo, domain.hi));
        }
    }
    check_collisions(rule, path);
}

void Validator::check_collisions(const Rule& rule, const std::string& path) {
    for (std::size_t i = 0; i < rule.assignments.size(); ++i) {
        const Assignment& left = rule.assignments[i];
        if (left.var >= system_.variables.size()) continue;
        const Variable& variable = system_.variables[left.var];
        for (const ChannelStep& step : rule.channel_steps) {
            if (variable.channel != step.channel) continue;
            add("assigns-channel", path + "/set/" + variable.name, fmt::format("rule {} assigns {} beside a step on its channel", rule.name, variable.name));
            break;
        }
        for (std::size_t j = i + 1; j < rule.assignments.size(); ++j) {
            const Assignment& right = rule.assignments[j];
            if (left.var != right.var || left.indices.size() != right.indices.size() || apart(rule, left, right)) continue;
            const bool same = left.indices == right.indices;
            add("assigned-twice", path + "/set/" + variable.name,
                fmt::format("rule {} {} the same element of {} twice", rule.name, same ? "assigns" : "may assign", variable.name));
        }
    }
}

/// Whether some index differs for sure: other constants, or the guard says so.
bool Validator::apart(const Rule& rule, const Assignment& left, const Assignment& right) const {
    const ExprPool& pool = system_.pool;
    const std::vector<ExprId> conditions = conjuncts(pool, rule.guard);
    for (std::size_t i = 0; i < left.indices.size(); ++i) {
        const ExprId l = left.indices[i];
        const ExprId r = right.indices[i];
        if (l >= pool.size() || r >= pool.size() || l == r) continue;
        if (pool.is_const(l) && pool.is_const(r) && pool.const_value(l) != pool.const_value(r)) return true;
        for (const ExprId condition : conditions) {
            const ExprNode& node = pool.node(condition);
            const ExprNode& inner = node.op == Op::kNot ? pool.node(node.kids[0]) : node;
            const bool differs = (node.op == Op::kNot && inner.op == Op::kEq) || node.op == Op::kLt;
            if (!differs) continue;
            if ((inner.kids[0] == l && inner.kids[1] == r) || (inner.kids[0] == r && inner.kids[1] == l)) return true;
        }
    }
    return false;
}

void Validator::check_steps(const Rule& rule, const std::string& path, const std::vector<ParamId>& params) {
    for (std::size_t i = 0; i < rule.channel_steps.size(); ++i) {
        check_step(rule, i, fmt::format("{}/messages/{}", path, i), params);
    }
}

void Validator::check_step(const Rule& rule, std::size_t index, const std::string& path, const std::vector<ParamId>& params) {
    const ChannelStep& step = rule.channel_steps[index];
    if (step.channel >= system_.channels.size()) {
        return add("dangling-channel", path, fmt::format("rule {} uses a channel that does not exist", rule.name));
    }
    const Channel& channel = system_.channels[step.channel];
    const std::string who = fmt::format("rule {}: the channel {}", rule.name, channel.name);
    if (step.indices.size() != channel.indices.size()) {
        return add("index-count", path, fmt::format("{} has {} indices, not {}", who, channel.indices.size(), step.indices.size()));
    }
    for (std::size_t i = 0; i < step.indices.size(); ++i) {
        if (!has_domain(channel.indices[i])) continue;
        if (!check_expression(step.indices[i], {path, who + ": an index", params, channel.indices[i], "index-type"})) continue;
        const ExprNode& node = system_.pool.node(step.indices[i]);
        const Domain& domain = system_.domains[channel.indices[i]];
        if (depends_on_state(system_.pool, step.indices[i])) add("channel-index", path, who + " is indexed by something that depends on the state");
        else if (system_.domains[node.domain].lo < domain.lo || system_.domains[node.domain].hi > domain.hi) add("channel-index", path, who + " is indexed by something that may lie outside");
        else if (node.op != Op::kParam && node.op != Op::kConst) add("channel-index", path, who + " is indexed by something that is neither a parameter nor a constant");
    }
    total_weight_ += instances(params) * (channel.capacity + 1.0) * (static_cast<double>(channel.fields.size()) + 1);
    if (step.kind == ChannelStep::Kind::kAppend) return check_append(rule, step, path, params);
    const std::uint32_t last = step.position + (step.kind == ChannelStep::Kind::kSwap ? 1 : 0);
    if (step.position >= channel.capacity || last >= channel.capacity) {
        return add("position", path + "/position", fmt::format("{} has no message {}", who, last + 1));
    }
    Value needed = static_cast<Value>(last) + 1;
    for (std::size_t i = 0; i < index; ++i) {
        const ChannelStep& other = rule.channel_steps[i];
        if (other.channel != step.channel || other.indices != step.indices) continue;
        if (other.kind == ChannelStep::Kind::kRemove) ++needed;
        if (other.kind == ChannelStep::Kind::kAppend) --needed;
    }
    if (least_length(rule, step) < needed) {
        add("no-message", path, fmt::format("{} need not hold the message that the rule takes: its guard must ask for a length of {}", who, needed));
    }
}

/// The length that the guard asks of a step's channel.
Value Validator::least_length(const Rule& rule, const ChannelStep& step) const {
    const ExprPool& pool = system_.pool;
    if (rule.guard < pool.size() && pool.is_false(rule.guard)) return static_cast<Value>(system_.channels[step.channel].capacity) + 1;
    Value least = 0;
    const auto is_length = [&](ExprId id) {
        const ExprNode& node = pool.node(id);
        return node.op == Op::kVar && static_cast<VarId>(node.a) == system_.channels[step.channel].length && node.kids == step.indices;
    };
    for (const ExprId condition : conjuncts(pool, rule.guard)) {
        const ExprNode& node = pool.node(condition);
        if (node.op != Op::kLt && node.op != Op::kLe && node.op != Op::kEq) continue;
        const ExprId constant = node.op == Op::kEq ? node.kids[1] : node.kids[0];
        const ExprId length = node.op == Op::kEq ? node.kids[0] : node.kids[1];
        if (!pool.is_const(constant) || !is_length(length)) continue;
        least = std::max(least, pool.const_value(constant) + (node.op == Op::kLt ? 1 : 0));
    }
    return least;
}

void Validator::check_append(const Rule& rule, const ChannelStep& step, const std::string& path, const std::vector<ParamId>& params) {
    const Channel& channel = system_.channels[step.channel];
    if (step.values.size() != channel.fields.size()) {
        return add("field-count", path, fmt::format("rule {} sends {} fields on {}, which has {}", rule.name, step.values.size(), channel.name, channel.fields.size()));
    }
    for (std::size_t f = 0; f < step.values.size(); ++f) {
        const Field& field = channel.fields[f];
        if (!has_domain(field.domain) || step.values[f] >= system_.pool.size()) {
            add("dangling-expression", path + "/fields/" + field.name, fmt::format("rule {} sends nothing in the field {} of {}", rule.name, field.name, channel.name));
            continue;
        }
        // An empty field is a constant that no one reads: it names no identity.
        const ExprNode& node = system_.pool.node(step.values[f]);
        if (node.op == Op::kConst && node.domain == field.domain && node.a == system_.domains[field.domain].lo) continue;
        const Place place{path + "/fields/" + field.name, fmt::format("rule {}: the field {} of {}", rule.name, field.name, channel.name), params, field.domain, "field-type", true};
        if (!check_expression(step.values[f], place)) continue;
        total_weight_ += instances(params) * channel.capacity * weight(step.values[f]);
        const Domain& domain = system_.domains[field.domain];
        if (node.op == Op::kConst && compatible(system_, node.domain, field.domain) && (node.a < domain.lo || node.a > domain.hi)) {
            add("value-outside", place.path, fmt::format("{} is {}, outside {} ({}..{})", place.who, node.a, domain.name, domain.lo, domain.hi));
        }
    }
}

void Validator::check_labels(const Rule& rule, const std::string& path, const std::vector<ParamId>& params) {
    for (std::size_t i = 0; i < rule.labels.size(); ++i) {
        const Label& label = rule.labels[i];
        const std::string at = fmt::format("{}/labels/{}", path, i);
        if (label.text.empty()) add("bad-name", at + "/text", fmt::format("rule {} has a label without a text", rule.name));
        if (label.from >= system_.nodes.size() || label.to >= system_.nodes.size()) {
            add("dangling-node", at, fmt::format("rule {} has a label between nodes that do not exist", rule.name));
        }
        const Place place{at + "/when", fmt::format("rule {}: the condition of a label", rule.name), params, kBoolDomain, "label-type"};
        if (check_expression(label.condition, place)) total_weight_ += instances(params) * weight(label.condition);
    }
}

void Validator::check_raises(const Rule& rule, const std::string& path, const std::vector<ParamId>& params) {
    for (std::size_t i = 0; i < rule.raises.size(); ++i) {
        const Raise& raise = rule.raises[i];
        const std::string at = fmt::format("{}/raises/{}", path, i);
        if (raise.event >= system_.events.size()) {
            add("dangling-event", at, fmt::format("rule {} raises an event that does not exist", rule.name));
            continue;
        }
        const EventDecl& event = system_.events[raise.event];
        const Place place{at + "/when", fmt::format("rule {}: the condition of {}", rule.name, event.name), params, kBoolDomain, "raise-type", true};
        if (check_expression(raise.condition, place)) total_weight_ += instances(params) * weight(raise.condition);
        if (raise.arguments.size() != event.domains.size()) {
            add("event-arity", at + "/arguments", fmt::format("rule {} raises {} with {} arguments instead of {}", rule.name, event.name, raise.arguments.size(), event.domains.size()));
            continue;
        }
        for (std::size_t a = 0; a < raise.arguments.size(); ++a) {
            if (!has_domain(event.domains[a])) continue;
            const Place argument{fmt::format("{}/arguments/{}", at, a), fmt::format("rule {}: argument {} of {}", rule.name, a + 1, event.name), params, event.domains[a], "event-type", true};
            if (check_expression(raise.arguments[a], argument)) total_weight_ += instances(params) * weight(raise.arguments[a]);
        }
    }
}

}  // namespace imspect::ir
