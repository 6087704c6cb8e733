// From what a user named to a ground system: the one place where a command's model is loaded.
//
// A model is a shipped scenario, the text of a scenario file, or the text of a model in the IR's JSON; readings and
// profiles change a scenario before it is built. `load` reads and builds, `prepare` validates and grounds. The catalogue of
// properties comes with a scenario; a model in JSON brings its own.
// Errors: whatever the readers say, with file and position; readings or profiles given for a model in JSON.
// Thread-safety: values.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/ims/scenario.h"
#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/language/language.h"

namespace imspect::checker {

/// A file's content with the name to be used in messages about it. Reading it was the caller's business.
struct Text {
    std::string file;
    std::string content;
};

struct ModelSource {
    std::string scenario = "single";     ///< a shipped scenario, where neither text is given
    std::optional<Text> scenario_text;
    std::optional<Text> model_text;
    std::vector<std::string> readings;   ///< "SWITCH=VALUE" or "letter"
    std::vector<std::string> profiles;   ///< "NODE=NAME"
};

struct LoadedModel {
    std::string name;
    std::optional<ims::Scenario> scenario;  ///< none for a model in JSON
    std::shared_ptr<ir::System> system;
    std::vector<language::Property> properties;  ///< those that belong to it
};

[[nodiscard]] Result<LoadedModel> load(const ModelSource& source);

/// Every shipped scenario with its default readings.
[[nodiscard]] Result<std::vector<LoadedModel>> load_all_scenarios();

/// A property as it stands in its file, header and all, without the comments before it.
[[nodiscard]] std::string source_text(const language::Property& property);

/// Reports every defect of the model in one Error.
[[nodiscard]] Result<ir::GroundSystem> prepare(const LoadedModel& model);

}  // namespace imspect::checker
