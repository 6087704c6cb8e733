// A message of the model on Cx as a Diameter message with its endpoints (TS 29.228, 29.229); an answer has the ids and the
// session of its request.
//
// Cx-Put(pending) and its answer are no messages of their own on the wire: MAR says it. Cx-Put(clear) is SAR 9 or, where a timer
// ended the authentication (6.1.2.3), SAR 10. Messages are encoded in their order. Thread-safety: one run, one thread.
#pragma once

#include <map>
#include <optional>

#include "traces/capture/chunk.h"
#include "traces/decode/diameter.h"
#include "traces/synthesize/credentials.h"
#include "traces/synthesize/run.h"

namespace imspect::synthesize {

struct DiameterOnWire {
    decode::DiameterMessage message;
    capture::Endpoint from, to;
};

class CxEncoder {
public:
    CxEncoder(const Vocabulary& vocabulary, const Run& run, const Source& random, Credentials& credentials);

    /// Nothing for what the wire does not have.
    [[nodiscard]] std::optional<DiameterOnWire> encode(std::size_t message);

private:
    [[nodiscard]] decode::DiameterMessage request(std::size_t message, std::uint32_t command, const std::string& host) const;
    [[nodiscard]] decode::DiameterMessage answer(std::size_t message) const;
    [[nodiscard]] decode::DiameterMessage user_authorization(std::size_t message) const;
    [[nodiscard]] decode::DiameterMessage user_authorization_answer(std::size_t message) const;
    [[nodiscard]] decode::DiameterMessage multimedia_auth(std::size_t message);
    [[nodiscard]] decode::DiameterMessage multimedia_auth_answer(std::size_t message);
    [[nodiscard]] decode::DiameterMessage server_assignment(std::size_t message);
    [[nodiscard]] decode::DiameterMessage server_assignment_answer(std::size_t message) const;
    [[nodiscard]] std::uint32_t assignment_type(const Sent& sent);

    const Vocabulary& vocabulary_;
    const Run& run_;
    const Source& random_;
    Credentials& credentials_;
    std::map<std::size_t, DiameterOnWire> encoded_;
    std::map<std::size_t, bool> asks_capabilities_;                               ///< queries that the HSS answers anew
    std::map<std::pair<std::size_t, Token>, std::uint32_t> last_clear_;           ///< by S-CSCF and run: type of its latest clearing SAR
};

}  // namespace imspect::synthesize
