#include "traces/conform/leg_key.h"

#include <algorithm>

namespace imspect::conform {

namespace {

constexpr std::size_t kMostStates = 64;

class Key {
public:
    template <typename Number>
    void add(Number number) {
        const auto wide = static_cast<std::uint64_t>(number);
        text_.append(reinterpret_cast<const char*>(&wide), sizeof wide);
    }
    void add(const std::string& word) {
        add(word.size());
        text_ += word;
    }
    template <typename Value>
    void add(const std::optional<Value>& value) {
        add(value.has_value());
        add(value.value_or(Value{}));
    }

    void add(const Observation& seen) {
        add(static_cast<unsigned>(seen.hop));
        add(seen.ue);
        add(seen.impu);
        add(seen.scscf);
        add(seen.kinds.size());
        for (const std::string& kind : seen.kinds) add(kind);
        for (const std::optional<bool>& flag : {seen.ok, seen.is_protected, seen.on_sa, seen.intact, seen.first_registration, seen.by_timer}) {
            add(flag);
        }
        add(seen.avs);
        add(seen.repeated);
        add(seen.lost);
    }

    void add(const Shape& shape) {
        add(shape.impus_of_ue.size());
        for (const auto& impus : shape.impus_of_ue) {
            add(impus.size());
            for (const std::uint32_t impu : impus) add(impu);
        }
        add(shape.avs);
        add(shape.scscfs);
        add(shape.restarts);
        add(shape.last_resort);
        for (const auto& [reading, value] : shape.readings) {
            add(reading);
            add(value);
        }
    }

    /// The thresholds of each UE's timers that are passed.
    void add(const Clocks& clocks, std::int64_t now, const WalkLimits& limits) {
        for (const std::int64_t since : clocks.challenged) {
            add((over(since, now, nearly(limits.await_ns)) ? 1 : 0) + (over(since, now, overdue(limits.await_ns)) ? 2 : 0));
        }
        for (const std::int64_t since : clocks.asked) add(over(since, now, nearly(limits.diameter_ns)));
        for (const std::int64_t since : clocks.queried) add(over(since, now, nearly(limits.diameter_ns)));
    }

    void add(const StateSet& states) {
        std::vector<State> sorted;
        for (const auto& [state, cost] : states) {
            sorted.push_back(state);
            sorted.back().push_back(cost);
        }
        std::sort(sorted.begin(), sorted.end());
        add(sorted.size());
        for (const State& state : sorted) {
            for (const Word word : state) add(word);
        }
    }

    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

}  // namespace

std::string key_of(std::span<const UnitEvent> events, const Leg& leg, const WalkLimits& limits) {
    if (leaves_undecided(events.subspan(leg.from.next, leg.to - leg.from.next), limits)) return {};
    if (!leg.unknown_start && leg.from.states.size() > kMostStates) return {};
    Key key;
    key.add(leg.shape);
    key.add(leg.allowance);
    key.add(leg.unknown_start);
    if (!leg.unknown_start) key.add(leg.from.states);
    Position at{leg.from.next, {}, leg.from.skipping, leg.from.clocks};
    for (const bool skipping : at.skipping) key.add(skipping);
    for (const bool answered : at.clocks.answered) key.add(answered);
    for (const auto& of_ue : at.clocks.repeated) {
        for (const auto& kinds : of_ue) {
            key.add(kinds.size());
            for (const std::string& kind : kinds) key.add(kind);
        }
    }
    while (at.next < leg.to) {
        const UnitEvent& event = events[at.next];
        key.add(at.clocks, event.event->time_ns, limits);
        key.add(event.seen);
        key.add(event.outside.empty());
        key.add(event.restarts);
        key.add(event.starts);
        key.add(event.event->kind == bind::Kind::kOk || event.event->kind == bind::Kind::kError);  // ends what may be repeated
        pass(at, event, limits);
    }
    key.add(limits.to_rest);
    key.add(limits.lossless.to_ulong());
    if (limits.end_ns != 0) key.add(at.clocks, limits.end_ns, limits);
    return key.take();
}

}  // namespace imspect::conform
