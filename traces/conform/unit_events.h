// A unit's events in the model's terms: which UE, which IMPU, which S-CSCF, where runs begin, what was lost, and where an S-CSCF restarted.
//
// UEs are numbered as the unit lists its subscribers, IMPUs in the order in which UEs list them (those of an implicit set are one), S-CSCFs
// as they appear. Cost: linear in the events. Thread-safety: one thread.
#pragma once

#include <bitset>
#include <deque>
#include <string>
#include <vector>

#include "traces/conform/units.h"
#include "traces/conform/walk.h"

namespace imspect::conform {

/// Subscribers connected by sharing, and their events in order.
struct Unit {
    std::vector<std::string> subscribers;
    std::vector<bind::Event> events;
};

/// What the whole capture says of all units.
struct UnitSight {
    Units& units;
    std::bitset<kHops> tapped;
    const std::deque<bind::Event>& restarts;  ///< of S-CSCFs, ascending
};

/// They refer to the unit's events, and to the restarts.
[[nodiscard]] std::vector<UnitEvent> model_events(const Unit& unit, const UnitSight& sight, Shape& shape);

}  // namespace imspect::conform
