#include "traces/conform/values.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "traces/bind/nonce.h"
#include "traces/bind/sip_events.h"
#include "traces/conform/finding_id.h"
#include "traces/conform/value_checks.h"

namespace imspect::conform {

namespace {

using bind::Event;
using bind::Kind;

constexpr std::size_t kMostSubscribers = 100'000, kMostRuns = 8, kMostLegs = 8, kMostOpen = 256;
/// Longer than a run lasts: no further frame joins a finding that is this old.
constexpr std::int64_t kOpenNs = 300'000'000'000;
constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();

bool is_register(Kind kind) {
    return kind == Kind::kRegister || kind == Kind::kDeregister || kind == Kind::kResponse || kind == Kind::kAuthFailure ||
           kind == Kind::kSyncFailure;
}

ValueRun& run_of(ValueSubscriber& subscriber, const Event& event) {
    const auto known = std::find_if(subscriber.runs.begin(), subscriber.runs.end(), [&](const ValueRun& run) { return run.call_id == event.call_id; });
    if (known != subscriber.runs.end()) return *known;
    subscriber.runs.emplace_back();
    subscriber.runs.back().call_id = event.call_id;
    if (subscriber.runs.size() > kMostRuns) subscriber.runs.erase(subscriber.runs.begin());
    return subscriber.runs.back();
}

/// The REGISTER that this answers, on this hop or known from a lower one; else the only one with its CSeq.
ValueLeg* find_leg(ValueRun& run, const Event& event) {
    const auto& sip = std::get<decode::SipMessage>(event.message->content);
    for (std::size_t via = 0; via < sip.vias.size(); ++via) {
        const std::string transaction = bind::transaction_key(sip, via);
        for (ValueLeg& leg : run.legs) {
            if (leg.cseq == event.cseq && leg.transactions.count(transaction) != 0) return &leg;
        }
    }
    ValueLeg* only = nullptr;
    for (ValueLeg& leg : run.legs) {
        if (leg.cseq != event.cseq) continue;
        if (only) return nullptr;
        only = &leg;
    }
    return only;
}

ValueLeg& leg_of(ValueRun& run, const Event& event) {
    const auto& sip = std::get<decode::SipMessage>(event.message->content);
    const bind::RegisterFacts facts = bind::register_facts(sip);
    const std::string av = bind::av_key(facts.nonce);
    for (ValueLeg& leg : run.legs) {
        const bool same = leg.cseq == event.cseq && leg.kind == event.kind && leg.av == av && leg.response == facts.response;
        if (same) return leg;
    }
    if (event.kind == Kind::kRegister || event.kind == Kind::kDeregister) ++run.number;
    ValueLeg leg;
    leg.kind = event.kind;
    leg.cseq = event.cseq;
    leg.av = av;
    leg.response = facts.response;
    leg.auts = facts.auts;
    leg.expires_zero = facts.expires_zero;
    leg.order = event.order + 1;
    leg.time_ns = event.time_ns;
    run.legs.push_back(std::move(leg));
    if (run.legs.size() > kMostLegs) run.legs.erase(run.legs.begin());
    return run.legs.back();
}

void on_register(ValueSubscriber& subscriber, const Event& event) {
    ValueRun& run = run_of(subscriber, event);
    ValueLeg& leg = leg_of(run, event);
    leg.frames.insert(leg.frames.end(), event.frames.begin(), event.frames.end());
    leg.transactions.insert(bind::transaction_key(std::get<decode::SipMessage>(event.message->content)));
    if (event.to == bind::Node::kScscf) leg.scscf = event.scscf;
    if (event.response_right) leg.response_right = event.response_right;
    check_spis(subscriber, run, &leg, event);
    check_forwarding(subscriber, run, leg, event);
}

void on_answer(ValueSubscriber& subscriber, const Event& event, std::int64_t await_ns) {
    ValueRun& run = run_of(subscriber, event);
    ValueLeg* leg = find_leg(run, event);
    check_spis(subscriber, run, leg, event);
    if (event.kind == Kind::kChallenge) return check_challenge(subscriber, run, event);
    if (leg) check_decision(subscriber, run, *leg, event, await_ns);
    if (event.kind == Kind::kError) check_error(subscriber, run, leg, event);
}

void on_cx(ValueSubscriber& subscriber, const Event& event) {
    if (event.kind == Kind::kMar || event.kind == Kind::kMarResync) {
        ++subscriber.mars_open;
        subscriber.last_mar = event.order + 1;
        subscriber.resync.reset();
        if (event.kind == Kind::kMarResync) check_resync(subscriber, event);
    } else if (event.kind == Kind::kMaa) {
        if (subscriber.mars_open > 0) --subscriber.mars_open;
        subscriber.last_maa = event.order + 1;
        check_delivery(subscriber, event);
    } else if (event.kind == Kind::kSar) {
        for (ValueRun& run : subscriber.runs) {
            for (ValueLeg& leg : run.legs) leg.put_sent = true;
        }
    }
}

void with_key(ValueSubscriber& subscriber, const Event& event, const SubscriberKey& key) {
    if (event.kind == Kind::kMaa) {
        check_auts_with_key(subscriber, event, key);
        check_vector_with_key(subscriber, event, key);
    } else if (event.from == bind::Node::kUe) {
        check_answer_with_key(subscriber, event, key);
    }
}

}  // namespace

std::string run_key(const char* check, const ValueRun& run) { return fmt::format("{}|{}|{}", check, run.call_id, run.number); }

Finding* note_finding(ValueSubscriber& subscriber, const std::string& key, const char* kind, Severity severity, const Event& event) {
    const auto [entry, fresh] = subscriber.open.try_emplace(key);
    Finding& finding = entry->second;
    if (!fresh) {
        add_frames(finding, event.frames);
        return nullptr;
    }
    finding.kind = kind;
    finding.severity = severity;
    finding.impi = subscriber.impi;
    finding.impu = !event.impu.empty() ? event.impu : subscriber.impu;
    finding.frames = event.frames;
    finding.time_ns = event.time_ns;
    return &finding;
}

void add_frames(Finding& finding, const Frames& frames) {
    for (const capture::FrameRef& frame : frames) {
        if (std::find(finding.frames.begin(), finding.frames.end(), frame) == finding.frames.end()) finding.frames.push_back(frame);
    }
}

ValueChecker::ValueChecker(ValueOptions options, Out out) : options_(std::move(options)), out_(std::move(out)) {}

ValueSubscriber& ValueChecker::subscriber_of(const Event& event) {
    const std::string name = event.impi.empty() ? "|" + event.impu : event.impi;
    const auto [entry, fresh] = subscribers_.try_emplace(name);
    ValueSubscriber& subscriber = entry->second;
    if (!fresh) return subscriber;
    subscriber.impi = event.impi;
    subscriber.impu = event.impu;
    arrival_.push_back(name);
    if (arrival_.size() > kMostSubscribers) {
        const auto oldest = subscribers_.find(arrival_.front());
        release(oldest->second, kAll);
        subscribers_.erase(oldest);
        arrival_.pop_front();
    }
    return subscriber;
}

void ValueChecker::event(const Event& event) {
    if (event.kind == Kind::kOther || !event.message) return;
    ValueSubscriber& subscriber = subscriber_of(event);
    release(subscriber, event.time_ns - kOpenNs);
    if (is_register(event.kind)) {
        on_register(subscriber, event);
    } else if (event.kind == Kind::kChallenge || event.kind == Kind::kOk || event.kind == Kind::kError) {
        on_answer(subscriber, event, options_.await_auth_ns);
    } else {
        on_cx(subscriber, event);
    }
    const auto key = options_.keys.find(event.impi);
    if (key != options_.keys.end()) with_key(subscriber, event, key->second);
}

void ValueChecker::release(ValueSubscriber& subscriber, std::int64_t before) {
    const bool many = subscriber.open.size() > kMostOpen;
    for (auto entry = subscriber.open.begin(); entry != subscriber.open.end();) {
        if (!many && entry->second.time_ns >= before) {
            ++entry;
            continue;
        }
        entry->second.id = finding_id(entry->second);
        out_(std::move(entry->second));
        entry = subscriber.open.erase(entry);
    }
}

void ValueChecker::settle(const std::string& impi) {
    const auto found = subscribers_.find(impi);
    if (found != subscribers_.end()) release(found->second, kAll);
}

void ValueChecker::finish() {
    for (auto& [name, subscriber] : subscribers_) release(subscriber, kAll);
}

}  // namespace imspect::conform
