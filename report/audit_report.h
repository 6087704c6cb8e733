// What the writers of an audit's answer share: overall verdict, exit status, expectations, and the ladder around a finding.
//
// Text and JSON render this record, so they cannot disagree. Cost: linear in the answer. Thread-safety: values; the answer must
// outlive the report.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "report/check_report.h"
#include "report/story.h"
#include "traces/conform/finding.h"

namespace imspect::report {

/// Subscriber (IMPI, or IMPU where no IMPI was seen) to "conforms", "violates", "unknown" or "outside".
using AuditExpectations = std::map<std::string, std::string>;

/// Errors: not JSON, wrong types, unknown verdicts, each with the path of the key.
[[nodiscard]] Result<AuditExpectations> read_audit_expectations(std::string_view text, const std::string& file);

struct AuditMismatch {
    std::string subscriber;
    std::string expected;
    std::string found;  ///< "not in the capture" where the subscriber was not seen
};

struct AuditReport {
    std::string version;
    const conform::AuditAnswer* answer = nullptr;
    bool strict = false;
    conform::Judgement verdict = conform::Judgement::kUnknown;  ///< never kOutside: a capture with nothing else is unknown
    ExitStatus status = ExitStatus::kUnknown;
    std::string reason;  ///< one sentence where the verdict is unknown
    bool has_expectations = false;
    std::vector<AuditMismatch> mismatches;
};

[[nodiscard]] AuditReport make_audit_report(const conform::AuditAnswer& answer, std::string version, bool strict,
                                            const std::optional<AuditExpectations>& expected);

/// Shows `shown`, the redacted form of the report's answer, from here on; what the report itself quotes is hidden too.
void redact(AuditReport& report, const conform::AuditAnswer& shown);

/// The subscriber's name in reports and expectations.
[[nodiscard]] std::string subscriber_name(const conform::Subscriber& subscriber);

/// "14", or "2:14" where there are several files; at most `most` of them, then "...".
[[nodiscard]] std::string frames_text(const std::vector<capture::FrameRef>& frames, bool several_files, std::size_t most = 12);

/// A Wireshark display filter that shows the finding's frames of one file.
[[nodiscard]] std::string wireshark_filter(const std::vector<capture::FrameRef>& frames, std::uint32_t file);

/// The events around a finding as a story, so that a ladder can draw them; each step names its frames and time.
[[nodiscard]] Story story_of(const conform::Finding& finding, bool several_files);

}  // namespace imspect::report
