// The key under which tables of flows find theirs: two endpoints and a word more, flat, so that it compares and hashes fast.
//
// Thread-safety: values.
#pragma once

#include "traces/capture/chunk.h"
#include "traces/capture/hash.h"

namespace imspect::capture {

struct FlowKey {
    std::array<std::uint64_t, 4> addresses{};
    std::uint64_t ports = 0;   ///< and in which family the addresses are
    std::uint64_t extra = 0;
    bool operator==(const FlowKey&) const = default;
};

inline FlowKey flow_key(const Endpoint& a, const Endpoint& b, std::uint64_t extra = 0) {
    FlowKey key;
    std::memcpy(key.addresses.data(), a.address.bytes.data(), 16);
    std::memcpy(key.addresses.data() + 2, b.address.bytes.data(), 16);
    key.ports = static_cast<std::uint64_t>(a.port) << 16 | b.port;
    key.ports |= static_cast<std::uint64_t>(a.address.v6) << 32 | static_cast<std::uint64_t>(b.address.v6) << 33;
    key.extra = extra;
    return key;
}

struct FlowKeyHash {
    std::size_t operator()(const FlowKey& key) const {
        std::uint64_t state = mix(key.ports, key.extra);
        for (const std::uint64_t word : key.addresses) state = mix(state, word);
        return static_cast<std::size_t>(state);
    }
};

}  // namespace imspect::capture
