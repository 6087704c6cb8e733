#include "traces/synthesize/random.h"

#include <fmt/format.h>

namespace imspect::synthesize {
namespace {

std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31U);
}

}  // namespace

std::uint64_t Source::number(std::string_view purpose, std::initializer_list<std::uint64_t> of) const {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char letter : purpose) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
    hash = mix(hash ^ mix(seed_));
    for (const std::uint64_t value : of) hash = mix(hash ^ mix(value + 1));
    return hash;
}

std::array<std::uint8_t, 16> Source::block(std::string_view purpose, std::initializer_list<std::uint64_t> of) const {
    const std::uint64_t first = number(purpose, of);
    const std::uint64_t halves[] = {first, mix(first)};
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(halves[i / 8] >> (8U * (i % 8)));
    return bytes;
}

std::string Source::hex(std::string_view purpose, std::initializer_list<std::uint64_t> of) const {
    return fmt::format("{:016x}", number(purpose, of));
}

}  // namespace imspect::synthesize
