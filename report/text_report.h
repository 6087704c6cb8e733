// The answer of `check` for people: what was asked, a table of verdicts, the story of every violation, and what it cost.
//
// Fits into Style::width columns. Cost: linear in the stories. Thread-safety: values.
#pragma once

#include <string>

#include "report/check_report.h"
#include "report/text_layout.h"

namespace imspect::report {

[[nodiscard]] std::string text_report(const CheckReport& report, const Style& style);

/// What a model is made of and how far it goes: contents, bounds, readings that are not the default ones. Used by every
/// command that prints about one model.
[[nodiscard]] std::string model_header(const checker::LoadedModel& model, const Style& style);

}  // namespace imspect::report
