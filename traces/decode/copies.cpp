#include "traces/decode/copies.h"

#include <algorithm>

#include "traces/decode/framer.h"

namespace imspect::decode {

namespace {

constexpr std::size_t kSearchedForRepeats = 256;

bool within_window(std::int64_t a, std::int64_t b) { return (a > b ? a - b : b - a) <= kCopyWindowNs; }

bool other_place(const Origin& a, const Origin& b) {
    return a.interface != b.interface || a.tunnel_depth != b.tunnel_depth || a.esp_spi != b.esp_spi;
}

bool same_packet(const Origin& a, const Origin& b, capture::Transport transport) {
    if (a.packet_key != 0 && a.packet_key == b.packet_key) return true;
    if (other_place(a, b)) return true;
    if (transport != capture::Transport::kUdp) return a.flow != b.flow;
    return a.packet_key == 0 || b.packet_key == 0;
}

void join(std::vector<capture::FrameRef>& copies, const std::vector<capture::FrameRef>& frames,
          const std::vector<capture::FrameRef>& known) {
    for (const capture::FrameRef frame : frames) {
        const bool there = std::find(known.begin(), known.end(), frame) != known.end() ||
                           std::find(copies.begin(), copies.end(), frame) != copies.end();
        if (!there) copies.push_back(frame);
    }
    std::sort(copies.begin(), copies.end());
}

}  // namespace

void CopyWindow::expire(std::int64_t now) {
    while (!held_.empty() && !within_window(held_.front().message.time_ns, now)) give_front();
}

bool CopyWindow::absorb(const Message& message, const Origin& origin, std::string_view bytes) {
    const auto [begin, end] = by_digest_.equal_range(message.digest);
    for (auto candidate = begin; candidate != end; ++candidate) {
        Held& held = held_[candidate->second - first_];
        Message& first = held.message;
        if (first.from != message.from || first.to != message.to || first.transport != message.transport) continue;
        if (!within_window(first.time_ns, message.time_ns) || held.bytes != bytes) continue;
        if (!same_packet(held.origin, origin, message.transport)) continue;
        join(first.copies, message.frames, first.frames);
        join(first.copies, message.copies, first.frames);
        if (first.esp_spi == 0) first.esp_spi = message.esp_spi;
        return true;
    }
    return false;
}

void CopyWindow::hold(Message&& message, const Origin& origin, std::string_view bytes) {
    while (!held_.empty() && (held_.size() >= kMaxHeld || bytes_ + bytes.size() > kMaxHeldBytes)) give_front();
    by_digest_.emplace(message.digest, first_ + held_.size());
    bytes_ += bytes.size();
    held_.push_back({std::move(message), origin, std::string(bytes)});
}

std::size_t CopyWindow::repeated(capture::FlowId flow, capture::FrameRef frame, std::string_view bytes) {
    std::size_t joined = 0;
    const std::size_t first = held_.size() > kSearchedForRepeats ? held_.size() - kSearchedForRepeats : 0;
    for (std::size_t i = first; i < held_.size(); ++i) {
        Held& held = held_[i];
        if (held.origin.flow != flow || !overlap(held.bytes, bytes)) continue;
        join(held.message.copies, {frame}, held.message.frames);
        ++joined;
    }
    return joined;
}

void CopyWindow::flush() {
    while (!held_.empty()) give_front();
}

void CopyWindow::give_front() {
    Held held = std::move(held_.front());
    held_.pop_front();
    const auto [begin, end] = by_digest_.equal_range(held.message.digest);
    by_digest_.erase(std::find_if(begin, end, [&](const auto& entry) { return entry.second == first_; }));
    ++first_;
    bytes_ -= held.bytes.size();
    out_(std::move(held.message));
}

}  // namespace imspect::decode
