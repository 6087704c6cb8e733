// What a capture that lost packets cannot say: that a message was not sent.
//
// A finding about a missing message becomes a note where a capture counts lost packets or holes in streams, and a procedure
// that nothing else is wrong with is unknown. What was seen and should not have been stays a finding: the rules have already
// tried to explain it with a message that the capture lost.
// Thread-safety: none shared.
#pragma once

#include "traces/conform/finding.h"

namespace imspect::conform {

/// Needs `captures`; verdicts of subscribers are brought up to date.
void allow_for_lost_packets(AuditAnswer& answer);

/// The worst of the procedures' verdicts, with its reason; outside where there is none.
void judge_by_procedures(Subscriber& subscriber);

}  // namespace imspect::conform
