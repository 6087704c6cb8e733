// Security agreement on Gm (RFC 3329, TS 33.203 7.2): was a REGISTER protected, and does SM7 echo what was agreed.
//
// Ports are a P-CSCF's, learnt from Security-Server and Security-Verify. Cost: constant. Thread-safety: one thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "traces/bind/runs.h"

namespace imspect::bind {

class ProtectedPorts {
public:
    void learn(const std::string& address, const std::vector<decode::SecurityMechanism>& mechanisms);
    /// The UE says so itself: believed only of the port that its message came to, where the P-CSCF's own word was not captured.
    void learn_from_ue(const decode::Message& message, const decode::SipMessage& sip);
    /// Of a message on Gm. Empty where the P-CSCF's ports are not known and nothing says that the message is unprotected.
    [[nodiscard]] std::optional<bool> used(const decode::Message& message, const decode::SipMessage& sip) const;

private:
    struct Ports {
        std::set<std::uint16_t> server, client;
    };
    std::map<std::string, Ports> ports_;
};

/// What SM1 and SM6 said, for the comparison with SM7.
void remember_agreement(Run& run, const decode::SipMessage& sip, Kind kind, const std::string& nonce);
[[nodiscard]] std::optional<bool> setup_intact(const Run& run, const decode::SipMessage& sip, const std::string& nonce);
/// Equal but for order and the spelling of names and q.
[[nodiscard]] bool same_mechanisms(const std::vector<decode::SecurityMechanism>& one, const std::vector<decode::SecurityMechanism>& other);

}  // namespace imspect::bind
