// What only time stamps show of the timers that end a procedure: the S-CSCF's await timer (P24: no response is accepted that
// came after it), the lifetime of the P-CSCF's temporary SAs (P36: nothing is left of them to let a response pass), and the UE's request
// timer (7.3.1.4: a UE whose request timed out has given its procedure up).
//
// Whether a timer has fired shows in no message where the IMPU is registered, so the rules alone cannot tell.
// Thread-safety: pure.
#pragma once

#include "traces/conform/judge.h"

namespace imspect::conform {

std::vector<Deviation> late_responses(std::span<const UnitEvent> events, std::int64_t await_ns);

/// The excerpt says "should" of it: warnings. Nothing is said where neither SM5 nor SM6, or no SM8, was captured.
std::vector<Deviation> outlived_temporary_sas(std::span<const UnitEvent> events, std::int64_t lifetime_ns);

/// A challenge that came after the UE's request timer and is answered all the same: a warning. A new procedure that begins well before
/// the timer of an unanswered request: a note. Nothing is said where Gm was not captured.
std::vector<Deviation> outlived_requests(std::span<const UnitEvent> events, std::int64_t request_ns);

}  // namespace imspect::conform
