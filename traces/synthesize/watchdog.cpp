#include "traces/synthesize/watchdog.h"

#include "traces/synthesize/network.h"

namespace imspect::synthesize {

std::array<decode::DiameterMessage, 2> watchdog(const Source& random, std::size_t scscf, std::uint32_t starts) {
    decode::DiameterMessage request;
    request.command = decode::kDeviceWatchdog;
    request.request = true;
    request.hop_by_hop = 0x5000'0000U + static_cast<std::uint32_t>(scscf);
    request.end_to_end = static_cast<std::uint32_t>(random.number("watchdog", {scscf}));
    request.origin_host = scscf_host(scscf);
    request.origin_realm = realm();
    request.origin_state_id = starts;
    decode::DiameterMessage answer = request;
    answer.request = false;
    answer.origin_host = hss_host();
    answer.origin_state_id.reset();
    answer.result_code = 2001;
    return {request, answer};
}

}  // namespace imspect::synthesize
