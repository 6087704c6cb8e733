#include "traces/conform/observation.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

namespace imspect::conform {

namespace {

using bind::Kind;
using bind::Node;

HopId hop_of(const bind::Event& event) {
    struct Row {
        Node from, to;
        HopId hop;
    };
    static constexpr Row kSip[] = {
        {Node::kUe, Node::kPcscf, HopId::kGmUp},    {Node::kPcscf, Node::kIcscf, HopId::kMwPi},
        {Node::kIcscf, Node::kScscf, HopId::kMwIs}, {Node::kScscf, Node::kIcscf, HopId::kMwSi},
        {Node::kIcscf, Node::kPcscf, HopId::kMwIp}, {Node::kPcscf, Node::kUe, HopId::kGmDown}};
    switch (event.kind) {
        case Kind::kUar: return HopId::kCxIh;
        case Kind::kUaa: return HopId::kCxHi;
        case Kind::kMar:
        case Kind::kMarResync:
        case Kind::kSar: return HopId::kCxSh;
        case Kind::kMaa:
        case Kind::kSaa: return HopId::kCxHs;
        case Kind::kRtr:
        case Kind::kRta:
        case Kind::kOther: return HopId::kNone;
        default: break;
    }
    for (const Row& row : kSip) {
        if (row.from == event.from && row.to == event.to) return row.hop;
    }
    return HopId::kNone;
}

std::vector<std::string> put_kinds(std::uint32_t assignment, bool answer, bool success) {
    switch (assignment) {
        case 0:  // of an answer: its request was not captured
            return answer ? std::vector<std::string>{"registered_ack", "clear_ack", "deregister_ack"} : std::vector<std::string>{};
        case 1:
        case 2: return answer ? (success ? std::vector<std::string>{"registered_ack"} : std::vector<std::string>{"refused"})
                              : std::vector<std::string>{"registered_put"};
        case 9:
        case 10: return {answer ? "clear_ack" : "clear"};
        case 4:
        case 5:
        case 6:
        case 7: return {answer ? "deregister_ack" : "deregister_put"};
        default: return {};
    }
}

std::vector<std::string> kinds_of(const bind::Event& event) {
    switch (event.kind) {
        case Kind::kRegister: return {"register"};
        case Kind::kDeregister: return {"register", "deregister"};  // some cores challenge it like any other
        case Kind::kResponse: return {"response"};
        case Kind::kAuthFailure: return {"auth_failure"};
        case Kind::kSyncFailure: return {"sync_failure"};
        case Kind::kChallenge: return {"challenge"};
        case Kind::kOk: return {"ok"};
        case Kind::kError: return {"error"};
        case Kind::kMar: return {"av_request"};
        case Kind::kMarResync: return {"resync"};
        case Kind::kMaa:
            return event.avs == 0 ? std::vector<std::string>{"no_av", "no_new_av"} : std::vector<std::string>{"avs", "new_avs"};
        case Kind::kSar: return put_kinds(event.assignment, false, true);
        case Kind::kSaa: return put_kinds(event.assignment, true, event.success);
        default: return {};
    }
}

/// 2001 as an experimental result is FIRST_REGISTRATION, as a result code plain success, which says nothing.
std::optional<bool> first_registration(const bind::Event& event) {
    int code = event.result;
    if (event.message) {
        const auto* diameter = std::get_if<decode::DiameterMessage>(&event.message->content);
        if (diameter == nullptr || !diameter->experimental_result_code) return std::nullopt;
        code = static_cast<int>(*diameter->experimental_result_code);
    }
    if (code == 2001) return true;
    if (code == 2002) return false;
    return std::nullopt;
}

std::uint32_t avs_in(const Machine& machine, const Word* after, std::uint32_t channel) {
    std::uint32_t count = 0;
    for (std::uint32_t at = 0; at < std::max(machine.shape().avs, 2U); ++at) {
        if (machine.last(after, channel, "rand" + std::to_string(at)).value_or(0) != 0) ++count;
    }
    return count;
}

bool hard_fields_agree(const Machine& machine, const Observation& seen, std::uint32_t channel, const Word* after) {
    if (!seen.kinds.empty()) {
        const std::string kind = machine.last_name(after, channel, "kind");
        if (std::find(seen.kinds.begin(), seen.kinds.end(), kind) == seen.kinds.end()) return false;
        if (kind == "av_request" || kind == "resync") return true;  // they name no IMPU
    }
    const auto differs = [&](const char* field, auto expected) {
        if (!expected) return false;
        const auto value = machine.last(after, channel, field);
        return value && *value != static_cast<ir::Value>(*expected);
    };
    if (differs("impu", seen.impu) || differs("ok", seen.ok)) return false;
    if (seen.intact) {
        const std::string setup = machine.last_name(after, channel, "setup");
        if (!setup.empty() && (setup == "intact") != *seen.intact) return false;
    }
    if (seen.avs && avs_in(machine, after, channel) != std::min(*seen.avs, machine.shape().avs)) return false;
    return true;
}

}  // namespace

std::string outside(const bind::Event& event) {
    switch (event.kind) {
        case Kind::kRtr: return "de-registration by the network (RTR)";
        case Kind::kChallenge: return event.aka ? std::string() : "another registrar's digest scheme";
        case Kind::kError:
            if (event.result == 408 || event.result >= 500) return fmt::format("error {} of a server", event.result);
            return {};
        case Kind::kUaa:
        case Kind::kMaa:
        case Kind::kSaa: return event.success ? std::string() : fmt::format("the HSS answers with error {}", event.result);
        default: return {};
    }
}

Observation observe(const bind::Event& event, std::uint32_t ue, std::optional<std::uint32_t> impu) {
    Observation seen;
    seen.hop = hop_of(event);
    seen.kinds = kinds_of(event);
    const bool query = event.kind == Kind::kUar || event.kind == Kind::kUaa;
    if (seen.kinds.empty() && !query) seen.hop = HopId::kNone;
    seen.ue = ue;
    if (seen.hop != HopId::kCxHi && seen.hop != HopId::kCxHs) seen.impu = impu;
    seen.repeated = event.transmissions > 1;
    if (event.kind == Kind::kResponse) seen.ok = event.response_right;
    if (event.kind == Kind::kResponse && seen.hop == HopId::kGmUp) seen.intact = event.setup_intact;
    if (seen.hop == HopId::kMwPi || seen.hop == HopId::kMwIs) seen.is_protected = event.integrity_protected;
    if (seen.hop == HopId::kGmUp) seen.on_sa = event.on_protected_port;
    if (event.kind == Kind::kMaa) seen.avs = event.avs;
    if (event.kind == Kind::kUaa) seen.first_registration = first_registration(event);
    if (event.kind == Kind::kSar && event.assignment == 10) seen.by_timer = true;
    return seen;
}

std::optional<std::uint32_t> disagreement(const Machine& machine, const Observation& seen, std::size_t rule,
                                          const Word* before, const Word* after) {
    const RuleFacts& facts = machine.facts(rule);
    const bool shared = seen.hop == HopId::kCxSh || seen.hop == HopId::kCxHs;
    if (facts.hop != seen.hop || (!shared && facts.channel != machine.channel_of(seen.hop, seen.ue))) return std::nullopt;
    if (seen.scscf && facts.scscf && *seen.scscf != *facts.scscf) return std::nullopt;
    if (shared && machine.last(after, facts.channel, "ue") != static_cast<ir::Value>(seen.ue)) return std::nullopt;
    if (!hard_fields_agree(machine, seen, facts.channel, after)) return std::nullopt;
    std::uint32_t soft = 0;
    if (seen.is_protected && machine.last(after, facts.channel, "protected") != static_cast<ir::Value>(*seen.is_protected))
        soft |= kSoftProtected;
    if (seen.on_sa && (machine.last(after, facts.channel, "sa").value_or(0) != 0) != *seen.on_sa) soft |= kSoftSa;
    if (seen.by_timer && facts.await_fired != *seen.by_timer) soft |= kSoftTimer;
    if (seen.first_registration) {
        const auto impu = machine.last(before, machine.channel_of(HopId::kCxIh, seen.ue), "impu").value_or(0);
        const bool none = machine.value(before, "hss.name", {impu}) == -1;
        if (none != *seen.first_registration) soft |= kSoftUaa;
    }
    return soft;
}

}  // namespace imspect::conform
