#include "traces/conform/capture_loss.h"

#include <algorithm>

#include <fmt/format.h>

namespace imspect::conform {

namespace {

bool speaks_of_absence(const Finding& finding) { return finding.kind == "missing-message" || finding.kind == "missing-cm3"; }

bool within(const Finding& finding, const Procedure& procedure) {
    return std::any_of(finding.frames.begin(), finding.frames.end(), [&](const capture::FrameRef& frame) {
        return std::find(procedure.frames.begin(), procedure.frames.end(), frame) != procedure.frames.end();
    });
}

/// What the captures lost; empty: nothing. Which of them would have shown the message can't be told.
std::string loss_of(const std::vector<capture::CaptureSummary>& captures) {
    std::uint64_t packets = 0;
    std::uint64_t holes = 0;
    for (const capture::CaptureSummary& capture : captures) {
        packets += capture.dropped;
        holes += capture.gaps;
    }
    if (packets > 0) return fmt::format("the packets that were lost in capturing ({} by the capture's own count)", packets);
    return holes > 0 ? fmt::format("what the capture lost of its streams ({} holes)", holes) : std::string();
}

}  // namespace

void judge_by_procedures(Subscriber& subscriber) {
    subscriber.verdict = Judgement::kOutside;
    subscriber.reason.clear();
    for (const Judgement worst : {Judgement::kConforms, Judgement::kUnknown, Judgement::kViolates}) {
        for (const Procedure& procedure : subscriber.procedures) {
            if (procedure.verdict != worst) continue;
            subscriber.verdict = worst;
            subscriber.reason = procedure.reason;
        }
    }
}

void allow_for_lost_packets(AuditAnswer& answer) {
    const std::string loss = loss_of(answer.captures);
    if (loss.empty()) return;
    std::vector<const Finding*> softened;
    for (Finding& finding : answer.findings) {
        if (!speaks_of_absence(finding) || finding.severity != Severity::kError) continue;
        finding.severity = Severity::kNote;
        finding.message += fmt::format("; or it is among {}", loss);
        softened.push_back(&finding);
    }
    if (softened.empty()) return;
    for (Subscriber& subscriber : answer.subscribers) {
        bool changed = false;
        for (Procedure& procedure : subscriber.procedures) {
            const auto concerns = [&](const Finding& finding) { return finding.impi == subscriber.impi && within(finding, procedure); };
            const bool soft = std::any_of(softened.begin(), softened.end(), [&](const Finding* one) { return concerns(*one); });
            if (procedure.verdict != Judgement::kViolates || !soft) continue;
            const bool wrong = std::any_of(answer.findings.begin(), answer.findings.end(),
                                           [&](const Finding& one) { return one.severity == Severity::kError && concerns(one); });
            if (wrong) continue;
            procedure.verdict = Judgement::kUnknown;
            procedure.reason = "the capture lost packets: what is missing may be among them";
            changed = true;
        }
        if (changed) judge_by_procedures(subscriber);
    }
}

}  // namespace imspect::conform
