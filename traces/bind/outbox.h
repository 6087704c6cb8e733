// Events on their way out: held for a while, joined by their retransmissions, given out in order.
//
// Invariant: events leave in the order in which they came in. Cost: constant an event. Thread-safety: one thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "traces/bind/event.h"
#include "traces/bind/expiring_map.h"

namespace imspect::bind {

struct RegisterTransaction;

struct Pending {
    Event event;
    std::shared_ptr<RegisterTransaction> transaction;  ///< of a REGISTER: tells what it is once that is known
    bool gone = false;                                 ///< given out: frames can't join any more
};

class Outbox {
public:
    using Leave = std::function<void(Pending&)>;
    Outbox(std::int64_t hold_ns, std::size_t most, Leave leave) : hold_ns_(hold_ns), most_(most), leave_(std::move(leave)) {}

    /// Whether `key` was put before: then the frames of `message` join that event, if it is still here.
    bool join(const std::string& key, const decode::Message& message, std::int64_t now);
    std::shared_ptr<Pending> put(const std::string& key, Event event, std::int64_t now);
    void advance(std::int64_t now);
    void finish();

private:
    void leave_first();

    std::int64_t hold_ns_;
    std::size_t most_;
    Leave leave_;
    std::deque<std::shared_ptr<Pending>> held_;
    ExpiringMap<std::shared_ptr<Pending>> by_key_;
};

/// The frames of all copies of `message`, ascending.
[[nodiscard]] std::vector<capture::FrameRef> frames_of(const decode::Message& message);

}  // namespace imspect::bind
