#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "model/ir/expression_text.h"
#include "model/ir/json.h"
#include "model/ir/json_keys.h"
#include "model/ir/json_rules.h"
#include "model/ir/print.h"
#include "model/nearest.h"

namespace imspect::ir {

ModelReader::ModelReader(Reading& reading, System& system) : reading_(reading), system_(system), expressions_(system) {}

std::vector<std::string> ModelReader::run(const Json& document) {
    Keys keys(reading_, document, "");
    if (keys.text("schema", true) != "imspect-model/1") reading_.fail("/schema", "expected \"imspect-model/1\"");
    (void)keys.find("$schema");  // where an editor finds the schema
    system_.name = keys.text("name", true);
    system_.about = keys.text("about", false);
    system_.nodes = keys.texts("nodes", true);
    declare({"bool", DomainKind::kBool, 0, 1, {"false", "true"}, false, false});
    declare({"int", DomainKind::kRange, -1'000'000, 1'000'000, {}, false, false});
    each(keys, "domains", true, [&](const std::string& name, const Json& entry, const std::string& path) { read_domain(name, entry, path); });
    read_state(keys);
    each(keys, "events", false, [&](const std::string& name, const Json& entry, const std::string& path) { read_event(name, entry, path); });
    each(keys, "definitions", false, [&](const std::string& name, const Json& entry, const std::string& path) { read_definition(name, entry, path); });
    if (const Json* channels = keys.members("channels", false)) read_deferrals(*channels, keys.path("channels"));
    each(keys, "rules", true, [&](const std::string& name, const Json& entry, const std::string& path) { read_rule(name, entry, path); });
    each(keys, "waiting", false, [&](const std::string& name, const Json& entry, const std::string& path) { read_waiting(name, entry, path); });
    system_.features = keys.texts("features", false);
    items(keys, "bounds", [&](const Json& entry, const std::string& path) {
        Keys bound(reading_, entry, path);
        system_.bounds.emplace_back(bound.text("name", true), bound.text("value", true));
        bound.finish();
    });
    std::vector<std::string> properties = keys.texts("properties", false);
    keys.finish();
    return properties;
}

void ModelReader::each(Keys& keys, const char* key, bool required, const Member& visit) {
    const Json* members = keys.members(key, required);
    if (members == nullptr) return;
    for (const auto& [name, entry] : members->items()) {
        if (!good()) return;
        visit(name, entry, keys.path(key) + path_step(name));
    }
}

void ModelReader::items(Keys& keys, const char* key, const Item& visit) {
    const Json* elements = keys.elements(key);
    if (elements == nullptr) return;
    for (std::size_t i = 0; i < elements->size() && good(); ++i) visit((*elements)[i], fmt::format("{}/{}", keys.path(key), i));
}

DomainId ModelReader::declare(Domain domain) {
    const auto id = static_cast<DomainId>(system_.domains.size());
    system_.domains.push_back(std::move(domain));
    expressions_.declare_domain(id);
    return id;
}

void ModelReader::read_domain(const std::string& name, const Json& entry, const std::string& path) {
    if (expressions_.domain(name)) return reading_.fail(path, fmt::format("the domain '{}' is always there", name));
    Keys keys(reading_, entry, path);
    Domain domain;
    domain.name = name;
    const Json* range = keys.elements("range");
    const Json* enumeration = keys.find("enum");
    const Json* identities = keys.find("identities");
    const Json* tokens = keys.find("tokens");
    const int given = (range != nullptr) + (enumeration != nullptr) + (identities != nullptr) + (tokens != nullptr);
    if (good() && given != 1) return reading_.fail(path, "expected exactly one of 'range', 'enum', 'identities', 'tokens'");
    if (range != nullptr) {
        domain.kind = DomainKind::kRange;
        domain.counter = keys.flag("counter");
        const auto bound = [&](std::size_t i) {
            const bool whole = range->size() == 2 && (*range)[i].is_number_integer();
            const double value = whole ? (*range)[i].get<double>() : 2e6;
            if (value < -1e6 || value > 1e6) reading_.fail(keys.path("range"), "expected [lowest, highest], whole numbers within a million");
            return good() ? static_cast<Value>(value) : 0;
        };
        domain.lo = bound(0);
        domain.hi = bound(1);
    } else if (tokens != nullptr) {
        domain.kind = DomainKind::kToken;
        domain.hi = static_cast<Value>(keys.number("tokens", 1, 250, {}));
    } else {
        domain.kind = enumeration != nullptr ? DomainKind::kEnum : DomainKind::kIdentity;
        domain.names = keys.texts(enumeration != nullptr ? "enum" : "identities", true);
        domain.hi = static_cast<Value>(domain.names.size()) - 1;
        if (identities != nullptr) {
            domain.symmetric = keys.flag("symmetric");
            if (keys.flag("optional")) domain.lo = -1;
        }
    }
    keys.finish();
    declare(std::move(domain));
}

/// Variables in order, each channel behind the variable that it names (or behind all).
void ModelReader::read_state(Keys& keys) {
    std::multimap<std::string, std::string> behind;
    const Json* channels = keys.members("channels", false);
    const std::string last = "\n";  // no variable is called so: channels behind all variables
    if (channels != nullptr) {
        for (const auto& [name, entry] : channels->items()) {
            const bool placed = entry.is_object() && entry.contains("after") && entry["after"].is_string();
            behind.emplace(placed ? entry["after"].get<std::string>() : last, name);
        }
    }
    const auto place = [&](const std::string& after) {
        const auto [first, end] = behind.equal_range(after);
        for (auto it = first; it != end && good(); ++it) {
            read_channel(it->second, (*channels)[it->second], keys.path("channels") + path_step(it->second));
        }
        behind.erase(first, end);
    };
    place("");
    each(keys, "variables", true, [&](const std::string& name, const Json& entry, const std::string& path) {
        read_variable(name, entry, path);
        place(name);
    });
    if (!good()) return;
    place(last);
    if (good() && !behind.empty()) {
        reading_.fail(keys.path("channels") + path_step(behind.begin()->second) + "/after",
                      fmt::format("unknown variable '{}'{}", behind.begin()->first,
                                  did_you_mean(behind.begin()->first, expressions_.known_names())));
    }
}

NodeId ModelReader::node(Keys& keys, const char* key) {
    const std::string name = keys.text(key, true);
    const auto found = std::find(system_.nodes.begin(), system_.nodes.end(), name);
    if (found != system_.nodes.end()) return static_cast<NodeId>(found - system_.nodes.begin());
    reading_.fail(keys.path(key), fmt::format("unknown node '{}'{}", name, did_you_mean(name, system_.nodes)));
    return 0;
}

DomainId ModelReader::domain(const std::string& name, const std::string& path) {
    if (const auto found = expressions_.domain(name)) return *found;
    reading_.fail(path, fmt::format("unknown domain '{}'{}", name, did_you_mean(name, expressions_.domain_names())));
    return kBoolDomain;
}

std::vector<DomainId> ModelReader::domains(Keys& keys, const char* key) {
    std::vector<DomainId> ids;
    const std::vector<std::string> names = keys.texts(key, false);
    for (std::size_t i = 0; i < names.size(); ++i) ids.push_back(domain(names[i], fmt::format("{}/{}", keys.path(key), i)));
    return ids;
}

/// true, 3, "idle" as a value of a domain.
Value ModelReader::initial(Keys& keys, DomainId id) {
    const Json* entry = keys.require("initial");
    if (entry == nullptr) return 0;
    const Domain& domain = system_.domains[id];
    const bool numeric = domain.kind == DomainKind::kRange || domain.kind == DomainKind::kToken;
    if (domain.kind == DomainKind::kBool && entry->is_boolean()) return entry->get<bool>() ? 1 : 0;
    if (numeric && entry->is_number_integer()) return static_cast<Value>(keys.number("initial", domain.lo, domain.hi, {}));
    if (entry->is_string() && domain.kind != DomainKind::kBool) {
        const std::string name = entry->get<std::string>();
        if (name == "none" && domain.kind == DomainKind::kToken) return 0;
        if (name == "none" && domain.kind == DomainKind::kIdentity && domain.lo < 0) return -1;
        const auto found = std::find(domain.names.begin(), domain.names.end(), name);
        if (found != domain.names.end()) return static_cast<Value>(found - domain.names.begin());
        reading_.fail(keys.path("initial"), fmt::format("'{}' is no value of {}{}", name, domain.name, did_you_mean(name, domain.names)));
        return 0;
    }
    reading_.fail(keys.path("initial"), fmt::format("expected a value of {}", domain.name));
    return 0;
}

void ModelReader::read_variable(const std::string& name, const Json& entry, const std::string& path) {
    Keys keys(reading_, entry, path);
    Variable variable;
    variable.name = name;
    variable.owner = node(keys, "node");
    variable.domain = domain(keys.text("domain", true), keys.path("domain"));
    variable.indices = domains(keys, "indices");
    if (good()) variable.initial = initial(keys, variable.domain);
    variable.about = keys.text("about", false);
    keys.finish();
    add_variable(std::move(variable));
}

VarId ModelReader::add_variable(Variable variable) {
    const auto id = static_cast<VarId>(system_.variables.size());
    if (expressions_.variable(variable.name)) reading_.fail("/variables" + path_step(variable.name), "the name stands for a part of a channel already");
    system_.variables.push_back(std::move(variable));
    expressions_.declare_variable(id);
    return id;
}

void ModelReader::read_channel(const std::string& name, const Json& entry, const std::string& path) {
    Keys keys(reading_, entry, path);
    Channel channel;
    channel.name = name;
    channel.from = node(keys, "from");
    channel.to = node(keys, "to");
    channel.indices = domains(keys, "indices");
    each(keys, "fields", true, [&](const std::string& field, const Json& type, const std::string& field_path) {
        if (!type.is_string()) return reading_.fail(field_path, "expected the name of a domain");
        channel.fields.push_back({field, domain(type.get<std::string>(), field_path)});
    });
    channel.capacity = static_cast<std::uint32_t>(keys.number("capacity", 1, 64, {}));
    (void)keys.text("after", false);
    (void)keys.find("deferred");  // read when definitions are known
    keys.finish();
    if (!good()) return;
    const auto id = static_cast<ChannelId>(system_.channels.size());
    const auto part = [&](const std::string& suffix, DomainId domain) {
        return add_variable({name + suffix, channel.to, domain, channel.indices, system_.domains[domain].lo, id, {}});
    };
    if (expressions_.domain(name + ".length")) return reading_.fail("/domains" + path_step(name + ".length"), "the name stands for the length of a channel");
    const DomainId length = declare({name + ".length", DomainKind::kRange, 0, static_cast<Value>(channel.capacity), {}, false, false});
    channel.length = part(".length", length);
    for (std::uint32_t position = 0; position < channel.capacity; ++position) {
        channel.slots.emplace_back();
        for (const Field& field : channel.fields) {
            channel.slots.back().push_back(part(fmt::format(".{}.{}", position, field.name), field.domain));
        }
    }
    system_.channels.push_back(std::move(channel));
    expressions_.declare_channel(id);
}

void ModelReader::read_event(const std::string& name, const Json& entry, const std::string& path) {
    Keys keys(reading_, entry, path);
    EventDecl event{name, domains(keys, "arguments"), keys.text("about", false)};
    keys.finish();
    events_.push_back(name);
    system_.events.push_back(std::move(event));
}

std::vector<ParamId> ModelReader::parameters(Keys& keys) {
    std::vector<ParamId> params;
    each(keys, "parameters", false, [&](const std::string& name, const Json& type, const std::string& path) {
        if (!type.is_string()) return reading_.fail(path, "expected the name of a domain");
        params.push_back(expressions_.parameter(name, domain(type.get<std::string>(), path)));
    });
    expressions_.set_scope(params);
    return params;
}

ExprId ModelReader::expression(const std::string& text, const std::string& path, std::optional<DomainId> expected) {
    if (!good()) return kNoExpr;
    const auto read = expressions_.read(text, expected);
    if (read) return read.value();
    reading_.fail(path, read.error().message, read.error().excerpt);
    return kNoExpr;
}

/// A text, a list of texts that all must hold, or nothing: true.
ExprId ModelReader::condition(Keys& keys, const char* key, bool required) {
    const Json* entry = required ? keys.require(key) : keys.find(key);
    if (entry == nullptr || !good()) return system_.pool.boolean(true);
    if (!entry->is_array()) return expression(keys.text(key, true), keys.path(key), kBoolDomain);
    std::vector<ExprId> kids;
    const std::vector<std::string> texts = keys.texts(key, true);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        kids.push_back(expression(texts[i], fmt::format("{}/{}", keys.path(key), i), kBoolDomain));
        if (kids.back() == kNoExpr) return kNoExpr;
    }
    return system_.pool.conjunction(std::move(kids));
}

void ModelReader::read_definition(const std::string& name, const Json& entry, const std::string& path) {
    Keys keys(reading_, entry, path);
    Definition definition;
    definition.name = name;
    definition.params = parameters(keys);
    definition.body = expression(keys.text("is", true), keys.path("is"), {});
    definition.about = keys.text("about", false);
    keys.finish();
    if (!good()) return;
    if (expressions_.variable(name)) return reading_.fail(path, "a variable has this name already");
    system_.definitions.push_back(std::move(definition));
    expressions_.declare_definition(static_cast<std::uint32_t>(system_.definitions.size() - 1));
}

void ModelReader::read_deferrals(const Json& channels, const std::string& path) {
    for (const auto& [name, entry] : channels.items()) {
        if (!good() || !entry.contains("deferred")) continue;
        Keys keys(reading_, entry["deferred"], path + path_step(name) + "/deferred");
        Channel& channel = system_.channels[*expressions_.channel(name)];
        channel.parameters = parameters(keys);
        channel.deferred = condition(keys, "when", true);
        keys.finish();
    }
}

void ModelReader::read_waiting(const std::string& name, const Json& entry, const std::string& path) {
    Keys keys(reading_, entry, path);
    Waiting waiting;
    waiting.name = name;
    waiting.params = parameters(keys);
    waiting.condition = condition(keys, "when", true);
    keys.finish();
    system_.waiting.push_back(std::move(waiting));
}

Result<ModelFile> read_json(std::string_view text, const std::string& file) {
    Reading reading{file, {}};
    const auto document = parse_document(reading, text);
    if (!document) return *reading.error;
    ModelFile model;
    model.system = std::make_shared<System>();
    model.properties = ModelReader(reading, *model.system).run(*document);
    if (reading.error) return *reading.error;
    return model;
}

}  // namespace imspect::ir
