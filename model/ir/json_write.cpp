#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "model/ir/json.h"
#include "model/ir/printer.h"
#include "model/result.h"

namespace imspect::ir {

namespace {

using Json = nlohmann::ordered_json;

class Writer {
public:
    explicit Writer(const System& system) : system_(system) {}

    Json run(const std::vector<std::string>& properties) {
        Json out;
        out["schema"] = "imspect-model/1";
        out["name"] = system_.name;
        put_text(out, "about", system_.about);
        out["nodes"] = system_.nodes;
        out["domains"] = domains();
        out["variables"] = variables();
        if (!system_.channels.empty()) out["channels"] = channels();
        if (!system_.events.empty()) out["events"] = events();
        if (!system_.definitions.empty()) out["definitions"] = definitions();
        out["rules"] = Json::object();
        for (const Rule& rule : system_.rules) out["rules"][rule.name] = write_rule(rule);
        if (!system_.waiting.empty()) out["waiting"] = waiting();
        if (!system_.features.empty()) out["features"] = system_.features;
        for (const auto& [name, value] : system_.bounds) out["bounds"].push_back({{"name", name}, {"value", value}});
        if (!properties.empty()) out["properties"] = properties;
        return out;
    }

private:
    static void put_text(Json& out, const char* key, const std::string& text) {
        if (!text.empty()) out[key] = text;
    }

    const std::string& domain_name(DomainId id) const { return system_.domains[id].name; }

    std::vector<std::string> names_of(const std::vector<DomainId>& domains) const {
        std::vector<std::string> names;
        for (const DomainId domain : domains) names.push_back(domain_name(domain));
        return names;
    }

    /// bool and int are always there, and a channel's length has a domain that the channel implies.
    bool implied(DomainId id) const {
        return id == kBoolDomain || id == kIntDomain ||
               std::any_of(system_.channels.begin(), system_.channels.end(), [&](const Channel& channel) {
                   return system_.variables[channel.length].domain == id;
               });
    }

    Json domains() const {
        Json out = Json::object();
        for (DomainId id = 0; id < system_.domains.size(); ++id) {
            if (!implied(id)) out[domain_name(id)] = domain(system_.domains[id]);
        }
        return out;
    }

    static Json domain(const Domain& domain) {
        Json out;
        switch (domain.kind) {
            case DomainKind::kEnum: out["enum"] = domain.names; break;
            case DomainKind::kToken: out["tokens"] = domain.hi; break;
            case DomainKind::kIdentity:
                out["identities"] = domain.names;
                if (domain.symmetric) out["symmetric"] = true;
                if (domain.lo < 0) out["optional"] = true;
                break;
            default:
                out["range"] = {domain.lo, domain.hi};
                if (domain.counter) out["counter"] = true;
        }
        return out;
    }

    Json value(DomainId id, Value value) const {
        const Domain& domain = system_.domains[id];
        if (domain.kind == DomainKind::kBool) return value != 0;
        if (domain.kind == DomainKind::kRange || (domain.kind == DomainKind::kToken && value > 0)) return value;
        return domain.value_name(value);
    }

    Json variables() const {
        Json out = Json::object();
        for (const Variable& variable : system_.variables) {
            if (variable.channel) continue;
            Json& entry = out[variable.name];
            entry["node"] = system_.nodes[variable.owner];
            entry["domain"] = domain_name(variable.domain);
            if (!variable.indices.empty()) entry["indices"] = names_of(variable.indices);
            entry["initial"] = value(variable.domain, variable.initial);
            put_text(entry, "about", variable.about);
        }
        return out;
    }

    Json channels() const {
        Json out = Json::object();
        for (const Channel& channel : system_.channels) {
            Json& entry = out[channel.name];
            entry["from"] = system_.nodes[channel.from];
            entry["to"] = system_.nodes[channel.to];
            if (!channel.indices.empty()) entry["indices"] = names_of(channel.indices);
            entry["fields"] = Json::object();
            for (const Field& field : channel.fields) entry["fields"][field.name] = domain_name(field.domain);
            entry["capacity"] = channel.capacity;
            if (channel.deferred != kNoExpr) {
                Printer printer(system_, PrintStyle::kSource);
                entry["deferred"]["parameters"] = parameters(printer, channel.parameters);
                entry["deferred"]["when"] = printer.expression(channel.deferred);
            }
            place(entry, channel);
        }
        return out;
    }

    /// Where a variable is declared behind the channel: the state's layout keeps the order of declarations.
    void place(Json& entry, const Channel& channel) const {
        std::string before;
        bool more = false;
        for (VarId id = 0; id < system_.variables.size(); ++id) {
            if (system_.variables[id].channel) continue;
            if (id < channel.length) before = system_.variables[id].name;
            more = more || id > channel.length;
        }
        if (more) entry["after"] = before;
    }

    Json parameters(Printer& printer, const std::vector<ParamId>& params) const {
        Json out = Json::object();
        for (const ParamId param : params) {
            printer.declare(param);
            out[printer.shown(param)] = domain_name(system_.params[param].domain);
        }
        return out;
    }

    void put_parameters(Json& out, Printer& printer, const std::vector<ParamId>& params) const {
        Json names = parameters(printer, params);
        if (!names.empty()) out["parameters"] = std::move(names);
    }

    Json events() const {
        Json out = Json::object();
        for (const EventDecl& event : system_.events) {
            Json& entry = out[event.name];
            entry["arguments"] = names_of(event.domains);
            put_text(entry, "about", event.about);
        }
        return out;
    }

    Json definitions() const {
        Json out = Json::object();
        for (const Definition& definition : system_.definitions) {
            Printer printer(system_, PrintStyle::kSource);
            Json& entry = out[definition.name];
            put_parameters(entry, printer, definition.params);
            entry["is"] = printer.expression(definition.body);
            put_text(entry, "about", definition.about);
        }
        return out;
    }

    Json waiting() const {
        Json out = Json::object();
        for (const Waiting& waiting : system_.waiting) {
            Printer printer(system_, PrintStyle::kSource);
            Json& entry = out[waiting.name];
            put_parameters(entry, printer, waiting.params);
            entry["when"] = printer.expression(waiting.condition);
        }
        return out;
    }

    /// A conjunction as a list, one condition a line.
    Json conditions(Printer& printer, ExprId guard) const {
        const ExprNode& node = system_.pool.node(guard);
        if (node.op != Op::kAnd) return printer.expression(guard);
        Json out = Json::array();
        for (const ExprId kid : node.kids) out.push_back(printer.expression(kid));
        return out;
    }

    Json write_rule(const Rule& rule) const {
        Printer printer(system_, PrintStyle::kSource);
        Json out;
        out["node"] = system_.nodes[rule.node];
        out["kind"] = kind_name(rule.kind);
        if (!rule.clauses.empty()) out["clauses"] = rule.clauses;
        put_text(out, "about", rule.about);
        put_parameters(out, printer, rule.params);
        if (!system_.pool.is_true(rule.guard)) out["when"] = conditions(printer, rule.guard);
        for (const Assignment& assignment : rule.assignments) {
            out["set"][printer.element(assignment.var, assignment.indices)] = printer.value(assignment.value);
        }
        for (const ChannelStep& step : rule.channel_steps) out["messages"].push_back(write_step(printer, step));
        for (const Raise& raise : rule.raises) out["raises"].push_back(write_raise(printer, raise));
        for (const Label& label : rule.labels) out["labels"].push_back(write_label(printer, label));
        for (const Bound& bound : rule.bounds) {
            Json entry = {{"name", bound.name}, {"condition", printer.expression(bound.condition)}};
            if (bound.environment) entry["environment"] = true;
            out["bounds"].push_back(std::move(entry));
        }
        if (rule.fair) out["fair"] = true;
        if (rule.fault_cost > 0) out["cost"] = rule.fault_cost;
        return out;
    }

    Json write_step(Printer& printer, const ChannelStep& step) const {
        const Channel& channel = system_.channels[step.channel];
        const std::string instance =
            quoted_name(channel.name) + (step.indices.empty() ? "" : "[" + printer.list(step.indices) + "]");
        Json out;
        if (step.kind == ChannelStep::Kind::kAppend) {
            out["send"] = instance;
            out["fields"] = Json::object();
            for (std::size_t f = 0; f < step.values.size(); ++f) {
                const Value unused = system_.variables[channel.slots[0][f]].initial;
                const bool left_out = system_.pool.is_const(step.values[f]) && system_.pool.const_value(step.values[f]) == unused;
                if (!left_out) out["fields"][channel.fields[f].name] = printer.value(step.values[f]);
            }
            return out;
        }
        const char* remove = step.consumes ? "receive" : "lose";
        out[step.kind == ChannelStep::Kind::kSwap ? "swap" : remove] = instance;
        if (step.position > 0) out["position"] = step.position;
        return out;
    }

    Json write_raise(Printer& printer, const Raise& raise) const {
        Json out;
        out["event"] = system_.events[raise.event].name;
        out["arguments"] = Json::array();
        for (const ExprId argument : raise.arguments) out["arguments"].push_back(printer.value(argument));
        if (!system_.pool.is_true(raise.condition)) out["when"] = printer.expression(raise.condition);
        return out;
    }

    Json write_label(Printer& printer, const Label& label) const {
        Json out = {{"text", label.text}, {"from", system_.nodes[label.from]}, {"to", system_.nodes[label.to]}};
        if (!label.sent) out["sent"] = false;
        if (!system_.pool.is_true(label.condition)) out["when"] = printer.expression(label.condition);
        return out;
    }

    const System& system_;
};

}  // namespace

std::string write_json(const System& system, const std::vector<std::string>& properties) {
    return Writer(system).run(properties).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace imspect::ir
