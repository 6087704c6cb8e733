// Hides who is in an answer: identities, addresses, keys and nonces become names like impi-1, the same one everywhere.
//
// An answer without them can be shown to people who may not see the capture. The names are given in order of appearance, so that
// two reports of one capture agree. Invariant: no string of the result holds an identity, address, Call-ID or nonce of the
// subscribers, findings and roles of the argument. Cost: strings times identities, fine for a report. Thread-safety: pure.
#pragma once

#include "traces/conform/finding.h"

namespace imspect::report {

[[nodiscard]] conform::AuditAnswer redacted(conform::AuditAnswer answer);

}  // namespace imspect::report
