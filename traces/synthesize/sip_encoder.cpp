#include "traces/synthesize/sip_encoder.h"

#include <fmt/format.h>

#include "traces/decode/digest.h"
#include "traces/synthesize/network.h"

namespace imspect::synthesize {
namespace {

constexpr std::uint32_t kGranted = 600;  ///< seconds of registration that every UE asks for and gets

bool is_register(const Sent& sent) { return sent.kind != "other"; }

}  // namespace

std::size_t SipEncoder::first_of(std::size_t message) const {
    while (run_.messages[message].copy_of) message = *run_.messages[message].copy_of;
    return message;
}

const SipOnWire& SipEncoder::original(std::size_t message) const {
    const auto found = encoded_.find(first_of(message));
    IMSPECT_REQUIRE(found != encoded_.end(), "messages are encoded in their order");
    return found->second;
}

std::optional<SipOnWire> SipEncoder::encode(std::size_t message) {
    const Sent& sent = run_.messages[message];
    if (sent.copy_of) {
        const auto found = encoded_.find(first_of(message));
        return found == encoded_.end() ? std::nullopt : std::optional(found->second);
    }
    if (!goes_up(sent.hop) && !sent.answers) return std::nullopt;
    SipOnWire wire;
    switch (sent.hop) {
        case Hop::kGmUp: wire = from_ue(message); break;
        case Hop::kMwPi: wire = from_pcscf_up(message); break;
        case Hop::kMwIs: wire = from_icscf_up(message); break;
        default: wire = down(message); break;
    }
    return encoded_[message] = std::move(wire);
}

std::string SipEncoder::branch(const char* of, std::size_t message) const {
    return "z9hG4bK" + random_.hex(of, {first_of(message)});
}

std::string SipEncoder::from_tag(Token run) const { return random_.hex("from tag", {run}).substr(0, 8); }

std::uint32_t SipEncoder::next_cseq(std::size_t message) {
    const Sent& sent = run_.messages[message];
    const std::uint32_t next = cseq_[sent.run] + 1;
    // An attacker's request takes the UE's next number, and the UE knows nothing of it.
    if (run_.steps[sent.step].kind != ir::RuleKind::kAttacker) cseq_[sent.run] = next;
    return next;
}

std::string SipEncoder::nonce_of(std::size_t message) const {
    const Sent& sent = run_.messages[message];
    if (sent.rand != 0) return credentials_.av(sent.ue, sent.rand).nonce;
    // A challenge without a RAND is a forged one; what answers it repeats the nonce that it brought.
    if (goes_up(sent.hop) && sent.cause) return nonce_of(*sent.cause);
    return credentials_.forged_nonce(first_of(message));
}

decode::Digest SipEncoder::digest(std::size_t message, const std::string& method) const {
    const Sent& sent = run_.messages[message];
    decode::Digest digest;
    digest.scheme = "Digest";
    std::map<std::string, std::string>& parameters = digest.parameters;
    const std::string uri = "sip:" + realm();
    parameters = {{"username", impi(sent.ue)}, {"realm", realm()}, {"uri", uri}, {"nonce", ""}, {"response", ""}};
    const auto respond = [&](std::vector<std::uint8_t> password) {
        decode::DigestInput input;
        input.username = impi(sent.ue), input.realm = realm(), input.uri = uri, input.method = method;
        input.nonce = parameters["nonce"], input.password = std::move(password);
        if (with_qop()) {
            input.qop = parameters["qop"] = "auth";
            input.nc = parameters["nc"] = "00000001";
            input.cnonce = parameters["cnonce"] = random_.hex("cnonce", {sent.ue});
        }
        const std::optional<std::string> response = decode::digest_response(input);
        IMSPECT_REQUIRE(response.has_value(), "no MD5 in this libcrypto");
        parameters["response"] = *response;
    };
    const bool repeats = sent.kind == "register" || sent.kind == "deregister";
    if (repeats && sent.sa == 0) return digest;
    parameters["algorithm"] = "AKAv1-MD5";
    parameters["nonce"] = repeats ? credentials_.av(sent.ue, sent.sa).nonce : nonce_of(message);
    if (repeats) respond(credentials_.av(sent.ue, sent.sa).xres);
    if (sent.kind == "response") {
        std::vector<std::uint8_t> res = credentials_.av(sent.ue, sent.rand).xres;
        if (!sent.ok) res.front() ^= 0x5aU;
        respond(std::move(res));
    }
    if (sent.kind == "sync_failure") {
        respond({});
        parameters["auts"] = decode::to_base64(credentials_.auts(sent.ue, sent.rand, sent.sqn_ms, sent.ok));
    }
    return digest;
}

SipOnWire SipEncoder::from_ue(std::size_t message) {
    const Sent& sent = run_.messages[message];
    SipOnWire wire;
    decode::SipMessage& request = wire.message;
    if (sent.kind == "response") run_of_sa_[sent.rand] = sent.run;
    if (is_register(sent)) last_impu_[sent.ue] = sent.impu;
    const std::uint16_t via_port = sent.sa == 0 ? kSipPort : kUeServerPort;
    request.method = is_register(sent) ? "REGISTER" : "OPTIONS";
    request.request_uri = "sip:" + realm();
    request.vias = {{"UDP", with_port(ue_at(sent.ue, via_port)), branch("ue", message)}};
    request.from = request.to = impu(vocabulary_, is_register(sent) ? sent.impu : last_impu_[sent.ue]);
    request.from_tag = from_tag(sent.run);
    const std::string local = sent.run != 0 ? random_.hex("call", {sent.run}) : random_.hex("other call", {message});
    request.call_id = fmt::format("{}@{}", local, dotted(ue_at(sent.ue)));
    request.cseq = is_register(sent) ? next_cseq(message) : 1;
    wire.from = sent.sa == 0 ? ue_at(sent.ue) : ue_at(sent.ue, ue_client_port(run_of_sa_[sent.sa]));
    wire.to = sent.sa == 0 ? pcscf_at() : pcscf_at(kPcscfServerPort);
    if (!is_register(sent)) return wire;
    const std::uint32_t expires = sent.kind == "deregister" ? 0 : kGranted;
    request.contacts = {fmt::format("<sip:{}>;expires={}", with_port(ue_at(sent.ue, kUeServerPort)), expires)};
    request.expires = request.contact_expires = expires;
    request.authorization = {digest(message, request.method)};
    protect(request, sent);
    return wire;
}

void SipEncoder::protect(decode::SipMessage& request, const Sent& sent) const {
    request.require = request.proxy_require = {"sec-agree"};
    const bool first = sent.kind == "register" || sent.kind == "deregister";
    request.security_client = security_client(sent.run, first ? sent.setup : "intact");
    if (sent.sa != 0) request.security_verify = security_server(sent.sa, first ? "intact" : sent.setup);
}

SipOnWire SipEncoder::from_pcscf_up(std::size_t message) const {
    const Sent& sent = run_.messages[message];
    const std::size_t cause = first_of(*sent.cause);
    SipOnWire wire{original(cause).message, pcscf_at(), icscf_at()};
    decode::SipMessage& request = wire.message;
    request.vias.insert(request.vias.begin(), {"UDP", with_port(pcscf_at()), branch("pcscf", cause)});
    request.paths = {fmt::format("sip:term@{};lr", with_port(pcscf_at()))};
    request.visited_network = realm();
    request.require = {"path"};
    request.proxy_require.clear();
    request.security_client.clear();
    request.security_verify.clear();
    for (decode::Digest& digest : request.authorization) digest.parameters["integrity-protected"] = sent.integrity ? "yes" : "no";
    return wire;
}

SipOnWire SipEncoder::from_icscf_up(std::size_t message) const {
    const Sent& sent = run_.messages[message];
    const std::size_t cause = first_of(*sent.cause);
    const std::size_t scscf = sent.scscf.value_or(0);
    SipOnWire wire{original(cause).message, icscf_at(), scscf_at(scscf)};
    wire.message.vias.insert(wire.message.vias.begin(), {"UDP", with_port(icscf_at()), branch("icscf", cause)});
    wire.message.request_uri = scscf_uri(scscf);
    return wire;
}

decode::SipMessage SipEncoder::answer_to(const decode::SipMessage& request, const Sent& sent) const {
    decode::SipMessage answer;
    answer.request = false;
    answer.method = request.method;
    answer.vias = request.vias;
    answer.from = request.from, answer.from_tag = request.from_tag;
    answer.to = request.to, answer.to_tag = random_.hex("to tag", {sent.run, sent.scscf.value_or(99)}).substr(0, 8);
    answer.call_id = request.call_id;
    answer.cseq = request.cseq;
    return answer;
}

SipOnWire SipEncoder::down(std::size_t message) {
    const Sent& sent = run_.messages[message];
    SipOnWire wire;
    const bool passed_on = sent.cause && !goes_up(run_.messages[*sent.cause].hop) && !is_cx(run_.messages[*sent.cause].hop);
    if (passed_on) {
        wire.message = original(*sent.cause).message;
        wire.message.vias.erase(wire.message.vias.begin());
        if (sent.kind == "challenge") challenge(wire.message, message);
    } else {
        const decode::SipMessage& request = original(*sent.answers).message;
        wire.message = answer_to(request, sent);
        if (sent.kind == "challenge") challenge(wire.message, message);
        if (sent.kind == "ok") accept(wire.message, request, sent);
        if (sent.kind == "error") refuse(wire.message, message);
    }
    if (sent.hop == Hop::kGmDown && sent.kind == "challenge" && sent.rand != 0) run_of_sa_.try_emplace(sent.rand, sent.run);
    address_down(wire, sent);
    return wire;
}

void SipEncoder::challenge(decode::SipMessage& answer, std::size_t message) const {
    const Sent& sent = run_.messages[message];
    answer.status = 401;
    answer.reason = "Unauthorized";
    decode::Digest digest;
    digest.scheme = "Digest";
    digest.parameters = {{"realm", realm()}, {"nonce", nonce_of(message)}, {"algorithm", "AKAv1-MD5"}};
    if (with_qop()) digest.parameters["qop"] = "auth";
    if (sent.keys && sent.rand != 0) {
        const Av& av = credentials_.av(sent.ue, sent.rand);
        digest.parameters["ck"] = decode::to_hex(av.ck);
        digest.parameters["ik"] = decode::to_hex(av.ik);
    }
    answer.www_authenticate = {digest};
    if (sent.hop == Hop::kGmDown) answer.security_server = security_server(sent.rand, sent.setup);
}

void SipEncoder::accept(decode::SipMessage& answer, const decode::SipMessage& request, const Sent& sent) const {
    answer.status = 200;
    answer.reason = "OK";
    answer.contacts = request.contacts;
    answer.contact_expires = request.contact_expires;
    answer.paths = request.paths;
    const Sent* first = run_.origin(*sent.answers);
    if (first == nullptr || first->kind == "deregister") return;
    answer.associated_uris = registered_with(vocabulary_, first->impu);
    if (sent.scscf) answer.service_routes = {fmt::format("sip:orig@{}:{};lr", scscf_host(*sent.scscf), kScscfPort)};
}

void SipEncoder::refuse(decode::SipMessage& answer, std::size_t message) const {
    const Sent& sent = run_.messages[message];
    const std::string& rule = run_.steps[sent.step].rule;
    answer.status = 403;
    answer.reason = "Forbidden";
    if (sent.hop == Hop::kMwIp) answer.status = 504, answer.reason = "Server Time-out";
    if (rule == "pcscf.refuses_proposal") {
        answer.status = 494;
        answer.reason = "Security Agreement Required";
        answer.security_server = security_server(0, "intact");
    }
}

void SipEncoder::address_down(SipOnWire& wire, const Sent& sent) const {
    switch (sent.hop) {
        case Hop::kMwSi: wire.from = scscf_at(sent.scscf.value_or(0)), wire.to = icscf_at(); break;
        case Hop::kMwIp: wire.from = icscf_at(), wire.to = pcscf_at(); break;
        default:
            wire.from = sent.sa == 0 ? pcscf_at() : pcscf_at(pcscf_client_port(sent.sa));
            wire.to = sent.sa == 0 ? ue_at(sent.ue) : ue_at(sent.ue, kUeServerPort);
            break;
    }
}

}  // namespace imspect::synthesize
