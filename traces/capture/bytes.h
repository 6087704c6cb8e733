// Numbers out of bytes in either order, and the type in which bytes travel through this folder.
//
// The callers have checked that the bytes are there: nothing here does. Cost: a load each. Thread-safety: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace imspect::capture {

using Bytes = std::span<const std::uint8_t>;

/// Network order.
inline std::uint16_t be16(Bytes bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

inline std::uint32_t be32(Bytes bytes, std::size_t at) {
    return static_cast<std::uint32_t>(be16(bytes, at)) << 16 | be16(bytes, at + 2);
}

/// The order of the machine that wrote a capture file.
struct ByteOrder {
    bool big = false;

    [[nodiscard]] std::uint16_t u16(Bytes bytes, std::size_t at) const {
        if (big) return be16(bytes, at);
        return static_cast<std::uint16_t>(bytes[at + 1] << 8 | bytes[at]);
    }
    [[nodiscard]] std::uint32_t u32(Bytes bytes, std::size_t at) const {
        if (big) return be32(bytes, at);
        return static_cast<std::uint32_t>(u16(bytes, at + 2)) << 16 | u16(bytes, at);
    }
    [[nodiscard]] std::uint64_t u64(Bytes bytes, std::size_t at) const {
        const std::uint64_t first = u32(bytes, at);
        const std::uint64_t second = u32(bytes, at + 4);
        return big ? first << 32 | second : second << 32 | first;
    }
};

}  // namespace imspect::capture
