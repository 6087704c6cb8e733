// Messages to protocol events: which hop, which subscriber, which run.
//
// Roles of nodes are inferred from behaviour, never configured: who adds Path and integrity-protected is a P-CSCF, who asks UAR an
// I-CSCF, who sends MAR and SAR an S-CSCF, who answers Cx the HSS; several roles may share one address, so the hop of a SIP
// message is told from its Vias, what it carries and from its transaction on the other hops. Subscribers are correlated by IMPI
// (username, User-Name), IMPU (To, Public-Identity), Call-ID and Session-Id. Retransmissions join the event they repeat.
// A response to a REGISTER is SM7 only if its nonce is that of a challenge still open in this run: a protected
// re-registration repeats an old nonce and response in SM1.
// Events come out in order, each `kHoldNs` of capture time after it (or at `finish`), so that its retransmissions can join it
// and what later messages tell (IMPI, name of the S-CSCF, whether it was an answer) is known. Later ones are counted only.
// Cost: amortised constant a message; memory bounded: a transaction is let go `kTransactionNs` after its last message, a run
// after `kForgetNs`, and at most `kMostHeld` events wait. Provisional answers are not events.
// Thread-safety: one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "traces/bind/event.h"

namespace imspect::bind {

constexpr std::int64_t kHoldNs = 32'000'000'000;      ///< RFC 3261 timer F of the core
constexpr std::int64_t kTransactionNs = 256'000'000'000;  ///< twice timer F of the radio side: no transmission comes later
constexpr std::int64_t kForgetNs = 3'600'000'000'000;     ///< of runs and vectors
constexpr std::size_t kMostHeld = 65'536;

struct BindSummary {
    std::uint64_t events = 0, retransmissions = 0, provisional = 0;
    std::map<std::string, std::set<std::string>> roles;  ///< "P-CSCF" to addresses; UEs are too many to list
    std::map<std::string, std::uint64_t> unbound;        ///< messages tied to no subscriber, by kind
    std::set<std::string> hops_seen;                     ///< "UE-P-CSCF", "P-CSCF-I-CSCF", "I-CSCF-S-CSCF", "I-CSCF-HSS", "S-CSCF-HSS"
};

class Binder {
public:
    using Out = std::function<void(Event&&)>;
    explicit Binder(Out out);
    ~Binder();
    void message(decode::Message&& message);
    void finish();
    [[nodiscard]] const BindSummary& summary() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace imspect::bind
