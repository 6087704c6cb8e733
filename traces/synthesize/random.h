// Values that look random and depend on nothing but what they are for: the seed, a purpose, and numbers.
//
// The same on every machine (SplitMix64 over FNV-1a); good for identifiers and test keys, no secret anywhere.
// Thread-safety: pure.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace imspect::synthesize {

class Source {
public:
    explicit Source(std::uint64_t seed) : seed_(seed) {}
    [[nodiscard]] std::uint64_t number(std::string_view purpose, std::initializer_list<std::uint64_t> of) const;
    [[nodiscard]] std::array<std::uint8_t, 16> block(std::string_view purpose, std::initializer_list<std::uint64_t> of) const;
    [[nodiscard]] std::string hex(std::string_view purpose, std::initializer_list<std::uint64_t> of) const;  ///< 16 digits

private:
    std::uint64_t seed_;
};

}  // namespace imspect::synthesize
