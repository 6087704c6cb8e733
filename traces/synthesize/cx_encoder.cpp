#include "traces/synthesize/cx_encoder.h"

#include <fmt/format.h>

#include "traces/synthesize/network.h"

namespace imspect::synthesize {
namespace {

constexpr const char* kScheme = "Digest-AKAv1-MD5";
constexpr std::uint32_t kSuccess = 2001, kFirstRegistration = 2001, kSubsequentRegistration = 2002, kUnableToComply = 5012,
                        kAlreadyRegistered = 5005;

bool begins(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

/// The profile that a SAA brings: the IMPUs that share the registration, one service profile.
std::string profile(const std::string& impi, const std::vector<std::string>& impus) {
    std::string text = R"(<?xml version="1.0" encoding="UTF-8"?><IMSSubscription><PrivateID>)" + impi + "</PrivateID><ServiceProfile>";
    for (const std::string& impu : impus) text += "<PublicIdentity><Identity>" + impu + "</Identity></PublicIdentity>";
    return text + "</ServiceProfile></IMSSubscription>";
}

}  // namespace

CxEncoder::CxEncoder(const Vocabulary& vocabulary, const Run& run, const Source& random, Credentials& credentials)
    : vocabulary_(vocabulary), run_(run), random_(random), credentials_(credentials) {
    for (const Sent& sent : run.messages) {
        if (sent.hop == Hop::kCxHi && sent.cause && run.steps[sent.step].rule == "hss.answers_query_anew") asks_capabilities_[*sent.cause] = true;
    }
}

std::optional<DiameterOnWire> CxEncoder::encode(std::size_t message) {
    const Sent& sent = run_.messages[message];
    if (sent.kind == "pending" || sent.kind == "pending_ack") return std::nullopt;
    const bool of_icscf = sent.hop == Hop::kCxIh || sent.hop == Hop::kCxHi;
    const std::size_t scscf = sent.scscf.value_or(0);
    const capture::Endpoint client = of_icscf ? icscf_at(40'002) : scscf_at(scscf, static_cast<std::uint16_t>(kScscfCxPort + scscf));
    const bool asks = sent.hop == Hop::kCxIh || sent.hop == Hop::kCxSh;
    if (!asks && (!sent.cause || encoded_.count(*sent.cause) == 0)) return std::nullopt;
    DiameterOnWire wire;
    wire.from = asks ? client : hss_at();
    wire.to = asks ? hss_at() : client;
    switch (sent.hop) {
        case Hop::kCxIh: wire.message = user_authorization(message); break;
        case Hop::kCxHi: wire.message = user_authorization_answer(message); break;
        case Hop::kCxSh:
            wire.message = sent.kind == "av_request" || sent.kind == "resync" ? multimedia_auth(message) : server_assignment(message);
            break;
        default: {
            const bool vectors = encoded_.at(*sent.cause).message.command == decode::kMultimediaAuth;
            wire.message = vectors ? multimedia_auth_answer(message) : server_assignment_answer(message);
        }
    }
    return encoded_[message] = std::move(wire);
}

decode::DiameterMessage CxEncoder::request(std::size_t message, std::uint32_t command, const std::string& host) const {
    const Sent& sent = run_.messages[message];
    decode::DiameterMessage request;
    request.command = command;
    request.application = decode::kCxApplication;
    request.request = true;
    request.hop_by_hop = static_cast<std::uint32_t>(0x4000'0000U + message);
    request.end_to_end = static_cast<std::uint32_t>(random_.number("end to end", {message}));
    request.session_id = fmt::format("{};{};{}", host, random_.number("session", {message}) % 1'000'000'000U, message + 1);
    request.origin_host = host;
    request.origin_realm = realm();
    if (sent.scscf && host == scscf_host(*sent.scscf)) request.origin_state_id = run_.starts_of(*sent.scscf, sent.step);
    request.destination_host = hss_host();
    request.user_name = impi(sent.ue);
    request.public_identities = {impu(vocabulary_, sent.impu)};
    return request;
}

decode::DiameterMessage CxEncoder::answer(std::size_t message) const {
    const decode::DiameterMessage& request = encoded_.at(*run_.messages[message].cause).message;
    decode::DiameterMessage answer;
    answer.command = request.command;
    answer.application = request.application;
    answer.hop_by_hop = request.hop_by_hop;
    answer.end_to_end = request.end_to_end;
    answer.session_id = request.session_id;
    answer.origin_host = hss_host();
    answer.origin_realm = realm();
    return answer;
}

decode::DiameterMessage CxEncoder::user_authorization(std::size_t message) const {
    decode::DiameterMessage request = this->request(message, decode::kUserAuthorization, icscf_host());
    const Sent& sent = run_.messages[message];
    const bool leaves = sent.cause && run_.messages[*sent.cause].kind == "deregister";
    const bool capabilities = asks_capabilities_.count(message) != 0;
    request.user_authorization_type = leaves ? 1 : capabilities ? 2 : 0;
    request.visited_network = realm();
    return request;
}

decode::DiameterMessage CxEncoder::user_authorization_answer(std::size_t message) const {
    const Sent& sent = run_.messages[message];
    decode::DiameterMessage answer = this->answer(message);
    const std::uint32_t type = encoded_.at(*sent.cause).message.user_authorization_type.value_or(0);
    if (type == 2) {
        answer.result_code = kSuccess;
    } else if (type == 1) {
        answer.result_code = kSuccess;
        answer.server_name = scscf_uri(sent.scscf.value_or(0));
    } else {
        answer.experimental_result_code = sent.name_stored ? kSubsequentRegistration : kFirstRegistration;
        if (sent.name_stored) answer.server_name = scscf_uri(sent.scscf.value_or(0));
    }
    return answer;
}

decode::DiameterMessage CxEncoder::multimedia_auth(std::size_t message) {
    const Sent& sent = run_.messages[message];
    decode::DiameterMessage request = this->request(message, decode::kMultimediaAuth, scscf_host(*sent.scscf));
    request.server_name = scscf_uri(*sent.scscf);
    request.number_auth_items = vocabulary_.avs;
    decode::AuthItem item;
    item.scheme = kScheme;
    if (sent.kind == "resync" && sent.cause) {
        const Sent* failure = run_.origin(*sent.cause);
        IMSPECT_REQUIRE(failure != nullptr, "a resynchronisation that no UE asked for");
        const std::vector<std::uint8_t>& challenge = credentials_.av(sent.ue, sent.rand).challenge;
        item.authorization.assign(challenge.begin(), challenge.begin() + 16);
        const std::vector<std::uint8_t> auts = credentials_.auts(sent.ue, failure->rand, failure->sqn_ms, failure->ok);
        item.authorization.insert(item.authorization.end(), auts.begin(), auts.end());
    }
    request.auth_items = {item};
    return request;
}

decode::DiameterMessage CxEncoder::multimedia_auth_answer(std::size_t message) {
    const Sent& sent = run_.messages[message];
    decode::DiameterMessage answer = this->answer(message);
    answer.user_name = impi(sent.ue);
    answer.public_identities = encoded_.at(*sent.cause).message.public_identities;
    for (const Token rand : {sent.rand0, sent.rand1}) {
        if (rand == 0) continue;
        const Av& av = credentials_.av(sent.ue, rand);
        decode::AuthItem item;
        item.number = static_cast<std::uint32_t>(answer.auth_items.size() + 1);
        item.scheme = kScheme;
        item.authenticate = av.challenge;
        item.authorization = av.xres;
        item.ck = av.ck, item.ik = av.ik;
        answer.auth_items.push_back(std::move(item));
    }
    answer.number_auth_items = static_cast<std::uint32_t>(answer.auth_items.size());
    // An HSS that refuses AUTS says so; one that has no AV left gives none.
    answer.result_code = run_.steps[sent.step].rule == "hss.refuses_auts" && answer.auth_items.empty() ? kUnableToComply : kSuccess;
    return answer;
}

std::uint32_t CxEncoder::assignment_type(const Sent& sent) {
    if (sent.kind == "registered_put") return 1;
    if (sent.kind == "deregister_put") return sent.ok ? 5 : 4;
    const std::string& rule = run_.steps[sent.step].rule;
    std::uint32_t& type = last_clear_[{*sent.scscf, sent.run}];
    if (rule.find("repeats_put") != std::string::npos && type != 0) return type;
    const bool incomplete = begins(rule, "scscf.await_timer_fires") || begins(rule, "scscf.fails_old_run");
    return type = incomplete ? 10 : 9;
}

decode::DiameterMessage CxEncoder::server_assignment(std::size_t message) {
    const Sent& sent = run_.messages[message];
    decode::DiameterMessage request = this->request(message, decode::kServerAssignment, scscf_host(*sent.scscf));
    request.server_name = scscf_uri(*sent.scscf);
    request.server_assignment_type = assignment_type(sent);
    return request;
}

decode::DiameterMessage CxEncoder::server_assignment_answer(std::size_t message) const {
    const Sent& sent = run_.messages[message];
    decode::DiameterMessage answer = this->answer(message);
    const decode::DiameterMessage& request = encoded_.at(*sent.cause).message;
    answer.user_name = request.user_name;
    if (sent.kind == "refused") {
        answer.experimental_result_code = kAlreadyRegistered;
        return answer;
    }
    answer.result_code = kSuccess;
    const Sent& asked = run_.messages[*sent.cause];
    if (request.server_assignment_type == 1U) answer.user_data = profile(request.user_name, registered_with(vocabulary_, asked.impu));
    return answer;
}

}  // namespace imspect::synthesize
