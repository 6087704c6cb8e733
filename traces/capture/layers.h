// What has been learnt of a packet while its layers come off: handed down by the dispatcher, and up with the payload.
//
// Values; `frames` points to what the caller keeps for as long as the packet is looked at.
#pragma once

#include "traces/capture/bytes.h"
#include "traces/capture/chunk.h"

namespace imspect::capture {

struct Layers {
    std::span<const FrameRef> frames;   ///< ascending; several after reassembly
    FrameRef frame;                     ///< the one at hand, last of the packet
    std::int64_t time_ns = 0;
    std::uint32_t interface = 0;
    Endpoint from;                      ///< of the innermost IP header so far; ports once known
    Endpoint to;
    std::uint32_t identification = 0;   ///< of IPv4, or of the IPv6 fragment header
    std::uint32_t esp_spi = 0;
    std::uint8_t ip_headers = 0;
    std::uint8_t depth = 0;             ///< layers so far, to bound recursion
};

}  // namespace imspect::capture
