#include "traces/decode/time_order.h"

#include <algorithm>

namespace imspect::decode {

void TimeOrder::take(Message&& message, capture::FlowId flow) {
    if (kept_.size() >= kMaxKept) give_first();
    Latest& latest = latest_[flow];
    latest.time_ns = latest.kept == 0 ? message.time_ns : std::max(latest.time_ns, message.time_ns);
    ++latest.kept;
    kept_.emplace(Place{latest.time_ns, arrivals_++}, Kept{std::move(message), flow});
}

void TimeOrder::expire(std::int64_t now) {
    while (!kept_.empty() && time_between(kept_.begin()->first.time_ns, now) > kLatestNs) give_first();
}

void TimeOrder::flush() {
    while (!kept_.empty()) give_first();
}

void TimeOrder::give_first() {
    auto first = kept_.extract(kept_.begin());
    Kept& kept = first.mapped();
    const auto latest = latest_.find(kept.flow);
    if (--latest->second.kept == 0) latest_.erase(latest);
    kept.message.order = given_++;
    out_(std::move(kept.message));
}

}  // namespace imspect::decode
