// A 64-bit hash of bytes, for tables and for telling copies of a packet: quick, not cryptographic.
//
// Every packet handed up is hashed once, so eight bytes are taken at a time. Thread-safety: pure functions.
#pragma once

#include "traces/capture/bytes.h"

namespace imspect::capture {

inline std::uint64_t mix(std::uint64_t state, std::uint64_t word) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(state ^ word ^ 0x9e3779b97f4a7c15ULL) * 0xd6e8feb86659fd93ULL;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t hash_bytes(std::uint64_t state, Bytes bytes) {
    state = mix(state, bytes.size());
    while (bytes.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), 8);
        state = mix(state, word);
        bytes = bytes.subspan(8);
    }
    std::uint64_t rest = 0;
    if (!bytes.empty()) std::memcpy(&rest, bytes.data(), bytes.size());
    return mix(state, rest);
}

}  // namespace imspect::capture
