#include "traces/bind/sip_events.h"

#include <fmt/format.h>

#include "traces/bind/names.h"

namespace imspect::bind {

namespace {

constexpr std::size_t kMostIdentities = 64;

bool is_aka(const decode::Digest& digest) {
    const std::string algorithm = digest.get("algorithm");
    return algorithm.size() > 4 && (algorithm.compare(0, 4, "AKAv") == 0 || algorithm.compare(0, 4, "akav") == 0);
}

void set_nodes(Event& event, Hop hop, bool request) {
    static constexpr Node kNodes[] = {Node::kUnknown, Node::kUe, Node::kPcscf, Node::kIcscf, Node::kScscf};
    const auto at = static_cast<std::size_t>(hop);
    event.from = kNodes[request ? at : at + 1];
    event.to = kNodes[request ? at + 1 : at];
    if (hop == Hop::kNone) event.from = event.to = Node::kUnknown;
}

Kind kind_of_answer(const decode::SipMessage& sip) {
    if (sip.status < 300) return Kind::kOk;
    const decode::Digest* asked = challenge(sip);
    const bool challenges = (sip.status == 401 || sip.status == 407) && asked && !asked->get("nonce").empty();
    return challenges ? Kind::kChallenge : Kind::kError;
}

bool carries_keys(const std::vector<decode::Digest>& digests) {
    for (const decode::Digest& digest : digests) {
        if (!digest.get("ck").empty() || !digest.get("ik").empty()) return true;
    }
    return false;
}

Event common(const decode::SipMessage& sip, Hop hop) {
    Event event;
    set_nodes(event, hop, sip.request);
    event.impu = canonical_impu(sip.to);
    event.call_id = sip.call_id;
    event.cseq = sip.cseq.value_or(0);
    event.carries_keys = carries_keys(sip.www_authenticate) || carries_keys(sip.authorization);
    return event;
}

}  // namespace

const decode::Digest* credentials(const decode::SipMessage& sip) {
    for (const decode::Digest& digest : sip.authorization) {
        if (digest.has("username") || digest.has("nonce")) return &digest;
    }
    return nullptr;
}

const decode::Digest* challenge(const decode::SipMessage& sip) {
    const decode::Digest* best = nullptr;
    for (const decode::Digest& digest : sip.www_authenticate) {
        if (is_aka(digest)) return &digest;
        if (!best && digest.has("nonce")) best = &digest;
    }
    return best;
}

RegisterFacts register_facts(const decode::SipMessage& sip) {
    RegisterFacts facts;
    facts.call_id = sip.call_id;
    facts.impu = canonical_impu(sip.to);
    facts.cseq = sip.cseq.value_or(0);
    facts.expires_zero = sip.contact_star || sip.expiry() == std::uint32_t{0};
    if (const decode::Digest* digest = credentials(sip)) {
        facts.impi = digest->get("username");
        facts.nonce = digest->get("nonce");
        facts.response = digest->get("response");
        facts.auts = digest->get("auts");
    }
    return facts;
}

Event register_event(const decode::SipMessage& sip, Hop hop) {
    Event event = common(sip, hop);
    const decode::Digest* digest = credentials(sip);
    if (!digest) return event;
    event.impi = digest->get("username");
    event.nonce = digest->get("nonce");
    if (hop == Hop::kGm || !digest->has("integrity-protected")) return event;
    // "tls-yes", "ip-assoc-yes", "auth-done" are other mechanisms' words for the same (TS 24.229, 7.2A.2).
    const std::string value = digest->get("integrity-protected");
    event.integrity_protected = value == "yes" || value == "tls-yes" || value == "ip-assoc-yes" || value == "auth-done";
    return event;
}

Event answer_event(const decode::SipMessage& sip, Hop hop) {
    Event event = common(sip, hop);
    event.kind = kind_of_answer(sip);
    event.result = sip.status;
    event.success = sip.status < 300;
    if (event.kind == Kind::kChallenge) {
        event.nonce = challenge(sip)->get("nonce");
        event.aka = is_aka(*challenge(sip));
    }
    for (const std::string& uri : sip.associated_uris) {
        if (event.shared_impus.size() < kMostIdentities) event.shared_impus.push_back(canonical_impu(uri));
    }
    if (event.shared_impus.size() == 1 && event.shared_impus.front() == event.impu) event.shared_impus.clear();
    return event;
}

std::string transmission_key(const decode::SipMessage& sip, Hop hop) {
    const std::string where = fmt::format("{}|{}|{}|{}", static_cast<int>(hop), transaction_key(sip), sip.call_id, sip.cseq.value_or(0));
    if (sip.request) {
        const RegisterFacts facts = register_facts(sip);
        return fmt::format("Q{}|{}|{}|{}|{}", where, facts.impi, facts.nonce, facts.response, facts.auts);
    }
    const decode::Digest* asked = challenge(sip);
    return fmt::format("A{}|{}|{}", where, sip.status, asked ? asked->get("nonce") : "");
}

}  // namespace imspect::bind
