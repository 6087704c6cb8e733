// Judges the model, edited or not, by the whole catalogue.
//
// A property of several statements is judged statement by statement, as if each were a property: P4.1, P4.2, ... So
// each has to earn its place. The verdicts without an edit are computed once for a scenario with its readings, and
// kept. Thread-safety: one runner, one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/result.h"
#include "properties/language/language.h"
#include "properties/outcome/outcome.h"
#include "tests/mutants/mutant.h"

namespace imspect::mutants {

using Verdicts = std::map<std::string, outcome::Verdict>;  ///< by statement of the catalogue

/// The same properties with a statement each.
[[nodiscard]] std::vector<language::Property> statements_of(const std::vector<language::Property>& properties);

class Runner {
public:
    explicit Runner(MutantFile file) : file_(std::move(file)) {}

    [[nodiscard]] const std::vector<Mutant>& mutants() const { return file_.mutants; }
    /// Statements that are violated with the edits and were not without. Errors: an edit that does not apply, a
    /// defective system, an unfinished search, a verdict that is Unknown with the edits.
    [[nodiscard]] Result<std::set<std::string>> caught(const Mutant& mutant);

private:
    [[nodiscard]] Result<Verdicts> judge(const Mutant& mutant, bool edited) const;

    MutantFile file_;
    std::map<std::string, Verdicts> unedited_;  ///< by scenario and readings
};

}  // namespace imspect::mutants
