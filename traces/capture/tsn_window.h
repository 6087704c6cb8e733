// Which transmission sequence numbers of an SCTP association have been seen.
//
// RFC 9260 6.2: a TSN that comes twice is a retransmission. Remembered are the kWidth numbers up to the highest one; one further back counts as
// seen, a jump beyond what any receiver's window allows as another association. Cost: constant. Thread-safety: value.
#pragma once

#include <array>
#include <cstdint>

namespace imspect::capture {

class TsnWindow {
public:
    enum class Seen : std::uint8_t { kNew, kRepeated, kElsewhere };
    static constexpr std::int32_t kWidth = 1024;
    static constexpr std::int32_t kPlausible = 1 << 20;

    Seen add(std::uint32_t tsn) {
        const auto ahead = static_cast<std::int32_t>(tsn - highest_);
        if (any_ && (ahead > kPlausible || ahead < -kPlausible)) return Seen::kElsewhere;
        if (!any_ || ahead >= kWidth) {
            bits_ = {};
        } else if (ahead > 0) {
            for (std::uint32_t missing = highest_ + 1; missing != tsn; ++missing) clear(missing);
        } else {
            if (ahead <= -kWidth || test(tsn)) return Seen::kRepeated;
            set(tsn);
            return Seen::kNew;
        }
        any_ = true;
        highest_ = tsn;
        set(tsn);
        return Seen::kNew;
    }

private:
    static std::size_t word(std::uint32_t tsn) { return (tsn % kWidth) / 64; }
    static std::uint64_t bit(std::uint32_t tsn) { return std::uint64_t{1} << (tsn % 64); }
    [[nodiscard]] bool test(std::uint32_t tsn) const { return (bits_[word(tsn)] & bit(tsn)) != 0; }
    void set(std::uint32_t tsn) { bits_[word(tsn)] |= bit(tsn); }
    void clear(std::uint32_t tsn) { bits_[word(tsn)] &= ~bit(tsn); }

    std::array<std::uint64_t, kWidth / 64> bits_{};
    std::uint32_t highest_ = 0;
    bool any_ = false;
};

}  // namespace imspect::capture
