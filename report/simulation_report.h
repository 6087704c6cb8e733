// A simulated run for people (header and ladder) and for programs (docs/schema/simulate.schema.json).
// Thread-safety: values.
#pragma once

#include <cstdint>
#include <string>

#include "checker/model_source.h"
#include "report/story.h"
#include "report/text_layout.h"

namespace imspect::report {

struct SimulationReport {
    std::string version;
    const checker::LoadedModel* model = nullptr;
    std::uint64_t seed = 0;
    bool quiescent = false;
    Story story;
};

[[nodiscard]] std::string simulation_text(const SimulationReport& report, const Style& style);
[[nodiscard]] std::string simulation_json(const SimulationReport& report);

}  // namespace imspect::report
