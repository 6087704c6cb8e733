// What the writers of a check's answer share: overall verdict, exit status, findings, and the stories of its witnesses.
//
// Text and JSON (and later HTML and SARIF) render this record, so they cannot disagree.
// Cost: one replay for every witness. Thread-safety: values; the run must outlive the report.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/check.h"
#include "report/expectation.h"
#include "report/story.h"

namespace imspect::report {

/// The exit statuses of every command.
enum class ExitStatus : int { kFine = 0, kViolated = 1, kUnusable = 2, kUnknown = 3 };

enum class Severity : std::uint8_t { kError, kWarning, kNote };

/// One thing worth knowing; the record that every report format renders.
struct Finding {
    std::string id;    ///< stable from run to run: of scenario, kind, and property (or what the message names)
    std::string kind;  ///< "violation", "never-reached", "rule-never-taken", "bound-reached", "mismatch"
    Severity severity = Severity::kError;
    std::string property;  ///< may be empty
    std::vector<std::string> clauses;
    std::string message;   ///< one sentence
    std::size_t steps = 0;
};

struct CheckReport {
    std::string version;
    const checker::CheckRun* run = nullptr;
    bool strict = false;
    outcome::Verdict verdict = outcome::Verdict::kUnknown;
    ExitStatus status = ExitStatus::kUnknown;
    std::map<std::string, Story> stories;    ///< by property; of every outcome with a witness
    std::vector<Finding> findings;
    bool has_expectations = false;
    std::vector<Mismatch> mismatches;

    [[nodiscard]] const outcome::CheckAnswer& answer() const { return run->answer; }
    /// The property's source text; empty where it has none.
    [[nodiscard]] std::string text_of(const std::string& property) const;
};

/// `comparison` where the user gave expectations.
[[nodiscard]] CheckReport make_check_report(const checker::CheckRun& run, std::string version, bool strict,
                                            const std::optional<Comparison>& comparison);

/// "holds", "violated", "unknown".
[[nodiscard]] const char* verdict_name(outcome::Verdict verdict);
[[nodiscard]] const char* severity_name(Severity severity);
/// "shall", "should", "may".
[[nodiscard]] const char* modality_name(outcome::Modality modality);

/// Does this outcome make the whole run a failed one? A broken should does only under `strict`, a broken may never.
[[nodiscard]] bool counts_as_violation(const outcome::PropertyOutcome& outcome, bool strict);

}  // namespace imspect::report
