// A message of the model on a SIP hop as a SIP message with its endpoints (TS 24.229, RFC 3261, 3310, 3329).
//
// A request is built once, as the UE sends it; every proxy adds its own headers and Via to that, and an answer goes back by the
// Vias of the request it answers. Values depend on the original of a message only, so a repeated message, and whatever is
// made of its repetition, is the same octets again. Messages are encoded in their order. Cost: linear in the depth of the
// chain behind a message. Thread-safety: one run, one thread.
#pragma once

#include <map>
#include <optional>

#include "traces/capture/chunk.h"
#include "traces/decode/sip.h"
#include "traces/synthesize/credentials.h"
#include "traces/synthesize/run.h"

namespace imspect::synthesize {

struct SipOnWire {
    decode::SipMessage message;
    capture::Endpoint from, to;
};

class SipEncoder {
public:
    SipEncoder(const Vocabulary& vocabulary, const Run& run, const Source& random, Credentials& credentials)
        : vocabulary_(vocabulary), run_(run), random_(random), credentials_(credentials) {}

    /// Nothing for an answer to no request, which no run of our model has.
    [[nodiscard]] std::optional<SipOnWire> encode(std::size_t message);

private:
    [[nodiscard]] const SipOnWire& original(std::size_t message) const;
    [[nodiscard]] std::size_t first_of(std::size_t message) const;  ///< the original of a repetition
    [[nodiscard]] decode::Digest digest(std::size_t message, const std::string& method) const;
    [[nodiscard]] bool with_qop() const { return random_.number("qop", {}) % 2 == 1; }  ///< of the S-CSCF: for the whole capture
    [[nodiscard]] std::string nonce_of(std::size_t message) const;
    [[nodiscard]] std::string branch(const char* of, std::size_t message) const;
    [[nodiscard]] std::string from_tag(Token run) const;
    [[nodiscard]] std::uint32_t next_cseq(std::size_t message);
    [[nodiscard]] SipOnWire from_ue(std::size_t message);
    void protect(decode::SipMessage& request, const Sent& sent) const;
    [[nodiscard]] SipOnWire from_pcscf_up(std::size_t message) const;
    [[nodiscard]] SipOnWire from_icscf_up(std::size_t message) const;
    [[nodiscard]] SipOnWire down(std::size_t message);
    [[nodiscard]] decode::SipMessage answer_to(const decode::SipMessage& request, const Sent& sent) const;
    void challenge(decode::SipMessage& answer, std::size_t message) const;
    void accept(decode::SipMessage& answer, const decode::SipMessage& request, const Sent& sent) const;
    void refuse(decode::SipMessage& answer, std::size_t message) const;
    void address_down(SipOnWire& wire, const Sent& sent) const;

    const Vocabulary& vocabulary_;
    const Run& run_;
    const Source& random_;
    Credentials& credentials_;
    std::map<std::size_t, SipOnWire> encoded_;
    std::map<Token, std::uint32_t> cseq_;            ///< by run: the last that the UE used
    std::map<Token, Token> run_of_sa_;               ///< by RAND: the run in which its SA set was made
    std::map<std::size_t, std::size_t> last_impu_;   ///< by UE: the IMPU of its latest REGISTER
};

}  // namespace imspect::synthesize
