#include "traces/conform/auditor.h"

#include <algorithm>
#include <chrono>
#include <deque>

#include <fmt/format.h>

#include "traces/conform/judge.h"
#include "traces/conform/procedures.h"
#include "traces/conform/responses.h"
#include "traces/conform/units.h"
#include "traces/conform/finding_id.h"
#include "traces/conform/values.h"

namespace imspect::conform {

namespace {

using bind::Kind;

double timer_of(const AuditOptions& options, const std::string& name) {
    if (const auto own = options.timers.find(name); own != options.timers.end()) return own->second;
    for (const ims::Timer& timer : ims::timers()) {
        if (timer.name == name) return timer.seconds;
    }
    return 0;
}

std::int64_t ns(double seconds) { return static_cast<std::int64_t>(seconds * 1e9); }

constexpr std::size_t kMostSubscribersOfUnit = 3;
constexpr std::uint32_t kMostAvs = 8;

/// Captured hops come in pairs: what goes up one also comes down it.
constexpr std::pair<HopId, HopId> kPairs[] = {{HopId::kGmUp, HopId::kGmDown}, {HopId::kMwPi, HopId::kMwIp},
                                              {HopId::kMwIs, HopId::kMwSi},   {HopId::kCxIh, HopId::kCxHi},
                                              {HopId::kCxSh, HopId::kCxHs}};

void rank(std::vector<Finding>& findings) {
    std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
        if (a.severity != b.severity) return a.severity < b.severity;
        return a.time_ns < b.time_ns;
    });
}

}  // namespace

struct Auditor::Impl {
    /// What is kept of a unit: its events, and where the last judgement of it ended.
    struct Unit {
        std::vector<std::string> subscribers;
        std::vector<bind::Event> events;
    };

    explicit Impl(AuditOptions given)
        : options(std::move(given)),
          values({options.keys, ns(timer_of(options, "reg-await-auth"))},
                 [this](Finding&& finding) { of_values[finding.impi].push_back(std::move(finding)); }) {}

    void event(const bind::Event& event) {
        units.learn(event);
        const HopId hop = observe(event, 0, std::nullopt).hop;
        for (const auto& [up, down] : kPairs) {
            if (hop != up && hop != down) continue;
            tapped.set(static_cast<std::size_t>(up));
            tapped.set(static_cast<std::size_t>(down));
        }
        last_ns = std::max(last_ns, event.time_ns);
        const std::string who = units.subscriber(event);
        values.event(event);
        if (who.empty()) return;
        held[who].push_back(event);
        held[who].back().response_right = responses.judge(event);
    }

    bool starts_run(const bind::Event& event, HopId hop) const {
        if (hop == HopId::kNone) return false;
        for (const HopId up : {HopId::kGmUp, HopId::kMwPi, HopId::kMwIs, HopId::kCxIh, HopId::kCxSh}) {
            if (!tapped[static_cast<std::size_t>(up)]) continue;
            const bool kind = event.kind == Kind::kRegister || event.kind == Kind::kDeregister || event.kind == Kind::kUar || event.kind == Kind::kMar;
            return hop == up && kind;
        }
        return false;
    }

    std::map<std::string, Unit> gather() {
        std::map<std::string, Unit> all;
        for (auto& [who, events] : held) {
            Unit& unit = all[units.unit_of(who)];
            unit.subscribers.push_back(who);
            unit.events.insert(unit.events.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
        }
        held.clear();
        for (auto& [name, unit] : all) {
            std::stable_sort(unit.events.begin(), unit.events.end(), [](const bind::Event& a, const bind::Event& b) {
                return a.time_ns != b.time_ns ? a.time_ns < b.time_ns : a.order < b.order;
            });
        }
        return all;
    }

    /// The unit in the model's terms. IMPUs that several UEs speak of are one; so are those of an implicit set.
    std::vector<UnitEvent> model_events(const Unit& unit, Shape& shape) {
        std::map<std::string, std::uint32_t> impus;
        shape.impus_of_ue.assign(unit.subscribers.size(), {});
        std::vector<UnitEvent> events;
        std::map<std::uint32_t, bool> unspoken;
        for (const bind::Event& event : unit.events) {
            const auto who = std::find(unit.subscribers.begin(), unit.subscribers.end(), units.subscriber(event));
            const auto ue = static_cast<std::uint32_t>(who - unit.subscribers.begin());
            std::optional<std::uint32_t> impu;
            if (!event.impu.empty()) {
                impu = impus.try_emplace(units.set_of(event.impu), static_cast<std::uint32_t>(impus.size())).first->second;
                auto& own = shape.impus_of_ue[ue];
                if (std::find(own.begin(), own.end(), *impu) == own.end()) own.push_back(*impu);
            }
            if (event.kind == Kind::kMaa) shape.avs = std::clamp(event.avs, shape.avs, kMostAvs);
            UnitEvent one;
            one.event = &event;
            one.seen = observe(event, ue, impu);
            one.outside = outside(event);
            one.starts = starts_run(event, one.seen.hop);
            if (event.kind == Kind::kSar) unspoken[ue] = one.seen.hop == HopId::kNone;
            if (event.kind == Kind::kSaa && unspoken[ue]) one.seen.hop = HopId::kNone;  // answers a SAR of no concern here
            events.push_back(std::move(one));
        }
        for (auto& own : shape.impus_of_ue) {
            if (own.empty()) own.push_back(0);
            std::sort(own.begin(), own.end());
        }
        return events;
    }

    JudgeSettings settings(std::int64_t end_ns) const {
        JudgeSettings settings;
        settings.limits.tapped = tapped;
        settings.limits.await_ns = ns(timer_of(options, "reg-await-auth"));
        settings.limits.diameter_ns = ns(timer_of(options, "diameter"));
        settings.limits.end_ns = end_ns;
        settings.limits.cap = options.explanations;
        settings.readings = options.readings;
        for (const auto& [node, name] : options.profiles) {
            for (const ims::Profile& profile : ims::profiles()) {
                if (profile.node == node && profile.name == name) settings.readings.insert(profile.readings.begin(), profile.readings.end());
            }
        }
        return settings;
    }

    void judge(const Unit& unit, std::int64_t end_ns, AuditAnswer& answer) {
        Shape shape;
        const std::vector<UnitEvent> events = model_events(unit, shape);
        UnitJudgement judgement;
        judgement.marks.assign(events.size(), Mark::kNone);
        const JudgeSettings limits = settings(end_ns);
        if (unit.subscribers.size() > kMostSubscribersOfUnit) {
            judgement.unknown = "more subscribers share identities than can be judged together";
        } else {
            judgement = Judge(machines, rest, limits).judge(shape, events, {});
        }
        for (const std::string& who : unit.subscribers) add_values(who, events, judgement);
        answer.peak_explanations = std::max<std::uint64_t>(answer.peak_explanations, judgement.peak);
        for (std::uint32_t ue = 0; ue < unit.subscribers.size(); ++ue) {
            ProcedureContext context{end_ns, limits.limits.await_ns, false};
            answer.subscribers.push_back(subscriber(unit, events, ue, judgement, context));
        }
        for (Deviation& deviation : judgement.deviations) answer.findings.push_back(std::move(deviation.finding));
    }

    /// Findings on values belong to the event that their first frame shows. Both checkers may see that a wrong response was
    /// accepted: it is said once, with the frames of both.
    void add_values(const std::string& who, const std::vector<UnitEvent>& events, UnitJudgement& judgement) {
        for (Finding& finding : of_values[who]) {
            const auto shows = [&](const UnitEvent& one) {
                return std::find(one.event->frames.begin(), one.event->frames.end(), finding.frames.front()) != one.event->frames.end();
            };
            const auto at = std::find_if(events.begin(), events.end(), shows);
            std::erase_if(judgement.deviations, [&](const Deviation& other) {
                if (other.finding.kind != finding.kind || !share_frames(other.finding, finding)) return false;
                for (const capture::FrameRef& frame : other.finding.frames) {
                    if (std::find(finding.frames.begin(), finding.frames.end(), frame) == finding.frames.end()) finding.frames.push_back(frame);
                }
                return true;
            });
            judgement.deviations.push_back({std::move(finding), static_cast<std::size_t>(at - events.begin())});
        }
        of_values.erase(who);
    }

    static bool share_frames(const Finding& one, const Finding& other) {
        return std::any_of(one.frames.begin(), one.frames.end(), [&](const capture::FrameRef& frame) {
            return std::find(other.frames.begin(), other.frames.end(), frame) != other.frames.end();
        });
    }

    static Subscriber subscriber(const Unit& unit, const std::vector<UnitEvent>& events, std::uint32_t ue,
                                 const UnitJudgement& judgement, ProcedureContext& context) {
        Subscriber one;
        one.impi = unit.subscribers[ue];
        one.procedures = procedures_of(events, ue, judgement, context);
        for (const UnitEvent& event : events) {
            if (event.seen.ue != ue) continue;
            ++one.events;
            const std::string& impu = event.event->impu;
            if (!impu.empty() && std::find(one.impus.begin(), one.impus.end(), impu) == one.impus.end()) one.impus.push_back(impu);
        }
        one.verdict = Judgement::kOutside;
        for (const Judgement worst : {Judgement::kConforms, Judgement::kUnknown, Judgement::kViolates}) {
            for (const Procedure& procedure : one.procedures) {
                if (procedure.verdict != worst) continue;
                one.verdict = worst;
                one.reason = procedure.reason;
            }
        }
        return one;
    }

    AuditOptions options;
    Units units;
    MachineCache machines;
    InitialStates rest;
    Responses responses;
    std::map<std::string, std::vector<Finding>> of_values;  ///< by IMPI
    ValueChecker values;
    std::bitset<kHops> tapped;
    std::map<std::string, std::vector<bind::Event>> held;
    std::int64_t last_ns = 0;
};

Auditor::Auditor(AuditOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Auditor::~Auditor() = default;

void Auditor::event(const bind::Event& event) { impl_->event(event); }

AuditAnswer Auditor::finish(std::vector<capture::CaptureSummary> captures, const decode::DecodeSummary& decoded,
                            const bind::BindSummary& bound) {
    const auto began = std::chrono::steady_clock::now();
    AuditAnswer answer;
    std::int64_t end_ns = impl_->last_ns;
    for (const capture::CaptureSummary& capture : captures) end_ns = std::max(end_ns, capture.last_ns);
    impl_->values.finish();
    for (const auto& [name, unit] : impl_->gather()) impl_->judge(unit, end_ns, answer);
    for (auto& [who, findings] : impl_->of_values) {  // of subscribers that bind knows by another name
        for (Finding& finding : findings) answer.findings.push_back(std::move(finding));
    }
    for (Finding& finding : answer.findings) finding.id = finding_id(finding);
    rank(answer.findings);
    answer.captures = std::move(captures);
    answer.decoded = decoded;
    answer.bound = bound;
    answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return answer;
}

}  // namespace imspect::conform
