// Diameter requests and answers of Cx as events: matched, retransmissions joined, answers told what their requests said.
//
// A request is known by its end-to-end identifier and Session-Id (a relay or a second connection changes the hop-by-hop
// identifier), an answer finds it by those or by connection and hop-by-hop identifier. An answer whose request was not captured
// keeps what it says itself. Cost: constant a message. Thread-safety: one thread.
#pragma once

#include <optional>
#include <string>

#include "traces/bind/event.h"
#include "traces/bind/expiring_map.h"

namespace imspect::bind {

struct CxRequest {
    std::string key, impi, impu, server;
    std::uint32_t assignment = 0;
    std::vector<std::string> shared_impus;
};

class CxTransactions {
public:
    /// What tells this request or answer from all others, retransmissions apart.
    [[nodiscard]] std::string key_of(const decode::Message& message, const decode::DiameterMessage& diameter);
    void remember(const decode::Message& message, const decode::DiameterMessage& diameter, CxRequest request);
    [[nodiscard]] const CxRequest* request_of(const decode::Message& message, const decode::DiameterMessage& answer);
    void forget_before(std::int64_t time);

private:
    ExpiringMap<CxRequest> by_identifiers_;
    ExpiringMap<std::string> by_connection_;  ///< to the key in by_identifiers_
};

/// The event that this message of application Cx is, as far as it says itself; nothing for commands that are none of Cx.
[[nodiscard]] std::optional<Event> cx_event(const decode::DiameterMessage& diameter);
void take_from_request(Event& answer, const CxRequest& request);
[[nodiscard]] CxRequest request_facts(const Event& event);

/// Public identities in the XML of User-Data (TS 29.228, annex E).
[[nodiscard]] std::vector<std::string> identities_of(const std::string& user_data);

}  // namespace imspect::bind
