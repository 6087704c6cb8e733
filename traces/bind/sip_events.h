// What a REGISTER or its answer says of the event that it is; nothing here knows of other messages.
// Thread-safety: pure.
#pragma once

#include "traces/bind/hops.h"
#include "traces/bind/runs.h"

namespace imspect::bind {

/// The Digest credentials, or the challenge that matters: AKA before others. Null where there are none.
[[nodiscard]] const decode::Digest* credentials(const decode::SipMessage& sip);
[[nodiscard]] const decode::Digest* challenge(const decode::SipMessage& sip);

[[nodiscard]] RegisterFacts register_facts(const decode::SipMessage& sip);
/// Kind is left to the run.
[[nodiscard]] Event register_event(const decode::SipMessage& sip, Hop hop);
[[nodiscard]] Event answer_event(const decode::SipMessage& sip, Hop hop);

/// The same for all transmissions of a message on one hop, another for every other message.
[[nodiscard]] std::string transmission_key(const decode::SipMessage& sip, Hop hop);

}  // namespace imspect::bind
