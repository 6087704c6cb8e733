// SIP messages as far as registration needs them: a tolerant, span-based reader (RFC 3261, 3310, 3329, TS 24.229).
//
// read_sip never fails on damage: it gives what could be read plus diagnostics, and never a wrong value; a field that was not
// there or not readable is empty. Header names in any case, compact forms, folded lines, any order. Cost: linear.
// Thread-safety: pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imspect::decode {

/// Parameters of a Digest header, names in lower case, values without quotes.
struct Digest {
    std::string scheme;                           ///< "Digest"
    std::map<std::string, std::string> parameters;
    [[nodiscard]] bool has(const std::string& name) const { return parameters.count(name) != 0; }
    [[nodiscard]] std::string get(const std::string& name) const;
    bool operator==(const Digest&) const = default;
};

/// One mechanism of Security-Client, -Server or -Verify: "ipsec-3gpp; alg=...; spi-c=...".
struct SecurityMechanism {
    std::string mechanism;
    std::map<std::string, std::string> parameters;
    bool operator==(const SecurityMechanism&) const = default;
};

struct Via {
    std::string transport;
    std::string sent_by;
    std::string branch;
    bool operator==(const Via&) const = default;
};

struct SipMessage {
    bool request = true;
    std::string method;              ///< of the request, or of CSeq in a response
    int status = 0;                  ///< 0 in a request
    std::string reason;
    std::string request_uri;
    std::string from, to;            ///< URIs without display name and parameters; to compare: canonical_identity (uri.h)
    std::string from_tag, to_tag;
    std::string call_id;
    std::optional<std::uint32_t> cseq;
    std::vector<Via> vias;           ///< topmost first
    std::vector<std::string> paths, routes, service_routes;  ///< URIs with their own parameters
    std::vector<std::string> associated_uris;                ///< like from, to
    std::vector<std::string> contacts;             ///< as written
    std::optional<std::uint32_t> expires;          ///< Expires header
    std::optional<std::uint32_t> contact_expires;  ///< of the first contact that has one
    bool contact_star = false;
    std::string visited_network;
    std::vector<std::string> require, proxy_require;
    std::vector<Digest> authorization, www_authenticate;  ///< behind them those of Proxy-Authorization, Proxy-Authenticate
    std::vector<SecurityMechanism> security_client, security_server, security_verify;
    std::string body;                ///< as far as it came, no longer than Content-Length
    std::uint32_t content_length = 0;  ///< 0 where absent or unreadable too
    std::vector<std::string> diagnostics;  ///< what was odd: "header line without colon", ...
    /// The least expiry that the message asks for or grants: contact's, else Expires.
    [[nodiscard]] std::optional<std::uint32_t> expiry() const;
    bool operator==(const SipMessage&) const = default;
};

/// Whether these bytes begin like a SIP message (request or status line); cheap.
[[nodiscard]] bool looks_like_sip(std::span<const std::uint8_t> bytes);

/// A whole message. Nothing: not even a start line was there.
[[nodiscard]] std::optional<SipMessage> read_sip(std::span<const std::uint8_t> bytes);

}  // namespace imspect::decode
