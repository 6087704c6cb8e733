// UDP: numbers its flows and hands datagrams up as they come.
//
// RFC 768. The table is bounded; a pair that was idle longest is let go first and gets a new number when it speaks again.
// Thread-safety: one thread.
#pragma once

#include "traces/capture/flow_key.h"
#include "traces/capture/output.h"
#include "traces/capture/recent_map.h"

namespace imspect::capture {

class UdpFlows {
public:
    static constexpr std::size_t kMaxFlows = 1 << 18;

    explicit UdpFlows(Output& output) : output_(output) {}
    /// `layers` has the ports.
    void datagram(const Layers& layers, Bytes payload);

private:
    Output& output_;
    RecentMap<FlowKey, FlowId, FlowKeyHash> flows_;
};

}  // namespace imspect::capture
