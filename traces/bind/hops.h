// On which hop a SIP message travelled, told from its Vias.
//
// Every Via stack teaches the hop of each of its transactions, so a message is placed by its topmost branch where any other
// hop of the same transaction was seen, else by the number of Vias and by what only a P-CSCF adds (Path,
// integrity-protected, P-Visited-Network-ID; TS 24.229, 5.2.2). Addresses play no part: all roles may share one.
// Cost: constant a message; transactions are forgotten like everything of the binder. Thread-safety: one thread.
#pragma once

#include "traces/bind/expiring_map.h"
#include "traces/decode/sip.h"

namespace imspect::bind {

enum class Hop : std::uint8_t { kNone, kGm, kFromPcscf, kToScscf };

class Hops {
public:
    Hop of(const decode::SipMessage& message, std::int64_t now);
    void forget_before(std::int64_t time) { known_.forget_before(time); }

private:
    Hop place_request(const decode::SipMessage& message, std::int64_t now);
    void learn(const decode::SipMessage& message, Hop hop, std::int64_t now);
    Hop* known(const decode::SipMessage& message, std::size_t via, std::int64_t now);

    ExpiringMap<Hop> known_;
};

/// What tells the transaction of `message` on its hop from all others (RFC 3261, 17.2.3).
[[nodiscard]] std::string transaction_key(const decode::SipMessage& message, std::size_t via = 0);

}  // namespace imspect::bind
