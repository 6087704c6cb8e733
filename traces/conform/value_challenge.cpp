#include <algorithm>

#include <fmt/format.h>

#include "traces/bind/nonce.h"
#include "traces/bind/sip_events.h"
#include "traces/conform/value_checks.h"
#include "traces/decode/digest.h"

namespace imspect::conform {

namespace {

using bind::Event;
using bind::Node;

constexpr std::size_t kMostVectors = 64;

std::string rand_of(const std::string& av) { return av.substr(0, bind::kRandOctets); }

bool is_aka_vector(const std::string& av) { return av.size() == bind::kRandOctets + bind::kAutnOctets; }

const DeliveredVector* delivered(const ValueSubscriber& subscriber, const std::string& av) {
    for (const DeliveredVector& vector : subscriber.delivered) {
        if (vector.av == av) return &vector;
    }
    return nullptr;
}

/// An unknown nonce is wrong only where the vectors for this very challenge were asked for and captured; else a vector left
/// over from before, or a lost MAA, explains it.
void check_origin(ValueSubscriber& subscriber, const ValueLeg* leg, const std::string& av, const Event& event) {
    const bool asked = leg && subscriber.last_mar > leg->order && subscriber.last_maa > subscriber.last_mar;
    if (!asked || subscriber.mars_open != 0 || delivered(subscriber, av)) return;
    Finding* finding = note_finding(subscriber, "nonce|" + event.call_id + av, "nonce-not-from-maa", Severity::kError, event);
    if (!finding) return;
    finding->clauses = {"6.1.1"};
    finding->property = "P11";
    finding->expected = {"nonce = RAND || AUTN of a vector that the MAA brought"};
    finding->observed = fmt::format("nonce {}", event.nonce);
    finding->message = "The challenge's nonce is RAND and AUTN of no authentication vector that the HSS gave for this subscriber.";
}

void check_keys(ValueSubscriber& subscriber, const std::string& av, const Event& event) {
    const DeliveredVector* vector = delivered(subscriber, av);
    const auto& sip = std::get<decode::SipMessage>(event.message->content);
    const decode::Digest* digest = bind::challenge(sip);
    if (!vector || !digest) return;
    const auto differs = [&](const char* name, const decode::Octets& right) {
        if (right.empty() || !digest->has(name)) return false;
        const auto octets = decode::from_hex(digest->get(name));
        return octets && *octets != right;
    };
    const bool ck = differs("ck", vector->item.ck), ik = differs("ik", vector->item.ik);
    if (!ck && !ik) return;
    Finding* finding = note_finding(subscriber, "keys|" + event.call_id + av, "keys-differ", Severity::kError, event);
    if (!finding) return;
    add_frames(*finding, vector->frames);
    finding->clauses = {"6.1.1"};
    finding->property = "P13";
    finding->expected = {"ck and ik of the vector in the MAA"};
    finding->observed = ck && ik ? "ck and ik differ" : ck ? "ck differs" : "ik differs";
    finding->message = "The challenge gives the P-CSCF other keys than the HSS gave with this vector.";
}

void check_gm(ValueSubscriber& subscriber, const ValueRun& run, const Event& event) {
    if (event.to != Node::kUe || !event.carries_keys) return;
    Finding* finding = note_finding(subscriber, run_key("gm", run), "keys-on-gm", Severity::kError, event);
    if (!finding) return;
    finding->clauses = {"6.1.1"};
    finding->property = "P15";
    finding->expected = {"SM6 without ck and ik"};
    finding->observed = "SM6 with ck or ik";
    finding->message = "The P-CSCF forwards CK or IK to the UE over the radio side.";
}

void check_reuse(ValueSubscriber& subscriber, const std::string& av, const Event& event) {
    for (const ChallengedVector& before : subscriber.challenged) {
        const bool same = before.av == av;
        if (!same && rand_of(before.av) != rand_of(av)) continue;
        if (before.call_id == event.call_id && before.cseq == event.cseq) continue;  // a retransmission, or the next hop
        Finding* finding = note_finding(subscriber, fmt::format("reuse|{}|{}", event.call_id, event.cseq), "av-reused", Severity::kError, event);
        if (!finding) return;
        add_frames(*finding, before.frames);
        finding->clauses = {"6.1.1"};
        finding->property = "P16";
        finding->expected = {"a vector that was never challenged before"};
        finding->observed = same ? "the same RAND and AUTN as in an earlier challenge" : "the same RAND as in an earlier challenge";
        finding->message = same ? "An authentication vector is challenged a second time."
                                : "The RAND of an earlier challenge is challenged again with another AUTN.";
        return;
    }
}

void remember_challenge(ValueSubscriber& subscriber, ValueRun& run, const std::string& av, const Event& event) {
    if (run.challenge != av) {
        run.challenges_overlap = !run.challenge.empty() && run.challenge_cseq == event.cseq;
        run.challenge = av;
        run.challenge_cseq = event.cseq;
        run.challenge_ns = event.time_ns;
        run.challenger.clear();
    }
    if (event.from == bind::Node::kScscf) run.challenger = event.scscf;
    for (const ChallengedVector& known : subscriber.challenged) {
        if (known.av == av && known.call_id == event.call_id && known.cseq == event.cseq) return;
    }
    subscriber.challenged.push_back({av, event.call_id, event.cseq, event.frames});
    if (subscriber.challenged.size() > kMostVectors) subscriber.challenged.erase(subscriber.challenged.begin());
}

}  // namespace

void check_delivery(ValueSubscriber& subscriber, const Event& event) {
    const auto& diameter = std::get<decode::DiameterMessage>(event.message->content);
    for (const decode::AuthItem& item : diameter.auth_items) {
        const std::string av = bind::av_key(std::span<const std::uint8_t>(item.authenticate));
        if (!is_aka_vector(av)) continue;
        for (const DeliveredVector& before : subscriber.delivered) {
            const bool same = before.av == av;
            if (!same && rand_of(before.av) != rand_of(av)) continue;
            // Another AUTN makes another vector: the HSS chose its RAND badly, but no vector is used twice.
            const Severity severity = same ? Severity::kError : Severity::kWarning;
            Finding* finding = note_finding(subscriber, fmt::format("delivered|{}", event.order), "av-reused", severity, event);
            if (!finding) break;
            add_frames(*finding, before.frames);
            finding->clauses = {"6.1.1"};
            finding->property = "P16";
            finding->expected = {"vectors that were never given before"};
            finding->observed = same ? "RAND and AUTN of an earlier MAA" : "RAND of an earlier vector";
            finding->message = same ? "The HSS gives an authentication vector a second time." : "The HSS gives two vectors with the same RAND.";
            break;
        }
        subscriber.delivered.push_back({av, item, event.frames});
        if (subscriber.delivered.size() > kMostVectors) subscriber.delivered.erase(subscriber.delivered.begin());
    }
}

void check_challenge(ValueSubscriber& subscriber, ValueRun& run, const Event& event) {
    const std::string av = bind::av_key(event.nonce);
    check_gm(subscriber, run, event);
    if (!event.aka || !is_aka_vector(av)) return;
    const auto leg = std::find_if(run.legs.begin(), run.legs.end(), [&](const ValueLeg& one) { return one.cseq == event.cseq; });
    check_origin(subscriber, leg == run.legs.end() ? nullptr : &*leg, av, event);
    check_keys(subscriber, av, event);
    check_reuse(subscriber, av, event);
    remember_challenge(subscriber, run, av, event);
}

}  // namespace imspect::conform
