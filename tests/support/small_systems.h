// Small systems for the tests of stories and reports: what each is for is said beside it. Thread-safety: pure.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/ir/ground.h"

namespace imspect::report_tests {

/// A client asks a server through a lossy channel of two messages; the server answers with a fresh nonce.
[[nodiscard]] ir::GroundSystem request_and_answer();

/// The ground rules with these names, as a run.
[[nodiscard]] std::vector<std::uint32_t> run_of(const ir::GroundSystem& system, const std::vector<std::string>& names);

}  // namespace imspect::report_tests
