#include "traces/decode/digest.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "traces/decode/sip_lexis.h"

namespace imspect::decode {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789abcdef";

/// MD5 as 32 digits; empty: not to be had.
std::string md5_hex(std::span<const std::uint8_t> octets) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> hash{};
    unsigned int length = 0;
    if (EVP_Digest(octets.data(), octets.size(), hash.data(), &length, EVP_md5(), nullptr) != 1 || length != 16) return "";
    return to_hex(std::span(hash).first(16));
}

std::string md5_hex(std::string_view text) {
    return md5_hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::string a1(const DigestInput& input) {
    std::string text = input.username + ":" + input.realm + ":";
    text.append(input.password.begin(), input.password.end());
    return md5_hex(text);
}

}  // namespace

std::string to_base64(std::span<const std::uint8_t> octets) {
    std::string text;
    for (std::size_t at = 0; at < octets.size(); at += 3) {
        const std::size_t count = std::min<std::size_t>(3, octets.size() - at);
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) group = group << 8 | (i < count ? octets[at + i] : 0U);
        for (std::size_t i = 0; i < 4; ++i) text += i <= count ? kAlphabet[group >> (18 - 6 * i) & 63U] : '=';
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    std::vector<std::uint8_t> octets;
    std::uint32_t group = 0;
    int bits = 0;
    for (const char c : text) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        group = (group << 6 | static_cast<std::uint32_t>(value)) & 0xffffU;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        octets.push_back(static_cast<std::uint8_t>(group >> bits));
    }
    return octets;
}

std::string to_hex(std::span<const std::uint8_t> octets) {
    std::string text;
    for (const std::uint8_t octet : octets) {
        text += kHex[octet >> 4];
        text += kHex[octet & 15U];
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    const std::string digits = lower(text);
    std::vector<std::uint8_t> octets;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const std::size_t high = kHex.find(digits[i]), low = kHex.find(digits[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        octets.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return octets;
}

std::optional<std::string> digest_response(const DigestInput& input) {
    std::string a2 = input.method + ":" + input.uri;
    const std::string qop = lower(input.qop);
    if (qop == "auth-int") a2 += ":" + md5_hex(input.body);
    else if (!qop.empty() && qop != "auth") return std::nullopt;
    std::string text = a1(input) + ":" + input.nonce + ":";
    if (!qop.empty()) text += input.nc + ":" + input.cnonce + ":" + input.qop + ":";
    std::string response = md5_hex(text + md5_hex(a2));
    if (response.empty()) return std::nullopt;
    return response;
}

std::optional<bool> response_right(const Digest& credentials, std::string_view method, std::string_view body,
                                   std::span<const std::uint8_t> password) {
    for (const char* needed : {"username", "realm", "nonce", "uri", "response"}) {
        if (!credentials.has(needed)) return std::nullopt;
    }
    const std::string algorithm = lower(credentials.get("algorithm"));
    if (!algorithm.empty() && algorithm != "md5" && algorithm != "akav1-md5") return std::nullopt;
    if (credentials.has("qop") && (!credentials.has("nc") || !credentials.has("cnonce"))) return std::nullopt;
    DigestInput input;
    input.username = credentials.get("username");
    input.realm = credentials.get("realm");
    input.password.assign(password.begin(), password.end());
    input.nonce = credentials.get("nonce");
    input.method = std::string(method);
    input.uri = credentials.get("uri");
    input.qop = credentials.get("qop");
    input.nc = credentials.get("nc");
    input.cnonce = credentials.get("cnonce");
    input.body = std::string(body);
    const auto response = digest_response(input);
    if (!response) return std::nullopt;
    return *response == lower(credentials.get("response"));
}

}  // namespace imspect::decode
