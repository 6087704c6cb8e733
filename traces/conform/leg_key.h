// What a leg shows, as a text that is equal for legs that no walk can tell apart.
//
// A walk reads of an event what it observes, and of time only whether the timers' thresholds are passed. Subscribers of a network
// do the same things over and over, so what was found out about a leg once holds for all like it. Thread-safety: pure.
#pragma once

#include <string>

#include "traces/conform/observers.h"

namespace imspect::conform {

/// Empty for a leg that starts from too many states to be worth remembering.
std::string key_of(std::span<const UnitEvent> events, const Leg& leg, const WalkLimits& limits);

}  // namespace imspect::conform
