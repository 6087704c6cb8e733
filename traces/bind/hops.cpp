#include "traces/bind/hops.h"

#include <algorithm>

#include <fmt/format.h>

namespace imspect::bind {

namespace {

/// A lone Via with Path is a P-CSCF that hides the UE's; a forged integrity-protected alone doesn't make a UE one.
bool marked_by_pcscf(const decode::SipMessage& message) {
    if (!message.paths.empty() || !message.visited_network.empty()) return true;
    if (message.vias.size() < 2) return false;
    return std::any_of(message.authorization.begin(), message.authorization.end(),
                       [](const decode::Digest& digest) { return digest.has("integrity-protected"); });
}

Hop hop_number(std::size_t number) { return static_cast<Hop>(std::clamp<std::size_t>(number, 1, 3)); }

}  // namespace

std::string transaction_key(const decode::SipMessage& message, std::size_t via) {
    if (via >= message.vias.size()) return fmt::format("|{}|{}", message.call_id, message.cseq.value_or(0));
    const decode::Via& hop = message.vias[via];
    // An RFC 2543 branch, or none, says nothing: Call-ID and CSeq must help.
    const bool unique = hop.branch.rfind("z9hG4bK", 0) == 0 && hop.branch.size() > 7;
    if (unique) return fmt::format("{}|{}|{}", hop.branch, hop.sent_by, message.method);
    return fmt::format("{}|{}|{}|{}|{}|{}", hop.branch, hop.sent_by, message.method, message.call_id, message.cseq.value_or(0),
                       message.vias.size() - via);
}

Hop* Hops::known(const decode::SipMessage& message, std::size_t via, std::int64_t now) {
    if (via >= message.vias.size()) return nullptr;
    return known_.find(transaction_key(message, via), now);
}

Hop Hops::place_request(const decode::SipMessage& message, std::int64_t now) {
    const std::size_t count = message.vias.size();
    if (const Hop* below = known(message, 1, now)) return hop_number(static_cast<std::size_t>(*below) + 1);
    if (!marked_by_pcscf(message)) return hop_number(count);
    return count >= 3 ? Hop::kToScscf : Hop::kFromPcscf;
}

void Hops::learn(const decode::SipMessage& message, Hop hop, std::int64_t now) {
    for (std::size_t via = 0; via < message.vias.size() && static_cast<std::size_t>(hop) > via; ++via) {
        Hop& known = known_.at(transaction_key(message, via), now);
        if (known == Hop::kNone) known = hop_number(static_cast<std::size_t>(hop) - via);
    }
}

Hop Hops::of(const decode::SipMessage& message, std::int64_t now) {
    if (message.vias.empty()) return Hop::kNone;
    Hop hop = Hop::kNone;
    if (const Hop* same = known(message, 0, now)) {
        hop = *same;
    } else if (message.request) {
        hop = place_request(message, now);
    } else {
        hop = message.security_server.empty() ? hop_number(message.vias.size()) : Hop::kGm;
    }
    learn(message, hop, now);
    return hop;
}

}  // namespace imspect::bind
