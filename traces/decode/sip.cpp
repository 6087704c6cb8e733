#include "traces/decode/sip.h"

#include <algorithm>
#include <array>
#include <set>

#include "traces/decode/sip_auth.h"
#include "traces/decode/sip_lexis.h"
#include "traces/decode/sip_lines.h"
#include "traces/decode/uri.h"

namespace imspect::decode {

namespace {

std::string_view text_of(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Reads the header fields of one message into it.
class Reader {
public:
    explicit Reader(SipMessage& message) : message_(message) {}

    void field(std::string_view name, std::string_view value);
    /// Takes back what contradicted itself, puts what proxies asked behind what the registrar asked.
    void settle();

private:
    using Handler = void (Reader::*)(std::string_view);
    struct Known {
        std::string_view name, compact;
        Handler handler;
    };
    static const std::array<Known, 22> kKnown;

    void from(std::string_view v) { address(v, "From", message_.from, message_.from_tag); }
    void to(std::string_view v) { address(v, "To", message_.to, message_.to_tag); }
    void call_id(std::string_view v);
    void cseq(std::string_view v);
    void via(std::string_view v);
    void path(std::string_view v) { uris(v, message_.paths, "Path"); }
    void route(std::string_view v) { uris(v, message_.routes, "Route"); }
    void service_route(std::string_view v) { uris(v, message_.service_routes, "Service-Route"); }
    void associated(std::string_view v);
    void contact(std::string_view v);
    void expires(std::string_view v);
    void visited_network(std::string_view v);
    void require(std::string_view v) { tokens(v, message_.require, "Require"); }
    void proxy_require(std::string_view v) { tokens(v, message_.proxy_require, "Proxy-Require"); }
    void authorization(std::string_view v) { digests(v, message_.authorization, "Authorization"); }
    void www_authenticate(std::string_view v) { digests(v, message_.www_authenticate, "WWW-Authenticate"); }
    void proxy_authorization(std::string_view v) { digests(v, proxy_authorization_, "Proxy-Authorization"); }
    void proxy_authenticate(std::string_view v) { digests(v, proxy_authenticate_, "Proxy-Authenticate"); }
    void security_client(std::string_view v) { security(v, message_.security_client, "Security-Client"); }
    void security_server(std::string_view v) { security(v, message_.security_server, "Security-Server"); }
    void security_verify(std::string_view v) { security(v, message_.security_verify, "Security-Verify"); }
    void nothing(std::string_view) {}

    void odd(const std::string& what);
    void unreadable(std::string_view header) { odd("unreadable " + std::string(header)); }
    void address(std::string_view value, const char* header, std::string& uri, std::string& tag);
    void uris(std::string_view value, std::vector<std::string>& into, const char* header);
    void tokens(std::string_view value, std::vector<std::string>& into, const char* header);
    void digests(std::string_view value, std::vector<Digest>& into, const char* header);
    void security(std::string_view value, std::vector<SecurityMechanism>& into, const char* header);
    /// Sets a field that may be there only once; a second, different value makes it unreadable.
    template <typename T>
    void once(T& target, T value, const char* header) {
        if (seen_.insert(header).second) target = std::move(value);
        else if (target != value) contradictory_.insert(header);
    }

    SipMessage& message_;
    std::set<std::string_view> seen_, contradictory_;
    std::vector<Digest> proxy_authorization_, proxy_authenticate_;
};

const std::array<Reader::Known, 22> Reader::kKnown = {{
    {"From", "f", &Reader::from},
    {"To", "t", &Reader::to},
    {"Call-ID", "i", &Reader::call_id},
    {"CSeq", "", &Reader::cseq},
    {"Via", "v", &Reader::via},
    {"Path", "", &Reader::path},
    {"Route", "", &Reader::route},
    {"Service-Route", "", &Reader::service_route},
    {"P-Associated-URI", "", &Reader::associated},
    {"Contact", "m", &Reader::contact},
    {"Expires", "", &Reader::expires},
    {"P-Visited-Network-ID", "", &Reader::visited_network},
    {"Require", "", &Reader::require},
    {"Proxy-Require", "", &Reader::proxy_require},
    {"Authorization", "", &Reader::authorization},
    {"WWW-Authenticate", "", &Reader::www_authenticate},
    {"Proxy-Authorization", "", &Reader::proxy_authorization},
    {"Proxy-Authenticate", "", &Reader::proxy_authenticate},
    {"Security-Client", "", &Reader::security_client},
    {"Security-Server", "", &Reader::security_server},
    {"Security-Verify", "", &Reader::security_verify},
    {"Content-Length", "l", &Reader::nothing},
}};

void Reader::field(std::string_view name, std::string_view value) {
    for (const Known& known : kKnown) {
        if (equal_ignoring_case(name, known.name) || (name.size() == 1 && equal_ignoring_case(name, known.compact))) {
            (this->*known.handler)(value);
            return;
        }
    }
}

void Reader::odd(const std::string& what) {
    auto& all = message_.diagnostics;
    if (std::find(all.begin(), all.end(), what) == all.end()) all.push_back(what);
}

void Reader::address(std::string_view value, const char* header, std::string& uri, std::string& tag) {
    const AddressField field = read_address(value);
    if (field.odd) unreadable(header);
    const auto found = field.parameters.find("tag");
    const std::string fresh_tag = found == field.parameters.end() ? "" : found->second;
    const std::string fresh_uri = bare_uri(field.uri);
    if (!seen_.insert(header).second) {
        if (uri != fresh_uri || tag != fresh_tag) contradictory_.insert(header);
        return;
    }
    uri = fresh_uri;
    tag = fresh_tag;
}

void Reader::call_id(std::string_view value) {
    if (value.empty() || value.find_first_of(" \t") != std::string_view::npos) unreadable("Call-ID");
    else once(message_.call_id, std::string(value), "Call-ID");
}

void Reader::cseq(std::string_view value) {
    const std::size_t blank = std::min(value.find_first_of(" \t"), value.size());
    const auto count = number(value.substr(0, blank));
    const std::string_view method = trim(value.substr(blank));
    if (!is_token(method) || !count) unreadable("CSeq");
    if (count) once(message_.cseq, std::optional<std::uint32_t>(count), "CSeq");
    if (!is_token(method)) return;
    if (!message_.request) once(message_.method, std::string(method), "CSeq method");
    else if (message_.method != method) odd("CSeq method differs from the request's");
}

void Reader::via(std::string_view value) {
    for (const std::string_view element : split_outside(value, ',')) {
        std::vector<std::string_view> pieces = split_outside(element, ';');
        const std::string_view first = pieces.empty() ? std::string_view() : pieces.front();
        const std::size_t slash = first.find('/');
        const std::size_t second = slash == std::string_view::npos ? slash : first.find('/', slash + 1);
        if (second == std::string_view::npos) {
            unreadable("Via");
            continue;
        }
        const std::string_view rest = trim(first.substr(second + 1));
        const std::size_t blank = std::min(rest.find_first_of(" \t"), rest.size());
        Via via;
        via.transport = std::string(rest.substr(0, blank));
        const std::string_view sent_by = trim(rest.substr(blank));
        // "host : port" is host:port (RFC 3261, 20.42).
        std::copy_if(sent_by.begin(), sent_by.end(), std::back_inserter(via.sent_by), [](char c) { return c != ' ' && c != '\t'; });
        bool unclear = !is_token(via.transport) || via.sent_by.empty();
        pieces.erase(pieces.begin());
        const auto values = parameters(pieces, unclear);
        if (const auto branch = values.find("branch"); branch != values.end()) via.branch = branch->second;
        if (unclear) unreadable("Via");
        message_.vias.push_back(std::move(via));
    }
}

void Reader::uris(std::string_view value, std::vector<std::string>& into, const char* header) {
    for (const std::string_view element : split_outside(value, ',')) {
        AddressField field = read_address(element);
        if (field.odd) unreadable(header);
        if (!field.uri.empty()) into.push_back(std::move(field.uri));
    }
}

void Reader::associated(std::string_view value) {
    std::vector<std::string> found;
    uris(value, found, "P-Associated-URI");
    for (const std::string& uri : found) message_.associated_uris.push_back(bare_uri(uri));
}

void Reader::contact(std::string_view value) {
    for (const std::string_view element : split_outside(value, ',')) {
        message_.contacts.emplace_back(element);
        if (element == "*") {
            message_.contact_star = true;
            continue;
        }
        const AddressField field = read_address(element);
        if (field.odd) unreadable("Contact");
        const auto seconds = field.parameters.find("expires");
        if (seconds == field.parameters.end()) continue;
        const auto count = number(seconds->second);
        if (!count) unreadable("expires of Contact");
        else if (!message_.contact_expires) message_.contact_expires = count;
    }
}

void Reader::expires(std::string_view value) {
    const auto count = number(value);
    if (count) once(message_.expires, std::optional<std::uint32_t>(count), "Expires");
    else unreadable("Expires");
}

void Reader::visited_network(std::string_view value) {
    const auto elements = split_outside(value, ',');
    if (elements.empty()) return unreadable("P-Visited-Network-ID");
    const std::string_view first = elements.front();
    const auto network = plain_value(first.substr(0, find_outside(first, ';')));
    if (network) once(message_.visited_network, *network, "P-Visited-Network-ID");
    else unreadable("P-Visited-Network-ID");
}

void Reader::tokens(std::string_view value, std::vector<std::string>& into, const char* header) {
    for (const std::string_view element : split_outside(value, ',')) {
        if (is_token(element)) into.emplace_back(element);
        else unreadable(header);
    }
}

void Reader::digests(std::string_view value, std::vector<Digest>& into, const char* header) {
    bool unclear = false;
    for (Digest& digest : read_digests(value, unclear)) into.push_back(std::move(digest));
    if (unclear) unreadable(header);
}

void Reader::security(std::string_view value, std::vector<SecurityMechanism>& into, const char* header) {
    bool unclear = false;
    for (SecurityMechanism& mechanism : read_security(value, unclear)) into.push_back(std::move(mechanism));
    if (unclear) unreadable(header);
}

void Reader::settle() {
    auto& m = message_;
    for (const std::string_view header : contradictory_) {
        odd(std::string(header) + " twice with different values");
        if (header == "From") m.from.clear(), m.from_tag.clear();
        else if (header == "To") m.to.clear(), m.to_tag.clear();
        else if (header == "Call-ID") m.call_id.clear();
        else if (header == "CSeq") m.cseq.reset();
        else if (header == "CSeq method") m.method.clear();
        else if (header == "Expires") m.expires.reset();
        else if (header == "P-Visited-Network-ID") m.visited_network.clear();
    }
    m.authorization.insert(m.authorization.end(), proxy_authorization_.begin(), proxy_authorization_.end());
    m.www_authenticate.insert(m.www_authenticate.end(), proxy_authenticate_.begin(), proxy_authenticate_.end());
}

void read_start(const StartLine& start, SipMessage& message) {
    message.request = start.request;
    if (!equal_ignoring_case(start.version, "SIP/2.0")) message.diagnostics.push_back("version is not SIP/2.0");
    if (start.junk != 0) message.diagnostics.push_back("junk before the method");
    if (start.request) {
        message.method = std::string(start.method);
        if (start.uri.find_first_of(" \t<>\"") == std::string_view::npos) message.request_uri = std::string(start.uri);
        else message.diagnostics.push_back("unreadable Request-URI");
        return;
    }
    const auto status = number(start.status);
    if (status && *status >= 100 && *status <= 699) message.status = static_cast<int>(*status);
    else message.diagnostics.push_back("status out of range");
    message.reason = std::string(start.reason);
}

void read_body(std::string_view rest, const Head& head, SipMessage& message) {
    bool unclear = false;
    const auto length = content_length(head, unclear);
    if (unclear) message.diagnostics.push_back("unreadable Content-Length");
    message.body = std::string(rest.substr(0, length.value_or(static_cast<std::uint32_t>(rest.size()))));
    if (!length) return;
    message.content_length = *length;
    if (*length > rest.size()) message.diagnostics.push_back("body shorter than Content-Length");
    if (*length < rest.size()) message.diagnostics.push_back("octets behind the body");
}

}  // namespace

std::string Digest::get(const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? "" : found->second;
}

std::optional<std::uint32_t> SipMessage::expiry() const { return contact_expires ? contact_expires : expires; }

bool looks_like_sip(std::span<const std::uint8_t> bytes) {
    std::string_view text = text_of(bytes);
    while (text.substr(0, 2) == "\r\n") text.remove_prefix(2);
    return probe_sip(text) == Probe::kYes;
}

std::optional<SipMessage> read_sip(std::span<const std::uint8_t> bytes) {
    std::string_view text = text_of(bytes);
    while (!text.empty() && (text.front() == '\r' || text.front() == '\n')) text.remove_prefix(1);
    const std::size_t body = end_of_head(text);
    Head head = read_head(text.substr(0, body));
    const auto start = read_start_line(head.start_line);
    if (!start) return std::nullopt;

    SipMessage message;
    read_start(*start, message);
    message.diagnostics.insert(message.diagnostics.end(), head.diagnostics.begin(), head.diagnostics.end());
    if (body == std::string_view::npos) message.diagnostics.push_back("no empty line behind the headers");
    Reader reader(message);
    for (const HeaderField& field : head.fields) reader.field(field.name, field.value);
    reader.settle();
    read_body(body == std::string_view::npos ? std::string_view() : text.substr(body), head, message);
    return message;
}

}  // namespace imspect::decode
