// The way out: makes chunks of payload and layers and hands them to the sink, and gives flows their numbers.
//
// Cost: no allocation a chunk once the list of frames has grown. Thread-safety: one thread.
#pragma once

#include "traces/capture/account.h"
#include "traces/capture/hash.h"
#include "traces/capture/layers.h"

namespace imspect::capture {

class Output {
public:
    Output(Sink& sink, Account& account) : sink_(sink), account_(account) {}

    FlowId new_flow() { return ++last_flow_; }
    void chunk(FlowId flow, Transport transport, const Layers& layers, std::uint64_t packet_key, Bytes bytes, bool gap_before) {
        chunk_.flow = flow;
        chunk_.transport = transport;
        chunk_.from = layers.from;
        chunk_.to = layers.to;
        chunk_.bytes = bytes;
        chunk_.frames.assign(layers.frames.begin(), layers.frames.end());
        chunk_.time_ns = layers.time_ns;
        chunk_.interface = layers.interface;
        chunk_.packet_key = packet_key;
        chunk_.esp_spi = layers.esp_spi;
        chunk_.tunnel_depth = static_cast<std::uint8_t>(layers.ip_headers - 1);
        chunk_.gap_before = gap_before;
        sink_.chunk(chunk_);
    }
    void repeated(FlowId flow, FrameRef frame, Bytes bytes) { sink_.repeated(flow, frame, bytes); }
    void ended(FlowId flow) { sink_.ended(flow); }
    Account& account() { return account_; }

private:
    Sink& sink_;
    Account& account_;
    FlowId last_flow_ = 0;
    Chunk chunk_;
};

/// What makes two copies of one packet equal, wherever they were captured. `word` is what the transport adds to tell packets apart.
inline std::uint64_t packet_key(const Layers& layers, std::uint8_t protocol, std::uint64_t word, Bytes payload) {
    std::uint64_t state = mix(protocol, static_cast<std::uint64_t>(layers.from.port) << 16 | layers.to.port);
    state = hash_bytes(state, layers.from.address.bytes);
    state = hash_bytes(state, layers.to.address.bytes);
    state = hash_bytes(mix(state, word), payload);
    return state != 0 ? state : 1;
}

}  // namespace imspect::capture
