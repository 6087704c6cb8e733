// P24 on traces: no response is accepted that came after the await timer. Judged by time stamps alone, since whether the timer has
// fired shows in no message where the IMPU is registered. Thread-safety: pure.
#pragma once

#include "traces/conform/judge.h"

namespace imspect::conform {

std::vector<Deviation> late_responses(std::span<const UnitEvent> events, std::int64_t await_ns);

}  // namespace imspect::conform
