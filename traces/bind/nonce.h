// Nonces of Digest AKA (RFC 3310, 3.2): base64 of RAND || AUTN, perhaps with data of the server behind.
//
// Two spellings of one authentication vector (other alphabet, no padding, trailing data) have the same `av_key`.
// Thread-safety: pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace imspect::bind {

constexpr std::size_t kRandOctets = 16, kAutnOctets = 16;

/// What tells one vector from another: RAND || AUTN as octets, or the text itself where it is no AKA nonce (another
/// registrar's scheme). Empty for an empty nonce.
[[nodiscard]] std::string av_key(std::string_view nonce);
[[nodiscard]] std::string av_key(std::span<const std::uint8_t> rand_autn);

}  // namespace imspect::bind
