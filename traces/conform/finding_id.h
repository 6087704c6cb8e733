// The stable name of a finding. Thread-safety: pure.
#pragma once

#include <string>

#include "traces/conform/finding.h"

namespace imspect::conform {

/// Twelve hexadecimal digits of kind, IMPI and first frame, and the property that is violated: the same from run to run (FNV-1a, no secret in it).
[[nodiscard]] std::string finding_id(const Finding& finding);

}  // namespace imspect::conform
