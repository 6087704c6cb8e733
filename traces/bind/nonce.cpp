#include "traces/bind/nonce.h"

#include <algorithm>

#include "traces/decode/digest.h"

namespace imspect::bind {

std::string av_key(std::span<const std::uint8_t> rand_autn) {
    const std::size_t length = std::min(rand_autn.size(), kRandOctets + kAutnOctets);
    return {rand_autn.begin(), rand_autn.begin() + static_cast<std::ptrdiff_t>(length)};
}

std::string av_key(std::string_view nonce) {
    const auto octets = decode::from_base64(nonce);
    if (!octets || octets->size() < kRandOctets + kAutnOctets) return std::string(nonce);
    return av_key(std::span<const std::uint8_t>(*octets));
}

}  // namespace imspect::bind
