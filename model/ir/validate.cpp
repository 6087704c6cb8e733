#include "model/ir/validate.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "model/ir/expression_text.h"
#include "model/ir/validator.h"

namespace imspect::ir {

namespace {

constexpr double kMostElements = 100'000;     // slots of a system
constexpr double kMostWeight = 100'000'000;  // nodes visited while grounding
constexpr Value kMostTokens = 250;
constexpr Value kFarthest = 1'000'000;  // the type of arithmetic reaches as far

template <typename Items>
std::vector<std::string> names_of(const Items& items) {
    std::vector<std::string> names;
    for (const auto& item : items) names.push_back(item.name);
    return names;
}

}  // namespace

void Validator::add(std::string_view code, std::string path, std::string message) {
    Defect defect{std::string(code), std::move(path), std::move(message)};
    if (std::find(defects_.begin(), defects_.end(), defect) == defects_.end()) defects_.push_back(std::move(defect));
}

std::vector<Defect> Validator::run() {
    check_nodes();
    check_domains();
    check_variables();
    check_unique(names_of(system_.channels), "/channels", "channel");
    if (pool_is_sound()) {
        find_recursion();
        check_channels();
        check_events();
        check_definitions();
        check_rules();
        check_waiting();
    }
    check_unique(system_.features, "/features", "feature");
    check_size();
    if (defects_.empty()) check_symmetry();
    return std::move(defects_);
}

void Validator::check_name(const std::string& name, const std::string& path, const std::string& what) {
    if (name.empty()) return add("bad-name", path, fmt::format("a {} without a name", what));
    const bool unprintable = std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    const bool unquotable = name.find('\'') != std::string::npos && name.find('"') != std::string::npos;
    if (unprintable || unquotable) add("bad-name", path, fmt::format("the name of a {} holds control characters or both kinds of quotes", what));
    if (name == "true" || name == "false" || name == "fresh" || name == "old") {
        add("bad-name", path, fmt::format("the {} is called '{}', which means something else in expressions", what, name));
    }
}

void Validator::check_unique(const std::vector<std::string>& names, const std::string& path, const std::string& what) {
    std::set<std::string> seen;
    for (const std::string& name : names) {
        check_name(name, path, what);
        if (!seen.insert(name).second) add("duplicate-name", path + "/" + name, fmt::format("two {}s are called '{}'", what, name));
    }
}

void Validator::check_nodes() { check_unique(system_.nodes, "/nodes", "node"); }

void Validator::check_domains() {
    if (system_.domains.size() < 2 || system_.domains[0].kind != DomainKind::kBool || system_.domains[0].lo != 0 ||
        system_.domains[0].hi != 1 || system_.domains[1].kind != DomainKind::kRange) {
        add("domains", "/domains", "the first two domains must be bool and int");
    }
    check_unique(names_of(system_.domains), "/domains", "domain");
    for (DomainId id = 0; id < system_.domains.size(); ++id) check_domain(id);
}

void Validator::check_domain(DomainId id) {
    const Domain& domain = system_.domains[id];
    const std::string path = "/domains/" + domain.name;
    if (domain.hi < domain.lo) return add("empty-domain", path, fmt::format("the domain {} has no value", domain.name));
    if (domain.lo < -kFarthest || domain.hi > kFarthest) add("domain-size", path, fmt::format("the domain {} reaches beyond a million", domain.name));
    const bool named = domain.kind == DomainKind::kEnum || domain.kind == DomainKind::kIdentity;
    if (named) {
        if (static_cast<std::int64_t>(domain.names.size()) != static_cast<std::int64_t>(domain.hi) + 1 || domain.lo < -1 ||
            domain.lo > 0 || (domain.kind == DomainKind::kEnum && domain.lo != 0)) {
            add("domain-names", path, fmt::format("the domain {} needs one name for each value from 0 on", domain.name));
        }
        std::set<std::string> seen;
        for (const std::string& name : domain.names) {
            check_name(name, path, "value");
            if (!seen.insert(name).second) add("duplicate-name", path, fmt::format("the domain {} has two values called '{}'", domain.name, name));
        }
    }
    if (domain.kind == DomainKind::kToken && (domain.lo != 0 || domain.hi < 1 || domain.hi > kMostTokens)) {
        add("domain-size", path, fmt::format("the tokens {} must go from 0 to something up to {}", domain.name, kMostTokens));
    }
    if (domain.symmetric && domain.kind != DomainKind::kIdentity) {
        add("symmetric-kind", path, fmt::format("the domain {} is symmetric but holds no identities", domain.name));
    }
    if (domain.kind == DomainKind::kBool && id != kBoolDomain) add("domains", path, "there is one bool, and it is the first domain");
}

double Validator::elements(const std::vector<DomainId>& domains) const {
    double count = 1;
    for (const DomainId id : domains) count *= has_domain(id) ? std::max(1.0, static_cast<double>(system_.domains[id].hi) - system_.domains[id].lo + 1) : 1;
    return count;
}

double Validator::instances(const std::vector<ParamId>& params) const {
    std::vector<DomainId> domains;
    for (const ParamId param : params) {
        if (param < system_.params.size()) domains.push_back(system_.params[param].domain);
    }
    return elements(domains);
}

void Validator::check_indices(const std::vector<DomainId>& indices, const std::string& path, const std::string& who) {
    for (const DomainId index : indices) {
        if (!has_domain(index)) add("dangling-domain", path + "/indices", fmt::format("{} is indexed by a domain that does not exist", who));
        else if (index == kIntDomain) add("index-domain", path + "/indices", fmt::format("{} is indexed by int, the type of arithmetic", who));
        else if (system_.domains[index].kind == DomainKind::kToken) {
            add("index-domain", path + "/indices", fmt::format("{} is indexed by the tokens {}, which are renamed after every step", who, domain_name(index)));
        }
    }
}

void Validator::check_variables() {
    check_unique(names_of(system_.variables), "/variables", "variable");
    double total = 0;
    for (const Variable& variable : system_.variables) {
        const std::string path = "/variables/" + variable.name;
        const std::string who = "variable " + variable.name;
        if (variable.owner >= system_.nodes.size()) add("dangling-node", path + "/node", who + " belongs to a node that does not exist");
        if (variable.channel && *variable.channel >= system_.channels.size()) add("dangling-channel", path, who + " belongs to a channel that does not exist");
        check_indices(variable.indices, path, who);
        total += elements(variable.indices);
        if (!has_domain(variable.domain)) {
            add("dangling-domain", path + "/domain", who + " has a domain that does not exist");
            continue;
        }
        const Domain& domain = system_.domains[variable.domain];
        if (variable.domain == kIntDomain) add("variable-domain", path + "/domain", who + " is an int, the type of arithmetic; give it a range");
        if (variable.initial < domain.lo || variable.initial > domain.hi) {
            add("initial-value", path + "/initial", fmt::format("{} starts as {}, outside {} ({}..{})", who, variable.initial, domain.name, domain.lo, domain.hi));
        } else if (domain.symmetric && variable.initial >= 0 && !variable.channel) {
            add("symmetric-initial", path + "/initial",
                fmt::format("{} starts as {}, which tells it apart from the other identities of the symmetric {}", who, domain.value_name(variable.initial), domain.name));
        }
    }
    if (total > kMostElements) add("too-large", "/variables", fmt::format("more than {} variables with all their elements", kMostElements));
    check_initial_tokens();
}

/// Engines start from a state whose tokens are already named 1..k.
void Validator::check_initial_tokens() {
    std::map<DomainId, std::set<Value>> used;
    for (const Variable& variable : system_.variables) {
        if (!has_domain(variable.domain) || system_.domains[variable.domain].kind != DomainKind::kToken) continue;
        if (variable.initial > 0) used[variable.domain].insert(variable.initial);
    }
    for (const auto& [domain, values] : used) {
        if (*values.rbegin() == static_cast<Value>(values.size())) continue;
        add("initial-tokens", "/variables", fmt::format("the initial tokens of {} must be 1 to {} without gaps", domain_name(domain), values.size()));
    }
}

void Validator::check_channels() {
    for (ChannelId id = 0; id < system_.channels.size(); ++id) check_channel(id);
}

void Validator::check_channel(ChannelId id) {
    const Channel& channel = system_.channels[id];
    const std::string path = "/channels/" + channel.name;
    const std::string who = "channel " + channel.name;
    if (channel.from >= system_.nodes.size() || channel.to >= system_.nodes.size()) add("dangling-node", path, who + " joins a node that does not exist");
    check_indices(channel.indices, path, who);
    check_unique(names_of(channel.fields), path + "/fields", "field");
    if (channel.capacity == 0) add("capacity", path + "/capacity", who + " holds no message");
    const auto part = [&](VarId var, DomainId domain) {
        return var < system_.variables.size() && system_.variables[var].channel == id && system_.variables[var].indices == channel.indices &&
               system_.variables[var].domain == domain && has_domain(domain) && system_.variables[var].initial == system_.domains[domain].lo;
    };
    for (const Field& field : channel.fields) {
        if (!has_domain(field.domain) || field.domain == kIntDomain) {
            add("dangling-domain", path + "/fields/" + field.name, fmt::format("{}: the field {} has no domain of its own", who, field.name));
        }
    }
    const bool has_length = channel.length < system_.variables.size() && has_domain(system_.variables[channel.length].domain);
    bool sound = has_length && part(channel.length, system_.variables[channel.length].domain);
    if (sound) {
        const Domain& length = system_.domains[system_.variables[channel.length].domain];
        sound = length.kind == DomainKind::kRange && length.lo == 0 && length.hi == static_cast<Value>(channel.capacity);
    }
    sound = sound && channel.slots.size() == channel.capacity;
    for (const auto& slot : channel.slots) {
        sound = sound && slot.size() == channel.fields.size();
        for (std::size_t f = 0; sound && f < slot.size(); ++f) sound = part(slot[f], channel.fields[f].domain);
    }
    if (!sound) add("channel-parts", path, who + " does not have one variable for its length and one for each field of each message, empty at first");
    if (channel.deferred == kNoExpr) return;
    const std::vector<ParamId> params = known_params(channel.parameters, path + "/deferred", who);
    bool fits = params.size() == channel.indices.size();
    for (std::size_t i = 0; fits && i < params.size(); ++i) fits = system_.params[params[i]].domain == channel.indices[i];
    if (!fits) add("deferred-parameters", path + "/deferred", who + ": 'deferred' needs one parameter for each index, of its domain");
    check_expression(channel.deferred, {path + "/deferred/when", who + ": deferred", params, kBoolDomain, "type"});
}

void Validator::check_events() {
    check_unique(names_of(system_.events), "/events", "event");
    for (const EventDecl& event : system_.events) {
        for (const DomainId domain : event.domains) {
            if (!has_domain(domain)) add("dangling-domain", "/events/" + event.name, fmt::format("event {} has an argument of a domain that does not exist", event.name));
        }
    }
}

std::vector<ParamId> Validator::known_params(const std::vector<ParamId>& params, const std::string& path, const std::string& who) {
    std::vector<ParamId> known;
    std::set<std::string> names;
    for (const ParamId param : params) {
        if (param >= system_.params.size() || !has_domain(system_.params[param].domain) || system_.params[param].domain == kIntDomain) {
            add("dangling-parameter", path + "/parameters", who + " has a parameter that does not exist or has no domain of its own");
            continue;
        }
        check_name(system_.params[param].name, path + "/parameters", "parameter");
        if (!names.insert(system_.params[param].name).second) {
            add("duplicate-name", path + "/parameters", fmt::format("{} has two parameters called '{}'", who, system_.params[param].name));
        }
        known.push_back(param);
    }
    return known;
}

void Validator::check_definitions() {
    check_unique(names_of(system_.definitions), "/definitions", "definition");
    std::set<std::string> variables;
    for (const Variable& variable : system_.variables) variables.insert(variable.name);
    for (const Definition& definition : system_.definitions) {
        const std::string path = "/definitions/" + definition.name;
        const std::string who = "definition " + definition.name;
        if (variables.contains(definition.name)) add("duplicate-name", path, fmt::format("a variable and a definition are called '{}'", definition.name));
        const std::vector<ParamId> params = known_params(definition.params, path, who);
        check_expression(definition.body, {path + "/is", who, params, {}, "type"});
    }
}

void Validator::check_waiting() {
    check_unique(names_of(system_.waiting), "/waiting", "waiting condition");
    for (const Waiting& waiting : system_.waiting) {
        const std::string path = "/waiting/" + waiting.name;
        const std::string who = "waiting condition " + waiting.name;
        const std::vector<ParamId> params = known_params(waiting.params, path, who);
        if (check_expression(waiting.condition, {path + "/when", who, params, kBoolDomain, "type"})) {
            total_weight_ += instances(params) * weight(waiting.condition);
        }
    }
}

void Validator::check_size() {
    if (total_weight_ > kMostWeight) add("too-large", "/rules", "the rules expand to more than a model can be meant to have");
}

std::vector<Defect> validate(const System& system) { return Validator(system).run(); }

}  // namespace imspect::ir
