// An audit's answer as JSON, by docs/schema/audit.schema.json. Cost: linear. Thread-safety: values.
#pragma once

#include <string>

#include "report/audit_report.h"

namespace imspect::report {

[[nodiscard]] std::string audit_json(const AuditReport& report);

}  // namespace imspect::report
