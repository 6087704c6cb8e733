// What ran: a subscriber's procedures, as their messages name them, each with its judgement.
//
// Kinds and outcomes are read off the events and say nothing about conformance; the judgement comes from the marks and the
// deviations of the walk. Thread-safety: pure.
#pragma once

#include "traces/conform/judge.h"

namespace imspect::conform {

struct ProcedureContext {
    std::int64_t end_ns = 0;    ///< of the capture
    std::int64_t await_ns = 0;    ///< how long a challenge may stay open
    std::int64_t request_ns = 0;  ///< how long a UE waits for any reply
    bool known_registered = false;  ///< in: before these events; out: after them
};

std::vector<Procedure> procedures_of(std::span<const UnitEvent> events, std::uint32_t ue, const UnitJudgement& judgement,
                                     ProcedureContext& context);

}  // namespace imspect::conform
