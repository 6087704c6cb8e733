#include "traces/conform/auditor.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>

#include <fmt/format.h>

#include "traces/conform/capture_loss.h"
#include "traces/conform/judge.h"
#include "traces/conform/judged.h"
#include "traces/conform/late.h"
#include "traces/conform/procedures.h"
#include "traces/conform/responses.h"
#include "traces/conform/unit_events.h"
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

constexpr std::size_t kMostSubscribersOfUnit = 8;
constexpr std::uint32_t kMostScscfsOfUnit = 4;
constexpr std::int64_t kShortestIdleNs = 10'000'000'000;  ///< longer than a run takes where nobody waits for a timer

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
    explicit Impl(AuditOptions given)
        : options(std::move(given)), hosts(options.taken), rest(machines), observers(machines, rest, observed_properties(options.properties)),
          values({options.keys, ns(timer_of(options, "reg-await-auth"))},
                 [this](Finding&& finding) { of_values[finding.impi].push_back(std::move(finding)); }) {}

    void event(const bind::Event& event) {
        if (event.kind == Kind::kRestarted) {
            restarts.push_back(event);
            return;
        }
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
        hosts.look(held[who].back());
        // What the message said is in the event by now, but for these; it is most of what a held event weighs.
        if (event.kind != Kind::kUaa && event.kind != Kind::kOther) held[who].back().message.reset();
        settled.peak_held = std::max<std::uint64_t>(settled.peak_held, ++held_count);
        if (held_count > hold_limit) let_go();
    }

    /// Units that have been idle for longer than any timer is judged by are settled now; when they come back, the capture
    /// begins anew for them. Where that is not enough (subscribers that come back sooner, all the time), ever shorter silence
    /// has to do: what a timer would have decided is then unknown, and memory is bounded.
    void let_go() {
        std::int64_t idle = 2 * ns(timer_of(options, "reg-await-auth")) + 60'000'000'000;
        for (settle_idle(idle); held_count > options.held / 2 && idle > kShortestIdleNs; settle_idle(idle)) idle /= 2;
        hold_limit = std::max<std::size_t>(options.held, 2 * held_count);
    }

    void settle_idle(std::int64_t idle) {
        std::map<std::string, std::int64_t> latest;
        for (const auto& [who, events] : held) {
            std::int64_t& at = latest[units.unit_of(who)];
            at = std::max(at, events.back().time_ns);
        }
        for (const auto& [name, unit] : gather([&](const std::string& who) { return latest[units.unit_of(who)] < last_ns - idle; })) {
            for (const std::string& who : unit.subscribers) values.settle(who);
            judge(unit, last_ns, settled);
            held_count -= unit.events.size();
        }
    }

    std::map<std::string, Unit> gather(const std::function<bool(const std::string&)>& wanted) {
        std::map<std::string, Unit> all;
        std::vector<std::string> gone;
        for (auto& [who, events] : held) {
            if (!wanted(who)) continue;
            gone.push_back(who);
            Unit& unit = all[units.unit_of(who)];
            unit.subscribers.push_back(who);
            unit.events.insert(unit.events.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
        }
        for (const std::string& who : gone) held.erase(who);
        for (auto& [name, unit] : all) {
            for (bind::Event& event : unit.events) event.lost = hosts.lost(event);
            std::stable_sort(unit.events.begin(), unit.events.end(), [](const bind::Event& a, const bind::Event& b) {
                return a.time_ns != b.time_ns ? a.time_ns < b.time_ns : a.order < b.order;
            });
        }
        return all;
    }

    /// Hops of which it is known what was lost.
    std::bitset<kHops> lossless(const std::vector<UnitEvent>& events) const {
        std::bitset<kHops> known;
        if (hosts.any()) known = tapped;
        for (const UnitEvent& event : events) {
            if (event.seen.hop != HopId::kNone && !hosts.certain(*event.event)) known.reset(static_cast<std::size_t>(event.seen.hop));
        }
        return known;
    }

    JudgeSettings settings(std::int64_t end_ns) const {
        JudgeSettings settings;
        settings.limits.tapped = tapped;
        settings.limits.await_ns = ns(timer_of(options, "reg-await-auth"));
        settings.limits.diameter_ns = ns(timer_of(options, "diameter"));
        settings.limits.end_ns = end_ns;
        settings.limits.silence_ns = std::max({overdue(settings.limits.await_ns), overdue(settings.limits.diameter_ns), ns(timer_of(options, "gm-f"))});
        settings.limits.cap = options.explanations;
        settings.limits.clocks = &options.clocks;
        settings.readings = options.readings;
        for (const auto& [node, name] : options.profiles) {
            for (const ims::Profile& profile : ims::profiles()) {
                if (profile.node == node && profile.name == name) settings.readings.insert(profile.readings.begin(), profile.readings.end());
            }
        }
        return settings;
    }

    [[nodiscard]] bool asked(const std::string& property) const {
        const auto& asked_for = options.properties;
        return asked_for.empty() || std::find(asked_for.begin(), asked_for.end(), property) != asked_for.end();
    }

    void judge(const Unit& unit, std::int64_t end_ns, AuditAnswer& answer) {
        Shape shape;
        std::vector<UnitEvent> events = model_events(unit, {units, tapped, restarts}, shape);
        UnitJudgement judgement;
        judgement.marks.assign(events.size(), Mark::kNone);
        JudgeSettings limits = settings(end_ns);
        limits.limits.lossless = lossless(events);
        if (unit.subscribers.size() > kMostSubscribersOfUnit) {
            judgement.unknown = "more subscribers share identities than can be judged together";
        } else if (shape.scscfs > kMostScscfsOfUnit) {
            judgement.unknown = "more S-CSCFs serve it than can be judged together";
        } else if (shape.restarts) {
            judgement = judge_restarts(shape, events, limits);
        } else {
            judgement = Judge(machines, rest, observers, limits).judge(shape, events, {});
        }
        if (observed_alone(options.properties)) leave_open(judgement);
        for (Deviation& late : late_responses(events, limits.limits.await_ns)) judgement.deviations.push_back(std::move(late));
        for (Deviation& late : outlived_temporary_sas(events, limits.limits.await_ns)) judgement.deviations.push_back(std::move(late));
        for (Deviation& late : outlived_requests(events, ns(timer_of(options, "gm-f")))) judgement.deviations.push_back(std::move(late));
        for (const std::string& who : unit.subscribers) add_values(who, events, judgement);
        std::erase_if(judgement.deviations, [&](const Deviation& one) { return !asked(one.finding.property); });
        settle_observed(judgement.deviations, events);
        answer.peak_explanations = std::max<std::uint64_t>(answer.peak_explanations, judgement.peak);
        for (std::uint32_t ue = 0; ue < unit.subscribers.size(); ++ue) {
            ProcedureContext context{end_ns, limits.limits.await_ns, ns(timer_of(options, "gm-f")), false};
            add(answer.subscribers, subscriber(unit, events, ue, judgement, context));
        }
        for (Deviation& deviation : judgement.deviations) answer.findings.push_back(std::move(deviation.finding));
    }

    /// An S-CSCF that shows a restart has lost its state (RFC 6733, 8.16), unless that explains what it did less well: one may have kept
    /// its registrations. So what only the loss breaks is a warning.
    UnitJudgement judge_restarts(Shape& shape, std::vector<UnitEvent>& events, const JudgeSettings& limits) {
        std::vector<UnitEvent> kept = events;
        std::erase_if(kept, [](const UnitEvent& one) { return one.restarts.has_value(); });
        Shape plain = shape;
        plain.restarts = false;
        UnitJudgement without = Judge(machines, rest, observers, limits).judge(plain, kept, {});
        UnitJudgement with = Judge(machines, rest, observers, limits).judge(shape, events, {});
        if (!with.unknown.empty() || flow_errors(with) > flow_errors(without)) {
            shape = plain;
            events = std::move(kept);
            return without;
        }
        for (Deviation& one : with.deviations) {
            const bool sure = std::any_of(without.deviations.begin(), without.deviations.end(),
                                          [&](const Deviation& other) { return other.finding.property == one.finding.property; });
            if (sure || one.finding.property.empty() || one.finding.severity != Severity::kError) continue;
            one.finding.severity = Severity::kWarning;
            one.finding.message += "; so it is if the S-CSCF lost its state when it restarted, as its Origin-State-Id says";
        }
        return with;
    }

    static std::ptrdiff_t flow_errors(const UnitJudgement& judgement) {
        return std::count_if(judgement.deviations.begin(), judgement.deviations.end(), [](const Deviation& one) {
            return one.finding.severity == Severity::kError && one.finding.kind != "property-violated";
        });
    }

    /// What no behaviour explains may break any property: where findings about others are left out, it is unknown whether it does.
    void leave_open(UnitJudgement& judgement) const {
        if (!judgement.observed_whole && judgement.unknown.empty()) judgement.unknown = "too many explanations once their history is kept";
        for (const Deviation& one : judgement.deviations) {
            if (one.finding.severity == Severity::kError && !asked(one.finding.property)) judgement.open.push_back(one.event);
        }
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

    /// A subscriber that was let go and came back is one.
    void add(std::vector<Subscriber>& all, Subscriber&& one) {
        const auto [at, fresh] = place.try_emplace(one.impi, all.size());
        if (fresh) return all.push_back(std::move(one));
        Subscriber& known = all[at->second];
        static constexpr int kRank[] = {1, 3, 2, 0};  // conforms, violates, unknown, outside
        if (kRank[static_cast<int>(one.verdict)] > kRank[static_cast<int>(known.verdict)]) {
            known.verdict = one.verdict;
            known.reason = one.reason;
        }
        known.events += one.events;
        known.procedures.insert(known.procedures.end(), one.procedures.begin(), one.procedures.end());
        for (const std::string& impu : one.impus) {
            if (std::find(known.impus.begin(), known.impus.end(), impu) == known.impus.end()) known.impus.push_back(impu);
        }
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
        judge_by_procedures(one);
        return one;
    }

    AuditOptions options;
    Hosts hosts;
    Units units;
    MachineCache machines;
    InitialStates rest;
    Observers observers;
    Responses responses;
    std::map<std::string, std::size_t> place;  ///< of subscribers in the answer
    std::map<std::string, std::vector<Finding>> of_values;  ///< by IMPI
    ValueChecker values;
    std::bitset<kHops> tapped;
    std::deque<bind::Event> restarts;
    std::map<std::string, std::vector<bind::Event>> held;
    std::int64_t last_ns = 0;
    std::size_t held_count = 0, hold_limit = options.held;
    AuditAnswer settled;  ///< what is known of units that were let go
};

Auditor::Auditor(AuditOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Auditor::~Auditor() = default;

void Auditor::event(const bind::Event& event) { impl_->event(event); }

AuditAnswer Auditor::finish(std::vector<capture::CaptureSummary> captures, const decode::DecodeSummary& decoded,
                            const bind::BindSummary& bound) {
    const auto began = std::chrono::steady_clock::now();
    AuditAnswer answer = std::move(impl_->settled);
    std::int64_t end_ns = impl_->last_ns;
    for (std::uint32_t i = 0; i < captures.size(); ++i) {
        end_ns = std::max(end_ns, captures[i].last_ns);
        impl_->hosts.ran(i, captures[i].first_ns, captures[i].last_ns);
        if (captures[i].dropped > 0 || captures[i].gaps > 0) impl_->hosts.distrust(i);
    }
    impl_->values.finish();
    for (const auto& [name, unit] : impl_->gather([](const std::string&) { return true; })) impl_->judge(unit, end_ns, answer);
    for (auto& [who, findings] : impl_->of_values) {  // of subscribers that bind knows by another name
        for (Finding& finding : findings) answer.findings.push_back(std::move(finding));
    }
    for (Finding& finding : answer.findings) finding.id = finding_id(finding);
    answer.captures = std::move(captures);
    allow_for_lost_packets(answer);
    rank(answer.findings);
    answer.decoded = decoded;
    answer.bound = bound;
    answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return answer;
}

}  // namespace imspect::conform
