#include "traces/bind/nonce.h"

#include <algorithm>

namespace imspect::bind {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<std::uint32_t> sextet(char character) {
    if (character == '-') character = '+';
    if (character == '_') character = '/';
    const std::size_t at = kAlphabet.find(character);
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<std::uint32_t>(at);
}

}  // namespace

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    std::vector<std::uint8_t> octets;
    octets.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char character : text) {
        const auto value = sextet(character);
        if (!value) return std::nullopt;
        bits = (bits << 6) | *value;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        octets.push_back(static_cast<std::uint8_t>(bits >> held));
        bits &= (1U << held) - 1U;
    }
    return octets;
}

std::string to_base64(std::span<const std::uint8_t> octets) {
    std::string text;
    text.reserve((octets.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < octets.size(); at += 3) {
        const std::size_t here = std::min<std::size_t>(3, octets.size() - at);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) bits = (bits << 8) | (i < here ? octets[at + i] : 0U);
        for (std::size_t i = 0; i < 4; ++i) text += i <= here ? kAlphabet[(bits >> (18 - 6 * i)) & 63U] : '=';
    }
    return text;
}

std::string av_key(std::span<const std::uint8_t> rand_autn) {
    const std::size_t length = std::min(rand_autn.size(), kRandOctets + kAutnOctets);
    return {rand_autn.begin(), rand_autn.begin() + static_cast<std::ptrdiff_t>(length)};
}

std::string av_key(std::string_view nonce) {
    const auto octets = from_base64(nonce);
    if (!octets || octets->size() < kRandOctets + kAutnOctets) return std::string(nonce);
    return av_key(std::span<const std::uint8_t>(*octets));
}

}  // namespace imspect::bind
