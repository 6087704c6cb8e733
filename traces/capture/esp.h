// ESP with NULL encryption: recognised by what its bytes say, since the keys and often the negotiation are not in the capture.
//
// RFC 4303, RFC 2410. The integrity check value at the end has a length that only the negotiation tells, so the usual ones are tried: with the right one
// the padding counts 1, 2, 3, ..., the next header is one that we know, and the header within agrees with the length that is
// left. Random bytes pass that about once in a million. Cost: constant. Thread-safety: pure.
#pragma once

#include <optional>

#include "traces/capture/bytes.h"

namespace imspect::capture {

struct EspContent {
    std::uint32_t spi = 0;
    std::uint8_t next_header = 0;
    Bytes payload;
};

/// `bytes`: from the SPI to the end of the packet.
std::optional<EspContent> open_null_esp(Bytes bytes);

}  // namespace imspect::capture
