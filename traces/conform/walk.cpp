#include "traces/conform/walk.h"

#include <algorithm>

namespace imspect::conform {

namespace {

bool tapped(const WalkLimits& limits, HopId hop) { return limits.tapped[static_cast<std::size_t>(hop)]; }

/// The S-CSCF starts its timer with SM4; where only a later hop shows the challenge, that one counts.
HopId challenge_hop(const WalkLimits& limits) {
    if (tapped(limits, HopId::kMwSi)) return HopId::kMwSi;
    return tapped(limits, HopId::kMwIp) ? HopId::kMwIp : HopId::kGmDown;
}

class Walker {
public:
    Walker(const Machine& machine, std::span<const UnitEvent> events, Position from, const WalkLimits& limits,
           const StateSet& rest)
        : machine_(machine), events_(events), limits_(limits), rest_(rest) {
        walk_.at = std::move(from);
    }

    Walk run() {
        while (walk_.at.next < events_.size()) {
            const UnitEvent& event = events_[walk_.at.next];
            if (misses_cm3(event.event->time_ns)) return std::move(walk_);
            if (event.restarts) {
                if (!take_restart(event)) return std::move(walk_);
                ++walk_.at.next;
                continue;
            }
            if (!passes_over(event) && !explains(event)) return std::move(walk_);
            pass(walk_.at, event, limits_);
        }
        if (limits_.end_ns != 0 && misses_cm3(limits_.end_ns)) return std::move(walk_);
        if (limits_.end_ns != 0 && limits_.to_rest && !comes_to_rest()) return std::move(walk_);
        walk_.done = true;
        return std::move(walk_);
    }

private:
    Moment moment(std::int64_t now) const {
        Moment moment;
        moment.tapped = limits_.tapped;
        moment.lossless = limits_.lossless;
        moment.allowance = limits_.allowance;
        moment.cap = limits_.cap;
        moment.restarting = restarting(now);
        for (const std::int64_t since : walk_.at.clocks.challenged) moment.await_over |= over(since, now, nearly(limits_.await_ns));
        for (const std::int64_t since : walk_.at.clocks.asked) moment.diameter_over |= over(since, now, nearly(limits_.diameter_ns));
        for (const std::int64_t since : walk_.at.clocks.queried) moment.query_over |= over(since, now, nearly(limits_.diameter_ns));
        for (const auto& of_ue : walk_.at.clocks.repeated) {
            for (std::size_t hop = 0; hop < kHops; ++hop)
                moment.repeated[hop].insert(moment.repeated[hop].end(), of_ue[hop].begin(), of_ue[hop].end());
        }
        return moment;
    }

    /// The next restart that shows, if it may have been already.
    [[nodiscard]] std::optional<std::uint32_t> restarting(std::int64_t now) const {
        for (const UnitEvent& event : events_.subspan(walk_.at.next)) {
            if (event.restarts) return event.event->since_ns < now ? event.restarts : std::nullopt;
        }
        return std::nullopt;
    }

    /// What has not restarted is no explanation any more.
    bool take_restart(const UnitEvent& event) {
        close_at(event.event->time_ns);
        if (walk_.overflown) return false;
        StateSet kept;
        for (const auto& [state, cost] : walk_.closed.states) {
            if (!machine_.restarted(state.data())) continue;
            State next = state;
            machine_.refill(next.data());
            const auto [at, fresh] = kept.try_emplace(std::move(next), cost);
            at->second = std::min(at->second, cost);
        }
        if (kept.empty()) return false;
        walk_.at.states = std::move(kept);
        mark(Mark::kNone);
        return true;
    }

    void close_at(std::int64_t now) {
        walk_.moment = moment(now);
        walk_.closed = close(machine_, walk_.at.states, walk_.moment);
        walk_.peak = std::max(walk_.peak, walk_.closed.states.size());
        walk_.overflown = walk_.closed.overflown;
    }

    /// CM3 is due some time after the await timer.
    bool misses_cm3(std::int64_t now) {
        if (!tapped(limits_, HopId::kCxSh)) return false;
        for (std::uint32_t ue = 0; ue < walk_.at.clocks.challenged.size(); ++ue) {
            const std::int64_t since = walk_.at.clocks.challenged[ue];
            if (walk_.at.skipping[ue] || !over(since, now, overdue(limits_.await_ns))) continue;
            close_at(now);
            if (walk_.overflown) return true;
            walk_.overdue = still_challenged(machine_, walk_.closed.states, ue);
            walk_.overdue_ue = ue;
            if (walk_.overdue) return true;
            walk_.at.clocks.challenged[ue] = 0;
            walk_.at.states = walk_.closed.states;
        }
        return false;
    }

    bool comes_to_rest() {
        close_at(limits_.end_ns);
        if (walk_.overflown) return false;
        const StateSet& states = walk_.closed.states;
        walk_.restless = std::none_of(states.begin(), states.end(), [&](const auto& entry) { return machine_.settled(entry.first.data()); });
        return !walk_.restless;
    }

    void mark(Mark mark) { walk_.marks.push_back(mark); }

    /// Events that no rule speaks of, and runs that can't be judged.
    bool passes_over(const UnitEvent& event) {
        if (!event.outside.empty()) {
            walk_.at.states = rest_;
            walk_.at.skipping[event.seen.ue] = true;
            mark(Mark::kOutside);
            return true;
        }
        if (event.seen.hop == HopId::kNone) {
            mark(Mark::kNone);
            return true;
        }
        if (walk_.at.skipping[event.seen.ue] && !event.starts) {
            mark(Mark::kSkipped);
            return true;
        }
        walk_.at.skipping[event.seen.ue] = false;
        return false;
    }

    bool explains(const UnitEvent& event) {
        close_at(event.event->time_ns);
        if (walk_.overflown) return false;
        Match found = match(machine_, walk_.closed.states, event.seen, walk_.moment);
        if (found.states.empty()) return false;
        note(event, found);
        if (event.starts) {
            for (auto& [state, cost] : found.states) cost = 0;  // faults are allowed for by the procedure
        }
        walk_.at.states = std::move(found.states);
        mark(Mark::kExplained);
        return true;
    }

    void note(const UnitEvent& event, const Match& found) {
        const bool by_timer = std::all_of(found.rules.begin(), found.rules.end(), [&](std::size_t rule) { return machine_.facts(rule).await_fired; });
        const bool early = by_timer && event.seen.hop == HopId::kCxSh && !walk_.moment.await_over;
        if (found.soft != 0 || early) walk_.notes.push_back({walk_.at.next, found.soft, early});
    }

    const Machine& machine_;
    std::span<const UnitEvent> events_;
    const WalkLimits& limits_;
    const StateSet& rest_;
    Walk walk_;
};

}  // namespace

bool still_challenged(const Machine& machine, const StateSet& states, std::uint32_t ue) {
    return !states.empty() && std::all_of(states.begin(), states.end(), [&](const auto& entry) {
        for (std::uint32_t s = 0; s < machine.shape().scscfs; ++s) {
            const std::vector<ir::Value> of = {static_cast<ir::Value>(s), static_cast<ir::Value>(ue)};
            if (machine.value_name(entry.first.data(), "scscf.state", of) == "challenged") return true;
        }
        return false;
    });
}

void pass(Position& position, const UnitEvent& event, const WalkLimits& limits) {
    ++position.next;
    const std::uint32_t ue = event.seen.ue;
    const bind::Event& what = *event.event;
    if (what.kind == bind::Kind::kChallenge && event.seen.hop == challenge_hop(limits)) position.clocks.challenged[ue] = what.time_ns;
    if (event.starts && position.clocks.answered[ue]) position.clocks.repeated[ue] = {};
    if (event.starts) position.clocks.answered[ue] = false;
    if (what.kind == bind::Kind::kOk || what.kind == bind::Kind::kError) position.clocks.answered[ue] = true;
    if (event.seen.repeated && event.seen.hop != HopId::kNone) {
        auto& kinds = position.clocks.repeated[ue][static_cast<std::size_t>(event.seen.hop)];
        kinds.insert(kinds.end(), event.seen.kinds.begin(), event.seen.kinds.end());
    }
    if (event.seen.hop == HopId::kCxSh) position.clocks.asked[ue] = what.time_ns;
    if (event.seen.hop == HopId::kCxIh) position.clocks.queried[ue] = what.time_ns;
}

Walk walk_in_order(const Machine& machine, std::span<const UnitEvent> events, Position from, const WalkLimits& limits, const StateSet& rest) {
    return Walker(machine, events, std::move(from), limits, rest).run();
}

}  // namespace imspect::conform
