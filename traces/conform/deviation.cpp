#include "traces/conform/deviation.h"

#include <algorithm>

#include <fmt/format.h>

namespace imspect::conform {

namespace {

using bind::Kind;
using bind::Node;

struct KnownDeviation {
    const char* reading;
    const char* value;
    const char* kind;
    const char* property;
    const char* message;
};
/// The switches of `readings` that stand for deviations of real cores, and what is to be said of each.
constexpr KnownDeviation kKnown[] = {
    {"scscf-clears", "never", "missing-cm3", "P6", "the S-CSCF answers a failed authentication without telling the HSS (CM3) although the IMPU is not registered"},
    {"scscf-clears", "always", "cm3-for-registered", "P7", "the S-CSCF has the HSS clear an IMPU that is registered"},
    {"mac-failure", "challenged-again", "challenge-instead-of-error", "P23", "a reported MAC failure is answered by a new challenge instead of an error"},
};

bool is_failure(Kind kind) { return kind == Kind::kResponse || kind == Kind::kAuthFailure || kind == Kind::kSyncFailure; }

/// The event of this UE that the sender of `at` answers: the last one that reached it, or the challenge where a timer speaks.
std::optional<std::size_t> cause_of(std::span<const UnitEvent> events, std::size_t at) {
    const bind::Event& event = *events[at].event;
    const bool timer = event.kind == Kind::kSar && event.assignment == 10;
    for (std::size_t i = at; i-- > 0;) {
        const bind::Event& other = *events[i].event;
        if (events[i].seen.ue != events[at].seen.ue || events[i].seen.hop == HopId::kNone) continue;
        if (timer ? other.kind == Kind::kChallenge : other.to == event.from && other.from != Node::kHss) return i;
    }
    return std::nullopt;
}

void add_frames(Finding& finding, const bind::Event& event) {
    for (const capture::FrameRef& frame : event.frames) {
        if (std::find(finding.frames.begin(), finding.frames.end(), frame) == finding.frames.end()) finding.frames.push_back(frame);
    }
}

Severity severity_of(const std::vector<std::string>& clauses) {
    bool should = !clauses.empty();
    for (const std::string& clause : clauses) {
        if (clause == "6.1.2.1") return Severity::kWarning;  // known from neighbouring text only: "should"
        const auto& table = ims::statements();
        const auto at = std::find_if(table.begin(), table.end(), [&](const ims::Statement& s) { return s.id == clause; });
        should &= at != table.end() && at->modality == "should";
    }
    return should ? Severity::kWarning : Severity::kError;
}

class Continuing {
public:
    Continuing(MachineCache& machines, const Shape& shape, const StateSet& rest, std::span<const UnitEvent> events, const Walk& walk)
        : machines_(machines), shape_(shape), rest_(rest), events_(events), walk_(walk), machine_(*machines.get(shape)) {}

    Continuation run() {
        if (walk_.overdue) {
            overdue();
            return told();
        }
        possible_ = possible_next(machine_, walk_.closed.states, walk_.moment);
        for (const KnownDeviation& known : kKnown) {
            if (deviates(known)) return told();
        }
        if (taken_for_right()) return told();
        if (never_sent()) return std::move(next_);
        return lose_track();
    }

private:
    const UnitEvent& event() const { return events_[walk_.at.next]; }

    std::shared_ptr<const Machine> with(const KnownDeviation& known) {
        Shape shape = shape_;
        shape.readings[known.reading] = known.value;
        return machines_.get(shape);
    }

    /// What the sender might have sent, else what anybody might have.
    std::vector<const Possible*> expected() const {
        std::vector<const Possible*> own, all;
        const std::string sender = bind::name_of(event().event->from);
        for (const Possible& one : possible_) {
            all.push_back(&one);
            if (one.node == sender) own.push_back(&one);
        }
        return own.empty() ? all : own;
    }

    void complete(Finding& finding, const std::vector<std::string>& fallback) const {
        for (const Possible* one : expected()) {
            if (std::find(finding.expected.begin(), finding.expected.end(), one->label) == finding.expected.end()) finding.expected.push_back(one->label);
            if (one->node != bind::name_of(event().event->from)) continue;
            for (const std::string& clause : one->clauses) {
                if (std::find(finding.clauses.begin(), finding.clauses.end(), clause) == finding.clauses.end()) finding.clauses.push_back(clause);
            }
        }
        if (finding.clauses.empty()) finding.clauses = fallback;
    }

    void report(const std::string& kind, const std::string& message, const std::vector<std::string>& clauses) {
        Deviation deviation{about(events_, walk_.at.next), walk_.at.next};
        deviation.finding.kind = kind;
        deviation.finding.message = message;
        complete(deviation.finding, clauses);
        deviation.finding.severity = severity_of(deviation.finding.clauses);
        next_.deviations.push_back(std::move(deviation));
    }

    bool deviates(const KnownDeviation& known) {
        const auto machine = with(known);
        Match found = match(*machine, walk_.closed.states, event().seen, walk_.moment);
        if (found.states.empty()) return false;
        report(known.kind, known.message, machine->rule(found.rules[0]).clauses);
        next_.deviations.back().finding.property = known.property;
        const auto steps = expected();
        const bool clear_due = !steps.empty() && std::all_of(steps.begin(), steps.end(), [](const Possible* p) { return p->label.rfind("CM3 Cx-Put", 0) == 0; });
        if (std::string(known.kind) == "challenge-instead-of-error" && clear_due) {
            report(kKnown[0].kind, kKnown[0].message, {});
            next_.deviations.back().finding.property = kKnown[0].property;
        }
        add_next_answer();
        next_.states = std::move(found.states);
        return true;
    }

    /// The answer that goes back to the UE shows the deviation too.
    void add_next_answer() {
        for (std::size_t i = walk_.at.next + 1; i < events_.size(); ++i) {
            if (events_[i].seen.ue != event().seen.ue) continue;
            if (events_[i].starts) return;
            if (events_[i].seen.hop != HopId::kMwSi) continue;
            for (Deviation& deviation : next_.deviations) add_frames(deviation.finding, *events_[i].event);
            return;
        }
    }

    /// A response known to be wrong is accepted: the walk goes on as if it had been right.
    bool taken_for_right() {
        StateSet changed;
        const std::uint32_t channel = machine_.channel_of(HopId::kMwIs, event().seen.ue);
        for (const auto& [state, cost] : walk_.closed.states) {
            if (machine_.length(state.data(), channel) != 1 || machine_.last_name(state.data(), channel, "kind") != "response") continue;
            State other = state;
            machine_.stepper().layout().set(other.data(), *machine_.head_slot(channel, "ok"), 1);
            changed.try_emplace(std::move(other), cost);
        }
        const Closure closed = close(machine_, changed, walk_.moment);
        Match found = match(machine_, closed.states, event().seen, walk_.moment);
        if (found.states.empty()) return false;
        report("response-accepted-wrong", "the S-CSCF accepts a response that is wrong", machine_.rule(found.rules[0]).clauses);
        next_.deviations.back().finding.clauses.insert(next_.deviations.back().finding.clauses.begin(), "6.1.1");
        next_.deviations.back().finding.severity = Severity::kError;
        next_.deviations.back().finding.property = "P4";
        add_next_answer();
        next_.states = std::move(found.states);
        return true;
    }

    /// Up to a few messages that should have come before this one.
    bool never_sent() {
        constexpr int kMost = 3;
        StateSet states = walk_.closed.states;
        for (int sent = 0; sent < kMost; ++sent) {
            StateSet after;
            for (auto& [channel, some] : unseen_step(machine_, states, walk_.moment)) after.merge(some);
            const Closure closed = close(machine_, after, walk_.moment);
            if (closed.overflown || closed.states.size() > 4000) return false;
            Match found = match(machine_, closed.states, event().seen, walk_.moment);
            if (!found.states.empty()) {
                report("missing-message", "a message that should come before this one was not sent", {});
                next_.states = std::move(found.states);
                return true;
            }
            states = closed.states;
        }
        return false;
    }

    Continuation lose_track() {
        const bind::Event& what = *event().event;
        const bool plain = what.kind == Kind::kSar && (what.assignment == 9 || what.assignment == 10);
        report(plain ? "unexpected-cm3" : "unexpected-event", "no behaviour that the specification allows explains this message", {});
        next_.states = rest_;
        next_.lost_track = true;
        return std::move(next_);
    }

    Continuation told() {
        next_.known = true;
        return std::move(next_);
    }

    void overdue() {
        std::size_t challenge = events_.size();
        for (std::size_t i = std::min(walk_.at.next, events_.size()); i-- > 0 && challenge == events_.size();) {
            const bool mine = events_[i].seen.ue == walk_.overdue_ue && events_[i].event->kind == Kind::kChallenge;
            if (mine && events_[i].event->time_ns == walk_.at.clocks.challenged[walk_.overdue_ue]) challenge = i;
        }
        if (challenge == events_.size()) challenge = 0;
        Deviation deviation{about(events_, challenge), challenge};
        deviation.finding.kind = "missing-cm3";
        deviation.finding.property = "P6";
        deviation.finding.message = "the challenge stays unanswered beyond the await timer, the IMPU is not registered, and no CM3 follows";
        deviation.finding.clauses = {"6.1.2.3-a", "6.1.2.3-b"};
        deviation.finding.expected = {"CM3 Cx-Put(clear S-CSCF name)"};
        next_.deviations.push_back(std::move(deviation));
        const auto silent = with(kKnown[0]);
        const Closure closed = close(*silent, walk_.closed.states, walk_.moment);
        for (const auto& [state, cost] : closed.states) {
            if (!still_challenged(*silent, {{state, cost}}, walk_.overdue_ue)) next_.states.emplace(state, cost);
        }
        if (next_.states.empty()) next_.states = walk_.closed.states;
    }

    MachineCache& machines_;
    const Shape& shape_;
    const StateSet& rest_;
    std::span<const UnitEvent> events_;
    const Walk& walk_;
    const Machine& machine_;
    std::vector<Possible> possible_;
    Continuation next_;
};

}  // namespace

Finding about(std::span<const UnitEvent> events, std::size_t at) {
    Finding finding;
    const bind::Event& event = *events[at].event;
    finding.impi = event.impi;
    finding.impu = event.impu;
    finding.time_ns = event.time_ns;
    finding.observed = bind::describe_whole(event);
    add_frames(finding, event);
    if (const auto cause = cause_of(events, at)) add_frames(finding, *events[*cause].event);
    constexpr std::size_t kBefore = 24, kAfter = 6;
    for (std::size_t i = at < kBefore ? 0 : at - kBefore; i < std::min(events.size(), at + kAfter); ++i) {
        if (events[i].seen.ue == events[at].seen.ue) finding.around.push_back(*events[i].event);
    }
    return finding;
}

Continuation continue_after(MachineCache& machines, const Shape& shape, const StateSet& rest,
                            std::span<const UnitEvent> events, const Walk& walk) {
    return Continuing(machines, shape, rest, events, walk).run();
}

std::optional<Deviation> soft_finding(std::span<const UnitEvent> events, const SoftNote& note) {
    Deviation deviation{about(events, note.event), note.event};
    Finding& finding = deviation.finding;
    const bool failure = is_failure(events[note.event].event->kind);
    if ((note.fields & kSoftProtected) != 0) {
        finding.kind = "integrity-indication";
        finding.message = "the P-CSCF's integrity indication is not what the protection of the message calls for";
        finding.clauses = {"6.1.5"};
        finding.property = "P30";
        finding.severity = Severity::kWarning;
    } else if ((note.fields & kSoftSa) != 0 && failure) {
        finding.kind = "failure-protection";
        finding.message = "SM7 is not protected as SM1 was";
        finding.clauses = {"7.3.1.2"};
        finding.severity = Severity::kWarning;
    } else if (note.early_timer) {
        finding.kind = "early-timer";
        finding.message = "the S-CSCF's await timer fired earlier than configured; the text says only 'acceptable time'";
        finding.clauses = {"6.1.2.3-a"};
        finding.severity = Severity::kNote;
    } else {
        return std::nullopt;
    }
    return deviation;
}

Deviation resort_note(std::span<const UnitEvent> events, const Walk& walk, const LastResort& resort) {
    const std::size_t at = std::min(walk.at.next, events.size() - 1);
    Deviation deviation{about(events, at), at};
    deviation.finding.kind = resort.kind;
    deviation.finding.severity = resort.attacker ? Severity::kWarning : Severity::kNote;
    deviation.finding.clauses = resort.clauses;
    deviation.finding.message = fmt::format("explained only if {}", resort.message);
    return deviation;
}

Deviation reading_note(std::span<const UnitEvent> events, const Walk& walk, const ims::Reading& reading, const std::string& value) {
    const std::size_t at = std::min(walk.at.next, events.size() - 1);
    Deviation deviation{about(events, at), at};
    deviation.finding.kind = "other-reading";
    deviation.finding.severity = Severity::kNote;
    deviation.finding.clauses = reading.clauses;
    deviation.finding.message = fmt::format("explained by the reading {}={} only", reading.name, value);
    return deviation;
}

}  // namespace imspect::conform
