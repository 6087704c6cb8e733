#include "traces/capture/udp_flows.h"

#include "traces/capture/ip.h"

namespace imspect::capture {

void UdpFlows::datagram(const Layers& layers, Bytes payload) {
    const FlowKey key = flow_key(layers.from, layers.to);
    const FlowId* known = flows_.find(key);
    if (known == nullptr) {
        if (flows_.size() >= kMaxFlows) {
            output_.ended(flows_.oldest()->value);
            flows_.erase_oldest();
        }
        known = &flows_.emplace(key, output_.new_flow());
    }
    output_.chunk(*known, Transport::kUdp, layers, packet_key(layers, kProtocolUdp, layers.identification, payload), payload, false);
}

}  // namespace imspect::capture
