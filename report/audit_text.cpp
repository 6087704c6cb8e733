#include "report/audit_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/ladder.h"

namespace imspect::report {
namespace {

using conform::Judgement;
using conform::Subscriber;

/// Past this many, a reader wants the JSON.
constexpr std::size_t kMostSubscribers = 40;
constexpr std::size_t kMostFindings = 25;

Ink ink_of(Judgement judgement) {
    switch (judgement) {
        case Judgement::kConforms: return Ink::kGood;
        case Judgement::kViolates: return Ink::kBad;
        case Judgement::kUnknown: return Ink::kDoubt;
        case Judgement::kOutside: return Ink::kDim;
    }
    return Ink::kPlain;
}

std::string counts_text(const std::map<std::string, std::uint64_t>& counts) {
    std::vector<std::string> parts;
    for (const auto& [what, count] : counts) parts.push_back(fmt::format("{} {}", what, grouped(count)));
    return join(parts, ", ");
}

void add_fact(std::string& page, std::string_view label, const std::string& text, const Style& style) {
    if (text.empty()) return;
    page += style.paint(Ink::kDim, pad(label, 13)) + hanging(text, 13, style.width) + "\n";
}

void add_capture(std::string& page, const capture::CaptureSummary& capture, const Style& style) {
    std::string line = fmt::format("{} ({}): {} frames, {}", capture.file, capture.kind, grouped(capture.frames), byte_size(capture.bytes));
    if (capture.frames > 0) line += fmt::format(", {:.3f} s", static_cast<double>(capture.last_ns - capture.first_ns) / 1e9);
    if (capture.dropped > 0) line += fmt::format("; {} packets lost by the capture itself", grouped(capture.dropped));
    if (capture.gaps > 0) line += fmt::format("; {} holes in streams", grouped(capture.gaps));
    if (!capture.ended.empty()) line += "; " + capture.ended;
    add_fact(page, "capture", line, style);
    for (const capture::TakenAt& one : capture.taken_at) {
        const std::string share = one.messages == 0 ? "of which it shows no message: is that the right address?" : fmt::format("{} messages of which it shows", grouped(one.messages));
        add_fact(page, "  taken at", fmt::format("{}, {}", one.host, share), style);
    }
    if (!capture.clock.empty()) add_fact(page, "  clock", capture.clock, style);
    add_fact(page, "  odd", counts_text(capture.odd), style);
    add_fact(page, "  besides", counts_text(capture.other_traffic), style);
}

std::string roles_text(const bind::BindSummary& bound) {
    std::vector<std::string> parts;
    for (const auto& [role, addresses] : bound.roles) {
        // UEs may be thousands; who they are stands beside each subscriber.
        if (addresses.size() > 4) {
            parts.push_back(fmt::format("{}: {} addresses", role, grouped(addresses.size())));
        } else {
            parts.push_back(fmt::format("{} {}", role, fmt::join(addresses, ", ")));
        }
    }
    return join(parts, "; ");
}

void add_summary(std::string& page, const conform::AuditAnswer& answer, const Style& style) {
    for (const capture::CaptureSummary& one : answer.captures) add_capture(page, one, style);
    add_fact(page, "SIP", counts_text(answer.decoded.sip_kinds), style);
    add_fact(page, "Diameter", counts_text(answer.decoded.diameter_kinds), style);
    if (answer.decoded.copies > 0) add_fact(page, "copies", fmt::format("{} messages seen more than once (tunnels, taps)", grouped(answer.decoded.copies)), style);
    add_fact(page, "damaged", counts_text(answer.decoded.odd), style);
    add_fact(page, "not bound", counts_text(answer.bound.unbound), style);
    add_fact(page, "nodes", roles_text(answer.bound), style);
    add_fact(page, "hops seen", fmt::format("{}", fmt::join(answer.bound.hops_seen, ", ")), style);
    std::map<std::string, std::uint64_t> outcomes;
    for (const Subscriber& subscriber : answer.subscribers) {
        for (const conform::Procedure& procedure : subscriber.procedures) {
            ++outcomes[procedure.outcome.empty() ? procedure.kind : procedure.kind + ": " + procedure.outcome];
        }
    }
    add_fact(page, "procedures", counts_text(outcomes), style);
}

std::string procedure_text(const conform::Procedure& procedure, bool several_files) {
    std::string text = procedure.kind;
    if (!procedure.outcome.empty()) text += ": " + procedure.outcome;
    text += fmt::format(" ({}; frames {})", conform::name_of(procedure.verdict), frames_text(procedure.frames, several_files, 4));
    if (!procedure.reason.empty()) text += "; " + procedure.reason;
    if (!procedure.readings.empty()) text += "; explained only with " + join(procedure.readings, ", ");
    return text;
}

/// Violators first, then the undecided: whoever reads only the top sees what matters.
std::vector<const Subscriber*> in_order(const conform::AuditAnswer& answer) {
    const auto rank = [](const Subscriber* one) {
        switch (one->verdict) {
            case Judgement::kViolates: return 0;
            case Judgement::kUnknown: return 1;
            case Judgement::kConforms: return 2;
            case Judgement::kOutside: return 3;
        }
        return 4;
    };
    std::vector<const Subscriber*> all;
    for (const Subscriber& one : answer.subscribers) all.push_back(&one);
    std::stable_sort(all.begin(), all.end(), [&](const Subscriber* a, const Subscriber* b) { return rank(a) < rank(b); });
    return all;
}

void add_subscribers(std::string& page, const conform::AuditAnswer& answer, const Style& style) {
    if (answer.subscribers.empty()) return;
    const bool several = answer.captures.size() > 1;
    page += "\n";
    const std::vector<const Subscriber*> all = in_order(answer);
    for (std::size_t i = 0; i < all.size() && i < kMostSubscribers; ++i) {
        const Subscriber& one = *all[i];
        page += style.paint(ink_of(one.verdict), pad(conform::name_of(one.verdict), 10)) + " " + style.paint(Ink::kStrong, subscriber_name(one));
        if (!one.impus.empty()) page += "  " + join(one.impus, ", ");
        page += "\n";
        if (!one.reason.empty()) page += "           " + hanging(one.reason, 11, style.width) + "\n";
        for (const conform::Procedure& procedure : one.procedures) {
            page += "           " + hanging(procedure_text(procedure, several), 13, style.width) + "\n";
        }
    }
    if (all.size() > kMostSubscribers) {
        page += fmt::format("           and {} more subscribers (--format json lists all)\n", grouped(all.size() - kMostSubscribers));
    }
}

void add_detail(std::string& page, std::string_view label, const std::string& text, const Style& style) {
    if (!text.empty()) page += "  " + pad(label, 10) + hanging(text, 12, style.width) + "\n";
}

void add_finding(std::string& page, const conform::Finding& finding, const AuditReport& report, const Style& style) {
    const bool several = report.answer->captures.size() > 1;
    const Ink ink = finding.severity == conform::Severity::kError ? Ink::kBad : finding.severity == conform::Severity::kWarning ? Ink::kDoubt : Ink::kDim;
    page += "\n" + style.paint(ink, conform::name_of(finding.severity)) + " " +
            style.paint(Ink::kStrong, finding.kind) + "  " + finding.id + "\n";
    page += "  " + hanging(finding.message, 2, style.width) + "\n";
    const std::string who = finding.impi.empty() ? finding.impu : finding.impu.empty() ? finding.impi : finding.impi + ", " + finding.impu;
    add_detail(page, "who", who, style);
    add_detail(page, "clause", join(finding.clauses, ", "), style);
    add_detail(page, "property", finding.property, style);
    add_detail(page, "frames", frames_text(finding.frames, several), style);
    for (std::uint32_t file = 0; file < report.answer->captures.size(); ++file) {
        const std::string filter = wireshark_filter(finding.frames, file);
        if (!filter.empty()) add_detail(page, "wireshark", several ? report.answer->captures[file].file + ": " + filter : filter, style);
    }
    add_detail(page, "observed", finding.observed, style);
    add_detail(page, "expected", join(finding.expected, "; or "), style);
    if (!finding.around.empty()) page += "\n" + ladder(story_of(finding, several), style);
}

void add_findings(std::string& page, const AuditReport& report, const Style& style) {
    const std::vector<conform::Finding>& all = report.answer->findings;
    for (std::size_t i = 0; i < all.size() && i < kMostFindings; ++i) add_finding(page, all[i], report, style);
    if (all.size() > kMostFindings) {
        page += fmt::format("\nand {} more findings (--format json lists all)\n", grouped(all.size() - kMostFindings));
    }
}

void add_expectations(std::string& page, const AuditReport& report, const Style& style) {
    if (!report.has_expectations) return;
    page += "\n" + (report.mismatches.empty() ? style.paint(Ink::kGood, "as expected") : style.paint(Ink::kBad, "not as expected")) + "\n";
    for (const AuditMismatch& one : report.mismatches) {
        page += fmt::format("  {}: expected {}, found {}\n", one.subscriber, one.expected, one.found);
    }
}

std::string verdict_line(const AuditReport& report, const Style& style) {
    std::map<std::string, std::uint64_t> tally;
    for (const Subscriber& one : report.answer->subscribers) ++tally[conform::name_of(one.verdict)];
    std::vector<std::string> parts;
    for (const auto& [word, count] : tally) parts.push_back(fmt::format("{} {}", grouped(count), word));
    std::string line = style.paint(ink_of(report.verdict), fmt::format("verdict: {}", conform::name_of(report.verdict)));
    line += parts.empty() ? " (no subscribers)" : " (subscribers: " + join(parts, ", ") + ")";
    return report.reason.empty() ? line + "\n" : line + "\n" + hanging("because " + report.reason, 2, style.width) + "\n";
}

}  // namespace

std::string audit_text(const AuditReport& report, const Style& style) {
    const conform::AuditAnswer& answer = *report.answer;
    std::string page = fmt::format("imspect {} audit\n", report.version);
    add_summary(page, answer, style);
    add_subscribers(page, answer, style);
    add_findings(page, report, style);
    page += "\n";
    add_fact(page, "cost", fmt::format("{:.2f} s, {} at the peak, at most {} explanations at once", answer.seconds,
                                       byte_size(answer.peak_bytes), grouped(answer.peak_explanations)), style);
    add_fact(page, "ended", answer.ended, style);
    add_expectations(page, report, style);
    return page + "\n" + verdict_line(report, style);
}

}  // namespace imspect::report
