// Takes a frame apart, layer by layer, down to UDP, TCP and SCTP payload, through tunnels and fragments at any level.
//
// One dispatcher, recursive where packets are nested (IP in IP, GTP-U, ESP, reassembled datagrams), bounded by kMaxDepth. What it can't
// follow is counted in the account. Cost: linear in the bytes. Thread-safety: one thread.
#pragma once

#include "traces/capture/fragments.h"
#include "traces/capture/packet.h"
#include "traces/capture/sctp_associations.h"
#include "traces/capture/tcp_streams.h"
#include "traces/capture/udp_flows.h"

namespace imspect::capture {

class Dissector {
public:
    static constexpr std::uint8_t kMaxDepth = 16;

    Dissector(Sink& sink, Account& account);
    void frame(const Packet& packet);
    /// No more frames: what waits is decided.
    void finish();

private:
    void ip(Bytes bytes, Layers layers);
    void payload(std::uint8_t protocol, Bytes bytes, Layers layers);
    void udp(Bytes bytes, Layers layers);
    bool gtp(Bytes bytes, const Layers& layers);
    bool esp(Bytes bytes, Layers layers);
    void authentication_header(Bytes bytes, const Layers& layers);
    void odd(const Layers& layers, Odd kind, std::uint32_t number = 0) { account_.count(layers.frame.file, kind, number); }

    Account& account_;
    Output output_;
    Fragments fragments_;
    UdpFlows udp_;
    TcpStreams tcp_;
    SctpAssociations sctp_;
};

}  // namespace imspect::capture
