#include "report/simulation_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/json_story.h"
#include "report/ladder.h"
#include "report/text_report.h"

namespace imspect::report {

std::string simulation_text(const SimulationReport& report, const Style& style) {
    const std::size_t steps = report.story.steps.size();
    std::string page = fmt::format("imspect {} simulate, seed {}\n", report.version, report.seed);
    page += model_header(*report.model, style) + "\n" + ladder(report.story, style) + "\n";
    page += fmt::format("{} step{}", steps, steps == 1 ? "" : "s");
    return page + (report.quiescent ? "; then nothing more can happen\n" : "; more could happen\n");
}

std::string simulation_json(const SimulationReport& report) {
    const nlohmann::ordered_json json{{"schema", "imspect/simulate/1"},
                                      {"tool", "imspect"},
                                      {"version", report.version},
                                      {"command", "simulate"},
                                      {"scenario", report.model->name},
                                      {"seed", report.seed},
                                      {"quiescent", report.quiescent},
                                      {"run", story_json(report.story)}};
    return json.dump(2) + "\n";
}

}  // namespace imspect::report
