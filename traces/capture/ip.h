// IPv4 and IPv6 headers, up to what they carry.
//
// RFC 791, RFC 8200. The total length is trusted where it fits: bytes behind it are padding of the link layer; where it is zero
// (segmentation offload) or more than what was captured, the packet is what is there. Checksums are not looked at: offloading leaves
// them wrong on the machine that captures. Cost: constant. Thread-safety: pure.
#pragma once

#include <optional>

#include "traces/capture/account.h"
#include "traces/capture/bytes.h"
#include "traces/capture/chunk.h"

namespace imspect::capture {

// IANA protocol numbers that mean something here.
constexpr std::uint8_t kProtocolIp4 = 4, kProtocolTcp = 6, kProtocolUdp = 17, kProtocolIp6 = 41, kProtocolEsp = 50,
                       kProtocolAh = 51, kProtocolIcmp = 1, kProtocolIgmp = 2, kProtocolIcmp6 = 58, kProtocolNone = 59, kProtocolSctp = 132;

struct IpPacket {
    Address from;
    Address to;
    std::uint8_t protocol = 0;         ///< of the payload
    std::uint32_t identification = 0;
    bool fragment = false;             ///< offset or more_fragments set
    bool more_fragments = false;
    std::uint32_t offset = 0;          ///< in bytes
    bool cut = false;                  ///< less was captured than the header says
    Bytes payload;
};

/// Empty: no IP packet; `odd` says why.
std::optional<IpPacket> parse_ip(Bytes bytes, Odd& odd);

/// Steps over the extension headers of IPv6 that `packet` starts with; false: they are cut short.
bool step_over_extensions(IpPacket& packet);

}  // namespace imspect::capture
