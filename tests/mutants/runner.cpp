#include "tests/mutants/runner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/explicit/search.h"
#include "checker/model_source.h"
#include "properties/language/language.h"
#include "tests/mutants/edit.h"

namespace imspect::mutants {

using outcome::Verdict;

namespace {

Result<std::vector<monitor::Observer>> observers_of(const checker::LoadedModel& model, ir::GroundSystem& ground) {
    std::vector<monitor::Observer> observers;
    auto next_register = static_cast<ir::SlotId>(ground.variables.size());
    for (const language::Property& property : statements_of(model.properties)) {
        if (!language::missing_features(property, *model.system).empty()) continue;
        auto observer = language::compile(property, ground, next_register);
        if (!observer) return observer.error();
        next_register += static_cast<ir::SlotId>(observer.value().registers.size());
        observers.push_back(std::move(observer).value());
    }
    return observers;
}

Error stopped(const std::string& why) {
    return Error{"mutants", why, {}, {}, {}};
}

}  // namespace

std::vector<language::Property> statements_of(const std::vector<language::Property>& properties) {
    std::vector<language::Property> single;
    for (const language::Property& property : properties) {
        if (property.statements.size() < 2) {
            single.push_back(property);
            continue;
        }
        for (std::size_t i = 0; i < property.statements.size(); ++i) {
            single.push_back(property);
            single.back().id = fmt::format("{}.{}", property.id, i + 1);
            single.back().statements = {property.statements[i]};
        }
    }
    return single;
}

Result<Verdicts> Runner::judge(const Mutant& mutant, bool edited) const {
    checker::ModelSource source;
    source.scenario = mutant.scenario;
    source.readings = mutant.readings;
    const auto inline_text = file_.scenarios.find(mutant.scenario);
    if (inline_text != file_.scenarios.end())
        source.scenario_text = {"scenario " + mutant.scenario, inline_text->second};
    const auto model = checker::load(source);
    if (!model) return model.error();
    if (edited) {
        if (const Result<bool> applied = apply(*model.value().system, mutant.edits); !applied) return applied.error();
    }
    auto ground = checker::prepare(model.value());
    if (!ground) return ground.error();
    const auto observers = observers_of(model.value(), ground.value());
    if (!observers) return observers.error();
    const auto answer = explore::search(ground.value(), observers.value(), {});
    if (!answer) return answer.error();
    if (!answer.value().ended.empty()) return stopped("the search ended early: " + answer.value().ended);
    Verdicts verdicts;
    for (const outcome::PropertyOutcome& property : answer.value().properties) verdicts[property.id] = property.verdict;
    verdicts.erase("deadlock");  // P41 is both
    verdicts.erase("unspecified-reception");
    return verdicts;
}

Result<std::set<std::string>> Runner::caught(const Mutant& mutant) {
    const std::string key = fmt::format("{} {}", mutant.scenario, fmt::join(mutant.readings, " "));
    if (!unedited_.contains(key)) {
        auto verdicts = judge(mutant, false);
        if (!verdicts) return verdicts.error();
        unedited_[key] = std::move(verdicts).value();
    }
    const Verdicts& before = unedited_[key];
    const auto after = judge(mutant, true);
    if (!after) return after.error();
    std::set<std::string> ids;
    for (const auto& [id, verdict] : after.value()) {
        if (verdict == Verdict::kUnknown) return stopped(id + " is unknown: the scenario is too small for this mutant");
        if (verdict == Verdict::kViolated && before.at(id) != Verdict::kViolated) ids.insert(id);
    }
    return ids;
}

}  // namespace imspect::mutants
