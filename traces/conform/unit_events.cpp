#include "traces/conform/unit_events.h"

#include <algorithm>
#include <map>

namespace imspect::conform {

namespace {

using bind::Kind;

constexpr std::uint32_t kMostAvs = 8;
constexpr std::uint32_t kNobody = ~0U;  ///< the UE of what is no message of one

bool starts_run(const bind::Event& event, HopId hop, std::bitset<kHops> tapped) {
    if (hop == HopId::kNone) return false;
    for (const HopId up : {HopId::kGmUp, HopId::kMwPi, HopId::kMwIs, HopId::kCxIh, HopId::kCxSh}) {
        if (!tapped[static_cast<std::size_t>(up)]) continue;
        const bool kind = event.kind == Kind::kRegister || event.kind == Kind::kDeregister || event.kind == Kind::kUar || event.kind == Kind::kMar;
        return hop == up && kind;
    }
    return false;
}

/// Which S-CSCF, numbered as they appear; left open where there is but one.
void name_scscfs(std::vector<UnitEvent>& events, Shape& shape) {
    const auto of_scscf = [](const UnitEvent& event) {
        const HopId hop = event.seen.hop;
        const bool shows = hop == HopId::kMwIs || hop == HopId::kMwSi || hop == HopId::kCxSh || hop == HopId::kCxHs;
        return shows && !event.event->scscf.empty();
    };
    std::map<std::string, std::uint32_t> numbers;
    for (const UnitEvent& event : events) {
        if (of_scscf(event)) numbers.try_emplace(event.event->scscf, static_cast<std::uint32_t>(numbers.size()));
    }
    if (numbers.size() < 2) return;
    shape.scscfs = static_cast<std::uint32_t>(numbers.size());
    for (UnitEvent& event : events) {
        if (of_scscf(event)) event.seen.scscf = numbers.at(event.event->scscf);
    }
}

/// The restarts of the unit's S-CSCFs since its first event, each before the event that follows it.
void add_restarts(std::vector<UnitEvent>& events, const std::deque<bind::Event>& restarts, Shape& shape) {
    if (events.empty()) return;
    const std::int64_t begin = events.front().event->time_ns;
    for (const bind::Event& restart : restarts) {
        const auto serves = std::find_if(events.begin(), events.end(), [&](const UnitEvent& one) { return one.event->scscf == restart.scscf; });
        if (serves == events.end() || restart.time_ns <= begin) continue;
        UnitEvent one;
        one.event = &restart;
        one.seen.ue = kNobody;
        one.restarts = serves->seen.scscf.value_or(0);
        const auto after = std::find_if(events.begin(), events.end(), [&](const UnitEvent& other) { return other.event->time_ns >= restart.time_ns; });
        events.insert(after, std::move(one));
        shape.restarts = true;
    }
}

/// IMPUs as the model numbers them: in the order in which its UEs list them.
void number_impus(std::vector<UnitEvent>& events, Shape& shape) {
    std::map<std::uint32_t, std::uint32_t> numbers;
    for (auto& own : shape.impus_of_ue) {
        if (own.empty()) own.push_back(0);
        for (std::uint32_t& impu : own) impu = numbers.try_emplace(impu, static_cast<std::uint32_t>(numbers.size())).first->second;
        std::sort(own.begin(), own.end());
    }
    for (UnitEvent& event : events) {
        if (event.seen.impu) event.seen.impu = numbers.at(*event.seen.impu);
    }
}

/// An AKA challenge, or Cx: else this may be any SIP registrar.
bool shows_aka(const std::vector<bind::Event>& events) {
    return std::any_of(events.begin(), events.end(), [](const bind::Event& event) {
        return (event.kind == Kind::kChallenge && event.aka) || (event.kind >= Kind::kUar && event.kind <= Kind::kSaa);
    });
}

}  // namespace

std::vector<UnitEvent> model_events(const Unit& unit, const UnitSight& sight, Shape& shape) {
    std::map<std::string, std::uint32_t> impus;
    shape.impus_of_ue.assign(unit.subscribers.size(), {});
    std::vector<UnitEvent> events;
    std::map<std::uint32_t, bool> unspoken;
    for (const bind::Event& event : unit.events) {
        const auto who = std::find(unit.subscribers.begin(), unit.subscribers.end(), sight.units.subscriber(event));
        const auto ue = static_cast<std::uint32_t>(who - unit.subscribers.begin());
        std::optional<std::uint32_t> impu;
        if (!event.impu.empty()) {
            impu = impus.try_emplace(sight.units.set_of(event.impu), static_cast<std::uint32_t>(impus.size())).first->second;
            auto& own = shape.impus_of_ue[ue];
            if (std::find(own.begin(), own.end(), *impu) == own.end()) own.push_back(*impu);
        }
        if (event.kind == Kind::kMaa) shape.avs = std::clamp(event.avs, shape.avs, kMostAvs);
        UnitEvent one;
        one.event = &event;
        one.seen = observe(event, ue, impu);
        one.seen.lost = event.lost;
        one.outside = outside(event);
        one.starts = starts_run(event, one.seen.hop, sight.tapped);
        if (event.kind == Kind::kSar) unspoken[ue] = one.seen.hop == HopId::kNone;
        if (event.kind == Kind::kSaa && unspoken[ue]) one.seen.hop = HopId::kNone;  // answers a SAR of no concern here
        events.push_back(std::move(one));
    }
    name_scscfs(events, shape);
    if (!shows_aka(unit.events)) {
        for (UnitEvent& event : events) event.outside = "nothing shows that this registrar authenticates by AKA";
    }
    number_impus(events, shape);
    add_restarts(events, sight.restarts, shape);
    return events;
}

}  // namespace imspect::conform
