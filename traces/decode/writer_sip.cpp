#include "traces/decode/writer.h"

#include <fmt/format.h>

#include "traces/decode/sip_lexis.h"
#include "traces/decode/uri.h"

namespace imspect::decode {

namespace {

std::string quoted(std::string_view value) {
    std::string text = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

std::string token_or_quoted(std::string_view value) { return is_token(value) ? std::string(value) : quoted(value); }

/// RFC 2617: which parameters stand without quotes; qop does so in credentials only.
bool stands_bare(const std::string& name, bool credentials) {
    return name == "algorithm" || name == "stale" || name == "nc" || (name == "qop" && credentials);
}

std::string write(const Digest& digest, bool credentials) {
    std::string text = digest.scheme;
    const char* separator = " ";
    for (const auto& [name, value] : digest.parameters) {
        text += separator + name + "=" + (stands_bare(name, credentials) ? token_or_quoted(value) : quoted(value));
        separator = ", ";
    }
    return text;
}

std::string write(const SecurityMechanism& mechanism) {
    std::string text = mechanism.mechanism;
    for (const auto& [name, value] : mechanism.parameters) {
        text += "; " + name;
        if (!value.empty()) text += "=" + token_or_quoted(value);
    }
    return text;
}

class Text {
public:
    explicit Text(std::string start_line) : text_(std::move(start_line) + "\r\n") {}

    void field(std::string_view name, std::string_view value) {
        if (!value.empty()) text_ += fmt::format("{}: {}\r\n", name, value);
    }
    void address(std::string_view name, const std::string& uri, const std::string& tag) {
        if (!uri.empty()) field(name, "<" + uri + ">" + (tag.empty() ? "" : ";tag=" + token_or_quoted(tag)));
    }
    void number(std::string_view name, std::optional<std::uint32_t> value) {
        if (value) field(name, std::to_string(*value));
    }
    void uris(std::string_view name, const std::vector<std::string>& uris) {
        for (const std::string& uri : uris) field(name, "<" + uri + ">");
    }
    void tokens(std::string_view name, const std::vector<std::string>& tokens) {
        for (const std::string& token : tokens) field(name, token);
    }
    template <typename List, typename... Kind>
    void each(std::string_view name, const List& list, Kind... kind) {
        for (const auto& element : list) field(name, write(element, kind...));
    }
    [[nodiscard]] std::string with_body(const std::string& body) const { return text_ + "\r\n" + body; }

private:
    std::string text_;
};

std::string start_line(const SipMessage& m) {
    if (m.request) return fmt::format("{} {} SIP/2.0", m.method, m.request_uri);
    return fmt::format("SIP/2.0 {} {}", m.status, m.reason);
}

std::vector<std::string> contacts(const SipMessage& m) {
    std::vector<std::string> result = m.contacts;
    if (result.empty() || !m.contact_expires) return result;
    for (const std::string& contact : result) {
        if (read_address(contact).parameters.count("expires") != 0) return result;
    }
    result.front() += fmt::format(";expires={}", *m.contact_expires);
    return result;
}

}  // namespace

std::string write_sip(const SipMessage& m, const ExtraFields& extra) {
    Text text(start_line(m));
    for (const Via& via : m.vias) {
        text.field("Via", fmt::format("SIP/2.0/{} {}{}", via.transport, via.sent_by, via.branch.empty() ? "" : ";branch=" + via.branch));
    }
    text.uris("Route", m.routes);
    text.uris("Path", m.paths);
    text.address("From", m.from, m.from_tag);
    text.address("To", m.to, m.to_tag);
    text.field("Call-ID", m.call_id);
    if (m.cseq) text.field("CSeq", fmt::format("{} {}", *m.cseq, m.method));
    text.tokens("Contact", contacts(m));
    text.number("Expires", m.expires);
    if (!m.visited_network.empty()) text.field("P-Visited-Network-ID", token_or_quoted(m.visited_network));
    text.tokens("Require", m.require);
    text.tokens("Proxy-Require", m.proxy_require);
    text.each("Authorization", m.authorization, true);
    text.each("WWW-Authenticate", m.www_authenticate, false);
    text.each("Security-Client", m.security_client);
    text.each("Security-Server", m.security_server);
    text.each("Security-Verify", m.security_verify);
    text.uris("Service-Route", m.service_routes);
    text.uris("P-Associated-URI", m.associated_uris);
    for (const auto& [name, value] : extra) text.field(name, value);
    text.field("Content-Length", std::to_string(m.body.size()));
    return text.with_body(m.body);
}

}  // namespace imspect::decode
