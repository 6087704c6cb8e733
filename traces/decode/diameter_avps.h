// The AVPs of one level of a Diameter message (RFC 6733, 4.1), one after the other, without copying.
//
// An AVP that overruns what is left, or is shorter than its own header, ends the walk and is told by `damaged`. Cost: constant an
// AVP. Thread-safety: a walk belongs to one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace imspect::decode {

[[nodiscard]] constexpr std::uint32_t read_u24(const std::uint8_t* p) { return std::uint32_t{p[0]} << 16 | std::uint32_t{p[1]} << 8 | p[2]; }
[[nodiscard]] constexpr std::uint32_t read_u32(const std::uint8_t* p) { return std::uint32_t{p[0]} << 24 | read_u24(p + 1); }

struct Avp {
    std::uint32_t code = 0;
    std::uint32_t vendor = 0;  ///< 0: none
    std::span<const std::uint8_t> data;
};

class AvpWalk {
public:
    explicit AvpWalk(std::span<const std::uint8_t> bytes) : rest_(bytes) {}
    /// Nothing: at the end, or damaged.
    [[nodiscard]] std::optional<Avp> next();
    [[nodiscard]] bool damaged() const { return damaged_; }

private:
    std::span<const std::uint8_t> rest_;
    bool damaged_ = false;
};

}  // namespace imspect::decode
