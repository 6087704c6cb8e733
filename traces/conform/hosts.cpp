#include "traces/conform/hosts.h"

#include <algorithm>

namespace imspect::conform {

Hosts::Hosts(const std::vector<TakenAt>& taken) {
    for (const TakenAt& one : taken) captures_of_[one.host].push_back(one.capture);
}

void Hosts::look(bind::Event& event) {
    if (!any() || !event.message) return;
    for (const capture::FrameRef& frame : event.frames) ran(frame.file, event.time_ns, event.time_ns);
    const auto receiver = captures_of_.find(event.message->to.address);
    event.both_ends = captures_of_.count(event.message->from.address) != 0 && receiver != captures_of_.end();
    if (!event.both_ends) return;
    const bool arrived = std::any_of(event.frames.begin(), event.frames.end(), [&](const capture::FrameRef& frame) {
        return std::find(receiver->second.begin(), receiver->second.end(), frame.file) != receiver->second.end();
    });
    if (!arrived) event.missing_at = receiver->first;
}

void Hosts::ran(std::uint32_t capture, std::int64_t first_ns, std::int64_t last_ns) {
    const auto [at, fresh] = spans_.try_emplace(capture, Span{first_ns, last_ns, true});
    if (fresh) return;
    at->second.first_ns = std::min(at->second.first_ns, first_ns);
    at->second.last_ns = std::max(at->second.last_ns, last_ns);
}

void Hosts::distrust(std::uint32_t capture) { spans_.at(capture).trusted = false; }

bool Hosts::lost(const bind::Event& event) const {
    if (!event.missing_at) return false;
    const std::vector<std::uint32_t>& captures = captures_of_.at(*event.missing_at);
    return std::any_of(captures.begin(), captures.end(), [&](std::uint32_t capture) {
        const auto span = spans_.find(capture);
        return span != spans_.end() && span->second.trusted && span->second.first_ns <= event.time_ns && event.time_ns < span->second.last_ns;
    });
}

}  // namespace imspect::conform
