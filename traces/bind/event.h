// A protocol event of the specification as a capture showed it: one message on one hop, tied to its subscriber.
//
// What the bytes say is in `message`; the fields here are what the model's messages have, read off it. A field that the capture
// could not show is empty, never guessed. Events of one subscriber come in capture order; `order` tells ties.
// Thread-safety: values; the message is shared and never changed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "traces/decode/decoder.h"

namespace imspect::bind {

enum class Node : std::uint8_t { kUe, kPcscf, kIcscf, kScscf, kHss, kUnknown };
[[nodiscard]] const char* name_of(Node node);  ///< "UE", "P-CSCF", ...

enum class Kind : std::uint8_t {
    kRegister,     ///< SM1-SM3: REGISTER that answers no open challenge
    kDeregister,   ///< the same with expires 0 (or Contact: *)
    kResponse,     ///< SM7-SM9: REGISTER with a response to an open challenge
    kAuthFailure,  ///< SM7-SM9: nonce echoed, empty response, no auts
    kSyncFailure,  ///< SM7-SM9: auts
    kChallenge,    ///< SM4-SM6: 401 (or 407) with a nonce
    kOk,           ///< 2xx to a REGISTER
    kError,        ///< final answer to a REGISTER that is neither (SM10-SM12 4xx, set-up errors, 5xx)
    kUar, kUaa,    ///< Cx query of the I-CSCF
    kMar,          ///< CM1: AVs asked for
    kMarResync,    ///< CM3: AVs asked for with RAND || AUTS
    kMaa,          ///< CM2, CM4
    kSar, kSaa,    ///< Cx-Put; the assignment type tells which
    kRestarted,    ///< an S-CSCF shows that it restarted; of no subscriber
    kRtr, kRta,    ///< network-initiated de-registration
    kOther,        ///< anything else of this subscriber that the clauses don't speak of (PPR, LIR, non-REGISTER SIP)
};
[[nodiscard]] const char* name_of(Kind kind);

struct Event {
    Kind kind = Kind::kOther;
    Node from = Node::kUnknown, to = Node::kUnknown;
    std::string scscf;                     ///< of S-CSCF hops and Cx: the S-CSCF's name or address, as stable as the capture shows
    std::string impi;                      ///< empty where no message of the run shows it
    std::string impu;
    std::vector<std::string> shared_impus; ///< P-Associated-URI, User-Data: IMPUs that share this registration (implicit set)
    std::string call_id;                   ///< SIP; the run
    std::uint32_t cseq = 0;
    std::string nonce;                     ///< as written (base64), of the challenge or of what answers it
    std::vector<std::string> av_nonces;    ///< kMaa: base64 of RAND || AUTN of each AV, in SQN order; same alphabet as `nonce`
    std::optional<bool> integrity_protected;  ///< on P-CSCF to I-CSCF to S-CSCF
    std::optional<bool> on_protected_port; ///< Gm: came on a negotiated port or through ESP
    bool aka = true;                       ///< kChallenge: the algorithm is AKA; another registrar's scheme is outside the clauses
    bool carries_keys = false;             ///< ck or ik in the SIP message
    std::optional<bool> response_right;    ///< kResponse: as recomputed from the AV's XRES; empty where that AV was not seen
    std::optional<bool> setup_intact;      ///< kResponse on Gm: Security-Verify equals Security-Server of SM6 and Security-Client that of SM1; empty where not seen
    std::uint32_t assignment = 0;          ///< kSar, kSaa: Server-Assignment-Type (of the request)
    std::uint32_t avs = 0;                 ///< kMar: m; kMaa: n
    bool success = true;                   ///< Diameter answers
    int result = 0;                        ///< Diameter result or experimental result, SIP status
    bool first_of_run = false;             ///< kRegister: a Call-ID or CSeq not seen before on this hop
    bool both_ends = false;                ///< captured on the hosts that sent and that received it, as an option of the audit says
    std::optional<capture::Address> missing_at;  ///< the receiving host, where that host's captures don't show it
    bool lost = false;                     ///< so it never arrived; settled when its subscriber is judged
    std::uint32_t transmissions = 1;       ///< SIP or Diameter: retransmissions of the same message on the same hop are one event
    std::vector<capture::FrameRef> frames; ///< of all transmissions and copies, ascending
    std::int64_t time_ns = 0;              ///< of the first transmission
    std::int64_t since_ns = 0;             ///< kRestarted: when it last showed that it had not
    std::uint32_t capture = 0;             ///< whose clock that is
    std::uint64_t order = 0;
    std::shared_ptr<const decode::Message> message;
};

/// With what is known of its end: "SM1 REGISTER, which did not arrive".
[[nodiscard]] std::string describe_whole(const Event& event);
/// "SM1 REGISTER", "SM6 4xx Auth_Challenge", "CM3 Cx-Put(AUTHENTICATION_FAILURE)": the specification's own name, as far as the
/// event alone tells it (the numbers of a resynchronised run need the run).
[[nodiscard]] std::string describe(const Event& event);

}  // namespace imspect::bind
