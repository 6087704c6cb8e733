#include <fmt/format.h>

#include "report/text_report.h"

namespace imspect::report {
namespace {

constexpr std::size_t kLabelWidth = 13;

void add_line(std::string& page, std::string_view label, const std::string& text, const Style& style) {
    if (text.empty()) return;
    page += "  " + style.paint(Ink::kDim, pad(label, kLabelWidth - 2));
    page += hanging(text, kLabelWidth, style.width) + "\n";
}

std::string contents_of(const ims::Scenario& scenario) {
    std::vector<std::string> parts;
    for (const ims::UeConfig& ue : scenario.ues) parts.push_back(fmt::format("{} with {}", ue.name, join(ue.impus, " and ")));
    parts.push_back(fmt::format("{} S-CSCF{}", scenario.scscfs, scenario.scscfs == 1 ? "" : "s"));
    return join(parts, ", ");
}

std::string implicit_sets_of(const ims::Scenario& scenario) {
    std::vector<std::string> sets;
    for (const std::vector<std::string>& set : scenario.implicit_sets) sets.push_back("{" + join(set, ", ") + "}");
    return join(sets, " ");
}

/// "none" is worth saying of faults: it tells what a verdict does not cover.
std::string powers(const std::vector<std::string>& names, std::uint32_t budget) {
    if (names.empty() || budget == 0) return "none";
    return fmt::format("at most {}, of: {}", budget, join(names, ", "));
}

std::string changed_readings(const ims::Scenario& scenario) {
    std::vector<std::string> parts;
    for (const ims::Reading& reading : ims::readings()) {
        const auto chosen = scenario.readings.find(reading.name);
        if (chosen == scenario.readings.end() || reading.values.empty() || chosen->second == reading.values.front()) continue;
        parts.push_back(fmt::format("{}={}", chosen->first, chosen->second));
    }
    return join(parts, ", ");
}

std::string pairs(const std::map<std::string, std::string>& entries) {
    std::vector<std::string> parts;
    for (const auto& [name, value] : entries) parts.push_back(fmt::format("{}={}", name, value));
    return join(parts, ", ");
}

}  // namespace

std::string model_header(const checker::LoadedModel& model, const Style& style) {
    const ir::System& system = *model.system;
    std::string page = fmt::format("{} {}", model.scenario ? "scenario" : "model", style.paint(Ink::kStrong, model.name));
    if (!system.about.empty()) page += ": " + hanging(system.about, 2, style.width > 24 ? style.width - 24 : style.width);
    page += "\n";
    if (model.scenario) {
        const ims::Scenario& scenario = *model.scenario;
        add_line(page, "contains", contents_of(scenario), style);
        add_line(page, "sets", implicit_sets_of(scenario), style);
        add_line(page, "faults", powers(scenario.faults, scenario.fault_budget), style);
        add_line(page, "attacker", powers(scenario.attacker, scenario.attacker_budget), style);
    } else {
        add_line(page, "contains", join(system.nodes, ", "), style);
    }
    // Of a scenario, the system's features repeat the kinds of faults.
    add_line(page, "detail", join(model.scenario ? model.scenario->features : system.features, ", "), style);
    std::vector<std::string> bounds;
    for (const auto& [name, value] : system.bounds) bounds.push_back(fmt::format("{} {}", name, value));
    add_line(page, "bounds", join(bounds, " · "), style);
    if (model.scenario) {
        const std::string readings = changed_readings(*model.scenario);
        add_line(page, "readings", readings.empty() ? "default" : "default, except " + readings, style);
        add_line(page, "profiles", pairs(model.scenario->profiles), style);
    }
    return page;
}

}  // namespace imspect::report
