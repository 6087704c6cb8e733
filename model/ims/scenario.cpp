#include "model/ims/scenario.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "model/embedded.h"
#include "model/ir/json_numbers.h"
#include "model/nearest.h"

namespace imspect::ims {

namespace {

using Json = nlohmann::json;

/// Different IMPUs of a scenario. Each multiplies the states, so that three are beyond any search already, and what is built
/// for an implicit set grows with the square of its size.
constexpr std::size_t kMostImpus = 8;

/// Reads one scenario; the first defect found ends it, with the path of the offending key.
class Reader {
public:
    explicit Reader(std::string file) : file_(std::move(file)) {}

    Result<Scenario> read(std::string_view text) {
        Json json;
        try {
            json = Json::parse(text);
        } catch (const Json::parse_error& error) {
            return Error{"scenario", fmt::format("not JSON: {}", error.what()), file_,
                         fmt::format("byte {}", error.byte), ""};
        } catch (const Json::exception& error) {
            const auto huge = ir::find_huge_number(text);
            if (huge) return Error{"scenario", huge->message, file_, huge->path, ""};
            return Error{"scenario", fmt::format("not JSON: {}", error.what()), file_, "", ""};
        }
        object(json, "",
               {"name", "about", "ues", "implicit_sets", "scscfs", "bounds", "faults", "attacker", "features",
                "readings", "profiles"});
        Scenario scenario;
        scenario.name = string(json, "", "name", true);
        scenario.about = string(json, "", "about", false);
        ues(json, scenario);
        implicit_sets(json, scenario);
        scenario.scscfs = number(json, "", "scscfs", 1, 4, 1);
        bounds(json, scenario);
        scenario.faults = choices(json, "faults", fault_kinds());
        scenario.attacker = choices(json, "attacker", attacker_powers());
        scenario.features = choices(json, "features", features());
        consistent(scenario);
        arguments(json, "readings", [&](const std::string& argument) { return apply_reading(scenario, argument); });
        arguments(json, "profiles", [&](const std::string& argument) { return apply_profile(scenario, argument); });
        if (failed_) return error_;
        return scenario;
    }

private:
    void fail(const std::string& path, const std::string& message) {
        if (failed_) return;
        failed_ = true;
        error_ = {"scenario", message, file_, path.empty() ? "/" : path, ""};
    }

    void object(const Json& json, const std::string& path, const std::vector<std::string>& keys) {
        if (!json.is_object()) return fail(path, "expected an object");
        for (const auto& [key, value] : json.items()) {
            if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
                fail(path + "/" + key, fmt::format("unknown key{}", did_you_mean(key, keys)));
            }
        }
    }

    const Json* member(const Json& json, const std::string& path, const std::string& key, bool needed) {
        if (!json.is_object()) return nullptr;
        const auto found = json.find(key);
        if (found != json.end()) return &*found;
        if (needed) fail(path + "/" + key, "missing");
        return nullptr;
    }

    std::string string(const Json& json, const std::string& path, const std::string& key, bool needed) {
        const Json* value = member(json, path, key, needed);
        if (value == nullptr) return "";
        if (!value->is_string()) {
            fail(path + "/" + key, "expected a string");
            return "";
        }
        return value->get<std::string>();
    }

    std::uint32_t number(const Json& json, const std::string& path, const std::string& key, std::uint32_t lo,
                         std::uint32_t hi, std::uint32_t otherwise) {
        const Json* value = member(json, path, key, false);
        if (value == nullptr) return otherwise;
        if (!value->is_number_integer() || value->get<std::int64_t>() < lo || value->get<std::int64_t>() > hi) {
            fail(path + "/" + key, fmt::format("expected a whole number from {} to {}", lo, hi));
            return otherwise;
        }
        return value->get<std::uint32_t>();
    }

    std::vector<std::string> strings(const Json& json, const std::string& path) {
        std::vector<std::string> values;
        std::set<std::string> seen;
        if (!json.is_array()) {
            fail(path, "expected an array of strings");
            return values;
        }
        for (std::size_t i = 0; i < json.size(); ++i) {
            const std::string at = fmt::format("{}/{}", path, i);
            if (!json[i].is_string()) {
                fail(at, "expected a string");
                return values;
            }
            const auto value = json[i].get<std::string>();
            if (!seen.insert(value).second) fail(at, fmt::format("'{}' stands here twice", value));
            values.push_back(value);
        }
        return values;
    }

    std::vector<std::string> choices(const Json& json, const std::string& key, const std::vector<Described>& known) {
        const Json* value = member(json, "", key, false);
        if (value == nullptr) return {};
        const auto chosen = strings(*value, "/" + key);
        std::vector<std::string> names;
        for (const Described& one : known) names.push_back(one.name);
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            if (std::find(names.begin(), names.end(), chosen[i]) != names.end()) continue;
            fail(fmt::format("/{}/{}", key, i), fmt::format("'{}' is not one of: {}{}", chosen[i],
                                                            fmt::join(names, ", "), did_you_mean(chosen[i], names)));
        }
        return chosen;
    }

    void ues(const Json& json, Scenario& scenario) {
        const Json* list = member(json, "", "ues", true);
        if (list == nullptr) return;
        if (!list->is_array() || list->empty() || list->size() > 4)
            return fail("/ues", "expected an array of 1 to 4 UEs");
        std::set<std::string> different;
        for (std::size_t i = 0; i < list->size(); ++i) {
            const std::string path = fmt::format("/ues/{}", i);
            const Json& entry = (*list)[i];
            object(entry, path, {"name", "impus"});
            UeConfig ue{string(entry, path, "name", true), {}};
            const Json* impus = member(entry, path, "impus", true);
            if (impus != nullptr) ue.impus = strings(*impus, path + "/impus");
            if (ue.impus.empty()) fail(path + "/impus", "expected at least one IMPU");
            for (const UeConfig& other : scenario.ues) {
                if (other.name == ue.name) fail(path + "/name", fmt::format("two UEs are called '{}'", ue.name));
            }
            different.insert(ue.impus.begin(), ue.impus.end());
            if (different.size() > kMostImpus) {
                fail(path + "/impus", fmt::format("expected at most {} different IMPUs in a scenario, found {}", kMostImpus,
                                                  different.size()));
            }
            scenario.ues.push_back(std::move(ue));
        }
    }

    void implicit_sets(const Json& json, Scenario& scenario) {
        const Json* list = member(json, "", "implicit_sets", false);
        if (list == nullptr || failed_) return;  // which IMPUs there are may not be known
        if (!list->is_array()) return fail("/implicit_sets", "expected an array of arrays of IMPUs");
        std::vector<std::string> seen;
        for (std::size_t i = 0; i < list->size(); ++i) {
            const std::string path = fmt::format("/implicit_sets/{}", i);
            auto members = strings((*list)[i], path);
            if (members.empty()) fail(path, "expected at least one IMPU");
            for (const std::string& impu : members) {
                const bool known = std::any_of(scenario.ues.begin(), scenario.ues.end(), [&](const UeConfig& ue) {
                    return std::find(ue.impus.begin(), ue.impus.end(), impu) != ue.impus.end();
                });
                if (!known) fail(path, fmt::format("no UE has the IMPU '{}'", impu));
                if (std::find(seen.begin(), seen.end(), impu) != seen.end())
                    fail(path, fmt::format("'{}' is in two implicit sets", impu));
                seen.push_back(impu);
            }
            scenario.implicit_sets.push_back(std::move(members));
        }
    }

    void bounds(const Json& json, Scenario& scenario) {
        const Json empty = Json::object();
        const Json* given = member(json, "", "bounds", false);
        const Json& values = given == nullptr ? empty : *given;
        object(values, "/bounds", {"attempts", "avs", "channel", "tokens", "faults", "attacks"});
        scenario.attempts = number(values, "/bounds", "attempts", 1, 9, 1);
        scenario.avs = number(values, "/bounds", "avs", 1, 2, 2);
        scenario.channel_capacity = number(values, "/bounds", "channel", 1, 6, 2);
        scenario.tokens = number(values, "/bounds", "tokens", 4, 15, 15);
        scenario.fault_budget = number(values, "/bounds", "faults", 0, 9, 0);
        scenario.attacker_budget = number(values, "/bounds", "attacks", 0, 9, 0);
    }

    void consistent(const Scenario& scenario) {
        if (scenario.faults.empty() != (scenario.fault_budget == 0)) {
            fail("/bounds/faults", "faults need a budget of at least 1, and a budget needs faults");
        }
        if (scenario.attacker.empty() != (scenario.attacker_budget == 0)) {
            fail("/bounds/attacks", "attacker powers need a budget of at least 1, and a budget needs powers");
        }
    }

    template <typename Apply>
    void arguments(const Json& json, const std::string& key, Apply&& apply) {
        const Json* given = member(json, "", key, false);
        if (given == nullptr) return;
        if (!given->is_object()) return fail("/" + key, "expected an object of strings");
        for (const auto& [name, value] : given->items()) {
            const std::string path = "/" + key + "/" + name;
            if (!value.is_string()) return fail(path, "expected a string");
            const auto applied = apply(name + "=" + value.template get<std::string>());
            if (!applied.ok()) return fail(path, applied.error().message);
        }
    }

    std::string file_;
    bool failed_ = false;
    Error error_;
};

std::string known_list(const std::vector<std::string>& names, std::string_view word) {
    return fmt::format("; known: {}{}", fmt::join(names, ", "), did_you_mean(word, names));
}

}  // namespace

const std::vector<std::string>& shipped_scenarios() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const auto& file : embedded::scenarios()) list.push_back(file.name);
        return list;
    }();
    return names;
}

Result<Scenario> shipped_scenario(std::string_view name) {
    for (const auto& file : embedded::scenarios()) {
        if (file.name == name) return read_scenario(file.text, file.name + ".json");
    }
    return Error{"scenario", fmt::format("no scenario is called '{}'{}", name, known_list(shipped_scenarios(), name)),
                 "", "", ""};
}

Result<Scenario> read_scenario(std::string_view text, std::string file) {
    return Reader(std::move(file)).read(text);
}

Result<bool> apply_reading(Scenario& scenario, std::string_view argument) {
    if (argument == "letter") {
        for (const Reading& reading : readings()) {
            if (!reading.letter.empty()) scenario.readings[reading.name] = reading.letter;
        }
        return true;
    }
    const std::size_t equals = argument.find('=');
    if (equals == std::string_view::npos) {
        return Error{"reading", fmt::format("'{}' is not SWITCH=VALUE, nor 'letter'", argument), "", "", ""};
    }
    const std::string name(argument.substr(0, equals));
    const std::string value(argument.substr(equals + 1));
    std::vector<std::string> names;
    for (const Reading& reading : readings()) {
        names.push_back(reading.name);
        if (reading.name != name) continue;
        if (std::find(reading.values.begin(), reading.values.end(), value) == reading.values.end()) {
            return Error{"reading", fmt::format("{} can't be '{}'{}", name, value, known_list(reading.values, value)),
                         "", "", ""};
        }
        scenario.readings[name] = value;
        return true;
    }
    return Error{"reading", fmt::format("no switch is called '{}'{}", name, known_list(names, name)), "", "", ""};
}

Result<bool> apply_profile(Scenario& scenario, std::string_view argument) {
    const std::size_t equals = argument.find('=');
    if (equals == std::string_view::npos)
        return Error{"profile", fmt::format("'{}' is not NODE=NAME", argument), "", "", ""};
    const std::string node(argument.substr(0, equals));
    const std::string name(argument.substr(equals + 1));
    std::vector<std::string> known;
    for (const Profile& profile : profiles()) {
        known.push_back(profile.node + "=" + profile.name);
        if (profile.node != node || profile.name != name) continue;
        for (const auto& [reading, value] : profile.readings) scenario.readings[reading] = value;
        scenario.profiles[node] = name;
        return true;
    }
    return Error{"profile", fmt::format("no profile is called '{}'{}", argument, known_list(known, argument)), "", "",
                 ""};
}

}  // namespace imspect::ims
