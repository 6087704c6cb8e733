#include "report/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/ir/json_numbers.h"
#include "report/check_report.h"

namespace imspect::report {
namespace {

using Json = nlohmann::json;

Error wrong(const std::string& file, std::string position, std::string message) {
    return Error{"expectation", std::move(message), file, std::move(position), {}};
}

/// "line 3, column 7" is what nlohmann puts into its message; people want the position where every error has it.
std::string line_and_column(std::string_view text, std::size_t byte) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i + 1 < byte && i < text.size(); ++i) {
        column = text[i] == '\n' ? 1 : column + 1;
        if (text[i] == '\n') ++line;
    }
    return fmt::format("{}:{}", line, column);
}

bool is_verdict(const std::string& word) {
    return word == "holds" || word == "violated" || word == "unknown" || word == "skipped";
}

Result<ScenarioExpectations> read_scenario(const Json& json, const std::string& key, const std::string& file) {
    if (!json.is_object()) {
        return wrong(file, "/" + key, "expected an object of property and verdict, found " + std::string(json.type_name()));
    }
    ScenarioExpectations expectations;
    for (const auto& [id, verdict] : json.items()) {
        const std::string position = "/" + key + "/" + id;
        if (!verdict.is_string() || !is_verdict(verdict.get<std::string>())) {
            return wrong(file, position, "expected \"holds\", \"violated\", \"unknown\" or \"skipped\", found " + verdict.dump());
        }
        expectations[id] = verdict.get<std::string>();
    }
    return expectations;
}

}  // namespace

Result<Expectations> read_expectations(std::string_view text, const std::string& file) {
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        return wrong(file, line_and_column(text, error.byte), "not JSON: expected an object of scenarios and their verdicts");
    } catch (const Json::exception& error) {
        const auto huge = ir::find_huge_number(text);
        return wrong(file, huge ? huge->path : "/", huge ? huge->message : fmt::format("not JSON: {}", error.what()));
    }
    if (!json.is_object()) {
        return wrong(file, "/", "expected an object of scenarios, found " + std::string(json.type_name()));
    }
    Expectations all;
    for (const auto& [scenario, verdicts] : json.items()) {
        Result<ScenarioExpectations> one = read_scenario(verdicts, scenario, file);
        if (!one) return one.error();
        all[scenario] = std::move(one).value();
    }
    return all;
}

Result<ScenarioExpectations> expectations_for(const Expectations& all, const std::string& scenario, const std::string& file) {
    const auto found = all.find(scenario);
    if (found != all.end()) return found->second;
    std::vector<std::string> known;
    for (const auto& entry : all) known.push_back(entry.first);
    return wrong(file, "/", fmt::format("no expectations for scenario '{}'; it has some for: {}", scenario,
                                        known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
}

Comparison compare(const ScenarioExpectations& expected, const checker::CheckRun& run, bool strict,
                   const std::vector<std::string>& asked) {
    std::vector<Mismatch> mismatches;
    std::map<std::string, std::string> found;
    for (const outcome::PropertyOutcome& property : run.answer.properties) {
        const std::string verdict = verdict_name(property.verdict);
        found[property.id] = verdict;
        const auto entry = expected.find(property.id);
        if (entry == expected.end()) {
            if (counts_as_violation(property, strict)) mismatches.push_back({property.id, "not violated", verdict});
        } else if (entry->second != verdict) {
            mismatches.push_back({property.id, entry->second, verdict});
        }
    }
    for (const checker::Skipped& skipped : run.skipped) found[skipped.id] = "skipped";
    for (const auto& [id, verdict] : expected) {
        const auto entry = found.find(id);
        const bool was_asked = asked.empty() || std::find(asked.begin(), asked.end(), id) != asked.end();
        if (entry == found.end()) {
            if (was_asked) mismatches.push_back({id, verdict, "not checked"});
        } else if (entry->second == "skipped" && verdict != "skipped") {
            mismatches.push_back({id, verdict, "skipped"});
        }
    }
    return Comparison{expected, std::move(mismatches)};
}

}  // namespace imspect::report
