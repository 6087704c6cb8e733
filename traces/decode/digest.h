// HTTP Digest as IMS uses it (RFC 2617, RFC 3310 AKAv1-MD5), and the base64 that carries nonces and AUTS (RFC 4648, 4).
//
// In AKAv1-MD5 the password is RES as octets; in a synchronisation failure it is empty. MD5 and AES come from OpenSSL's EVP
// interface (libcrypto); a library that refuses MD5 (FIPS mode) makes a response empty, never wrong. Cost: linear in the body.
// Thread-safety: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "traces/decode/sip.h"

namespace imspect::decode {

[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> octets);
/// Padding may be missing. Nothing: another character, or a length that base64 can't have.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> octets);
/// Either case; nothing: an odd number of digits or another character.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

/// What a response is computed from; fields as they stand in Authorization, without quotes.
struct DigestInput {
    std::string username, realm;
    std::vector<std::uint8_t> password;
    std::string nonce;
    std::string method, uri;
    std::string qop;         ///< "", "auth" or "auth-int"
    std::string nc, cnonce;  ///< of qop
    std::string body;        ///< of qop auth-int
};

/// 32 hexadecimal digits in lower case. Nothing: a qop that RFC 2617 does not know, or no MD5.
[[nodiscard]] std::optional<std::string> digest_response(const DigestInput& input);

/// Whether `credentials` in a request of this method and body are right for `password`. Nothing: they say too little, another
/// algorithm than AKAv1-MD5 or MD5, or a qop that is unknown.
[[nodiscard]] std::optional<bool> response_right(const Digest& credentials, std::string_view method, std::string_view body,
                                                 std::span<const std::uint8_t> password);

}  // namespace imspect::decode
