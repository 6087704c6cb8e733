#include "report/json_report.h"

#include <nlohmann/json.hpp>

#include "report/json_story.h"

namespace imspect::report {
namespace {

using Json = nlohmann::ordered_json;

Json property_json(const CheckReport& report, const outcome::PropertyOutcome& property) {
    Json json{{"id", property.id},
              {"meaning", property.meaning},
              {"clauses", property.clauses},
              {"modality", modality_name(property.modality)},
              {"verdict", verdict_name(property.verdict)},
              {"engine", property.engine}};
    if (!property.reason.empty()) json["reason"] = property.reason;
    if (!property.certificate.empty()) json["certificate"] = property.certificate;
    if (property.bound) json["bound"] = *property.bound;
    if (!property.bounds_reached.empty()) json["bounds_reached"] = property.bounds_reached;
    if (property.held_with_faults) json["held_with_faults"] = *property.held_with_faults;
    const std::string text = report.text_of(property.id);
    if (!text.empty()) json["text"] = text;
    const auto story = report.stories.find(property.id);
    if (story != report.stories.end()) json["witness"] = story_json(story->second);
    return json;
}

Json configuration_json(const checker::LoadedModel& model) {
    Json json{{"about", model.system->about}, {"features", model.system->features}};
    json["bounds"] = Json::array();
    for (const auto& [name, value] : model.system->bounds) json["bounds"].push_back({{"name", name}, {"value", value}});
    if (!model.scenario) return json;
    const ims::Scenario& scenario = *model.scenario;
    json["faults"] = scenario.faults;
    json["fault_budget"] = scenario.fault_budget;
    json["attacker"] = scenario.attacker;
    json["attacker_budget"] = scenario.attacker_budget;
    json["readings"] = Json::object();
    for (const ims::Reading& reading : ims::readings()) {
        const auto chosen = scenario.readings.find(reading.name);
        json["readings"][reading.name] = chosen != scenario.readings.end() ? chosen->second
                                         : reading.values.empty()          ? std::string{}
                                                                           : reading.values.front();
    }
    json["profiles"] = Json::object();
    for (const auto& [node, profile] : scenario.profiles) json["profiles"][node] = profile;
    return json;
}

Json statistics_json(const outcome::Statistics& statistics) {
    return Json{{"states", statistics.states},
                {"product_states", statistics.product_states},
                {"transitions", statistics.transitions},
                {"depth", statistics.depth},
                {"seconds", statistics.seconds},
                {"peak_bytes", statistics.peak_bytes},
                {"bytes_per_state", statistics.bytes_per_state},
                {"bytes_per_edge", statistics.bytes_per_edge},
                {"groups", statistics.groups},
                {"symmetry_orbits", statistics.symmetry_orbits},
                {"complete", statistics.complete}};
}

Json finding_json(const CheckReport& report, const Finding& finding) {
    Json json{{"id", finding.id}, {"kind", finding.kind}, {"severity", severity_name(finding.severity)}, {"clauses", finding.clauses}};
    if (!finding.property.empty()) json["property"] = finding.property;
    json["scenario"] = report.run->model.name;
    json["message"] = finding.message;
    if (finding.steps > 0) json["steps"] = finding.steps;
    return json;
}

Json skipped_json(const std::vector<checker::Skipped>& skipped) {
    Json json = Json::array();
    for (const checker::Skipped& one : skipped) {
        json.push_back({{"id", one.id}, {"meaning", one.meaning}, {"clauses", one.clauses}, {"needs", one.missing}});
    }
    return json;
}

Json expectations_json(const CheckReport& report) {
    Json json{{"met", report.mismatches.empty()}, {"mismatches", Json::array()}};
    for (const Mismatch& mismatch : report.mismatches) {
        json["mismatches"].push_back({{"property", mismatch.property}, {"expected", mismatch.expected}, {"found", mismatch.found}});
    }
    return json;
}

}  // namespace

std::string json_report(const CheckReport& report) {
    const outcome::CheckAnswer& answer = report.answer();
    Json json{{"schema", "imspect/check/1"},
              {"tool", "imspect"},
              {"version", report.version},
              {"command", "check"},
              {"scenario", report.run->model.name},
              {"configuration", configuration_json(report.run->model)},
              {"verdict", verdict_name(report.verdict)}};
    json["properties"] = Json::array();
    for (const outcome::PropertyOutcome& property : answer.properties) json["properties"].push_back(property_json(report, property));
    json["skipped"] = skipped_json(report.run->skipped);
    json["statistics"] = statistics_json(answer.statistics);
    if (!answer.ended.empty()) json["ended"] = answer.ended;
    json["bounds_reached"] = answer.bounds_reached;
    json["rules_never_taken"] = answer.rules_never_taken;
    json["findings"] = Json::array();
    for (const Finding& finding : report.findings) json["findings"].push_back(finding_json(report, finding));
    if (report.has_expectations) json["expectations"] = expectations_json(report);
    return json.dump(2) + "\n";
}

}  // namespace imspect::report
