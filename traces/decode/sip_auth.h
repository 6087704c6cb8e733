// Values of the header fields that carry authentication and security agreement (RFC 3261, 25.1; RFC 3329, 2.2).
//
// Where a parameter is unreadable or contradicts itself it is left out and `odd` turns true; the others are given.
// Cost: linear. Thread-safety: pure.
#pragma once

#include <string_view>
#include <vector>

#include "traces/decode/sip.h"

namespace imspect::decode {

/// Challenges or credentials; several in one value are told by "scheme name=".
[[nodiscard]] std::vector<Digest> read_digests(std::string_view value, bool& odd);

/// "mechanism; name=value; ..., mechanism; ...".
[[nodiscard]] std::vector<SecurityMechanism> read_security(std::string_view value, bool& odd);

}  // namespace imspect::decode
