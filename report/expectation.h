// Expected verdicts: a file that says, for each scenario, what each property's verdict should be.
//
//   {"single": {"P1": "violated", "P2": "holds", "P34": "skipped"}, "success": {}}
//
// A property that the file does not name is expected not to be violated. So a file lists the exceptions, or everything.
// Errors: not JSON, wrong types, unknown verdicts, each with the path of the key. Thread-safety: values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checker/check.h"
#include "model/result.h"

namespace imspect::report {

using ScenarioExpectations = std::map<std::string, std::string>;        ///< property → verdict
using Expectations = std::map<std::string, ScenarioExpectations>;       ///< scenario → its expectations

struct Mismatch {
    std::string property;
    std::string expected;
    std::string found;
};

[[nodiscard]] Result<Expectations> read_expectations(std::string_view text, const std::string& file);

/// The expectations of one scenario; a file that does not name it is an Error.
[[nodiscard]] Result<ScenarioExpectations> expectations_for(const Expectations& all, const std::string& scenario,
                                                            const std::string& file);

/// What was expected, and where the run differs.
struct Comparison {
    ScenarioExpectations expected;
    std::vector<Mismatch> mismatches;
};

/// Every property of the run whose verdict is not the expected one, and every expectation about a property that was in
/// neither the run nor its left-out ones (unless the user restricted the run to `asked` properties).
[[nodiscard]] Comparison compare(const ScenarioExpectations& expected, const checker::CheckRun& run, bool strict,
                                 const std::vector<std::string>& asked);

}  // namespace imspect::report
