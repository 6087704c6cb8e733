#include <algorithm>

#include <fmt/format.h>

#include "traces/bind/nonce.h"
#include "traces/bind/sip_events.h"
#include "traces/conform/value_checks.h"
#include "traces/decode/digest.h"

namespace imspect::conform {

namespace {

using bind::Event;
using bind::Kind;
using bind::Node;

constexpr std::size_t kAutsOctets = 14;

std::string leg_key(const char* kind, const Event& event) { return fmt::format("{}|{}|{}", kind, event.call_id, event.cseq); }

void check_integrity_indication(ValueSubscriber& subscriber, const ValueRun& run, const Event& event) {
    const auto& sip = std::get<decode::SipMessage>(event.message->content);
    // Proxies of other networks add neither.
    const bool pcscf = event.from == Node::kPcscf && (!sip.paths.empty() || !sip.visited_network.empty());
    if (!pcscf || event.integrity_protected || !bind::credentials(sip)) return;
    Finding* finding = note_finding(subscriber, run_key("indication", run), "integrity-indication-missing", Severity::kNote, event);
    if (!finding) return;
    finding->clauses = {"6.1.5", "TS 24.229 5.2.2"};
    finding->property = "P30";
    finding->expected = {"integrity-protected in Authorization"};
    finding->observed = "Authorization without integrity-protected";
    finding->message = "The P-CSCF does not say whether the REGISTER was integrity protected.";
}

void accepted_wrong(ValueSubscriber& subscriber, const ValueLeg& leg, const Event& event) {
    Finding* finding = note_finding(subscriber, leg_key("accepted", event), "response-accepted-wrong", Severity::kError, event);
    if (!finding) return;
    add_frames(*finding, leg.frames);
    finding->clauses = {"6.1.1"};
    finding->property = "P4";
    finding->expected = {"4xx: the response is not that of XRES"};
    finding->observed = fmt::format("{} for a response that is wrong", event.result);
    finding->message = "The S-CSCF accepts a response that is not the one computed from XRES of the challenged vector.";
}

void rejected_right(ValueSubscriber& subscriber, const ValueLeg& leg, const Event& event) {
    Finding* finding = note_finding(subscriber, leg_key("rejected", event), "response-rejected-right", Severity::kError, event);
    if (!finding) return;
    add_frames(*finding, leg.frames);
    finding->clauses = {"6.1.1"};
    finding->expected = {"2xx: the response is that of XRES"};
    finding->observed = fmt::format("{} for a response that is right", event.result);
    finding->message = "The S-CSCF rejects a response that is the one computed from XRES of the challenged vector.";
}

}  // namespace

void check_forwarding(ValueSubscriber& subscriber, ValueRun& run, ValueLeg& leg, const Event& event) {
    check_integrity_indication(subscriber, run, event);
    if (event.from == Node::kUe) {
        if (event.kind == Kind::kResponse) leg.setup_intact = event.setup_intact;
        leg.gm_frames = event.frames;
        return;
    }
    if (leg.forwarded || leg.setup_intact != false) return;
    leg.forwarded = true;
    Finding* finding = note_finding(subscriber, run_key("verify", run), "security-verify-mismatch", Severity::kError, event);
    if (!finding) return;
    add_frames(*finding, leg.gm_frames);
    finding->clauses = {"7.2", "7.3.2.3"};
    finding->property = "P29";
    finding->expected = {"SM7 refused: it does not echo SM6 and SM1"};
    finding->observed = "SM8 forwarded";
    finding->message = "The P-CSCF forwards a REGISTER whose Security-Verify or Security-Client differs from what was agreed.";
}

void check_decision(ValueSubscriber& subscriber, ValueRun& run, ValueLeg& leg, const Event& event, std::int64_t await_ns) {
    if (leg.kind != Kind::kResponse || leg.judged || !leg.response_right) return;
    leg.judged = true;
    if (event.kind == Kind::kOk && !*leg.response_right) return accepted_wrong(subscriber, leg, event);
    // A reject has other reasons too: too late, superseded by a later challenge, at an S-CSCF that did not challenge, a Cx-Put
    // that failed, another status.
    const bool refuses = event.kind == Kind::kError && (event.result == 401 || event.result == 403);
    const bool current = run.challenge == leg.av && !run.challenges_overlap && subscriber.challenged.back().av == leg.av;
    const bool in_time = run.challenge_ns != 0 && event.time_ns - run.challenge_ns < await_ns;
    const bool elsewhere = !leg.scscf.empty() && !run.challenger.empty() && leg.scscf != run.challenger;
    if (refuses && *leg.response_right && current && in_time && !elsewhere && !leg.put_sent) rejected_right(subscriber, leg, event);
}

void check_error(ValueSubscriber& subscriber, const ValueRun& run, const ValueLeg* leg, const Event& event) {
    const auto& sip = std::get<decode::SipMessage>(event.message->content);
    if (event.result < 400 || event.result >= 500) return;
    const bool parameters = std::any_of(sip.www_authenticate.begin(), sip.www_authenticate.end(), [](const decode::Digest& digest) {
        return digest.has("nonce") || digest.has("ck") || digest.has("ik");
    });
    const bool plain = leg && (leg->kind == Kind::kRegister || leg->kind == Kind::kDeregister);
    const bool failed = leg ? !plain : !run.challenge.empty() && event.cseq > run.challenge_cseq;
    if (!parameters || !failed) return;
    // Clause 6.1.2.1 only says "should" of a user's failure.
    const bool user = leg && leg->kind == Kind::kResponse;
    Finding* finding = note_finding(subscriber, leg_key("error", event), "error-with-security-parameters",
                                    user ? Severity::kWarning : Severity::kError, event);
    if (!finding) return;
    finding->clauses = user ? std::vector<std::string>{"6.1.2.1", "6.1.2.2"} : std::vector<std::string>{"6.1.2.2"};
    finding->property = "P23";
    finding->expected = {fmt::format("{} without security parameters", event.result)};
    finding->observed = fmt::format("{} with WWW-Authenticate{}", event.result, event.carries_keys ? ", ck and ik" : "");
    finding->message = "The error that ends a failed authentication carries security parameters.";
}

void check_resync(ValueSubscriber& subscriber, const Event& event) {
    const auto& diameter = std::get<decode::DiameterMessage>(event.message->content);
    decode::Octets sent;
    for (const decode::AuthItem& item : diameter.auth_items) {
        if (!item.authorization.empty()) sent = item.authorization;
    }
    subscriber.resync = std::string(sent.begin(), sent.end());
    if (sent.size() != bind::kRandOctets + kAutsOctets) return;
    const ValueRun* run = nullptr;
    const ValueLeg* leg = nullptr;
    for (const ValueRun& one : subscriber.runs) {
        for (const ValueLeg& each : one.legs) {
            if (each.kind != Kind::kSyncFailure || (leg && each.order < leg->order)) continue;
            leg = &each;
            run = &one;
        }
    }
    if (!leg || run->challenge.size() < bind::kRandOctets || run->challenges_overlap) return;
    const bool rand_right = subscriber.resync->compare(0, bind::kRandOctets, run->challenge, 0, bind::kRandOctets) == 0;
    const auto auts = decode::from_base64(leg->auts);
    const bool auts_right = !auts || std::equal(auts->begin(), auts->end(), sent.begin() + bind::kRandOctets, sent.end());
    if (rand_right && auts_right) return;
    Finding* finding = note_finding(subscriber, fmt::format("resync|{}", event.order), rand_right ? "auts-altered" : "auts-rand-wrong",
                                    Severity::kError, event);
    if (!finding) return;
    add_frames(*finding, leg->frames);
    finding->clauses = {"6.1.3"};
    finding->property = "P19";
    finding->expected = {"RAND of the last challenge and AUTS of the UE"};
    finding->observed = rand_right ? "another AUTS than the UE's" : "another RAND than the last challenge's";
    finding->message = rand_right ? "The S-CSCF asks the HSS to resynchronise with another AUTS than the UE sent."
                                  : "The S-CSCF asks the HSS to resynchronise with a RAND that is not the last challenge's.";
}

}  // namespace imspect::conform
