#include "traces/synthesize/watchdog.h"

#include "traces/synthesize/network.h"

namespace imspect::synthesize {

std::array<decode::DiameterMessage, 2> watchdog(const Source& random) {
    decode::DiameterMessage request;
    request.command = decode::kDeviceWatchdog;
    request.request = true;
    request.hop_by_hop = 0x5000'0000U;
    request.end_to_end = static_cast<std::uint32_t>(random.number("watchdog", {}));
    request.origin_host = scscf_host(0);
    request.origin_realm = realm();
    decode::DiameterMessage answer = request;
    answer.request = false;
    answer.origin_host = hss_host();
    answer.result_code = 2001;
    return {request, answer};
}

}  // namespace imspect::synthesize
