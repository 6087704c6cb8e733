#include "traces/capture/fragments.h"

#include <algorithm>

namespace imspect::capture {

namespace {

constexpr std::uint32_t kMaxDatagram = 65535;

FlowKey key_of(const IpPacket& packet, const Layers& layers) {
    // Depth keeps a packet and its copy in a tunnel apart; in IPv6 the next header is the first fragment's alone to say.
    std::uint64_t extra = static_cast<std::uint64_t>(packet.identification) << 8 | layers.ip_headers;
    if (!packet.from.v6) extra |= static_cast<std::uint64_t>(packet.protocol) << 40;
    return flow_key({packet.from, 0}, {packet.to, 0}, extra);
}

void add_frames(std::vector<FrameRef>& frames, std::span<const FrameRef> more) {
    frames.insert(frames.end(), more.begin(), more.end());
    std::sort(frames.begin(), frames.end());
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
}

}  // namespace

std::size_t Fragments::cost(const Pending& pending) { return pending.datagram.bytes.size() + 256; }

bool Fragments::covers(const Pending& pending, std::uint32_t begin, std::uint32_t end) {
    return std::any_of(pending.ranges.begin(), pending.ranges.end(),
                       [&](const Range& range) { return range.begin <= begin && end <= range.end; });
}

void Fragments::let_go_of_oldest() {
    for (const Pending& pending : pending_.oldest()->value) {
        bytes_ -= cost(pending);
        account_.count(pending.datagram.frames.front().file, Odd::kFragmentsIncomplete);
    }
    pending_.erase_oldest();
}

void Fragments::let_go_of_old(std::int64_t now_ns) {
    while (pending_.oldest() != nullptr) {
        const bool old = pending_.oldest()->value.front().since_ns < now_ns - kPatienceNs;
        if (!old && bytes_ <= kMaxBytes) return;
        let_go_of_oldest();
    }
}

void Fragments::finish() {
    while (pending_.oldest() != nullptr) let_go_of_oldest();
}

void Fragments::insert(Pending& pending, std::uint32_t begin, Bytes bytes, std::uint32_t file) {
    const auto end = static_cast<std::uint32_t>(begin + bytes.size());
    std::vector<std::uint8_t>& whole = pending.datagram.bytes;
    if (whole.size() < end) whole.resize(end);
    bool overlap = false;
    std::uint32_t at = begin;
    // The parts between the ranges that are there are new.
    for (const Range& range : pending.ranges) {
        if (range.end <= at) continue;
        if (range.begin >= end) break;
        overlap = true;
        if (range.begin > at) std::copy_n(bytes.begin() + (at - begin), range.begin - at, whole.begin() + at);
        at = range.end;
    }
    if (at < end) std::copy_n(bytes.begin() + (at - begin), end - at, whole.begin() + at);
    if (overlap) account_.count(file, Odd::kFragmentOverlap);

    pending.ranges.push_back({begin, end});
    std::sort(pending.ranges.begin(), pending.ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
    std::vector<Range> merged;
    for (const Range& range : pending.ranges) {
        if (!merged.empty() && range.begin <= merged.back().end) merged.back().end = std::max(merged.back().end, range.end);
        else merged.push_back(range);
    }
    pending.ranges = std::move(merged);
}

std::optional<Fragments::Datagram> Fragments::add(const IpPacket& packet, const Layers& layers) {
    const std::uint32_t file = layers.frame.file;
    const std::size_t end = packet.offset + packet.payload.size();
    const bool bad = packet.payload.empty() || (packet.more_fragments && !packet.cut && packet.payload.size() % 8 != 0);
    if (end > kMaxDatagram || bad) {
        account_.count(file, bad ? Odd::kFragmentEmpty : Odd::kFragmentBeyondLimit);
        return std::nullopt;
    }
    let_go_of_old(layers.time_ns);

    const FlowKey key = key_of(packet, layers);
    std::vector<Pending>* copies = pending_.peek(key);
    if (copies == nullptr) copies = &pending_.emplace(key, {});
    auto pending = std::find_if(copies->begin(), copies->end(), [&](const Pending& candidate) {
        return !covers(candidate, packet.offset, static_cast<std::uint32_t>(end));
    });
    if (pending == copies->end()) {
        if (copies->size() >= kMaxCopies) {
            account_.count(file, Odd::kFragmentRepeated);
            return std::nullopt;
        }
        pending = copies->insert(copies->end(), Pending{});
        pending->since_ns = layers.time_ns;
        bytes_ += cost(*pending);
    }
    bytes_ -= cost(*pending);
    insert(*pending, packet.offset, packet.payload, file);
    bytes_ += cost(*pending);
    add_frames(pending->datagram.frames, layers.frames);
    if (packet.offset == 0) pending->datagram.protocol = packet.protocol;
    if (!packet.more_fragments && !packet.cut && pending->size == 0) pending->size = static_cast<std::uint32_t>(end);

    const bool whole = pending->size != 0 && covers(*pending, 0, pending->size);
    if (!whole) return std::nullopt;
    bytes_ -= cost(*pending);
    Datagram datagram = std::move(pending->datagram);
    datagram.bytes.resize(pending->size);
    copies->erase(pending);
    if (copies->empty()) pending_.erase(key);
    return datagram;
}

}  // namespace imspect::capture
