#include "traces/conform/observers.h"

#include <algorithm>
#include <iterator>

#include "traces/conform/deviation.h"
#include "traces/conform/judge.h"
#include "traces/conform/leg_key.h"

namespace imspect::conform {

namespace {

constexpr const char* kKind = "property-violated";

/// Which of its UE's runs an event belongs to.
std::size_t run_of(std::span<const UnitEvent> events, std::size_t at) {
    const std::uint32_t ue = events[at].seen.ue;
    return static_cast<std::size_t>(std::count_if(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                                  [&](const UnitEvent& one) { return one.starts && one.seen.ue == ue; }));
}

bool same_run(std::span<const UnitEvent> events, std::size_t one, std::size_t other) {
    if (one >= events.size() || other >= events.size()) return one == other;
    return events[one].seen.ue == events[other].seen.ue && run_of(events, one) == run_of(events, other);
}

/// The message there, or the one before what is none.
std::size_t message_at(std::span<const UnitEvent> events, std::size_t at) {
    while (at > 0 && events[at].restarts) --at;
    return at;
}

Deviation broken(std::span<const UnitEvent> events, std::size_t at, const language::Property& property, bool at_rest) {
    const std::size_t message = message_at(events, at);
    Deviation deviation{about(events, message), message};
    Finding& finding = deviation.finding;
    for (std::size_t i = message + 1; i <= at; ++i) {
        finding.frames.insert(finding.frames.end(), events[i].event->frames.begin(), events[i].event->frames.end());
        finding.observed += "; then " + bind::describe(*events[i].event);
    }
    finding.kind = kKind;
    finding.property = property.id;
    finding.clauses = property.clauses;
    finding.severity = property.modality == outcome::Modality::kShould ? Severity::kWarning : Severity::kError;
    finding.message = at_rest ? "nothing more came, and every explanation of what was seen that comes to rest breaks " : "every explanation of what was seen up to here breaks ";
    finding.message += property.id + ": " + property.meaning;
    return deviation;
}

/// Nothing came any more, and these should have.
Deviation owed(std::span<const UnitEvent> events, std::size_t at, const std::vector<Possible>& possible) {
    Deviation deviation{about(events, at), at};
    Finding& finding = deviation.finding;
    finding.kind = "missing-message";
    finding.severity = Severity::kError;
    finding.message = "both ends of every hop were captured, nothing more came, and whatever explains what was seen still owes a message";
    for (const Possible& one : possible) {
        finding.expected.push_back(one.label + " from the " + one.node);
        for (const std::string& clause : one.clauses) {
            if (std::find(finding.clauses.begin(), finding.clauses.end(), clause) == finding.clauses.end()) finding.clauses.push_back(clause);
        }
    }
    return deviation;
}

bool promises(const language::Property* property) { return property->kind == language::BodyKind::kLeadsTo; }

/// The capture goes on in silence for so long that every timer would have shown its effect.
bool falls_silent(std::span<const UnitEvent> events, const Leg& leg, const WalkLimits& limits) {
    if (!leg.to_the_end || limits.end_ns == 0) return false;
    return limits.end_ns - events[message_at(events, leg.to - 1)].event->time_ns >= limits.silence_ns;
}

}  // namespace

struct Observers::Stretch {
    const Leg& leg;
    std::span<const UnitEvent> events;  ///< up to its end
    WalkLimits limits;
};

Observers::Observers(MachineCache& machines, InitialStates& rest, std::vector<const language::Property*> properties)
    : machines_(machines), rest_(rest), properties_(std::move(properties)) {}

StateSet Observers::lift(const Machine& to, const Shape& shape, const StateSet& states) {
    const auto plain = machines_.get(shape);
    StateSet result;
    for (const auto& [state, cost] : states) result.emplace(to.lifted(*plain, state), cost);
    return result;
}

const Observers::Watched& Observers::watched(const Shape& shape, std::size_t property) {
    Watched& one = watched_[{shape, property}];
    if (one.machine) return one;
    one.machine = std::make_unique<const Machine>(shape, group(property));
    one.rest = lift(*one.machine, shape, rest_.all(*machines_.get(shape), kMostRest));
    return one;
}

std::vector<const language::Property*> Observers::group(std::size_t property) const {
    if (property != kAll && property != kPromises) return {properties_[property]};
    std::vector<const language::Property*> own;
    std::copy_if(properties_.begin(), properties_.end(), std::back_inserter(own), [&](const auto* one) { return promises(one) == (property == kPromises); });
    return own;
}

/// Where the capture begins the walk that explained the leg may have started from a network in which nothing has happened, or from
/// any state of rest. The two are kept apart: what agrees with a message fully crowds out what agrees but for a soft field.
std::vector<Position> Observers::starts(const Leg& leg) {
    if (!leg.unknown_start) return {leg.from};
    const Machine& plain = *machines_.get(leg.shape);
    Position fresh = leg.from, rest = leg.from;
    fresh.states = InitialStates::fresh(plain);
    rest.states = rest_.all(plain, kMostRest);
    return {std::move(fresh), std::move(rest)};
}

/// From each start and with each allowance, in which no step breaks the property; the walk that gets furthest, or one that had too many
/// explanations to say.
Walk Observers::furthest(const Stretch& stretch, const std::vector<Position>& starts, std::size_t property) {
    const Watched& own = watched(stretch.leg.shape, property);
    Walk best;
    for (const Position& start : starts) {
        Position from = start;
        from.states = lift(*own.machine, stretch.leg.shape, start.states);
        for (std::uint8_t allowance = stretch.leg.allowance; allowance <= kMostFaults; ++allowance) {
            WalkLimits limits = stretch.limits;
            limits.allowance = allowance;
            Walk next = walk(*own.machine, stretch.events, from, limits, own.rest);
            if (next.done || next.overflown) return next;
            if (next.at.next >= best.at.next) best = std::move(next);
        }
    }
    return best;
}

/// Where the rules alone stand behind an event of the leg.
std::optional<Position> Observers::behind(const Stretch& stretch, std::size_t event) {
    const Machine& plain = *machines_.get(stretch.leg.shape);
    WalkLimits limits = stretch.limits;
    limits.allowance = stretch.leg.allowance;
    limits.end_ns = 0;
    for (Position& start : starts(stretch.leg)) {
        Walk one = walk(plain, stretch.events.first(event + 1), std::move(start), limits, rest_.all(plain, kMostRest));
        if (one.done) return std::move(one.at);
    }
    return std::nullopt;
}

bool Observers::follow(const Stretch& stretch, std::size_t property, std::vector<Deviation>& into) {
    constexpr int kMost = 20;
    std::vector<Position> from = starts(stretch.leg);
    for (int found = 0; found < kMost; ++found) {
        const Walk best = furthest(stretch, from, property);
        if (best.done || best.overflown) return !best.overflown;
        const std::size_t at = best.event_at(std::min(best.at.next, stretch.leg.to - 1));
        std::optional<Position> next = behind(stretch, at);
        if (!next) return true;
        into.push_back(broken(stretch.events, at, *properties_[property], best.restless));
        if (at + 1 == stretch.leg.to) return true;
        from = {std::move(*next)};
    }
    return true;
}

/// All of them together, and once only for legs that no walk can tell apart.
bool Observers::breaks_none(const Stretch& stretch) {
    std::string key = key_of(stretch.events, stretch.leg, stretch.limits);
    if (!key.empty() && innocent_.count(key) != 0) return true;
    if (!furthest(stretch, starts(stretch.leg), kAll).done) return false;
    if (stretch.limits.to_rest && !furthest(stretch, starts(stretch.leg), kPromises).done) return false;
    if (!key.empty() && innocent_.size() < kRemembered) innocent_.insert(std::move(key));
    return true;
}

/// By the rules alone: else what was lost at the end, or what they don't know of, is all that keeps it from there.
bool Observers::comes_to_rest(const Stretch& stretch) {
    const Machine& plain = *machines_.get(stretch.leg.shape);
    WalkLimits limits = stretch.limits;
    limits.allowance = stretch.leg.allowance;
    for (Position& start : starts(stretch.leg)) {
        if (walk(plain, stretch.events, std::move(start), limits, rest_.all(plain, kMostRest)).done) return true;
    }
    return false;
}

std::optional<Deviation> Observers::still_owed(const Stretch& stretch) {
    if (!stretch.limits.tapped.all() || !stretch.limits.lossless.all()) return std::nullopt;
    const Machine& plain = *machines_.get(stretch.leg.shape);
    Walk best;
    for (const Position& start : starts(stretch.leg)) {
        for (std::uint8_t allowance = stretch.leg.allowance; allowance <= kMostFaults; ++allowance) {
            WalkLimits limits = stretch.limits;
            limits.allowance = allowance;
            Walk one = walk(plain, stretch.events, start, limits, rest_.all(plain, kMostRest));
            if (one.done || one.overflown) return std::nullopt;
            if (one.restless && !best.restless) best = std::move(one);
        }
    }
    if (!best.restless) return std::nullopt;
    return owed(stretch.events, message_at(stretch.events, stretch.leg.to - 1), possible_next(plain, best.closed.states, best.moment));
}

void Observers::judge(const Stretch& stretch, std::vector<Deviation>& found, bool& overflown) {
    for (std::size_t property = 0; property < properties_.size(); ++property) {
        if (promises(properties_[property]) && !stretch.limits.to_rest) continue;
        overflown |= !follow(stretch, property, found);
    }
}

std::vector<Deviation> Observers::judge(std::span<const UnitEvent> events, const std::vector<Leg>& legs, const WalkLimits& limits,
                                        bool& overflown) {
    std::vector<Deviation> found;
    for (const Leg& leg : legs) {
        if (leg.to <= leg.from.next) continue;
        Stretch stretch{leg, events.first(leg.to), limits};
        if (!leg.to_the_end) stretch.limits.end_ns = 0;
        stretch.limits.to_rest = falls_silent(events, leg, limits);
        if (breaks_none(stretch)) continue;
        if (stretch.limits.to_rest && !comes_to_rest(stretch)) {
            if (std::optional<Deviation> missing = still_owed(stretch)) found.push_back(std::move(*missing));
            stretch.limits.to_rest = false;
            if (breaks_none(stretch)) continue;
        }
        judge(stretch, found, overflown);
    }
    return found;
}

void settle_observed(std::vector<Deviation>& deviations, std::span<const UnitEvent> events) {
    const auto by_hand = std::stable_partition(deviations.begin(), deviations.end(), [](const Deviation& one) { return one.finding.kind != kKind; });
    std::vector<Deviation> kept(std::make_move_iterator(deviations.begin()), std::make_move_iterator(by_hand));
    for (auto one = by_hand; one != deviations.end(); ++one) {
        bool known = false;
        for (const Deviation& other : kept) {
            if (!same_run(events, other.event, one->event)) continue;
            known |= other.finding.property == one->finding.property;
            const bool leads = other.finding.kind != kKind && other.finding.severity == Severity::kError && other.event <= one->event;
            if (leads) one->finding.severity = Severity::kNote;
        }
        if (!known) kept.push_back(std::move(*one));
    }
    deviations = std::move(kept);
}

}  // namespace imspect::conform
