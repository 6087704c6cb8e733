#include <algorithm>

#include <fmt/format.h>

#include "traces/bind/nonce.h"
#include "traces/bind/sip_events.h"
#include "traces/conform/value_checks.h"
#include "traces/decode/digest.h"
#include "traces/decode/milenage.h"

namespace imspect::conform {

namespace {

using bind::Event;
using bind::Kind;

std::optional<decode::Milenage> milenage_of(const SubscriberKey& key) {
    const auto k = decode::fixed<16>(key.k);
    if (!k) return std::nullopt;
    if (const auto opc = decode::fixed<16>(key.opc)) return decode::Milenage(*k, *opc);
    if (const auto op = decode::fixed<16>(key.op)) return decode::Milenage(*k, decode::opc_of(*k, *op));
    return std::nullopt;
}

std::uint64_t number_of(const decode::Sqn& sqn) {
    std::uint64_t number = 0;
    for (const std::uint8_t octet : sqn) number = number << 8 | octet;
    return number;
}

std::optional<decode::Unveiled> unveil(const decode::Milenage& keys, std::span<const std::uint8_t> rand_autn) {
    if (rand_autn.size() < bind::kRandOctets + bind::kAutnOctets) return std::nullopt;
    const auto rand = decode::fixed<16>(rand_autn.subspan(0, 16));
    const auto autn = decode::fixed<16>(rand_autn.subspan(16, 16));
    return decode::read_autn(keys, *rand, *autn);
}

void wrong(ValueSubscriber& subscriber, const Event& event, const char* kind, Severity severity, const char* property,
           const char* expected, std::string observed, const char* message) {
    Finding* finding = note_finding(subscriber, fmt::format("{}|{}", kind, event.order), kind, severity, event);
    if (!finding) return;
    finding->clauses = {"6.1.1", "TS 33.102 6.3"};
    finding->property = property;
    finding->expected = {expected};
    finding->observed = std::move(observed);
    finding->message = message;
}

}  // namespace

void check_vector_with_key(ValueSubscriber& subscriber, const Event& event, const SubscriberKey& key) {
    const auto keys = milenage_of(key);
    if (!keys) return;
    const auto& diameter = std::get<decode::DiameterMessage>(event.message->content);
    for (const decode::AuthItem& item : diameter.auth_items) {
        const auto unveiled = unveil(*keys, item.authenticate);
        if (!unveiled) continue;
        if (!unveiled->mac_right) {
            wrong(subscriber, event, "autn-mac-wrong", Severity::kWarning, "", "AUTN with the MAC of this subscriber's key",
                  "AUTN with another MAC", "A vector of the HSS has a MAC that the subscriber's key does not give.");
            continue;
        }
        const std::uint64_t sqn = number_of(unveiled->sqn);
        if (subscriber.last_sqn && sqn <= *subscriber.last_sqn) {
            wrong(subscriber, event, "sqn-not-growing", Severity::kWarning, "P20", "a larger SQN than in the vectors before",
                  fmt::format("SQN {} after {}", sqn, *subscriber.last_sqn), "A vector of the HSS has an SQN that does not grow.");
        }
        subscriber.last_sqn = sqn;
    }
}

void check_answer_with_key(ValueSubscriber& subscriber, const Event& event, const SubscriberKey& key) {
    const auto keys = milenage_of(key);
    const auto octets = decode::from_base64(event.nonce);
    if (!keys || !octets) return;
    const auto unveiled = unveil(*keys, *octets);
    if (!unveiled) return;
    if (event.kind == Kind::kAuthFailure && unveiled->mac_right) {
        wrong(subscriber, event, "mac-failure-though-right", Severity::kWarning, "P22", "an answer: the MAC of AUTN is right",
              "AuthenticationFailure", "A network authentication failure is reported though the MAC of the challenge is right.");
    }
    if (event.kind == Kind::kResponse && !unveiled->mac_right) {
        wrong(subscriber, event, "response-though-mac-wrong", Severity::kError, "P22", "AuthenticationFailure: the MAC of AUTN is wrong",
              "a response", "The UE answers a challenge whose MAC is wrong.");
    }
}

void check_auts_with_key(ValueSubscriber& subscriber, const Event& event, const SubscriberKey& key) {
    const auto keys = milenage_of(key);
    if (!keys || !subscriber.resync || subscriber.resync->size() != 30) return;
    const decode::Octets sent(subscriber.resync->begin(), subscriber.resync->end());
    subscriber.resync.reset();
    const std::span<const std::uint8_t> octets(sent);
    const auto unveiled = decode::read_auts(*keys, *decode::fixed<16>(octets.first(16)), *decode::fixed<14>(octets.subspan(16)));
    if (unveiled.mac_right) {
        subscriber.last_sqn = number_of(unveiled.sqn);
        return;
    }
    if (!event.success || event.avs == 0) return;
    const auto mac_wrong = "MAC-S of AUTS is wrong, vectors come all the same";
    wrong(subscriber, event, "auts-invalid", Severity::kWarning, "P18", "SQN untouched: MAC-S of AUTS does not verify", mac_wrong,
          "The HSS answers a resynchronisation whose AUTS the subscriber's key does not verify.");
}

}  // namespace imspect::conform
