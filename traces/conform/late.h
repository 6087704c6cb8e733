// What only time stamps show of the timers that end a procedure: the S-CSCF's await timer (P24: no response is accepted that
// came after it) and the lifetime of the P-CSCF's temporary SAs (P36: nothing is left of them to let a response pass).
//
// Whether a timer has fired shows in no message where the IMPU is registered, so the rules alone cannot tell.
// Thread-safety: pure.
#pragma once

#include "traces/conform/judge.h"

namespace imspect::conform {

std::vector<Deviation> late_responses(std::span<const UnitEvent> events, std::int64_t await_ns);

/// The excerpt says "should" of it: warnings. Nothing is said where neither SM5 nor SM6, or no SM8, was captured.
std::vector<Deviation> outlived_temporary_sas(std::span<const UnitEvent> events, std::int64_t lifetime_ns);

}  // namespace imspect::conform
