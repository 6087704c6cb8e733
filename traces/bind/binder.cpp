#include "traces/bind/binder.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "traces/bind/cx.h"
#include "traces/bind/names.h"
#include "traces/bind/outbox.h"
#include "traces/bind/security.h"
#include "traces/bind/sip_events.h"
#include "traces/decode/digest.h"

namespace imspect::bind {

namespace {

constexpr std::uint64_t kSweepEvery = 1024;
constexpr std::size_t kMostAddresses = 1024;
constexpr std::size_t kMostSeen = 64;
constexpr int kMostRestarts = 16;  ///< of one node: an Origin-State-Id that grows more often is none

std::string hop_name(Node one, Node other) {
    if (one > other) std::swap(one, other);
    return fmt::format("{}-{}", name_of(one), name_of(other));
}

}  // namespace

struct Binder::Impl {
    explicit Impl(Out give) : out(std::move(give)), outbox(kHoldNs, kMostHeld, [this](Pending& pending) { settle(pending); }) {}

    Out out;
    BindSummary summary;
    Outbox outbox;
    Hops hops;
    Runs runs;
    CxTransactions cx;
    ScscfNames names;
    ProtectedPorts ports;
    ExpiringMap<std::set<std::string>> impis_of;  ///< by IMPU
    struct State {
        std::uint32_t id = 0;  ///< Origin-State-Id
        std::int64_t last_ns = 0;
        int restarts = 0;
    };
    std::map<std::string, State> states;          ///< by Origin-Host
    std::int64_t now = 0;
    std::uint64_t messages = 0, given = 0;

    void sip_message(std::shared_ptr<const decode::Message> message, const decode::SipMessage& sip);
    void other_sip(std::shared_ptr<const decode::Message> message, const decode::SipMessage& sip);
    void request(std::shared_ptr<const decode::Message> message, const decode::SipMessage& sip, Hop hop);
    void answer(std::shared_ptr<const decode::Message> message, const decode::SipMessage& sip, Hop hop);
    void note_restart(const std::shared_ptr<const decode::Message>& message, const decode::DiameterMessage& diameter);
    void diameter_message(std::shared_ptr<const decode::Message> message, const decode::DiameterMessage& diameter);
    std::shared_ptr<Pending> put(const std::string& key, Event event, std::shared_ptr<const decode::Message> message);
    void know(const std::string& impi, const std::string& impu, const std::vector<std::string>& shared);
    void note_roles(const Event& event);
    void settle(Pending& pending);
    void settle_identity(Event& event);
    void settle_scscf(Event& event);
    void settle_vectors(Event& event);
    void settle_response(Event& event);
    void sweep();
};

void Binder::Impl::sip_message(std::shared_ptr<const decode::Message> message, const decode::SipMessage& sip) {
    if (!sip.request && sip.status < 200) {
        ++summary.provisional;
        return;
    }
    if (sip.method != "REGISTER") return other_sip(std::move(message), sip);
    const Hop hop = hops.of(sip, now);
    if (hop == Hop::kNone || sip.call_id.empty() || !sip.cseq) {
        ++summary.unbound["REGISTER without Via, Call-ID or CSeq"];
        return;
    }
    if (outbox.join(transmission_key(sip, hop), *message, now)) {
        ++summary.retransmissions;
        return;
    }
    if (sip.request) return request(std::move(message), sip, hop);
    answer(std::move(message), sip, hop);
}

void Binder::Impl::other_sip(std::shared_ptr<const decode::Message> message, const decode::SipMessage& sip) {
    Event event;
    for (const std::string& uri : {canonical_impu(sip.from), canonical_impu(sip.to)}) {
        if (event.impu.empty() && impis_of.find(uri, now)) event.impu = uri;
    }
    if (event.impu.empty()) {
        ++summary.unbound[sip.request ? sip.method : fmt::format("answer to {}", sip.method)];
        return;
    }
    const std::string key = fmt::format("O{}|{}|{}|{}", transaction_key(sip), sip.method, sip.cseq.value_or(0), sip.status);
    if (outbox.join(key, *message, now)) {
        ++summary.retransmissions;
        return;
    }
    event.call_id = sip.call_id;
    event.cseq = sip.cseq.value_or(0);
    event.result = sip.status;
    put(key, std::move(event), std::move(message));
}

void Binder::Impl::request(std::shared_ptr<const decode::Message> message, const decode::SipMessage& sip, Hop hop) {
    const RegisterFacts facts = register_facts(sip);
    const auto transaction = runs.registered(facts, now);
    Run& run = runs.run(sip.call_id, now);
    Event event = register_event(sip, hop);
    event.kind = transaction->kind;
    event.first_of_run = run.seen.emplace(static_cast<int>(hop), event.cseq).second;
    while (run.seen.size() > kMostSeen) run.seen.erase(run.seen.begin());
    if (hop == Hop::kGm) {
        ports.learn_from_ue(*message, sip);
        event.on_protected_port = ports.used(*message, sip);
        if (event.kind == Kind::kResponse) event.setup_intact = setup_intact(run, sip, event.nonce);
        remember_agreement(run, sip, event.kind, event.nonce);
    }
    if (hop == Hop::kToScscf) event.scscf = run.scscf = host_of(sip.request_uri);
    know(facts.impi, facts.impu, {});
    put(transmission_key(sip, hop), std::move(event), std::move(message))->transaction = transaction;
}

void Binder::Impl::answer(std::shared_ptr<const decode::Message> message, const decode::SipMessage& sip, Hop hop) {
    Event event = answer_event(sip, hop);
    runs.answered(sip.call_id, event.cseq, event.nonce, now);
    Run& run = runs.run(sip.call_id, now);
    if (run.impu.empty()) run.impu = event.impu;
    event.impi = run.impi;
    if (hop == Hop::kGm) {
        ports.learn(message->from.address.text(), sip.security_server);
        event.on_protected_port = ports.used(*message, sip);
        remember_agreement(run, sip, event.kind, event.nonce);
    }
    if (hop == Hop::kToScscf) event.scscf = run.scscf;
    if (event.kind == Kind::kOk) know(event.impi, event.impu, event.shared_impus);
    put(transmission_key(sip, hop), std::move(event), std::move(message));
}

/// Whether the sender has lost its state since its last message (RFC 6733, 8.16).
void Binder::Impl::note_restart(const std::shared_ptr<const decode::Message>& message, const decode::DiameterMessage& diameter) {
    if (message->damaged || !diameter.origin_state_id || diameter.origin_host.empty()) return;
    const auto known = states.find(diameter.origin_host);
    if (known == states.end()) {
        if (states.size() < kMostAddresses) states[diameter.origin_host] = {*diameter.origin_state_id, message->time_ns, 0};
        return;
    }
    if (*diameter.origin_state_id > known->second.id && known->second.restarts++ < kMostRestarts) {
        Event event;
        event.kind = Kind::kRestarted;
        event.from = Node::kScscf;
        event.scscf = host_of(diameter.origin_host);
        event.since_ns = known->second.last_ns;
        put(fmt::format("R{}|{}", diameter.origin_host, *diameter.origin_state_id), std::move(event), message);
    }
    known->second.id = std::max(known->second.id, *diameter.origin_state_id);
    if (*diameter.origin_state_id == known->second.id) known->second.last_ns = message->time_ns;
}

void Binder::Impl::diameter_message(std::shared_ptr<const decode::Message> message, const decode::DiameterMessage& diameter) {
    note_restart(message, diameter);
    std::optional<Event> event = cx_event(diameter);
    if (!event) {
        ++summary.unbound[fmt::format("Diameter {}", diameter.command)];
        return;
    }
    // What a cut message doesn't show (type of assignment, vectors) would be read as its absence; and no client of Cx sends
    // a request without Session-Id and Origin-Host (RFC 6733, 8.8).
    const bool nameless = diameter.request && (diameter.session_id.empty() || diameter.origin_host.empty());
    if (message->damaged || nameless) {
        ++summary.unbound[fmt::format("damaged {}", name_of(event->kind))];
        return;
    }
    const std::string key = cx.key_of(*message, diameter);
    if (outbox.join(key, *message, now)) {
        ++summary.retransmissions;
        return;
    }
    event->scscf = host_of(diameter.server_name);
    const bool by_scscf = event->from == Node::kScscf;
    if (by_scscf && diameter.request) names.learn(diameter.server_name, diameter.origin_host, message->from.address.text());
    if (event->scscf.empty() && by_scscf) event->scscf = host_of(diameter.origin_host);
    if (event->scscf.empty() && event->to == Node::kScscf) event->scscf = host_of(diameter.destination_host);
    if (diameter.request) {
        cx.remember(*message, diameter, request_facts(*event));
    } else if (const CxRequest* asked = cx.request_of(*message, diameter)) {
        take_from_request(*event, *asked);
    }
    if (event->kind == Kind::kMaa) {
        for (const decode::AuthItem& item : diameter.auth_items) runs.delivered(event->impi, item, now);
    }
    know(event->impi, event->impu, event->shared_impus);
    put(key, std::move(*event), std::move(message));
}

std::shared_ptr<Pending> Binder::Impl::put(const std::string& key, Event event, std::shared_ptr<const decode::Message> message) {
    event.frames = frames_of(*message);
    event.time_ns = message->time_ns;
    if (!message->frames.empty()) event.capture = message->frames.front().file;
    event.message = std::move(message);
    return outbox.put(key, std::move(event), now);
}

void Binder::Impl::know(const std::string& impi, const std::string& impu, const std::vector<std::string>& shared) {
    const auto learn = [&](const std::string& identity) {
        if (identity.empty()) return;
        std::set<std::string>& impis = impis_of.at(identity, now);
        if (!impi.empty() && impis.size() < 8) impis.insert(impi);
    };
    learn(impu);
    for (const std::string& identity : shared) learn(identity);
}

void Binder::Impl::note_roles(const Event& event) {
    if (event.from == Node::kUnknown || event.to == Node::kUnknown) return;
    summary.hops_seen.insert(hop_name(event.from, event.to));
    const auto note = [&](Node node, const capture::Endpoint& endpoint) {
        if (node == Node::kUe) return;
        std::set<std::string>& addresses = summary.roles[name_of(node)];
        if (addresses.size() < kMostAddresses) addresses.insert(endpoint.address.text());
    };
    note(event.from, event.message->from);
    note(event.to, event.message->to);
}

void Binder::Impl::settle_identity(Event& event) {
    if (!event.impi.empty()) return;
    if (!event.call_id.empty()) {
        if (const Run* run = runs.find(event.call_id, now)) event.impi = run->impi;
    }
    if (!event.impi.empty() || event.impu.empty()) return;
    const std::set<std::string>* impis = impis_of.find(event.impu, now);
    if (impis && impis->size() == 1) event.impi = *impis->begin();
}

void Binder::Impl::settle_scscf(Event& event) {
    if (event.from == Node::kScscf) event.scscf = names.resolve(event.scscf, event.message->from.address.text());
    if (event.to == Node::kScscf) event.scscf = names.resolve(event.scscf, event.message->to.address.text());
}

void Binder::Impl::settle_vectors(Event& event) {
    for (std::string& nonce : event.av_nonces) {
        const Vector* vector = runs.vector_of(nonce, now);
        if (vector && !vector->nonce.empty()) nonce = vector->nonce;  // as the challenge spells it, so that the two compare equal
    }
}

void Binder::Impl::settle_response(Event& event) {
    if (event.kind != Kind::kResponse) return;
    const auto& sip = std::get<decode::SipMessage>(event.message->content);
    const decode::Digest* digest = credentials(sip);
    const Vector* vector = runs.vector_of(event.nonce, now);
    if (!digest || !vector || !vector->item || vector->item->authorization.empty()) return;
    event.response_right = decode::response_right(*digest, sip.method, sip.body, vector->item->authorization);
}

void Binder::Impl::settle(Pending& pending) {
    Event& event = pending.event;
    if (pending.transaction) event.kind = pending.transaction->kind;
    if (event.kind != Kind::kResponse) event.setup_intact.reset();
    settle_identity(event);
    settle_scscf(event);
    settle_vectors(event);
    settle_response(event);
    const bool restart = event.kind == Kind::kRestarted;
    if (restart && !names.knows(event.scscf)) return;  // some other node's
    if (!restart && event.impi.empty() && event.impu.empty()) {
        ++summary.unbound[name_of(event.kind)];
        return;
    }
    if (!restart) note_roles(event);
    event.order = given++;
    ++summary.events;
    out(std::move(event));
}

void Binder::Impl::sweep() {
    hops.forget_before(now - kTransactionNs);
    cx.forget_before(now - kTransactionNs);
    runs.forget_before(now - kForgetNs);
    impis_of.forget_before(now - kForgetNs);
}

Binder::Binder(Out out) : impl_(std::make_unique<Impl>(std::move(out))) {}
Binder::~Binder() = default;

void Binder::message(decode::Message&& message) {
    impl_->now = std::max(impl_->now, message.time_ns);
    impl_->outbox.advance(impl_->now);
    const auto shared = std::make_shared<const decode::Message>(std::move(message));
    if (const auto* sip = std::get_if<decode::SipMessage>(&shared->content)) {
        impl_->sip_message(shared, *sip);
    } else {
        impl_->diameter_message(shared, std::get<decode::DiameterMessage>(shared->content));
    }
    if (++impl_->messages % kSweepEvery == 0) impl_->sweep();
}

void Binder::finish() { impl_->outbox.finish(); }

const BindSummary& Binder::summary() const { return impl_->summary; }

}  // namespace imspect::bind
