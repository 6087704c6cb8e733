#include "traces/bind/outbox.h"

#include <algorithm>

#include "traces/bind/binder.h"

namespace imspect::bind {

std::vector<capture::FrameRef> frames_of(const decode::Message& message) {
    std::vector<capture::FrameRef> frames = message.frames;
    frames.insert(frames.end(), message.copies.begin(), message.copies.end());
    std::sort(frames.begin(), frames.end());
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
    return frames;
}

bool Outbox::join(const std::string& key, const decode::Message& message, std::int64_t now) {
    const std::shared_ptr<Pending>* known = by_key_.find(key, now);
    if (!known) return false;
    if ((*known)->gone) return true;
    Event& event = (*known)->event;
    std::vector<capture::FrameRef> merged;
    const std::vector<capture::FrameRef> more = frames_of(message);
    std::set_union(event.frames.begin(), event.frames.end(), more.begin(), more.end(), std::back_inserter(merged));
    event.frames = std::move(merged);
    ++event.transmissions;
    return true;
}

std::shared_ptr<Pending> Outbox::put(const std::string& key, Event event, std::int64_t now) {
    auto pending = std::make_shared<Pending>();
    pending->event = std::move(event);
    held_.push_back(pending);
    by_key_.at(key, now) = pending;
    if (held_.size() > most_) leave_first();
    return pending;
}

void Outbox::leave_first() {
    const std::shared_ptr<Pending> first = std::move(held_.front());
    held_.pop_front();
    leave_(*first);
    first->gone = true;
    first->event = {};
    first->transaction.reset();
}

void Outbox::advance(std::int64_t now) {
    while (!held_.empty() && held_.front()->event.time_ns + hold_ns_ < now) leave_first();
    by_key_.forget_before(now - kTransactionNs);
}

void Outbox::finish() {
    while (!held_.empty()) leave_first();
}

}  // namespace imspect::bind
