#include "report/witness_file.h"

#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "model/nearest.h"

namespace imspect::report {
namespace {

using Json = nlohmann::json;

Error wrong(const std::string& file, std::string position, std::string message) {
    return Error{"witness", std::move(message), file, std::move(position), {}};
}

/// A member that must be there, of the type wanted.
Result<const Json*> member(const std::string& file, const Json& object, const std::string& at, const char* name, Json::value_t type) {
    const std::string path = fmt::format("{}/{}", at, name);
    if (!object.is_object() || !object.contains(name)) return wrong(file, path, "missing");
    const Json& found = object[name];
    if (found.type() != type) return wrong(file, path, fmt::format("expected another type than {}", found.type_name()));
    return &found;
}

std::string text_of(const Json& object, const char* name) {
    return object.is_object() && object.contains(name) && object[name].is_string() ? object[name].get<std::string>() : std::string{};
}

std::optional<Error> read_steps(WitnessFile& witness, const Json& story, const std::string& at) {
    witness.steps_at = at + "/steps";
    if (!story.is_object() || !story.contains("steps") || !story["steps"].is_array()) {
        return wrong(witness.file, witness.steps_at, "expected a list of steps");
    }
    for (const Json& step : story["steps"]) {
        if (!step.is_object() || !step.contains("rule") || !step["rule"].is_string()) {
            return wrong(witness.file, fmt::format("{}/{}/rule", witness.steps_at, witness.rules.size()), "expected the name of a rule with its arguments");
        }
        witness.rules.push_back(step["rule"].get<std::string>());
    }
    return std::nullopt;
}

std::optional<Error> read_checked(WitnessFile& witness, const Json& page, const std::string& wanted) {
    if (!page.contains("properties") || !page["properties"].is_array()) return wrong(witness.file, "/properties", "expected a list");
    const Json& properties = page["properties"];
    std::vector<std::string> known;
    for (std::size_t i = 0; i < properties.size(); ++i) {
        const std::string id = text_of(properties[i], "id");
        known.push_back(id);
        const std::string at = fmt::format("/properties/{}", i);
        const bool has_witness = properties[i].is_object() && properties[i].contains("witness");
        if (wanted.empty() ? text_of(properties[i], "verdict") != "violated" || !has_witness : id != wanted) continue;
        if (!has_witness) return wrong(witness.file, at + "/witness", fmt::format("missing: property {} has no witness", id));
        witness.property = id;
        return read_steps(witness, properties[i]["witness"], at + "/witness");
    }
    if (wanted.empty()) return wrong(witness.file, "/properties", "no property is violated with a witness");
    return wrong(witness.file, "/properties", fmt::format("there is no property '{}' in it{}", wanted, did_you_mean(wanted, known)));
}

void read_readings(WitnessFile& witness, const Json& page) {
    if (!page.contains("configuration") || !page["configuration"].is_object()) return;
    const Json& configuration = page["configuration"];
    if (!configuration.contains("readings") || !configuration["readings"].is_object()) return;
    for (const auto& [name, value] : configuration["readings"].items()) {
        if (value.is_string()) witness.readings.push_back(name + "=" + value.get<std::string>());
    }
}

}  // namespace

Result<WitnessFile> read_witness(std::string_view text, const std::string& file, const std::string& property) {
    const Json page = Json::parse(text, nullptr, false);
    if (page.is_discarded()) return wrong(file, {}, "is not JSON; expected what imspect check --format json writes");
    WitnessFile witness;
    witness.file = file;
    const Result<const Json*> schema = member(file, page, "", "schema", Json::value_t::string);
    if (!schema) return schema.error();
    witness.scenario = text_of(page, "scenario");
    const auto name = schema.value()->get<std::string>();
    std::optional<Error> failure;
    if (name == "imspect/check/1") {
        failure = read_checked(witness, page, property);
        read_readings(witness, page);
    } else if (name == "imspect/simulate/1") {
        if (!property.empty()) return wrong(file, "/schema", "a simulated run has no properties; leave --property out");
        failure = read_steps(witness, page.value("run", Json::object()), "/run");
    } else {
        return wrong(file, "/schema", fmt::format("expected imspect/check/1 or imspect/simulate/1, found '{}'", name));
    }
    if (failure) return *failure;
    return witness;
}

Result<std::vector<std::uint32_t>> rules_named(const ir::GroundSystem& ground, const WitnessFile& witness) {
    std::unordered_map<std::string, std::uint32_t> numbers;
    for (std::uint32_t rule = 0; rule < ground.rules.size(); ++rule) numbers.emplace(ground.rules[rule].name, rule);
    std::vector<std::uint32_t> rules;
    for (std::size_t i = 0; i < witness.rules.size(); ++i) {
        const auto found = numbers.find(witness.rules[i]);
        if (found == numbers.end()) {
            const std::string from = witness.scenario.empty() ? std::string{} : fmt::format("; the witness is of scenario '{}'", witness.scenario);
            return wrong(witness.file, fmt::format("{}/{}/rule", witness.steps_at, i),
                         fmt::format("this model has no rule '{}'{}", witness.rules[i], from));
        }
        rules.push_back(found->second);
    }
    return rules;
}

}  // namespace imspect::report
