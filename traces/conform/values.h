// What only the bytes can tell: nonces, keys, responses, SPIs and security parameters against each other.
//
// Consumes the events of the binder in order and gives findings, each once a run. A finding is made only where the frames
// prove it: what was not captured, or a vector left over from before the capture, explains in the network's favour.
// Findings that may get further frames (the next hops of an error) are held for five minutes, until `settle` or `finish`.
// Invariant: memory is bounded a subscriber and by kMostSubscribers. Cost: logarithmic in what a subscriber keeps.
// TS 33.203 6.1, 7; RFC 3310; TS 33.102 6.3. Thread-safety: one thread.
#pragma once

#include <deque>
#include <functional>

#include "traces/conform/auditor.h"
#include "traces/conform/value_state.h"

namespace imspect::conform {

struct ValueOptions {
    std::map<std::string, SubscriberKey> keys;    ///< by IMPI
    std::int64_t await_auth_ns = 240'000'000'000;  ///< reg-await-auth: a response this late may be rejected
};

class ValueChecker {
public:
    using Out = std::function<void(Finding&&)>;
    ValueChecker(ValueOptions options, Out out);
    void event(const bind::Event& event);
    /// Gives out what is held of this subscriber.
    void settle(const std::string& impi);
    void finish();

private:
    ValueSubscriber& subscriber_of(const bind::Event& event);
    void release(ValueSubscriber& subscriber, std::int64_t before);

    ValueOptions options_;
    Out out_;
    std::map<std::string, ValueSubscriber> subscribers_;
    std::deque<std::string> arrival_;
};

}  // namespace imspect::conform
