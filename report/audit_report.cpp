#include "report/audit_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace imspect::report {
namespace {

using conform::Judgement;
using conform::Subscriber;

bool counts(const conform::Finding& finding, bool strict) {
    return finding.severity == conform::Severity::kError || (strict && finding.severity == conform::Severity::kWarning);
}

/// Something was judged and conforms; a capture of nothing but what the clauses don't speak of answers no question.
bool anything_judged(const conform::AuditAnswer& answer) {
    return std::any_of(answer.subscribers.begin(), answer.subscribers.end(),
                       [](const Subscriber& one) { return one.verdict == Judgement::kConforms; });
}

bool cut_short(const conform::AuditAnswer& answer) {
    return std::any_of(answer.captures.begin(), answer.captures.end(),
                       [](const capture::CaptureSummary& one) { return !one.ended.empty(); });
}

const Subscriber* first_unknown(const conform::AuditAnswer& answer) {
    const auto found = std::find_if(answer.subscribers.begin(), answer.subscribers.end(),
                                    [](const Subscriber& one) { return one.verdict == Judgement::kUnknown; });
    return found == answer.subscribers.end() ? nullptr : &*found;
}

void decide(AuditReport& report) {
    const conform::AuditAnswer& answer = *report.answer;
    const bool violates = std::any_of(answer.findings.begin(), answer.findings.end(),
                                      [&](const conform::Finding& finding) { return counts(finding, report.strict); });
    report.verdict = Judgement::kUnknown;
    if (violates) {
        report.verdict = Judgement::kViolates;
    } else if (const Subscriber* unknown = first_unknown(answer)) {
        report.reason = subscriber_name(*unknown) + ": " + (unknown->reason.empty() ? "could not be decided" : unknown->reason);
    } else if (!answer.ended.empty()) {
        report.reason = answer.ended;
    } else if (cut_short(answer)) {
        report.reason = "a capture could not be read to its end";
    } else if (!anything_judged(answer)) {
        report.reason = answer.subscribers.empty() ? "the capture shows no registration"
                                                   : "the capture shows nothing that the clauses speak of";
    } else {
        report.verdict = Judgement::kConforms;
    }
}

void compare(AuditReport& report, const AuditExpectations& expected) {
    std::map<std::string, std::string> found;
    for (const Subscriber& one : report.answer->subscribers) found[subscriber_name(one)] = conform::name_of(one.verdict);
    for (const auto& [name, verdict] : expected) {
        const auto seen = found.find(name);
        const std::string is = seen == found.end() ? "not in the capture" : seen->second;
        if (is != verdict) report.mismatches.push_back({name, verdict, is});
    }
    // Who is not named is expected not to violate, as a property that is not named is expected not to be violated.
    for (const auto& [name, verdict] : found) {
        if (expected.count(name) == 0 && verdict == "violates") report.mismatches.push_back({name, "no violation", verdict});
    }
}

ExitStatus status_of(const AuditReport& report, const std::optional<AuditExpectations>& expected) {
    if (expected) {
        if (!report.mismatches.empty()) return ExitStatus::kViolated;
        const auto open = [&](const Subscriber& one) {
            return one.verdict == Judgement::kUnknown && expected->count(subscriber_name(one)) == 0;
        };
        const auto& all = report.answer->subscribers;
        return std::any_of(all.begin(), all.end(), open) ? ExitStatus::kUnknown : ExitStatus::kFine;
    }
    if (report.answer->ended == "interrupted") return ExitStatus::kUnknown;
    switch (report.verdict) {
        case Judgement::kConforms: return ExitStatus::kFine;
        case Judgement::kViolates: return ExitStatus::kViolated;
        case Judgement::kUnknown:
        case Judgement::kOutside: return ExitStatus::kUnknown;
    }
    return ExitStatus::kUnknown;
}

/// Columns of the ladder: the five nodes in the specification's order.
constexpr bind::Node kColumns[] = {bind::Node::kUe, bind::Node::kPcscf, bind::Node::kIcscf, bind::Node::kScscf,
                                   bind::Node::kHss};

StoryStep step_of(const bind::Event& event, const conform::Finding& finding, bool several_files) {
    StoryStep step;
    step.node = static_cast<ir::NodeId>(event.from);
    step.rule = fmt::format("+{:.3f} s  frame {}", static_cast<double>(event.time_ns - finding.around.front().time_ns) / 1e9,
                            frames_text(event.frames, several_files, 4));
    const bool offends = std::any_of(event.frames.begin(), event.frames.end(), [&](const capture::FrameRef& frame) {
        return std::find(finding.frames.begin(), finding.frames.end(), frame) != finding.frames.end();
    });
    step.kind = offends ? ir::RuleKind::kFault : ir::RuleKind::kSend;
    if (event.from == bind::Node::kUnknown || event.to == bind::Node::kUnknown) {
        step.about = bind::describe(event);
    } else {
        step.messages.push_back(Message{bind::describe(event), static_cast<ir::NodeId>(event.from),
                                        static_cast<ir::NodeId>(event.to), event.lost ? Fate::kLost : Fate::kSent, 0});
    }
    return step;
}

}  // namespace

Result<AuditExpectations> read_audit_expectations(std::string_view text, const std::string& file) {
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    const auto wrong = [&](std::string position, std::string message) {
        return Error{"expectation", std::move(message), file, std::move(position), {}};
    };
    if (json.is_discarded()) return wrong({}, "not JSON: expected an object of subscribers and their verdicts");
    if (!json.is_object()) return wrong("/", "expected an object of subscribers and their verdicts, found " + std::string(json.type_name()));
    AuditExpectations all;
    for (const auto& [name, verdict] : json.items()) {
        const std::string word = verdict.is_string() ? verdict.get<std::string>() : std::string{};
        if (word != "conforms" && word != "violates" && word != "unknown" && word != "outside") {
            return wrong("/" + name, R"(expected "conforms", "violates", "unknown" or "outside", found )" + verdict.dump());
        }
        all[name] = word;
    }
    return all;
}

AuditReport make_audit_report(const conform::AuditAnswer& answer, std::string version, bool strict,
                              const std::optional<AuditExpectations>& expected) {
    AuditReport report;
    report.version = std::move(version);
    report.answer = &answer;
    report.strict = strict;
    report.has_expectations = expected.has_value();
    decide(report);
    if (expected) compare(report, *expected);
    report.status = status_of(report, expected);
    return report;
}

void redact(AuditReport& report, const conform::AuditAnswer& shown) {
    std::map<std::string, std::string> names;
    for (std::size_t i = 0; i < shown.subscribers.size(); ++i) {
        names[subscriber_name(report.answer->subscribers[i])] = subscriber_name(shown.subscribers[i]);
    }
    for (AuditMismatch& one : report.mismatches) {
        const auto found = names.find(one.subscriber);
        one.subscriber = found == names.end() ? "(a subscriber)" : found->second;
    }
    report.answer = &shown;
    report.reason.clear();
    decide(report);  // the same verdict, its reason said in hidden names
}

std::string subscriber_name(const Subscriber& subscriber) {
    if (!subscriber.impi.empty()) return subscriber.impi;
    return subscriber.impus.empty() ? "(nobody)" : subscriber.impus.front();
}

std::string frames_text(const std::vector<capture::FrameRef>& frames, bool several_files, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < frames.size() && i < most; ++i) {
        if (i > 0) text += ", ";
        text += several_files ? fmt::format("{}:{}", frames[i].file + 1, frames[i].number) : fmt::format("{}", frames[i].number);
    }
    return frames.size() > most ? text + ", ..." : text;
}

std::string wireshark_filter(const std::vector<capture::FrameRef>& frames, std::uint32_t file) {
    std::vector<std::string> numbers;
    for (const capture::FrameRef& frame : frames) {
        if (frame.file == file) numbers.push_back(fmt::format("{}", frame.number));
    }
    return numbers.empty() ? std::string{} : fmt::format("frame.number in {{{}}}", fmt::join(numbers, ", "));
}

Story story_of(const conform::Finding& finding, bool several_files) {
    Story story;
    for (const bind::Node node : kColumns) {
        story.nodes.emplace_back(bind::name_of(node));
        story.columns.push_back(static_cast<ir::NodeId>(node));
    }
    for (const bind::Event& event : finding.around) {
        if (event.from != bind::Node::kUnknown) story.steps.push_back(step_of(event, finding, several_files));
    }
    return story;
}

}  // namespace imspect::report
