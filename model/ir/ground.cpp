#include "model/ir/ground.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "model/ir/expand.h"

namespace imspect::ir {

namespace {

class Grounder {
public:
    Grounder(std::shared_ptr<System> system, std::size_t max_rules) : max_rules_(max_rules) {
        ground_.system = std::move(system);
    }

    Result<GroundSystem> run() {
        declare_slots();
        declare_channels();
        for (RuleId rule = 0; rule < ground_.system->rules.size(); ++rule) {
            if (!instantiate(rule)) return error_;
        }
        declare_waiting();
        return std::move(ground_);
    }

private:
    ExprPool& pool() { return ground_.pool(); }
    const System& system() { return *ground_.system; }

    ExprId expand(ExprId id, const Environment& environment) {
        return Expander(ground_).expand(id, environment, false);
    }

    template <typename Visit>
    void for_each_tuple(const std::vector<DomainId>& domains, Visit&& visit) {
        std::vector<Value> tuple;
        for (const DomainId domain : domains) tuple.push_back(system().domains[domain].lo);
        while (true) {
            visit(tuple);
            std::size_t i = tuple.size();
            while (i > 0 && tuple[i - 1] == system().domains[domains[i - 1]].hi) {
                tuple[i - 1] = system().domains[domains[i - 1]].lo;
                --i;
            }
            if (i == 0) return;
            ++tuple[i - 1];
        }
    }

    std::string suffix(const std::vector<DomainId>& domains, const std::vector<Value>& values, char open, char close) {
        if (values.empty()) return "";
        std::string text(1, open);
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i > 0) text += ", ";
            text += system().domains[domains[i]].value_name(values[i]);
        }
        return text + close;
    }

    void declare_slots() {
        for (VarId id = 0; id < system().variables.size(); ++id) {
            const Variable& variable = system().variables[id];
            ground_.first_slot.push_back(static_cast<SlotId>(ground_.variables.size()));
            for_each_tuple(variable.indices, [&](const std::vector<Value>& indices) {
                ground_.variables.push_back({variable.name + suffix(variable.indices, indices, '[', ']'),
                                             variable.domain, variable.initial, id, indices});
            });
        }
    }

    void declare_channels() {
        for (ChannelId id = 0; id < system().channels.size(); ++id) {
            const Channel channel = system().channels[id];
            for_each_tuple(channel.indices, [&](const std::vector<Value>& indices) {
                GroundChannel instance{id,
                                       indices,
                                       channel.name + suffix(channel.indices, indices, '[', ']'),
                                       ground_.slot(channel.length, indices),
                                       {},
                                       kNoExpr};
                for (const auto& fields : channel.slots) {
                    std::vector<SlotId> slots;
                    for (const VarId field : fields) slots.push_back(ground_.slot(field, indices));
                    instance.slots.push_back(std::move(slots));
                }
                if (channel.deferred != kNoExpr) {
                    Environment environment;
                    for (std::size_t i = 0; i < channel.parameters.size(); ++i) {
                        environment[channel.parameters[i]] = pool().constant(channel.indices[i], indices[i]);
                    }
                    instance.deferred = expand(channel.deferred, environment);
                }
                ground_.channels.push_back(std::move(instance));
            });
        }
    }

    void declare_waiting() {
        for (const Waiting& waiting : system().waiting) {
            std::vector<DomainId> domains;
            for (const ParamId param : waiting.params) domains.push_back(system().params[param].domain);
            for_each_tuple(domains, [&](const std::vector<Value>& values) {
                const ExprId condition = expand(waiting.condition, bind(waiting.params, values));
                if (pool().is_false(condition)) return;
                ground_.waiting.push_back({waiting.name + suffix(domains, values, '(', ')'), condition});
            });
        }
    }

    Environment bind(const std::vector<ParamId>& params, const std::vector<Value>& values) {
        Environment environment;
        for (std::size_t i = 0; i < params.size(); ++i) {
            environment[params[i]] = pool().constant(system().params[params[i]].domain, values[i]);
        }
        return environment;
    }

    bool instantiate(RuleId id) {
        const Rule& rule = system().rules[id];
        std::vector<DomainId> domains;
        for (const ParamId param : rule.params) domains.push_back(system().params[param].domain);
        bool good = true;
        for_each_tuple(domains, [&](const std::vector<Value>& values) {
            if (good) good = instance(id, values, rule.name + suffix(domains, values, '(', ')'));
        });
        return good;
    }

    bool instance(RuleId id, const std::vector<Value>& values, std::string name) {
        const Rule rule = system().rules[id];
        const Environment environment = bind(rule.params, values);
        GroundRule result;
        result.name = std::move(name);
        result.rule = id;
        result.arguments = values;
        result.guard = expand(rule.guard, environment);
        if (pool().is_false(result.guard)) return true;
        for (const Bound& bound : rule.bounds)
            add_bound(result, bound.name, expand(bound.condition, environment), bound.environment);
        for (const Assignment& assignment : rule.assignments) {
            if (!assign(result, assignment, environment)) return false;
        }
        if (!apply_channel_steps(result, rule, environment)) return false;
        bound_fresh_tokens(result);
        for (const Label& label : rule.labels) {
            Label copy = label;
            copy.condition = expand(label.condition, environment);
            if (!pool().is_false(copy.condition)) result.labels.push_back(std::move(copy));
        }
        for (const Raise& raise : rule.raises) {
            GroundRaise copy{raise.event, expand(raise.condition, environment), {}};
            for (const ExprId argument : raise.arguments) copy.arguments.push_back(expand(argument, environment));
            if (!pool().is_false(copy.condition)) result.raises.push_back(std::move(copy));
        }
        if (ground_.rules.size() >= max_rules_)
            return fail(rule.name, fmt::format("more than {} rule instances", max_rules_));
        ground_.rules.push_back(std::move(result));
        return true;
    }

    bool fail(const std::string& rule, const std::string& what) {
        error_ = {"model", fmt::format("rule {}: {}", rule, what), "", "", ""};
        return false;
    }

    void add_bound(GroundRule& rule, const std::string& name, ExprId condition, bool environment) {
        if (pool().is_true(condition)) return;
        rule.bounds.push_back({name, condition, environment});
    }

    bool put(GroundRule& rule, SlotId slot, ExprId value, bool check) {
        if (value == pool().slot(slot, ground_.variables[slot].domain)) return true;
        for (const GroundAssignment& other : rule.assignments) {
            if (other.slot == slot) return fail(rule.name, "assigns " + ground_.variables[slot].name + " twice");
        }
        const Interval interval = interval_of(system(), value);
        const Domain& domain = ground_.domain_of(slot);
        const bool inside = interval.lo >= domain.lo && interval.hi <= domain.hi;
        if (pool().is_const(value) && !inside) {
            return fail(rule.name, fmt::format("assigns {} to {}: {}..{}", pool().const_value(value),
                                               ground_.variables[slot].name, domain.lo, domain.hi));
        }
        rule.assignments.push_back({slot, value, check && !inside});
        return true;
    }

    bool assign(GroundRule& rule, const Assignment& assignment, const Environment& environment) {
        const Variable variable = system().variables[assignment.var];
        const ExprId value = expand(assignment.value, environment);
        std::vector<ExprId> indices;
        for (const ExprId index : assignment.indices) indices.push_back(expand(index, environment));
        bool good = true;
        for_each_tuple(variable.indices, [&](const std::vector<Value>& element) {
            ExprId hit = pool().boolean(true);
            for (std::size_t i = 0; i < indices.size(); ++i) {
                const DomainId domain = pool().node(indices[i]).domain;
                hit = pool().conjunction({hit, pool().equal(indices[i], pool().constant(domain, element[i]))});
            }
            if (!good || pool().is_false(hit)) return;
            const SlotId slot = ground_.slot(assignment.var, element);
            good = put(rule, slot, pool().ite(hit, value, pool().slot(slot, variable.domain)), true);
        });
        return good;
    }

    /// One channel instance while a rule's steps are applied to it symbolically.
    struct Content {
        std::vector<std::vector<ExprId>> slots;
        Value delta = 0;
    };

    bool apply_channel_steps(GroundRule& rule, const Rule& declared, const Environment& environment) {
        std::map<std::size_t, Content> contents;
        for (const ChannelStep& step : declared.channel_steps) {
            std::vector<Value> indices;
            for (const ExprId index : step.indices) {
                const ExprId value = expand(index, environment);
                if (!pool().is_const(value))
                    return fail(rule.name, "indexes a channel by something that is not a parameter");
                indices.push_back(pool().const_value(value));
            }
            const std::size_t which = find_channel(step.channel, indices);
            const GroundChannel& channel = ground_.channels[which];
            auto [entry, is_new] = contents.try_emplace(which);
            if (is_new) entry->second = initial_content(channel);
            if (step.kind == ChannelStep::Kind::kRemove) {
                remove(entry->second, channel, step.position);
                if (step.consumes) rule.consumes.push_back(static_cast<std::uint32_t>(which));
            } else if (step.kind == ChannelStep::Kind::kSwap) {
                std::swap(entry->second.slots[step.position], entry->second.slots[step.position + 1]);
            } else {
                append(rule, entry->second, channel, step, environment);
            }
        }
        for (const auto& [which, content] : contents) {
            if (!store(rule, ground_.channels[which], content)) return false;
        }
        return true;
    }

    std::size_t find_channel(ChannelId id, const std::vector<Value>& indices) {
        for (std::size_t i = 0; i < ground_.channels.size(); ++i) {
            if (ground_.channels[i].channel == id && ground_.channels[i].indices == indices) return i;
        }
        fail_invariant("a channel index outside its domain", __FILE__, __LINE__);
    }

    Content initial_content(const GroundChannel& channel) {
        Content content;
        for (const auto& fields : channel.slots) {
            std::vector<ExprId> values;
            for (const SlotId slot : fields) values.push_back(pool().slot(slot, ground_.variables[slot].domain));
            content.slots.push_back(std::move(values));
        }
        return content;
    }

    void remove(Content& content, const GroundChannel& channel, std::uint32_t position) {
        content.slots.erase(content.slots.begin() + position);
        std::vector<ExprId> unused;
        for (const SlotId slot : channel.slots[0]) {
            unused.push_back(pool().constant(ground_.variables[slot].domain, ground_.variables[slot].initial));
        }
        content.slots.push_back(std::move(unused));
        --content.delta;
    }

    void append(GroundRule& rule, Content& content, const GroundChannel& channel, const ChannelStep& step,
                const Environment& environment) {
        const auto capacity = static_cast<Value>(channel.slots.size());
        const DomainId length_domain = ground_.variables[channel.length].domain;
        const ExprId length = pool().slot(channel.length, length_domain);
        if (content.delta >= 0) {
            const ExprId room = pool().less(length, pool().constant(length_domain, capacity - content.delta));
            // A repetition or a forgery that finds no room is the environment's loss; a node's message that finds none
            // is ours.
            const RuleKind kind = system().rules[rule.rule].kind;
            const bool by_environment = kind == RuleKind::kFault || kind == RuleKind::kAttacker;
            add_bound(rule, fmt::format("capacity of {} ({} messages)", channel.name, capacity), room, by_environment);
        }
        std::vector<ExprId> values;
        for (const ExprId value : step.values) values.push_back(expand(value, environment));
        for (Value position = 0; position < capacity; ++position) {
            const Value before = position - content.delta;
            if (before < 0 || before > capacity) continue;
            const ExprId here = pool().equal(length, pool().constant(length_domain, before));
            auto& slot = content.slots[static_cast<std::size_t>(position)];
            for (std::size_t f = 0; f < values.size(); ++f) slot[f] = pool().ite(here, values[f], slot[f]);
        }
        ++content.delta;
    }

    bool store(GroundRule& rule, const GroundChannel& channel, const Content& content) {
        for (std::size_t position = 0; position < content.slots.size(); ++position) {
            for (std::size_t f = 0; f < content.slots[position].size(); ++f) {
                if (!put(rule, channel.slots[position][f], content.slots[position][f], true)) return false;
            }
        }
        if (content.delta == 0) return true;
        const ExprId length = pool().slot(channel.length, ground_.variables[channel.length].domain);
        const ExprId sum = content.delta > 0 ? pool().add(length, pool().constant(kIntDomain, content.delta))
                                             : pool().subtract(length, pool().constant(kIntDomain, -content.delta));
        return put(rule, channel.length, sum, false);  // guard and capacity bound keep it in range
    }

    void bound_fresh_tokens(GroundRule& rule) {
        std::map<DomainId, Value> most;
        for (const GroundAssignment& assignment : rule.assignments) {
            pool().visit(assignment.value, [&](ExprId, const ExprNode& node) {
                if (node.op != Op::kFresh) return;
                const auto [entry, is_new] = most.emplace(node.domain, node.a);
                if (!is_new) entry->second = std::max(entry->second, node.a);
            });
        }
        for (const auto& [domain, ordinal] : most) {
            const ExprId room =
                pool().less_equal(pool().fresh(domain, ordinal), pool().constant(domain, system().domains[domain].hi));
            add_bound(rule, fmt::format("tokens {} ({})", system().domains[domain].name, system().domains[domain].hi),
                      room, false);
        }
    }

    GroundSystem ground_;
    std::size_t max_rules_;
    Error error_;
};

}  // namespace

SlotId GroundSystem::slot(VarId variable, std::span<const Value> indices) const {
    const Variable& declared = system->variables[variable];
    SlotId offset = 0;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const Domain& domain = system->domains[declared.indices[i]];
        IMSPECT_REQUIRE(indices[i] >= domain.lo && indices[i] <= domain.hi, declared.name.c_str());
        offset = offset * domain.size() + static_cast<SlotId>(indices[i] - domain.lo);
    }
    return first_slot[variable] + offset;
}

Result<GroundSystem> ground(std::shared_ptr<System> system, std::size_t max_rules) {
    return Grounder(std::move(system), max_rules).run();
}

ExprId ground_expression(const GroundSystem& ground, ExprId expression, const Binding& binding) {
    Environment environment;
    for (const auto& [param, value] : binding) {
        environment[param] = ground.pool().constant(ground.system->params[param].domain, value);
    }
    return Expander(ground).expand(expression, environment, false);
}

ExprId as_old(ExprPool& pool, ExprId expression) {
    return pool.rewrite(expression, [&](const ExprNode& node, ExprId id) {
        return node.op == Op::kSlot ? pool.old_slot(static_cast<SlotId>(node.a), node.domain) : id;
    });
}

Interval interval_of(const System& system, ExprId expression) {
    std::unordered_map<ExprId, Interval> done;
    system.pool.visit(expression, [&](ExprId id, const ExprNode& node) {
        const Domain& domain = system.domains[node.domain];
        Interval result{domain.lo, domain.hi};
        switch (node.op) {
            case Op::kConst: result = {node.a, node.a}; break;
            case Op::kAdd:
                result = {done[node.kids[0]].lo + done[node.kids[1]].lo, done[node.kids[0]].hi + done[node.kids[1]].hi};
                break;
            case Op::kSub:
                result = {done[node.kids[0]].lo - done[node.kids[1]].hi, done[node.kids[0]].hi - done[node.kids[1]].lo};
                break;
            case Op::kIte:
                result = {std::min(done[node.kids[1]].lo, done[node.kids[2]].lo),
                          std::max(done[node.kids[1]].hi, done[node.kids[2]].hi)};
                break;
            default: break;
        }
        done[id] = result;
    });
    return done.at(expression);
}

}  // namespace imspect::ir
