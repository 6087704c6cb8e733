#include "traces/conform/late.h"

#include <map>

namespace imspect::conform {

namespace {

struct Run {
    std::int64_t challenged_ns = 0;
    const UnitEvent* challenge = nullptr;
    const UnitEvent* late = nullptr;
};

Deviation accepted_late(const UnitEvent& answer, std::size_t at, const Run& run) {
    Deviation deviation;
    deviation.event = at;
    Finding& finding = deviation.finding;
    const bind::Event& event = *answer.event;
    finding.kind = "response-after-timer";
    finding.clauses = {"6.1.2.3-a"};
    finding.property = "P24";
    finding.impi = event.impi;
    finding.impu = event.impu;
    finding.time_ns = event.time_ns;
    finding.observed = bind::describe(event);
    finding.expected = {"SM10 4xx Error"};
    finding.message = "a response that came after the await timer is accepted";
    for (const UnitEvent* one : {&answer, run.late, run.challenge}) {
        finding.frames.insert(finding.frames.end(), one->event->frames.begin(), one->event->frames.end());
        finding.around.push_back(*one->event);
    }
    return deviation;
}

}  // namespace

std::vector<Deviation> late_responses(std::span<const UnitEvent> events, std::int64_t await_ns) {
    constexpr std::int64_t kGraceNs = 2'000'000'000;
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

}  // namespace imspect::conform
