#include "report/export/tla_rule.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/ir/print.h"
#include "model/result.h"
#include "report/export/one_line.h"

namespace imspect::exports {

using ir::ChannelStep;
using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::SlotId;

namespace {

constexpr std::size_t kWidth = 110;

std::string in_place(const std::string& pattern, const std::string& value) {
    std::string result;
    bool quoted = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (quoted && pattern[i] == '\\' && i + 1 < pattern.size()) result += pattern[i++];
        else if (pattern[i] == '"') quoted = !quoted;
        result += pattern[i] == '@' && !quoted ? value : std::string(1, pattern[i]);
    }
    return result;
}

/// Words with commas between them, in lines of limited length.
std::string wrapped(const std::vector<std::string>& words, const std::string& indent) {
    std::string result;
    std::size_t column = indent.size();
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) result += ",";
        if (i > 0 && column + words[i].size() > kWidth) {
            result += "\n" + indent;
            column = indent.size();
        } else if (i > 0) {
            result += " ";
        }
        result += words[i];
        column += words[i].size() + 2;
    }
    return result;
}

}  // namespace

TlaStep::TlaStep(const ir::GroundSystem& system, std::size_t rule, const std::vector<const monitor::Observer*>& observers) : system_(system) {
    for (const ir::GroundAssignment& assignment : system.rules[rule].assignments) new_values_[assignment.slot] = assignment.value;
    for (const monitor::Observer* observer : observers) {
        for (std::size_t i = 0; i < observer->registers.size(); ++i) {
            const ExprId next = observer->registers[i].next[rule];
            if (next == ir::kNoExpr) continue;
            const SlotId slot = observer->first_register + static_cast<SlotId>(i);
            const ExprId value = before(next);
            new_values_[slot] = value;
            registers_[slot] = value;
        }
    }
}

ExprId TlaStep::before(ExprId formula) const {
    ir::ExprPool& pool = system_.pool();
    return pool.rewrite(formula, [&](const ExprNode& node, ExprId id) {
        if (node.op == Op::kOldSlot) return pool.slot(static_cast<SlotId>(node.a), node.domain);
        if (node.op != Op::kSlot) return id;
        const auto found = new_values_.find(static_cast<SlotId>(node.a));
        return found == new_values_.end() ? id : found->second;
    });
}

TlaRules::TlaRules(const ir::GroundSystem& system, const TlaNames& names, TlaExpressions& expressions, std::vector<const monitor::Observer*> observers)
    : system_(system), names_(names), expressions_(expressions), observers_(std::move(observers)), instances_(system.system->rules.size()) {
    for (std::size_t rule = 0; rule < system.rules.size(); ++rule) instances_[system.rules[rule].rule].push_back(rule);
}

std::string TlaRules::impossible() const {
    for (const ir::Rule& rule : system_.system->rules) {
        for (const ir::Assignment& assignment : rule.assignments) {
            const ir::Variable& variable = system_.system->variables[assignment.var];
            if (!variable.channel) continue;
            const bool length = names_.places[assignment.var].length;
            if (!length && least_length(rule, *variable.channel, assignment.indices) >= names_.places[assignment.var].position) continue;
            return fmt::format("rule {} assigns {} without asking for a message there; in TLA+ a channel is a sequence, without a place for what is not sent",
                               rule.name, variable.name);
        }
    }
    return "";
}

/// The length that the guard asks of a channel.
std::size_t TlaRules::least_length(const ir::Rule& rule, ir::ChannelId channel, const std::vector<ExprId>& indices) const {
    const ir::ExprPool& pool = system_.pool();
    std::vector<ExprId> conjuncts = {rule.guard};
    if (pool.node(rule.guard).op == Op::kAnd) conjuncts = pool.node(rule.guard).kids;
    ir::Value least = 0;
    for (const ExprId condition : conjuncts) {
        const ExprNode& node = pool.node(condition);
        if (node.op != Op::kLt && node.op != Op::kLe) continue;
        const ExprNode& length = pool.node(node.kids[1]);
        const bool asks = length.op == Op::kVar && static_cast<ir::VarId>(length.a) == system_.system->channels[channel].length && length.kids == indices;
        if (asks && pool.is_const(node.kids[0])) least = std::max(least, pool.const_value(node.kids[0]) + (node.op == Op::kLt ? 1 : 0));
    }
    return static_cast<std::size_t>(least);
}

std::string TlaRules::comment(const ir::Rule& rule) const {
    std::string text = fmt::format("\\* {}: {} at {}{}{}\n", rule.name, ir::kind_name(rule.kind), system_.system->nodes[rule.node],
                                   rule.clauses.empty() ? "" : fmt::format(" [{}]", fmt::join(rule.clauses, ", ")), rule.fair ? ", weakly fair" : "");
    if (!rule.about.empty()) text += fmt::format("\\*   {}\n", one_line(rule.about));
    return text;
}

std::string TlaRules::head(ir::RuleId id) {
    std::string arguments;
    for (const ir::ParamId param : system_.system->rules[id].params) arguments += (arguments.empty() ? "" : ", ") + expressions_.parameter(param);
    return arguments.empty() ? names_.rules[id] : fmt::format("{}({})", names_.rules[id], arguments);
}

std::string TlaRules::quantified(ir::RuleId id, const std::string& quantifier, const std::string& before, const std::string& after) {
    const ir::Rule& rule = system_.system->rules[id];
    expressions_.open(rule.params);
    std::string binders;
    for (const ir::ParamId param : rule.params) {
        binders += fmt::format("{}{} \\in {}", binders.empty() ? "" : ", ", expressions_.parameter(param), names_.domains[system_.system->params[param].domain]);
    }
    const std::string body = before + head(id) + after;
    return binders.empty() ? body : fmt::format("{} {} : {}", quantifier, binders, body);
}

std::string TlaRules::print(ir::RuleId id) {
    const ir::Rule& rule = system_.system->rules[id];
    expressions_.open(rule.params);
    changes_.clear();
    std::string text = comment(rule) + head(id) + " ==\n" + conditions(id);
    assignments(rule);
    messages(rule);
    registers(id);
    return text + updates();
}

std::string TlaRules::conditions(ir::RuleId id) {
    const ir::Rule& rule = system_.system->rules[id];
    const ir::ExprPool& pool = system_.pool();
    std::vector<ExprId> conjuncts = {rule.guard};
    if (pool.node(rule.guard).op == Op::kAnd) conjuncts = pool.node(rule.guard).kids;
    std::string text;
    for (const ExprId condition : conjuncts) {
        if (!pool.is_true(condition)) text += fmt::format("  /\\ {}\n", expressions_.line(condition));
    }
    expressions_.in_bound = true;
    for (const ir::Bound& bound : rule.bounds) {
        if (pool.is_true(bound.condition)) continue;
        text += fmt::format("  /\\ {}  \\* {}: {}\n", expressions_.line(bound.condition), bound.environment ? "budget" : "bound", one_line(bound.name));
    }
    expressions_.in_bound = false;
    for (std::size_t step = 0; step < rule.channel_steps.size(); ++step) text += room(rule, step);
    return text + fresh_bounds(id);
}

/// A message needs room, unless the same rule made it before.
std::string TlaRules::room(const ir::Rule& rule, std::size_t step) {
    const ChannelStep& append = rule.channel_steps[step];
    if (append.kind != ChannelStep::Kind::kAppend) return "";
    const TlaVariable& channel = names_.variables[names_.variable_of(append.channel)];
    int delta = 0;
    std::string perhaps;  // of steps on what may be the same channel
    for (std::size_t i = 0; i < step; ++i) {
        const ChannelStep& other = rule.channel_steps[i];
        if (other.channel != append.channel || other.kind == ChannelStep::Kind::kSwap) continue;
        const int by = other.kind == ChannelStep::Kind::kAppend ? 1 : -1;
        if (other.indices == append.indices) {
            delta += by;
            continue;
        }
        std::string same;
        for (std::size_t k = 0; k < other.indices.size(); ++k) {
            if (other.indices[k] == append.indices[k]) continue;
            same += fmt::format("{}{} = {}", same.empty() ? "" : " /\\ ", expressions_.print(other.indices[k]), expressions_.print(append.indices[k]));
        }
        perhaps += fmt::format(" + (IF {} THEN {} ELSE 0)", same, by < 0 ? "(-1)" : "1");
    }
    const std::string length = fmt::format("Len({}{})", channel.name, expressions_.subscript(append.indices));
    if (perhaps.empty()) {
        return delta < 0 ? "" : fmt::format("  /\\ {} < {}  \\* bound: capacity of {}\n", length, static_cast<int>(channel.capacity) - delta, channel.name);
    }
    const std::string sum = fmt::format("({}{}{})", delta < 0 ? "0 - " : "", delta < 0 ? -delta : delta, perhaps);
    return fmt::format("  /\\ (({0} < 0) \\/ ({1} < ({2} - {0})))  \\* bound: capacity of {3}\n", sum, length, channel.capacity, channel.name);
}

/// Of each token domain, the fresh ones that a ground rule draws must have names.
std::string TlaRules::fresh_bounds(ir::RuleId id) {
    std::map<ir::DomainId, std::map<std::size_t, std::string>> texts;
    for (const std::size_t instance : instances_[id]) {
        std::map<ir::DomainId, ir::Value> most;
        for (const ir::GroundAssignment& assignment : system_.rules[instance].assignments) {
            system_.pool().visit(assignment.value, [&](ExprId, const ExprNode& node) {
                if (node.op == Op::kFresh) most[node.domain] = std::max(most[node.domain], node.a + 1);
            });
        }
        for (const auto& [domain, ordinal] : most) {
            texts[domain][instance] = fmt::format("{}({}) <= {}", names_.bound_fresh[domain], ordinal, system_.system->domains[domain].hi);
        }
    }
    std::string result;
    for (const auto& [domain, by_rule] : texts) {
        result += fmt::format("  /\\ {}  \\* bound: tokens {}\n", by_instance(id, by_rule, "TRUE"), names_.domains[domain]);
    }
    return result;
}

std::string TlaRules::by_instance(ir::RuleId id, const std::map<std::size_t, std::string>& texts, const std::string& otherwise) {
    const std::string& first = texts.begin()->second;
    const bool all = texts.size() == instances_[id].size() && std::all_of(texts.begin(), texts.end(), [&](const auto& entry) { return entry.second == first; });
    if (all) return first;
    const ir::Rule& rule = system_.system->rules[id];
    std::string result = "(CASE ";
    for (const auto& [instance, text] : texts) {
        std::string which;
        for (std::size_t i = 0; i < rule.params.size(); ++i) {
            which += fmt::format("{}{} = {}", which.empty() ? "" : " /\\ ", expressions_.parameter(rule.params[i]),
                                 names_.value(system_.system->params[rule.params[i]].domain, system_.rules[instance].arguments[i]));
        }
        result += fmt::format("({}) -> {} [] ", which, text);
    }
    return result + "OTHER -> " + otherwise + ")";
}

/// The old value stands as "@" in the new one; changes of one element are one change.
void TlaRules::change(std::size_t variable, const std::string& where, const std::string& value) {
    Changes& changes = changes_[variable];
    if (!changes.empty() && changes.back().first == where) changes.back().second = in_place(value, changes.back().second);
    else changes.emplace_back(where, value);
}

void TlaRules::assignments(const ir::Rule& rule) {
    for (const ir::Assignment& assignment : rule.assignments) {
        const TlaPlace& place = names_.places[assignment.var];
        std::string where = expressions_.subscript(assignment.indices);
        if (place.position > 0) where += fmt::format("[{}].{}", place.position, names_.variables[place.variable].fields[place.field].first);
        change(place.variable, where, expressions_.print(assignment.value));
    }
}

void TlaRules::messages(const ir::Rule& rule) {
    for (const ChannelStep& step : rule.channel_steps) {
        std::string value;
        if (step.kind == ChannelStep::Kind::kAppend) value = fmt::format("Append(@, {})", message(step));
        else if (step.kind == ChannelStep::Kind::kSwap) value = fmt::format("{}(@, {})", names_.swapped, step.position + 1);
        else value = step.position == 0 ? "Tail(@)" : fmt::format("{}(@, {})", names_.without, step.position + 1);
        change(names_.variable_of(step.channel), expressions_.subscript(step.indices), value);
    }
}

std::string TlaRules::message(const ChannelStep& step) {
    const TlaVariable& channel = names_.variables[names_.variable_of(step.channel)];
    std::string text;
    for (std::size_t f = 0; f < channel.fields.size(); ++f) {
        const std::string value = f < step.values.size() ? expressions_.print(step.values[f]) : "FALSE";
        text += fmt::format("{}{} |-> {}", text.empty() ? "" : ", ", channel.fields[f].first, value);
    }
    return "[" + text + "]";
}

void TlaRules::registers(ir::RuleId id) {
    std::map<SlotId, std::map<std::size_t, std::string>> texts;
    for (const std::size_t instance : instances_[id]) {
        const TlaStep step(system_, instance, observers_);
        for (const auto& [slot, value] : step.registers()) texts[slot][instance] = expressions_.print(value);
    }
    for (const auto& [slot, by_rule] : texts) {
        const std::size_t variable = names_.variable_of_register(slot);
        change(variable, "", by_instance(id, by_rule, names_.variables[variable].name));
    }
}

std::string TlaRules::updates() {
    std::string text;
    std::string through;  // Renamed
    for (const auto& [index, changes] : changes_) {
        const TlaVariable& variable = names_.variables[index];
        const bool tokens = names_.holds_tokens(variable);
        std::string parts;
        for (const auto& [where, value] : changes) parts += fmt::format("{}!{}{} = {}", parts.empty() ? "" : ", ", tokens ? "." + variable.name : "", where, value);
        if (tokens) through += (through.empty() ? "" : ",\n                    ") + parts;
        else if (changes[0].first.empty()) text += fmt::format("  /\\ {}' = {}\n", variable.name, in_place(changes[0].second, variable.name));
        else text += fmt::format("  /\\ {0}' = [{0} EXCEPT {1}]\n", variable.name, parts);
    }
    if (!through.empty()) text += fmt::format("  /\\ {}([{} EXCEPT {}])\n", names_.renamed, names_.tokens, through);
    std::vector<std::string> unchanged;
    for (std::size_t i = 0; i < names_.variables.size(); ++i) {
        const bool is_renamed = !through.empty() && names_.holds_tokens(names_.variables[i]);
        if (!changes_.contains(i) && !is_renamed) unchanged.push_back(names_.variables[i].name);
    }
    if (!unchanged.empty()) text += "  /\\ UNCHANGED <<" + wrapped(unchanged, "                  ") + ">>\n";
    return text;
}

}  // namespace imspect::exports
