#include "traces/decode/copies.h"

#include <algorithm>

#include "traces/decode/framer.h"
#include "traces/decode/time_order.h"

namespace imspect::decode {

namespace {

constexpr std::size_t kSearchedForRepeats = 256;

bool within_window(std::int64_t a, std::int64_t b) { return time_between(a, b) <= static_cast<std::uint64_t>(kCopyWindowNs); }

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

std::uint64_t CopyWindow::key_of(const Message& message, std::uint64_t packet_key) {
    std::uint64_t key = message.digest ^ packet_key;
    const auto mix = [&](std::uint64_t value) { key = (key ^ value) * 0x9e3779b97f4a7c15U, key ^= key >> 29; };
    for (const capture::Endpoint* end : {&message.from, &message.to}) {
        for (std::size_t half : {std::size_t{0}, std::size_t{8}}) {
            std::uint64_t word = 0;
            for (std::size_t i = 0; i < 8; ++i) word = word << 8 | end->address.bytes[half + i];
            mix(word);
        }
        mix(end->port);
    }
    mix(static_cast<std::uint64_t>(message.transport));
    return key;
}

CopyWindow::Held* CopyWindow::find(const Message& message, std::uint64_t packet_key, std::string_view bytes) {
    const auto found = latest_.find(key_of(message, packet_key));
    if (found == latest_.end()) return nullptr;
    Held& held = held_[found->second - first_];
    const Message& first = held.message;
    const bool same = first.from == message.from && first.to == message.to && first.transport == message.transport && held.bytes == bytes;
    return same && within_window(first.time_ns, message.time_ns) ? &held : nullptr;
}

bool CopyWindow::absorb(const Message& message, const Origin& origin, std::string_view bytes) {
    Held* held = origin.packet_key == 0 ? nullptr : find(message, origin.packet_key, bytes);
    if (held == nullptr || !same_packet(held->origin, origin, message.transport)) held = find(message, 0, bytes);
    if (held == nullptr || !same_packet(held->origin, origin, message.transport)) return false;
    Message& first = held->message;
    join(first.copies, message.frames, first.frames);
    join(first.copies, message.copies, first.frames);
    if (first.esp_spi == 0) first.esp_spi = message.esp_spi;
    return true;
}

void CopyWindow::hold(Message&& message, const Origin& origin, std::string_view bytes) {
    while (!held_.empty() && (held_.size() >= kMaxHeld || bytes_ + bytes.size() > kMaxHeldBytes)) give_front();
    const std::uint64_t number = first_ + held_.size();
    latest_[key_of(message, 0)] = number;
    if (origin.packet_key != 0) latest_[key_of(message, origin.packet_key)] = number;
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
    for (const std::uint64_t packet : {std::uint64_t{0}, held.origin.packet_key}) {
        const auto found = latest_.find(key_of(held.message, packet));
        if (found != latest_.end() && found->second == first_) latest_.erase(found);
    }
    ++first_;
    bytes_ -= held.bytes.size();
    out_(std::move(held.message), held.origin.flow);
}

}  // namespace imspect::decode
