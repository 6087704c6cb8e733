#include "checker/model_source.h"

#include <fmt/format.h>

#include "model/ir/json.h"
#include "model/ir/validate.h"

namespace imspect::checker {
namespace {

Result<LoadedModel> load_json(const ModelSource& source) {
    if (!source.readings.empty() || !source.profiles.empty()) {
        return Error{"argument",
                     fmt::format("{} changes how a scenario is built; a model in JSON is built already",
                                 source.readings.empty() ? "a profile" : "a reading"),
                     source.model_text->file, {}, {}};
    }
    Result<ir::ModelFile> file = ir::read_json(source.model_text->content, source.model_text->file);
    if (!file) return file.error();
    std::vector<language::Property> properties;
    for (std::size_t i = 0; i < file.value().properties.size(); ++i) {
        Result<std::vector<language::Property>> parsed =
            language::parse(file.value().properties[i], fmt::format("{}, /properties/{}", source.model_text->file, i));
        if (!parsed) return parsed.error();
        properties.insert(properties.end(), parsed.value().begin(), parsed.value().end());
    }
    return LoadedModel{file.value().system->name, std::nullopt, file.value().system, std::move(properties)};
}

Result<LoadedModel> build_scenario(ims::Scenario scenario) {
    Result<std::shared_ptr<ir::System>> system = ims::build(scenario);
    if (!system) return system.error();
    Result<std::vector<language::Property>> catalogue = language::catalogue();
    if (!catalogue) return catalogue.error();
    const std::string name = scenario.name;
    return LoadedModel{name, std::move(scenario), std::move(system).value(), std::move(catalogue).value()};
}

}  // namespace

Result<LoadedModel> load(const ModelSource& source) {
    if (source.model_text) return load_json(source);
    Result<ims::Scenario> scenario = source.scenario_text
                                         ? ims::read_scenario(source.scenario_text->content, source.scenario_text->file)
                                         : ims::shipped_scenario(source.scenario);
    if (!scenario) return scenario.error();
    for (const std::string& profile : source.profiles) {
        if (const Result<bool> applied = ims::apply_profile(scenario.value(), profile); !applied) return applied.error();
    }
    // After the profiles, so that a reading asked for by name wins over what a profile says.
    for (const std::string& reading : source.readings) {
        if (const Result<bool> applied = ims::apply_reading(scenario.value(), reading); !applied) return applied.error();
    }
    return build_scenario(std::move(scenario).value());
}

Result<std::vector<LoadedModel>> load_all_scenarios() {
    std::vector<LoadedModel> models;
    for (const std::string& name : ims::shipped_scenarios()) {
        ModelSource source;
        source.scenario = name;
        Result<LoadedModel> model = load(source);
        if (!model) return model.error();
        models.push_back(std::move(model).value());
    }
    return models;
}

std::string source_text(const language::Property& property) {
    const std::string& text = property.source->text;
    const std::size_t keyword = property.id_span.begin == 0 ? std::string::npos : text.rfind("property", property.id_span.begin - 1);
    const std::size_t meaning = text.find(property.meaning, property.id_span.end);  // may hold any word that the body does
    const std::size_t body = text.find(property.text, meaning == std::string::npos ? property.id_span.end : meaning + property.meaning.size());
    IMSPECT_REQUIRE(keyword != std::string::npos && body != std::string::npos, "a property is part of its source");
    return text.substr(keyword, body + property.text.size() - keyword);
}

Result<ir::GroundSystem> prepare(const LoadedModel& model) {
    const std::vector<ir::Defect> defects = ir::validate(*model.system);
    if (!defects.empty()) {
        std::string message = fmt::format("the model '{}' has {} defect{}", model.name, defects.size(), defects.size() == 1 ? "" : "s");
        for (const ir::Defect& defect : defects) message += "\n  " + defect.text();
        return Error{"model", std::move(message), {}, {}, {}};
    }
    return ir::ground(model.system);
}

}  // namespace imspect::checker
