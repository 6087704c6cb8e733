// The answer of `check` for programs: one JSON object, described by docs/schema/check.schema.json.
//
// Keys keep their order, so two answers can be compared as text. Cost: linear in the stories. Thread-safety: values.
#pragma once

#include <string>

#include "report/check_report.h"

namespace imspect::report {

/// Indented by two, with a newline at the end.
[[nodiscard]] std::string json_report(const CheckReport& report);

}  // namespace imspect::report
