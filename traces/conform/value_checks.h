// The single checks on values; each reads one event and what is remembered of its subscriber. TS 33.203 unless said otherwise.
//
// `note_finding` keeps a finding once a run: the same key again adds frames to it. Thread-safety: pure but for the subscriber.
#pragma once

#include "traces/conform/value_state.h"

namespace imspect::conform {

struct ValueOptions;

/// Names the run in the key of a finding that is made once a run.
[[nodiscard]] std::string run_key(const char* check, const ValueRun& run);
/// Opens a finding of `kind`, or adds the frames of `event` to it where it is open under `key` already. Null: it was.
Finding* note_finding(ValueSubscriber& subscriber, const std::string& key, const char* kind, Severity severity, const bind::Event& event);
void add_frames(Finding& finding, const Frames& frames);

/// 6.1.1: vectors of an MAA: none delivered twice (P16).
void check_delivery(ValueSubscriber& subscriber, const bind::Event& event);
/// 6.1.1: nonce and keys of a challenge are those of a delivered vector, never used before (P16), no keys on Gm (P15).
void check_challenge(ValueSubscriber& subscriber, ValueRun& run, const bind::Event& event);
/// 7.1, 7.2: SPIs of both sides unique and different (P32).
void check_spis(ValueSubscriber& subscriber, ValueRun& run, const ValueLeg* leg, const bind::Event& event);
/// 7.2, 7.3.2.3: SM8 only for an SM7 that echoes (P29); TS 24.229 5.2.2: the integrity indication is there.
void check_forwarding(ValueSubscriber& subscriber, ValueRun& run, ValueLeg& leg, const bind::Event& event);
/// 6.1.1: the decision on a response is that of its value (P4).
void check_decision(ValueSubscriber& subscriber, ValueRun& run, ValueLeg& leg, const bind::Event& event, std::int64_t await_ns);
/// 6.1.2.2: no security parameter in the error that ends a failed run (P23).
void check_error(ValueSubscriber& subscriber, const ValueRun& run, const ValueLeg* leg, const bind::Event& event);
/// 6.1.3: AUTS goes to the HSS with the RAND of the last challenge (P19).
void check_resync(ValueSubscriber& subscriber, const bind::Event& event);
/// With the subscriber's key: MAC and SQN of vectors, AUTS, and whether the UE's answer fits (P17, P18, P22).
void check_vector_with_key(ValueSubscriber& subscriber, const bind::Event& event, const SubscriberKey& key);
void check_answer_with_key(ValueSubscriber& subscriber, const bind::Event& event, const SubscriberKey& key);
void check_auts_with_key(ValueSubscriber& subscriber, const bind::Event& event, const SubscriberKey& key);

}  // namespace imspect::conform
