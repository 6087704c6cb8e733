// The catalogue on a trace: a property is violated where every explanation of the events breaks it.
//
// Properties are those of the shipped files, compiled over the unit's model. What is asked of each is whether the events still have an
// explanation when no step may break it, with up to two unseen faults a procedure; where they have not, the first event that is left
// without one is told, once a run. An explanation that avoids the violation, or too many to follow, mean that nothing is said.
// Where the capture goes on in silence for longer than any timer takes, some explanation must come to rest, which what is under way or
// owed (leads-to) does not; such properties are watched there only. Where both ends of every hop were captured and none comes to rest, not even with
// unseen faults, somebody owes a message.
// All properties are tried together first; most units pass, and legs that show the same are looked at once. Judged are the stretches that the rules
// explained (legs); what a deviation left of the history is unknown. Thread-safety: one thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "properties/language/language.h"
#include "traces/conform/walk.h"

namespace imspect::conform {

struct Deviation;

/// Events that the rules explained without a break: from `from.next` up to `to`.
struct Leg {
    Shape shape;
    Position from;
    std::size_t to = 0;
    std::uint8_t allowance = 0;
    bool to_the_end = false;     ///< the rules explain the rest of the capture too: that nothing more came
    bool unknown_start = false;  ///< the capture begins here: any state of rest will do
};

class Observers {
public:
    /// `properties`: of observed_properties().
    Observers(MachineCache& machines, InitialStates& rest, std::vector<const language::Property*> properties);

    [[nodiscard]] bool idle() const { return properties_.empty(); }
    /// `overflown`: some property stays open, for there were too many explanations to follow.
    std::vector<Deviation> judge(std::span<const UnitEvent> events, const std::vector<Leg>& legs, const WalkLimits& limits, bool& overflown);

private:
    static constexpr std::size_t kAll = ~std::size_t{0}, kPromises = kAll - 1;  ///< all that speak of the past; all leads-to
    static constexpr std::size_t kRemembered = 4096;
    struct Watched {
        std::unique_ptr<const Machine> machine;
        StateSet rest;
    };
    const Watched& watched(const Shape& shape, std::size_t property);
    StateSet lift(const Machine& to, const Shape& shape, const StateSet& states);
    struct Stretch;
    bool breaks_none(const Stretch& stretch);
    bool comes_to_rest(const Stretch& stretch);
    /// What is owed where every hop was captured at both ends; nothing where some unseen fault may be why it never came.
    std::optional<Deviation> still_owed(const Stretch& stretch);
    void judge(const Stretch& stretch, std::vector<Deviation>& found, bool& overflown);
    std::vector<const language::Property*> group(std::size_t property) const;
    std::vector<Position> starts(const Leg& leg);
    Walk furthest(const Stretch& stretch, const std::vector<Position>& starts, std::size_t property);
    std::optional<Position> behind(const Stretch& stretch, std::size_t event);
    /// False: too many explanations.
    bool follow(const Stretch& stretch, std::size_t property, std::vector<Deviation>& into);

    MachineCache& machines_;
    InitialStates& rest_;
    std::vector<const language::Property*> properties_;
    std::map<std::pair<Shape, std::size_t>, Watched> watched_;
    std::set<std::string> innocent_;  ///< legs that break no property, by key_of
};

/// One violation, one finding: those of observers are dropped where a check by hand has made them or the same run has another of the
/// property, and are notes where an error of the run, told already, leads to them.
void settle_observed(std::vector<Deviation>& deviations, std::span<const UnitEvent> events);

}  // namespace imspect::conform
