// SIP and Diameter messages as bytes: what `synthesize` puts into a capture, in the encodings that networks use.
//
// Invariant: reading what was written gives what was given, as long as it is whole (no diagnostics) and its parts agree; a
// Content-Length is always that of the body. Cost: linear. Thread-safety: pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "traces/decode/diameter.h"
#include "traces/decode/sip.h"

namespace imspect::decode {

using ExtraFields = std::vector<std::pair<std::string, std::string>>;

/// `extra` header fields (Max-Forwards, User-Agent, ...) follow those of the message. `contact_expires` is written into the first
/// contact where none states it.
[[nodiscard]] std::string write_sip(const SipMessage& message, const ExtraFields& extra = {});

/// A message of Cx carries Vendor-Specific-Application-Id and Auth-Session-State too (TS 29.229, 6.1); a request's
/// Destination-Realm is its own.
[[nodiscard]] Octets write_diameter(const DiameterMessage& message);

}  // namespace imspect::decode
