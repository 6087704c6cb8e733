// A story as JSON, for every writer of JSON in this folder. Private to report/. Thread-safety: values.
#pragma once

#include <nlohmann/json.hpp>

#include "report/story.h"

namespace imspect::report {

/// {"length", "faults", "steps": [...], "loop_start"?, "stutters"?}; loop_start is the number of a step.
[[nodiscard]] nlohmann::ordered_json story_json(const Story& story);

}  // namespace imspect::report
