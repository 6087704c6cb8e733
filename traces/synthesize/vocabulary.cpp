#include "traces/synthesize/vocabulary.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace imspect::synthesize {
namespace {

struct Expected {
    const char* name;
    std::vector<const char*> fields;
};

const std::array<Expected, kHops>& expected_channels() {
    static const std::array<Expected, kHops> table = {{
        {"gm_up", {"kind", "run", "impu", "sa", "rand", "ok", "ik", "setup", "again"}},
        {"mw_pi", {"kind", "run", "impu", "rand", "ok", "protected", "again"}},
        {"mw_is", {"kind", "run", "impu", "rand", "ok", "protected", "again", "scscf"}},
        {"mw_si", {"kind", "run", "rand", "keys", "again"}},
        {"mw_ip", {"kind", "run", "rand", "keys", "again"}},
        {"gm_down", {"kind", "run", "rand", "sa", "keys", "setup", "again"}},
        {"cx_ih", {"impu"}},
        {"cx_hi", {"scscf"}},
        {"cx_sh", {"kind", "ue", "impu", "run", "rand", "ok"}},
        {"cx_hs", {"kind", "ue", "run", "rand0", "rand1"}},
    }};
    return table;
}

Error foreign(const std::string& what) {
    return Error{"model", fmt::format("only a model of TS 33.203's registration can be synthesised, and this one has no {}", what), {}, {}, {}};
}

std::optional<ir::VarId> find_variable(const ir::System& system, std::string_view name, std::size_t indices) {
    for (ir::VarId id = 0; id < system.variables.size(); ++id) {
        if (system.variables[id].name == name && system.variables[id].indices.size() == indices) return id;
    }
    return std::nullopt;
}

std::vector<std::string> names_of(const ir::System& system, ir::DomainId domain) {
    std::vector<std::string> names;
    for (ir::Value value = system.domains[domain].lo; value <= system.domains[domain].hi; ++value) {
        names.push_back(system.domains[domain].value_name(value));
    }
    return names;
}

std::optional<Error> find_channels(const ir::System& system, Vocabulary& vocabulary) {
    for (std::size_t hop = 0; hop < kHops; ++hop) {
        const Expected& wanted = expected_channels()[hop];
        const auto channel = std::find_if(system.channels.begin(), system.channels.end(),
                                          [&](const ir::Channel& c) { return c.name == wanted.name && c.indices.size() == 1; });
        if (channel == system.channels.end()) return foreign(fmt::format("channel {}", wanted.name));
        vocabulary.channels[hop] = static_cast<ir::ChannelId>(channel - system.channels.begin());
        for (std::size_t f = 0; f < channel->fields.size(); ++f) vocabulary.fields[hop][channel->fields[f].name] = f;
        for (const char* field : wanted.fields) {
            if (vocabulary.fields[hop].count(field) == 0) return foreign(fmt::format("field {} in channel {}", field, wanted.name));
        }
    }
    return std::nullopt;
}

std::optional<Error> find_variables(const ir::System& system, Vocabulary& vocabulary) {
    struct Wanted {
        const char* name;
        std::size_t indices;
        ir::VarId* place;
    };
    const Wanted wanted[] = {
        {"ue.state", 1, &vocabulary.ue_state},       {"ue.sqn_ms", 1, &vocabulary.ue_sqn_ms},
        {"pcscf.state", 1, &vocabulary.pcscf_state}, {"scscf.state", 2, &vocabulary.scscf_state},
        {"scscf.impu", 2, &vocabulary.scscf_impu},   {"icscf.querying", 1, &vocabulary.icscf_querying},
        {"hss.name", 1, &vocabulary.hss_name},
    };
    for (const Wanted& variable : wanted) {
        const std::optional<ir::VarId> found = find_variable(system, variable.name, variable.indices);
        if (!found) return foreign(fmt::format("variable {}", variable.name));
        *variable.place = *found;
    }
    return std::nullopt;
}

/// The implicit sets as the model's own definition has them; without it every IMPU is alone.
std::vector<std::vector<std::size_t>> implicit_sets(const ir::GroundSystem& ground, std::size_t impus) {
    const ir::System& system = *ground.system;
    const auto same = std::find_if(system.definitions.begin(), system.definitions.end(),
                                   [](const ir::Definition& d) { return d.name == "same_set" && d.params.size() == 2; });
    std::vector<std::vector<std::size_t>> sets(impus);
    for (std::size_t a = 0; a < impus; ++a) {
        for (std::size_t b = 0; b < impus; ++b) {
            bool together = a == b;
            if (same != system.definitions.end() && !together) {
                const ir::Binding binding = {{same->params[0], static_cast<ir::Value>(a)}, {same->params[1], static_cast<ir::Value>(b)}};
                together = ground.pool().is_true(ir::ground_expression(ground, same->body, binding));
            }
            if (together) sets[a].push_back(b);
        }
    }
    return sets;
}

std::uint32_t avs_asked_for(const ir::System& system) {
    for (const auto& [name, value] : system.bounds) {
        std::uint32_t number = 0;
        const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
        if (name == "AVs a CM2 (m)" && read.ec == std::errc{} && number > 0) return number;
    }
    return 1;
}

}  // namespace

const char* name_of(Hop hop) { return expected_channels()[static_cast<std::size_t>(hop)].name; }

std::optional<Hop> Vocabulary::hop_of(ir::ChannelId channel) const {
    const auto found = std::find(channels.begin(), channels.end(), channel);
    if (found == channels.end()) return std::nullopt;
    return static_cast<Hop>(found - channels.begin());
}

Result<Vocabulary> vocabulary_of(const ir::GroundSystem& ground) {
    const ir::System& system = *ground.system;
    Vocabulary vocabulary;
    if (std::optional<Error> missing = find_channels(system, vocabulary)) return *missing;
    if (std::optional<Error> missing = find_variables(system, vocabulary)) return *missing;
    vocabulary.ues = names_of(system, system.variables[vocabulary.ue_state].indices[0]);
    vocabulary.impus = names_of(system, system.variables[vocabulary.hss_name].indices[0]);
    vocabulary.scscfs = names_of(system, system.variables[vocabulary.scscf_state].indices[0]);
    vocabulary.implicit_sets = implicit_sets(ground, vocabulary.impus.size());
    vocabulary.avs = avs_asked_for(system);
    return vocabulary;
}

}  // namespace imspect::synthesize
