// What there is: scenarios, properties, rules, clauses, readings, timers, profiles, each as a Listing.
//
// Everything here is derived from the data of the model and the catalogue; nothing is listed by hand. The matrix of clauses
// finds the rules and properties of a statement from their own citations. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "checker/model_source.h"
#include "report/listing.h"

namespace imspect::report {

[[nodiscard]] Listing list_scenarios(const std::vector<checker::LoadedModel>& models);
/// `shipped` are looked through for which scenarios have a property; pass none for a model that is no scenario.
[[nodiscard]] Listing list_properties(const std::vector<language::Property>& properties, const std::vector<checker::LoadedModel>& shipped);
[[nodiscard]] Listing list_rules(const ir::System& system);
/// The rule book: every rule as one would read it aloud.
[[nodiscard]] std::string rule_book(const ir::System& system);
/// Every statement of the excerpt with the rules of any of the models and the properties that cite it.
[[nodiscard]] Listing list_clauses(const std::vector<checker::LoadedModel>& models, const std::vector<language::Property>& properties);
[[nodiscard]] Listing list_readings();
[[nodiscard]] std::string readings_text(const Style& style);
[[nodiscard]] Listing list_timers();
[[nodiscard]] Listing list_profiles();

}  // namespace imspect::report
