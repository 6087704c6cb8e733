#include "tests/support/made_messages.h"

#include <charconv>

#include <fmt/format.h>

#include "traces/decode/digest.h"

namespace imspect::tests {

namespace {

constexpr const char* kUe = "10.9.0.1";
constexpr const char* kP = "10.0.1.1";
constexpr const char* kI = "10.0.1.2";
constexpr const char* kS = "10.0.1.3";
constexpr const char* kHss = "10.0.1.10";
constexpr const char* kServer = "sip:scscf.home.example:6060";

capture::Endpoint endpoint(const std::string& address, std::uint16_t port) {
    capture::Endpoint result;
    const char* at = address.data();
    const char* end = at + address.size();
    for (std::size_t i = 0; i < 4; ++i) {
        unsigned value = 0;
        at = std::from_chars(at, end, value).ptr + 1;
        result.address.bytes[i] = static_cast<std::uint8_t>(value);
    }
    result.port = port;
    return result;
}

struct HopEnds {
    const char* from;
    std::uint16_t from_port;
    const char* to;
    std::uint16_t to_port;
};

HopEnds ends_of(int hop, bool protected_by_sa) {
    if (hop == 1) return {kUe, static_cast<std::uint16_t>(protected_by_sa ? 5064 : 5062), kP, static_cast<std::uint16_t>(protected_by_sa ? 6101 : 5060)};
    if (hop == 2) return {kP, 5060, kI, 5060};
    return {kI, 5060, kS, 6060};
}

}  // namespace

decode::Message MadeMessages::stamp(std::variant<decode::SipMessage, decode::DiameterMessage> content, const std::string& from,
                                    std::uint16_t from_port, const std::string& to, std::uint16_t to_port) {
    decode::Message message;
    message.content = std::move(content);
    message.from = endpoint(from, from_port);
    message.to = endpoint(to, to_port);
    message.frames = {{0, ++frame_}};
    message.order = frame_;
    message.time_ns = time_ns_ += 1'000'000;
    return message;
}

std::vector<decode::SecurityMechanism> MadeMessages::agreement(const std::string& spi) const {
    const bool ue = spi == spi_ue;
    return {{"ipsec-3gpp", {{"alg", "hmac-sha-1-96"}, {"ealg", "null"}, {"spi-c", spi}, {"spi-s", spi + "1"},
                            {"port-c", ue ? "5064" : "6100"}, {"port-s", ue ? "5065" : "6101"}}}};
}

decode::SipMessage MadeMessages::base(const MadeLeg& leg, int hop) const {
    decode::SipMessage sip;
    sip.method = "REGISTER";
    sip.from = sip.to = impu();
    sip.call_id = leg.call_id;
    sip.cseq = leg.cseq;
    const std::string branch = leg.branch.empty() ? fmt::format("z9hG4bK-{}-{}", leg.call_id, leg.cseq) : leg.branch;
    static constexpr const char* kSentBy[] = {"10.9.0.1:5062", "10.0.1.1", "10.0.1.2"};
    for (int via = hop - 1; via >= 0; --via) {
        sip.vias.push_back({"UDP", kSentBy[via], via == 0 ? branch : fmt::format("{}-{}", branch, via)});
    }
    return sip;
}

decode::Message MadeMessages::up(const MadeLeg& leg, int hop) {
    decode::SipMessage sip = base(leg, hop);
    sip.request_uri = hop == 3 ? kServer : "sip:home.example";
    sip.contacts = {"<sip:u@10.9.0.1:5065>"};
    sip.contact_expires = leg.expires;
    decode::Digest digest = leg.extra;
    digest.scheme = "Digest";
    digest.parameters["username"] = impi();
    digest.parameters["realm"] = "home.example";
    digest.parameters["uri"] = "sip:home.example";
    digest.parameters["nonce"] = leg.nonce;
    digest.parameters["response"] = leg.response;
    if (!leg.auts.empty()) digest.parameters["auts"] = leg.auts;
    if (hop == 1) {
        sip.security_client = agreement(spi_ue);
        if (leg.with_keys_of_sa) sip.security_verify = agreement(spi_pcscf);
    } else {
        digest.parameters["integrity-protected"] = !leg.integrity.empty() ? leg.integrity : leg.with_keys_of_sa ? "yes" : "no";
        sip.paths = {"sip:term@10.0.1.1:5060;lr"};
        sip.visited_network = "home.example";
    }
    sip.authorization = {digest};
    const HopEnds ends = ends_of(hop, leg.with_keys_of_sa);
    return stamp(sip, ends.from, ends.from_port, ends.to, ends.to_port);
}

decode::Message MadeMessages::down(const MadeLeg& leg, int hop, int status) {
    decode::SipMessage sip = base(leg, hop);
    sip.request = false;
    sip.status = status;
    const HopEnds ends = ends_of(hop, leg.with_keys_of_sa);
    return stamp(sip, ends.to, ends.to_port, ends.from, ends.from_port);
}

decode::Message MadeMessages::challenge(const MadeLeg& leg, int hop, const std::string& nonce, bool keys) {
    decode::Message message = down(leg, hop, 401);
    auto& sip = std::get<decode::SipMessage>(message.content);
    decode::Digest digest{"Digest", {{"realm", "home.example"}, {"nonce", nonce}, {"algorithm", "AKAv1-MD5"}, {"qop", "auth"}}};
    if (keys && hop > 1) {
        const auto octets = decode::from_base64(nonce);
        const decode::AuthItem item = vector(octets && !octets->empty() ? octets->front() : std::uint8_t{0});
        digest.parameters["ck"] = ck.empty() ? hex(item.ck) : ck;
        digest.parameters["ik"] = ik.empty() ? hex(item.ik) : ik;
    }
    sip.www_authenticate = {digest};
    if (hop == 1) sip.security_server = agreement(spi_pcscf);
    return message;
}

decode::DiameterMessage MadeMessages::cx(std::uint32_t command, bool request) {
    decode::DiameterMessage diameter;
    diameter.command = command;
    diameter.application = decode::kCxApplication;
    diameter.request = request;
    if (request) ++identifier_;
    diameter.hop_by_hop = identifier_;
    diameter.end_to_end = identifier_ + 5000;
    const std::string client = command == decode::kUserAuthorization ? "icscf.home.example" : "scscf.home.example";
    diameter.session_id = fmt::format("{};{}", client, identifier_);
    diameter.origin_host = request ? client : "hss.home.example";
    if (!request) return diameter;
    diameter.user_name = impi();
    diameter.public_identities = {impu()};
    if (command != decode::kUserAuthorization) diameter.server_name = kServer;
    return diameter;
}

decode::Message MadeMessages::sent(decode::DiameterMessage diameter, const std::string& client) {
    const bool request = diameter.request;
    const std::string from = request ? client : kHss, to = request ? kHss : client;
    decode::Message message = stamp(std::move(diameter), from, request ? 40000 : 3868, to, request ? 3868 : 40000);
    message.transport = capture::Transport::kTcp;
    return message;
}

decode::Message MadeMessages::uar() { return sent(cx(decode::kUserAuthorization, true), kI); }

decode::Message MadeMessages::uaa(std::uint32_t result) {
    auto diameter = cx(decode::kUserAuthorization, false);
    diameter.experimental_result_code = result;
    return sent(diameter, kI);
}

decode::Message MadeMessages::mar(std::uint32_t m) {
    auto diameter = cx(decode::kMultimediaAuth, true);
    diameter.number_auth_items = m;
    return sent(diameter, kS);
}

decode::Message MadeMessages::mar_resync(decode::Octets rand_auts) {
    auto diameter = cx(decode::kMultimediaAuth, true);
    diameter.number_auth_items = 1;
    decode::AuthItem item;
    item.authorization = std::move(rand_auts);
    diameter.auth_items = {item};
    return sent(diameter, kS);
}

decode::Message MadeMessages::maa(std::vector<decode::AuthItem> items) {
    auto diameter = cx(decode::kMultimediaAuth, false);
    diameter.result_code = 2001;
    diameter.auth_items = std::move(items);
    return sent(diameter, kS);
}

decode::Message MadeMessages::sar(std::uint32_t assignment) {
    auto diameter = cx(decode::kServerAssignment, true);
    diameter.server_assignment_type = assignment;
    return sent(diameter, kS);
}

decode::Message MadeMessages::saa(std::uint32_t result) {
    auto diameter = cx(decode::kServerAssignment, false);
    diameter.result_code = result;
    return sent(diameter, kS);
}

decode::AuthItem MadeMessages::vector(std::uint8_t octet) {
    decode::AuthItem item;
    item.authenticate.assign(32, octet);
    item.authorization.assign(8, static_cast<std::uint8_t>(octet + 1));
    item.ck.assign(16, static_cast<std::uint8_t>(octet + 2));
    item.ik.assign(16, static_cast<std::uint8_t>(octet + 3));
    return item;
}

std::string MadeMessages::nonce(std::uint8_t octet) { return decode::to_base64(vector(octet).authenticate); }

std::string MadeMessages::hex(const decode::Octets& octets) {
    std::string text;
    for (const std::uint8_t octet : octets) text += fmt::format("{:02x}", octet);
    return text;
}

}  // namespace imspect::tests
