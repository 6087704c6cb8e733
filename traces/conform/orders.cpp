// The orders of events that the clocks of several captures leave undecided, tried where the one of the time stamps explains nothing.
#include <algorithm>
#include <numeric>

#include "traces/conform/walk.h"

namespace imspect::conform {

namespace {

constexpr int kMostWalks = 64;
constexpr std::size_t kFarthest = 24;  ///< events: about those of one procedure

/// Clocks apart by no more than they are sure to agree.
bool undecided(const UnitEvent& one, const UnitEvent& other, const WalkLimits& limits) {
    const std::int64_t doubt = limits.clocks == nullptr ? 0 : limits.clocks->between(one.event->capture, other.event->capture);
    const std::int64_t apart = one.event->time_ns - other.event->time_ns;
    return doubt > 0 && (apart < 0 ? -apart : apart) <= doubt;
}

class Orders {
public:
    Orders(const Machine& machine, std::span<const UnitEvent> events, const Position& from, const WalkLimits& limits, const StateSet& rest)
        : machine_(machine), events_(events), from_(from), limits_(limits), rest_(rest) {}

    Walk search(Walk first) {
        std::vector<std::size_t> order(events_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        return deeper(order, std::move(first));
    }

private:
    struct Move {
        std::size_t take, before;  ///< positions
    };

    /// The event that has no explanation comes before one already explained, or a later one before it; or one of those before was explained
    /// too early, as another message than it was.
    [[nodiscard]] std::vector<Move> moves(const std::vector<std::size_t>& order, std::size_t stuck) const {
        std::vector<Move> all;
        for (std::size_t k = stuck; k-- > from_.next && undecided(events_[order[k]], events_[order[stuck]], limits_);) all.push_back({stuck, k});
        for (std::size_t back = 0; back <= kFarthest && stuck >= from_.next + back; ++back) bring_forward(order, stuck - back, all);
        return all;
    }

    void bring_forward(const std::vector<std::size_t>& order, std::size_t before, std::vector<Move>& into) const {
        const auto at = [&](std::size_t position) -> const UnitEvent& { return events_[order[position]]; };
        for (std::size_t j = before + 1; j < order.size() && j - before <= kFarthest; ++j) {
            bool free = true;
            for (std::size_t k = before; k < j; ++k) free = free && undecided(at(k), at(j), limits_);
            if (free) into.push_back({j, before});
        }
    }

    Walk deeper(const std::vector<std::size_t>& order, Walk walk) {
        if (walk.done || walk.overflown || walk.overdue || walk.restless) return walk;
        const std::size_t stuck = walk.at.next;
        for (const Move& move : moves(order, stuck)) {
            if (left_-- <= 0) break;
            std::vector<std::size_t> other = order;
            std::rotate(other.begin() + static_cast<std::ptrdiff_t>(move.before), other.begin() + static_cast<std::ptrdiff_t>(move.take),
                        other.begin() + static_cast<std::ptrdiff_t>(move.take) + 1);
            Walk next = in(other);
            if (next.at.next <= stuck) continue;
            next = deeper(other, std::move(next));
            if (next.done) return next;
            if (next.at.next > walk.at.next && !next.overflown) walk = std::move(next);
        }
        return walk;
    }

    [[nodiscard]] Walk in(const std::vector<std::size_t>& order) const {
        const std::vector<UnitEvent> ordered = in_order(events_, order);
        Walk walk = walk_in_order(machine_, ordered, from_, limits_, rest_);
        walk.order = order;
        return walk;
    }

    const Machine& machine_;
    std::span<const UnitEvent> events_;
    const Position& from_;
    const WalkLimits& limits_;
    const StateSet& rest_;
    int left_ = kMostWalks;
};

}  // namespace

std::vector<UnitEvent> in_order(std::span<const UnitEvent> events, const std::vector<std::size_t>& order) {
    std::vector<UnitEvent> ordered;
    ordered.reserve(order.size());
    for (const std::size_t index : order) ordered.push_back(events[index]);
    return ordered;
}

bool leaves_undecided(std::span<const UnitEvent> events, const WalkLimits& limits) {
    if (limits.clocks == nullptr || limits.clocks->none()) return false;
    for (std::size_t i = 1; i < events.size(); ++i) {
        if (undecided(events[i - 1], events[i], limits)) return true;
    }
    return false;
}

Walk walk(const Machine& machine, std::span<const UnitEvent> events, Position from, const WalkLimits& limits, const StateSet& rest) {
    if (!leaves_undecided(events.subspan(from.next), limits)) return walk_in_order(machine, events, std::move(from), limits, rest);
    Walk first = walk_in_order(machine, events, from, limits, rest);
    return Orders(machine, events, from, limits, rest).search(std::move(first));
}

}  // namespace imspect::conform
