// What is said where the rules explain an event no longer, and how the walk goes on from there.
//
// The finding tells the event, what the specification would have allowed instead (labels of rules that were enabled), their
// clauses and the frames. The continuation is the nearest one: a deviation known from real cores, a response taken for right,
// messages that were never sent, else any state of rest. Thread-safety: one thread.
#pragma once

#include <optional>

#include "traces/conform/judge.h"
#include "traces/conform/last_resort.h"

namespace imspect::conform {

struct Continuation {
    StateSet states;
    std::vector<Deviation> deviations;
    bool known = false;       ///< a deviation known from real cores, or one that time stamps or values prove
    bool lost_track = false;  ///< the UE's events make sense again from its next run on
};

Continuation continue_after(MachineCache& machines, const Shape& shape, const StateSet& rest,
                            std::span<const UnitEvent> events, const Walk& walk);

/// What a finding on the event has in common with all others: who, frames (of its cause too), the run around it.
Finding about(std::span<const UnitEvent> events, std::size_t at);
/// Fields that disagree though the flow goes on.
std::optional<Deviation> soft_finding(std::span<const UnitEvent> events, const SoftNote& note);
/// What it took to explain the run of the event that stopped the walk.
Deviation resort_note(std::span<const UnitEvent> events, const Walk& walk, const LastResort& resort);
Deviation reading_note(std::span<const UnitEvent> events, const Walk& walk, const ims::Reading& reading, const std::string& value);

}  // namespace imspect::conform
