#include "traces/conform/judge.h"

#include <algorithm>

#include <fmt/format.h>

#include "traces/conform/deviation.h"
#include "traces/conform/last_resort.h"

namespace imspect::conform {

namespace {

/// Readings that are deviations of real cores, not readings of the text.
bool is_deviation(const std::string& name) { return name == "scscf-clears" || name == "mac-failure"; }
/// Readings of which a walk can't tell anything: one message of theirs makes two appear at once, or they only concern P38.
bool cant_tell(const std::string& name) {
    return name == "sm10-after-cm3" || name == "icscf-clears" || name == "icscf-clears-on" || name == "cx-order";
}

class UnitJudge {
public:
    UnitJudge(MachineCache& machines, InitialStates& rest, Observers& observers, const JudgeSettings& settings, const Shape& shape,
              std::vector<UnitEvent>& events, Position from)
        : machines_(machines), rest_(rest), observers_(observers), settings_(settings), shape_(shape), events_(events), at_(std::move(from)) {
        shape_.readings = settings.readings;
        result_.marks.assign(events.size(), Mark::kNone);
        if (at_.skipping.empty()) {
            const std::size_t ues = shape.impus_of_ue.size();
            at_.skipping.assign(ues, true);
            const std::vector<std::int64_t> never(ues, 0);
            at_.clocks = {never, never, never, {}, std::vector<bool>(ues, false)};
            at_.clocks.repeated.resize(ues);
        }
        unknown_start_ = at_.states.empty();
    }

    UnitJudgement run() {
        UnitJudgement judgement = explain();
        bool overflown = false;
        for (Deviation& one : observers_.judge(events_, legs_, settings_.limits, overflown)) judgement.deviations.push_back(std::move(one));
        judgement.observed_whole = !overflown;
        return judgement;
    }

private:
    UnitJudgement explain() {
        constexpr int kMostDeviations = 200;
        for (int i = 0; i < kMostDeviations; ++i) {
            Walk best = best_walk();
            adopt(best);
            if (best.done) return finish(std::move(best));
            if (best.overflown) {
                result_.unknown = "too many explanations";
                take(best);
                return std::move(result_);
            }
            if (!best.overdue && best.at.next < events_.size() && events_[best.at.next].restarts) {
                result_.unknown = "an S-CSCF shows that it restarted, and no explanation has it lose its state there";
                take(best);
                return std::move(result_);
            }
            if (lost_by_capture(best) || other_reading(best)) continue;
            Continuation next = continue_after(machines_, shape_, rest(), events_, best);
            if (!next.known && last_resort(best)) continue;
            deviate(best, std::move(next));
        }
        result_.unknown = "too many deviations";
        return std::move(result_);
    }

    const Machine& machine() { return *machines_.get(shape_); }
    const StateSet& rest() { return rest_.all(machine(), kMostRest); }

    Walk attempt(const Machine& machine, const StateSet* initial, std::uint8_t allowance) {
        Position from = at_;
        if (initial != nullptr) from.states = *initial;
        WalkLimits limits = settings_.limits;
        limits.allowance = allowance;
        Walk one = walk(machine, events_, std::move(from), limits, rest());
        result_.peak = std::max(result_.peak, one.peak);
        return one;
    }

    static bool further(const Walk& one, const Walk& other) {
        if (one.done != other.done) return one.done;
        return one.at.next > other.at.next || (one.at.next == other.at.next && other.overdue && !one.overdue);
    }

    /// The one that gets furthest. Where one had more explanations than can be kept, those that were not looked at may get by
    /// what stops the others: only a walk to the end counts then.
    Walk best_walk() {
        const StateSet fresh = InitialStates::fresh(machine());
        Walk best = attempt(machine(), unknown_start_ ? &fresh : nullptr, 0);
        allowance_ = 0;
        best_from_fresh_ = true;
        for (std::uint8_t allowance = 0; allowance <= kMostFaults && !best.done; ++allowance) {
            if (allowance == 0 && !unknown_start_) continue;
            Walk next = attempt(machine(), unknown_start_ ? &rest() : nullptr, allowance);
            if (!next.done && (best.overflown || next.overflown)) {
                best.overflown = true;
                continue;
            }
            if (!further(next, best)) continue;
            best = std::move(next);
            allowance_ = allowance;
            best_from_fresh_ = false;
        }
        return best;
    }

    /// Its order of the events is theirs from now on.
    void adopt(const Walk& walk) {
        if (walk.order.empty()) return;
        std::vector<std::size_t> order = walk.order;
        for (std::size_t i = order.size(); i < events_.size(); ++i) order.push_back(i);
        events_ = in_order(events_, order);
    }

    /// What the walk has settled is settled.
    void take(const Walk& walk) { take(walk, walk.done); }
    void take(const Walk& walk, bool to_the_end) {
        if (!observers_.idle()) legs_.push_back({shape_, at_, walk.at.next, allowance_, to_the_end, unknown_start_});
        for (std::size_t i = 0; i < walk.marks.size(); ++i) result_.marks[at_.next + i] = walk.marks[i];
        for (const SoftNote& note : walk.notes) {
            if (auto deviation = soft_finding(events_, note)) result_.deviations.push_back(std::move(*deviation));
        }
        at_ = walk.at;
        unknown_start_ = false;
    }

    void go_on(StateSet states, Mark mark) {
        result_.marks[at_.next] = mark;
        at_.states = std::move(states);
        pass(at_, events_[at_.next], settings_.limits);
    }

    UnitJudgement finish(Walk best) {
        take(best);
        result_.carried = at_;
        result_.carried.next = 0;
        return std::move(result_);
    }

    const Observation& seen(const Walk& walk) const { return events_[walk.at.next].seen; }

    bool lost_by_capture(const Walk& walk) {
        if (walk.overdue) return false;
        for (const auto& [channel, states] : unseen_step(machine(), walk.closed.states, walk.moment)) {
            const Closure closed = close(machine(), states, walk.moment);
            Match found = match(machine(), closed.states, seen(walk), walk.moment);
            const std::uint32_t gone = channel;
            std::erase_if(found.states, [&](const auto& entry) {
                const bool own = machine().facts(found.rules[0]).channel == gone;
                return own || machine().length(entry.first.data(), gone) != 0;
            });
            if (found.states.empty()) continue;
            take(walk);
            go_on(std::move(found.states), Mark::kInferred);
            return true;
        }
        return false;
    }

    /// A reading under which the procedure is explained to its end, from where this part of the unit began, with as many unseen
    /// faults as it took to get here.
    bool other_reading(const Walk& walk) {
        std::size_t end = std::min(walk.at.next + 1, events_.size());
        while (end < events_.size() && !events_[end].starts) ++end;
        for (const ims::Reading& reading : ims::readings()) {
            if (is_deviation(reading.name) || cant_tell(reading.name) || shape_.readings.count(reading.name) != 0) continue;
            for (std::size_t value = 1; value < reading.values.size(); ++value) {
                Shape other = shape_;
                other.readings[reading.name] = reading.values[value];
                const Walk next = attempt(*machines_.get(other), unknown_start_ ? &rest() : nullptr, allowance_);
                if (!next.done && (walk.overdue || next.at.next < end)) continue;
                shape_ = other;
                result_.readings.push_back(reading.name + "=" + reading.values[value]);
                result_.deviations.push_back(reading_note(events_, walk, reading, reading.values[value]));
                return true;
            }
        }
        return false;
    }

    /// Where the last few runs began: what went wrong now may have happened in one before.
    std::size_t runs_before(std::size_t at) const {
        constexpr int kRuns = 4;
        int runs = 0;
        std::size_t begin = std::min(at + 1, events_.size());
        while (begin > at_.next && runs < kRuns) runs += events_[--begin].starts ? 1 : 0;
        return begin;
    }

    /// Up to the event, as the best walk came there.
    Walk again(std::size_t to) {
        Position from = at_;
        if (unknown_start_) from.states = best_from_fresh_ ? InitialStates::fresh(machine()) : rest();
        WalkLimits limits = settings_.limits;
        limits.allowance = allowance_;
        limits.end_ns = 0;
        return conform::walk(machine(), std::span<const UnitEvent>(events_).first(to), std::move(from), limits, rest());
    }

    /// A fault that no message shows, believed in from the last few runs to the end of this one and no longer.
    bool last_resort(const Walk& walk) {
        const std::size_t begin = runs_before(walk.at.next);
        std::size_t end = std::min(walk.at.next + 1, events_.size());
        while (end < events_.size() && !events_[end].starts) ++end;
        const bool at_start = begin == at_.next;
        Walk before = again(begin);
        if (!before.done || !before.order.empty()) return false;
        Position from = before.at;
        if (at_start && unknown_start_) from.states = rest();
        for (std::size_t number = 1; number <= last_resorts().size(); ++number) {
            Shape shape = shape_;
            shape.last_resort = static_cast<std::uint8_t>(number);
            for (std::uint8_t allowance = 1; allowance <= kMostFaults; ++allowance) {
                std::optional<Walk> found = believing(shape, from, end, allowance);
                if (!found) continue;
                if (!at_start) take(before, false);
                adopt(*found);
                settle_resort(shape, walk, std::move(*found), allowance, at_start && unknown_start_);
                return true;
            }
        }
        return false;
    }

    /// To the end of the run, or of everything where no more follows.
    std::optional<Walk> believing(const Shape& shape, const Position& from, std::size_t end, std::uint8_t allowance) {
        const Machine& machine = *machines_.get(shape);
        Position adopted = from;
        adopted.states.clear();
        for (const auto& [state, cost] : from.states) adopted.states.emplace(machine.adopted(this->machine(), state), cost);
        WalkLimits limits = settings_.limits;
        limits.allowance = allowance;
        if (end < events_.size()) limits.end_ns = 0;
        Walk one = conform::walk(machine, std::span<const UnitEvent>(events_).first(end), std::move(adopted), limits, rest_.all(machine, kMostRest));
        result_.peak = std::max(result_.peak, one.peak);
        if (!one.done) return std::nullopt;
        return one;
    }

    void settle_resort(const Shape& shape, const Walk& stuck, Walk found, std::uint8_t allowance, bool unknown_start) {
        const Shape plain = shape_;
        result_.deviations.push_back(resort_note(events_, stuck, last_resorts()[shape.last_resort - 1U]));
        unknown_start_ = unknown_start;
        allowance_ = allowance;
        shape_ = shape;
        take(found, found.at.next == events_.size());
        shape_ = plain;
        StateSet states;
        for (const auto& [state, cost] : at_.states) states.emplace(machine().adopted(*machines_.get(shape), state), cost);
        at_.states = std::move(states);
    }

    void deviate(const Walk& walk, Continuation next) {
        take(walk);
        for (Deviation& deviation : next.deviations) result_.deviations.push_back(std::move(deviation));
        if (walk.overdue) {
            at_.clocks.challenged[walk.overdue_ue] = 0;
            at_.states = std::move(next.states);
            return;
        }
        const std::uint32_t ue = seen(walk).ue;
        go_on(std::move(next.states), next.lost_track ? Mark::kSkipped : Mark::kExplained);
        if (next.lost_track) at_.skipping[ue] = true;
    }

    MachineCache& machines_;
    InitialStates& rest_;
    Observers& observers_;
    const JudgeSettings& settings_;
    Shape shape_;
    std::vector<UnitEvent>& events_;
    Position at_;
    UnitJudgement result_;
    std::vector<Leg> legs_;
    bool unknown_start_ = false;
    bool best_from_fresh_ = false;
    std::uint8_t allowance_ = 0;  ///< of the best walk
};

}  // namespace

UnitJudgement Judge::judge(const Shape& shape, std::vector<UnitEvent>& events, Position from) {
    return UnitJudge(machines_, rest_, observers_, settings_, shape, events, std::move(from)).run();
}

}  // namespace imspect::conform
