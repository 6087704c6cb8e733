#include "report/check_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace imspect::report {
namespace {

using outcome::PropertyOutcome;
using outcome::Verdict;

/// FNV-1a: small, and the same on every machine for ever, which is what an id needs.
class Fingerprint {
public:
    void add(std::string_view text) {
        for (const char byte : text) mix(static_cast<unsigned char>(byte));
        mix(0x1F);
    }
    [[nodiscard]] std::string id() const { return fmt::format("F-{:012x}", hash_ >> 16U); }

private:
    void mix(std::uint8_t byte) {
        hash_ ^= byte;
        hash_ *= 0x100000001b3ULL;
    }
    std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

/// A run judges a property of a scenario once. The witness stays out of the id: which of several shortest runs is found
/// may depend on the number of threads.
std::string finding_id(const std::string& scenario, const Finding& finding) {
    Fingerprint fingerprint;
    fingerprint.add(scenario);
    fingerprint.add(finding.kind);
    fingerprint.add(finding.property);
    if (finding.property.empty()) fingerprint.add(finding.message);
    return fingerprint.id();
}

std::string story_sentence(const PropertyOutcome& property, const Story& story) {
    std::string sentence = fmt::format("{}: violated after {} step{}", property.id, story.steps.size(),
                                       story.steps.size() == 1 ? "" : "s");
    if (story.faults() > 0) sentence += fmt::format(" with {} fault{}", story.faults(), story.faults() == 1 ? "" : "s");
    if (story.loop_start) sentence += ", in a run that repeats for ever";
    if (story.stutters) sentence += ", in a run where nothing more happens";
    return sentence + (property.meaning.empty() ? "." : fmt::format(" ({}).", property.meaning));
}

Severity severity_of(const PropertyOutcome& property, bool strict) {
    if (counts_as_violation(property, strict)) return Severity::kError;
    return property.modality == outcome::Modality::kMay ? Severity::kNote : Severity::kWarning;
}

void add_violations(CheckReport& report) {
    for (const PropertyOutcome& property : report.answer().properties) {
        if (property.verdict != Verdict::kViolated) continue;
        const auto told = report.stories.find(property.id);
        const Story* story = told == report.stories.end() ? nullptr : &told->second;
        Finding finding;
        finding.kind = story != nullptr ? "violation" : "never-reached";
        finding.severity = severity_of(property, report.strict);
        finding.property = property.id;
        finding.clauses = property.clauses;
        finding.steps = story != nullptr ? story->steps.size() : 0;
        finding.message = story != nullptr ? story_sentence(property, *story)
                                           : fmt::format("{}: no run ever does this ({}).", property.id, property.meaning);
        finding.id = finding_id(report.run->model.name, finding);
        report.findings.push_back(std::move(finding));
    }
}

void add_plain(CheckReport& report, std::string kind, Severity severity, std::string property, std::string message,
               std::vector<std::string> clauses = {}) {
    Finding finding;
    finding.kind = std::move(kind);
    finding.severity = severity;
    finding.property = std::move(property);
    finding.message = std::move(message);
    finding.clauses = std::move(clauses);
    finding.id = finding_id(report.run->model.name, finding);
    report.findings.push_back(std::move(finding));
}

const ir::Rule* rule_named(const ir::System& system, const std::string& name) {
    const auto found = std::find_if(system.rules.begin(), system.rules.end(), [&](const ir::Rule& rule) { return rule.name == name; });
    return found == system.rules.end() ? nullptr : &*found;
}

void add_remarks(CheckReport& report) {
    for (const std::string& bound : report.answer().bounds_reached) {
        add_plain(report, "bound-reached", Severity::kNote, {},
                  fmt::format("Bound '{}' kept a rule of the specification from being taken.", bound));
    }
    for (const std::string& name : report.answer().rules_never_taken) {
        const ir::Rule* rule = rule_named(*report.run->ground.system, name);
        add_plain(report, "rule-never-taken", Severity::kNote, {}, fmt::format("Rule {} is never taken.", name),
                  rule == nullptr ? std::vector<std::string>{} : rule->clauses);
    }
    for (const Mismatch& mismatch : report.mismatches) {
        add_plain(report, "mismatch", Severity::kError, mismatch.property,
                  fmt::format("{}: expected {}, found {}.", mismatch.property, mismatch.expected, mismatch.found));
    }
}

Verdict overall(const outcome::CheckAnswer& answer, bool strict) {
    Verdict verdict = Verdict::kHolds;
    for (const PropertyOutcome& property : answer.properties) {
        if (counts_as_violation(property, strict)) return Verdict::kViolated;
        if (property.verdict == Verdict::kUnknown) verdict = Verdict::kUnknown;
    }
    return verdict;
}

/// An unknown that was expected is as expected; any other leaves the question open.
bool stays_open(const CheckReport& report, const ScenarioExpectations& expected) {
    return std::any_of(report.answer().properties.begin(), report.answer().properties.end(), [&](const PropertyOutcome& property) {
        return property.verdict == Verdict::kUnknown && expected.find(property.id) == expected.end();
    });
}

ExitStatus status_of(const CheckReport& report, const ScenarioExpectations& expected) {
    if (report.has_expectations) {
        if (!report.mismatches.empty()) return ExitStatus::kViolated;
        return stays_open(report, expected) ? ExitStatus::kUnknown : ExitStatus::kFine;
    }
    // Whoever interrupts has not had the answer: what was found so far is printed, but it is no verdict on the whole.
    if (report.run->answer.ended == "interrupted") return ExitStatus::kUnknown;
    switch (report.verdict) {
        case Verdict::kHolds: return ExitStatus::kFine;
        case Verdict::kViolated: return ExitStatus::kViolated;
        case Verdict::kUnknown: return ExitStatus::kUnknown;
    }
    return ExitStatus::kUnknown;
}

}  // namespace

std::string CheckReport::text_of(const std::string& property) const {
    for (const monitor::Observer& observer : run->observers) {
        if (observer.id == property) return observer.text;
    }
    return {};
}

CheckReport make_check_report(const checker::CheckRun& run, std::string version, bool strict,
                              const std::optional<Comparison>& comparison) {
    CheckReport report;
    report.version = std::move(version);
    report.run = &run;
    report.strict = strict;
    report.has_expectations = comparison.has_value();
    if (comparison) report.mismatches = comparison->mismatches;
    for (const PropertyOutcome& property : run.answer.properties) {
        if (property.witness) report.stories.emplace(property.id, tell(run.ground, *property.witness));
    }
    add_violations(report);
    add_remarks(report);
    report.verdict = overall(run.answer, strict);
    report.status = status_of(report, comparison ? comparison->expected : ScenarioExpectations{});
    return report;
}

const char* verdict_name(Verdict verdict) {
    switch (verdict) {
        case Verdict::kHolds: return "holds";
        case Verdict::kViolated: return "violated";
        case Verdict::kUnknown: return "unknown";
    }
    return "unknown";
}

const char* severity_name(Severity severity) {
    switch (severity) {
        case Severity::kError: return "error";
        case Severity::kWarning: return "warning";
        case Severity::kNote: return "note";
    }
    return "note";
}

const char* modality_name(outcome::Modality modality) {
    switch (modality) {
        case outcome::Modality::kShall: return "shall";
        case outcome::Modality::kShould: return "should";
        case outcome::Modality::kMay: return "may";
    }
    return "shall";
}

bool counts_as_violation(const PropertyOutcome& property, bool strict) {
    if (property.verdict != Verdict::kViolated) return false;
    return property.modality == outcome::Modality::kShall || (strict && property.modality == outcome::Modality::kShould);
}

}  // namespace imspect::report
