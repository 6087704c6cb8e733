#include "traces/conform/late.h"

#include <initializer_list>
#include <map>

namespace imspect::conform {

namespace {

constexpr std::int64_t kGraceNs = 2'000'000'000;  ///< between a hop's two ends, and what clocks are rounded by

struct Run {
    std::int64_t challenged_ns = 0;
    const UnitEvent* challenge = nullptr;
    const UnitEvent* late = nullptr;
};

/// What `event` did although the time since the challenge forbids it; the frames of `shown`, the offending ones first.
Deviation too_late(const UnitEvent& event, std::size_t at, std::initializer_list<const UnitEvent*> shown) {
    Deviation deviation;
    deviation.event = at;
    Finding& finding = deviation.finding;
    finding.impi = event.event->impi;
    finding.impu = event.event->impu;
    finding.time_ns = event.event->time_ns;
    finding.observed = bind::describe(*event.event);
    for (const UnitEvent* one : shown) {
        finding.frames.insert(finding.frames.end(), one->event->frames.begin(), one->event->frames.end());
        finding.around.push_back(*one->event);
    }
    return deviation;
}

Deviation accepted_late(const UnitEvent& answer, std::size_t at, const Run& run) {
    Deviation deviation = too_late(answer, at, {&answer, run.late, run.challenge});
    deviation.finding.kind = "response-after-timer";
    deviation.finding.clauses = {"6.1.2.3-a"};
    deviation.finding.property = "P24";
    deviation.finding.expected = {"SM10 4xx Error"};
    deviation.finding.message = "a response that came after the await timer is accepted";
    return deviation;
}

Deviation forwarded_late(const UnitEvent& response, std::size_t at, const UnitEvent& challenge) {
    Deviation deviation = too_late(response, at, {&response, &challenge});
    deviation.finding.kind = "temporary-sa-outlived";
    deviation.finding.severity = Severity::kWarning;
    deviation.finding.clauses = {"7.3.1.4-c", "7.3.1.1-c"};
    deviation.finding.property = "P36";
    deviation.finding.expected = {"no SM8: the temporary SA and the data of the procedure are gone"};
    deviation.finding.message = "the P-CSCF forwards a response that came after the lifetime of the temporary SA";
    return deviation;
}

Deviation answered_late(const UnitEvent& answer, std::size_t at, const UnitEvent& challenge, const UnitEvent& request) {
    Deviation deviation = too_late(answer, at, {&answer, &challenge, &request});
    deviation.finding.kind = "answer-after-request-timer";
    deviation.finding.severity = Severity::kWarning;
    deviation.finding.clauses = {"7.3.1.4-a"};
    deviation.finding.expected = {"SM1 REGISTER of a new procedure"};
    deviation.finding.message = "the UE answers a challenge that came after its request timer";
    return deviation;
}

Deviation begun_early(const UnitEvent& fresh, std::size_t at, const UnitEvent& request) {
    Deviation deviation = too_late(fresh, at, {&fresh, &request});
    deviation.finding.kind = "early-timer";
    deviation.finding.severity = Severity::kNote;
    deviation.finding.clauses = {"7.3.1.4-a"};
    deviation.finding.message = "the UE begins anew earlier than its request timer is configured";
    return deviation;
}

/// What a UE waits for on Gm.
struct Waiting {
    const UnitEvent* request = nullptr;  ///< unanswered; or answered by the late challenge
    const UnitEvent* late = nullptr;     ///< the challenge that came after the timer
};

bool answers_challenge(bind::Kind kind) {
    return kind == bind::Kind::kResponse || kind == bind::Kind::kAuthFailure || kind == bind::Kind::kSyncFailure;
}

}  // namespace

std::vector<Deviation> outlived_requests(std::span<const UnitEvent> events, std::int64_t request_ns) {
    std::vector<Deviation> found;
    std::map<std::uint32_t, Waiting> waiting;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const UnitEvent& event = events[i];
        Waiting& own = waiting[event.seen.ue];
        const bool same_run = own.request != nullptr && own.request->event->call_id == event.event->call_id;
        if (event.seen.hop == HopId::kGmUp) {
            const std::int64_t waited = own.request == nullptr ? 0 : event.event->time_ns - own.request->event->time_ns;
            if (answers_challenge(event.event->kind) && own.late != nullptr && same_run) found.push_back(answered_late(event, i, *own.late, *own.request));
            if (!answers_challenge(event.event->kind) && own.request != nullptr && own.late == nullptr && waited < nearly(request_ns)) found.push_back(begun_early(event, i, *own.request));
            own = {&event, nullptr};
        } else if (event.seen.hop == HopId::kGmDown && same_run) {
            const bool late = event.event->time_ns - own.request->event->time_ns > request_ns + kGraceNs;
            if (late && event.event->kind == bind::Kind::kChallenge) own.late = &event;
            else own = {};
        }
    }
    return found;
}

std::vector<Deviation> late_responses(std::span<const UnitEvent> events, std::int64_t await_ns) {
    std::vector<Deviation> found;
    std::map<std::uint32_t, Run> runs;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const UnitEvent& event = events[i];
        if (event.seen.hop == HopId::kNone) continue;
        Run& run = runs[event.seen.ue];
        if (event.starts) run = {};
        if (event.event->kind == bind::Kind::kChallenge) run = {event.event->time_ns, &event, nullptr};
        const bool responds = event.event->kind == bind::Kind::kResponse && run.challenge != nullptr;
        // The last hop that shows the response is the nearest to its arrival.
        if (responds && event.event->time_ns - run.challenged_ns > await_ns + kGraceNs) run.late = &event;
        if (event.event->kind != bind::Kind::kOk) continue;
        if (run.late != nullptr) found.push_back(accepted_late(event, i, run));
        run = {};
    }
    return found;
}

std::vector<Deviation> outlived_temporary_sas(std::span<const UnitEvent> events, std::int64_t lifetime_ns) {
    std::vector<Deviation> found;
    std::map<std::uint32_t, const UnitEvent*> challenges;  // by UE; SM6 where Gm was captured, else SM5
    for (std::size_t i = 0; i < events.size(); ++i) {
        const UnitEvent& event = events[i];
        const HopId hop = event.seen.hop;
        const bool from_pcscf = hop == HopId::kMwPi;
        const UnitEvent*& challenge = challenges[event.seen.ue];
        if (event.event->kind == bind::Kind::kChallenge && (hop == HopId::kMwIp || hop == HopId::kGmDown)) challenge = &event;
        if (event.event->kind != bind::Kind::kResponse || !from_pcscf || challenge == nullptr) continue;
        if (event.event->time_ns - challenge->event->time_ns > lifetime_ns + kGraceNs) found.push_back(forwarded_late(event, i, *challenge));
        challenge = nullptr;
    }
    return found;
}

}  // namespace imspect::conform
