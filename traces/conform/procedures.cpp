#include "traces/conform/procedures.h"

#include <algorithm>

namespace imspect::conform {

namespace {

using bind::Kind;

struct Facts {
    bool leaves = false, is_protected = false, authenticates = false, answered = false;
    bool ok = false, error = false, mac_failure = false, sync_failure = false, renewed = false, cleared_by_timer = false;
    bool outside = false, skipped = false, inferred = false, left_open = false, bad = false;
    std::string reason;
};

void learn(Facts& facts, const UnitEvent& unit_event, Mark mark) {
    const bind::Event& event = *unit_event.event;
    facts.leaves |= event.kind == Kind::kDeregister;
    facts.is_protected |= event.kind == Kind::kRegister && event.integrity_protected.value_or(false);
    facts.authenticates |= event.kind == Kind::kChallenge || event.kind == Kind::kMar || event.kind == Kind::kMaa;
    facts.answered |= event.kind == Kind::kResponse;
    facts.ok |= event.kind == Kind::kOk;
    facts.error |= event.kind == Kind::kError;
    facts.mac_failure |= event.kind == Kind::kAuthFailure;
    facts.sync_failure |= event.kind == Kind::kSyncFailure;
    facts.renewed |= event.kind == Kind::kSar && event.assignment == 2;
    facts.leaves |= event.kind == Kind::kSar && event.assignment == 5;
    facts.cleared_by_timer |= event.kind == Kind::kSar && event.assignment == 10;
    facts.skipped |= mark == Mark::kSkipped;
    facts.inferred |= mark == Mark::kInferred && unit_event.seen.hop >= HopId::kCxIh;
    if (mark != Mark::kOutside) return;
    facts.outside = true;
    facts.reason = unit_event.outside;
}

std::string outcome_of(const Facts& facts) {
    if (facts.ok) return facts.sync_failure ? "success after resynchronisation" : "success";
    if (facts.mac_failure) return "network authentication failure";
    if (facts.answered && facts.error) return "user authentication failure";
    if (facts.outside) return "ended outside the clauses";
    if (facts.error) return "refused";
    return "incomplete";
}

void judge(Procedure& procedure, const Facts& facts, const std::string& unknown, const ProcedureContext& context,
           bool superseded) {
    // Without a challenge nobody waits for anything once the UE has begun anew.
    const bool left = superseded && !facts.authenticates;
    const bool open = !facts.ok && !facts.error && !facts.cleared_by_timer && !left;
    if (facts.bad) {
        procedure.verdict = Judgement::kViolates;
    } else if (facts.outside) {
        procedure.verdict = Judgement::kOutside;
        procedure.reason = facts.reason;
    } else if (facts.skipped) {
        procedure.verdict = Judgement::kUnknown;
        procedure.reason = "the capture starts within it, or what came before it left the state unknown";
    } else if (!unknown.empty()) {
        procedure.verdict = Judgement::kUnknown;
        procedure.reason = unknown;
    } else if (facts.left_open) {
        procedure.verdict = Judgement::kUnknown;
        procedure.reason = "a deviation of it that is left out here has no explanation, so the properties asked for stay open";
    } else if (facts.inferred) {
        procedure.verdict = Judgement::kUnknown;
        procedure.reason = "the capture lost a message that decides";
    } else if (open && context.end_ns - procedure.last_ns < (facts.authenticates ? context.await_ns : context.request_ns)) {
        procedure.verdict = Judgement::kUnknown;
        procedure.reason = "the capture ends before the procedure does";
    }
}

}  // namespace

std::vector<Procedure> procedures_of(std::span<const UnitEvent> events, std::uint32_t ue, const UnitJudgement& judgement,
                                     ProcedureContext& context) {
    std::vector<Procedure> all;
    std::vector<Facts> facts;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const UnitEvent& event = events[i];
        const Mark mark = judgement.marks[i];
        if (event.seen.ue != ue || (event.seen.hop == HopId::kNone && mark != Mark::kOutside)) continue;
        if (all.empty() || event.starts || event.event->kind == Kind::kRtr) {
            all.emplace_back();
            facts.emplace_back();
            all.back().first_ns = event.event->time_ns;
            all.back().kind = event.event->kind == Kind::kRtr ? "network-initiated de-registration" : "";
        }
        learn(facts.back(), event, mark);
        for (const Deviation& deviation : judgement.deviations) {
            if (deviation.event == i && deviation.finding.severity == Severity::kError) facts.back().bad = true;
        }
        facts.back().left_open |= std::find(judgement.open.begin(), judgement.open.end(), i) != judgement.open.end();
        all.back().last_ns = std::max(all.back().last_ns, event.event->time_ns);
        all.back().frames.insert(all.back().frames.end(), event.event->frames.begin(), event.event->frames.end());
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        Procedure& procedure = all[i];
        const Facts& known = facts[i];
        const bool again = known.is_protected || known.renewed || context.known_registered;
        if (procedure.kind.empty()) procedure.kind = known.leaves ? "de-registration" : again ? "re-registration" : "registration";
        procedure.outcome = outcome_of(known);
        if (known.ok) context.known_registered = !known.leaves;
        procedure.readings = judgement.readings;
        judge(procedure, known, judgement.unknown, context, i + 1 < all.size());
        std::sort(procedure.frames.begin(), procedure.frames.end());
    }
    return all;
}

}  // namespace imspect::conform
