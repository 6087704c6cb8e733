// Short ways to write and read SIP messages in tests.
#pragma once

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "traces/decode/sip.h"

namespace imspect::tests {

inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Every '\n' becomes CR LF.
inline std::string crlf(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') result += '\r';
        result += c;
    }
    return result;
}

inline decode::SipMessage read(std::string_view text) {
    auto message = decode::read_sip(bytes_of(text));
    REQUIRE(message.has_value());
    return *message;
}

/// A REGISTER with these header fields (lines ending with '\n') and no body.
inline decode::SipMessage register_with(std::string_view fields) {
    return read(crlf("REGISTER sip:ims.example SIP/2.0\n" + std::string(fields) + "\n"));
}

}  // namespace imspect::tests
