// One run of the model as the messages that were sent in it.
//
// `follow` replays ground rules through exec and gives, for every message put into a channel, its fields with lasting
// tokens, the message that caused it and, for an answer, the request it answers. A message that is lost or overtaken later
// stays as it was sent, as a tap before the loss shows it; what an attacker changes on the way up is shown as the P-CSCF
// gets it, so the picture is that of a tap at the P-CSCF. Errors: a rule that is not enabled, a model that is not ours.
// Invariant: causes have smaller numbers than what they cause. Cost: one replay. Thread-safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/exec/stepper.h"
#include "model/result.h"
#include "traces/synthesize/tokens.h"
#include "traces/synthesize/vocabulary.h"

namespace imspect::synthesize {

/// A message of the model, as sent. Fields that its hop does not have are 0, false or empty.
struct Sent {
    std::size_t step = 0;     ///< number in Run::steps
    Hop hop = Hop::kGmUp;
    std::string kind;         ///< the model's: "register", "challenge", "av_request", ...; empty on cx_ih and cx_hi
    std::size_t ue = 0;
    std::optional<std::size_t> scscf;
    std::size_t impu = 0;     ///< on cx_sh the run's where the message has none of its own
    Token run = 0, rand = 0, sa = 0, rand0 = 0, rand1 = 0;
    Token sqn_ms = 0;         ///< gm_up: the UE's SQN_MS when it was sent
    std::string setup;        ///< "intact", "authentication_changed", "encryption_changed", "ports_changed"
    bool ok = false, ik = false, integrity = false, keys = false, again = false;
    bool name_stored = false; ///< cx_hi: the HSS had stored a name for the IMPU asked about
    std::optional<std::size_t> cause;    ///< what the sender took, or looked at, in the same step
    std::optional<std::size_t> answers;  ///< down hops: the request, on the hop of the same two nodes or on gm_up where it was forged
    std::optional<std::size_t> copy_of;  ///< the network repeats that message
    bool lost = false;                   ///< it never arrives
    bool forged = false;                 ///< the node it claims to be from has not sent it
};

struct RunStep {
    std::uint32_t ground_rule = 0;
    std::string rule;                ///< without its arguments: "scscf.await_timer_fires"
    ir::RuleKind kind = ir::RuleKind::kInternal;
    std::vector<ir::Value> arguments;
    std::vector<std::size_t> taken;  ///< messages taken out of their channels, lost ones included
    std::vector<std::size_t> sent;
};

struct Run {
    std::vector<RunStep> steps;
    std::vector<Sent> messages;
    std::vector<exec::State> states;  ///< one more than steps

    /// The request on gm_up from which this message of an upward hop stems: itself there; nothing for one that has none.
    [[nodiscard]] const Sent* origin(std::size_t message) const;
    /// How often the S-CSCF has started before that step, the first time included: its Origin-State-Id (RFC 6733, 8.16).
    [[nodiscard]] std::uint32_t starts_of(std::size_t scscf, std::size_t step) const;
};

[[nodiscard]] Result<Run> follow(const exec::Stepper& stepper, const Vocabulary& vocabulary, std::span<const std::uint32_t> rules);

}  // namespace imspect::synthesize
