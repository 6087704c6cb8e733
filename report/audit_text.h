// An audit's answer for people: what the capture held, who registered how, then the findings, worst first, each with its
// clause, frames, a Wireshark display filter and the run around it as a ladder. Cost: linear. Thread-safety: values.
#pragma once

#include <string>

#include "report/audit_report.h"
#include "report/text_layout.h"

namespace imspect::report {

[[nodiscard]] std::string audit_text(const AuditReport& report, const Style& style);

}  // namespace imspect::report
