// A Diameter watchdog between an S-CSCF and the HSS (RFC 6733, 5.5): request and answer. No step of the model; it shows
// in a capture that the taps were open, and nothing else was said, until then. Thread-safety: pure.
#pragma once

#include <array>

#include "traces/decode/diameter.h"
#include "traces/synthesize/random.h"

namespace imspect::synthesize {

[[nodiscard]] std::array<decode::DiameterMessage, 2> watchdog(const Source& random, std::size_t scscf, std::uint32_t starts);

}  // namespace imspect::synthesize
