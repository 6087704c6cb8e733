#include "report/inventory.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/ir/print.h"
#include "report/check_report.h"

namespace imspect::report {
namespace {

using Strings = std::vector<std::string>;

bool contains(const Strings& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Strings scenarios_of(const language::Property& property, const std::vector<checker::LoadedModel>& models) {
    Strings names;
    for (const checker::LoadedModel& model : models) {
        if (language::missing_features(property, *model.system).empty()) names.push_back(model.name);
    }
    return names;
}

/// statement or clause → rules that cite it, over all the models.
std::map<std::string, Strings> rules_by_citation(const std::vector<checker::LoadedModel>& models) {
    std::map<std::string, Strings> citing;
    for (const checker::LoadedModel& model : models) {
        for (const ir::Rule& rule : model.system->rules) {
            for (const std::string& clause : rule.clauses) {
                if (!contains(citing[clause], rule.name)) citing[clause].push_back(rule.name);
            }
        }
    }
    return citing;
}

Strings name_and_value(const std::map<std::string, std::string>& entries) {
    Strings texts;
    for (const auto& [name, value] : entries) texts.push_back(name + "=" + value);
    return texts;
}

}  // namespace

Listing list_scenarios(const std::vector<checker::LoadedModel>& models) {
    Listing listing{"scenarios", {{"name", 20}, {"faults", 7}, {"features", 30}, {"about", 80}, {"bounds", 0}}, {}};
    for (const checker::LoadedModel& model : models) {
        Strings bounds;
        for (const auto& [name, value] : model.system->bounds) bounds.push_back(name + " " + value);
        const double faults = model.scenario ? model.scenario->fault_budget : 0;
        listing.items.push_back({model.name, faults, model.system->features, model.scenario ? model.scenario->about : model.system->about, bounds});
    }
    return listing;
}

Listing list_properties(const std::vector<language::Property>& properties, const std::vector<checker::LoadedModel>& shipped) {
    Listing listing{"properties", {{"id", 24}, {"meaning", 56}, {"clauses", 22}, {"modality", 0}, {"needs", 20}, {"scenarios", 0}, {"text", 0}}, {}};
    for (const language::Property& property : properties) {
        listing.items.push_back({property.id, property.meaning, property.clauses, modality_name(property.modality), property.needs,
                                 scenarios_of(property, shipped), property.text});
    }
    return listing;
}

Listing list_rules(const ir::System& system) {
    Listing listing{"rules", {{"name", 40}, {"node", 12}, {"kind", 10}, {"clauses", 24}, {"about", 60}, {"text", 0}}, {}};
    for (ir::RuleId id = 0; id < system.rules.size(); ++id) {
        const ir::Rule& rule = system.rules[id];
        listing.items.push_back({rule.name, system.nodes[rule.node], std::string(ir::kind_name(rule.kind)), rule.clauses, rule.about,
                                 ir::print_rule(system, id)});
    }
    return listing;
}

std::string rule_book(const ir::System& system) {
    std::string book;
    for (ir::RuleId id = 0; id < system.rules.size(); ++id) {
        if (id > 0) book += "\n";
        book += ir::print_rule(system, id);
        if (book.back() != '\n') book += '\n';
    }
    return book;
}

Listing list_clauses(const std::vector<checker::LoadedModel>& models, const std::vector<language::Property>& properties) {
    const std::map<std::string, Strings> rules = rules_by_citation(models);
    Listing listing{"clauses", {{"id", 14}, {"modality", 11}, {"summary", 40}, {"rules", 28}, {"properties", 16}, {"clause", 0}}, {}};
    for (const ims::Statement& statement : ims::statements()) {
        Strings citing;
        for (const language::Property& property : properties) {
            if (contains(property.clauses, statement.id)) citing.push_back(property.id);
        }
        const auto found = rules.find(statement.id);
        listing.items.push_back({statement.id, statement.modality, statement.summary, found == rules.end() ? Strings{} : found->second,
                                 citing, statement.clause});
    }
    return listing;
}

Listing list_readings() {
    Listing listing{"readings", {{"name", 30}, {"values", 40}, {"value_about", 0}, {"default", 0}, {"letter", 20}, {"clauses", 20}, {"about", 0}}, {}};
    for (const ims::Reading& reading : ims::readings()) {
        const std::string first = reading.values.empty() ? std::string{} : reading.values.front();
        listing.items.push_back({reading.name, reading.values, reading.value_about, first,
                                 reading.letter.empty() ? first : reading.letter, reading.clauses, reading.about});
    }
    return listing;
}

std::string readings_text(const Style& style) {
    std::string page;
    for (const ims::Reading& reading : ims::readings()) {
        if (!page.empty()) page += "\n";
        page += style.paint(Ink::kStrong, reading.name);
        if (!reading.clauses.empty()) page += style.paint(Ink::kDim, "  [" + join(reading.clauses, ", ") + "]");
        page += "\n";
        if (!reading.about.empty()) page += "  " + hanging(reading.about, 2, style.width) + "\n";
        for (std::size_t i = 0; i < reading.values.size(); ++i) {
            std::string line = reading.values[i];
            if (i == 0) line += " (default)";
            if (reading.values[i] == reading.letter) line += " (letter)";
            if (i < reading.value_about.size() && !reading.value_about[i].empty()) line += ": " + reading.value_about[i];
            page += "  - " + hanging(line, 6, style.width) + "\n";
        }
    }
    return page;
}

Listing list_timers() {
    Listing listing{"timers", {{"name", 24}, {"seconds", 8}, {"about", 80}}, {}};
    for (const ims::Timer& timer : ims::timers()) listing.items.push_back({timer.name, timer.seconds, timer.about});
    return listing;
}

Listing list_profiles() {
    Listing listing{"profiles", {{"node", 10}, {"name", 20}, {"readings", 36}, {"about", 60}}, {}};
    for (const ims::Profile& profile : ims::profiles()) {
        listing.items.push_back({profile.node, profile.name, name_and_value(profile.readings), profile.about});
    }
    return listing;
}

}  // namespace imspect::report
