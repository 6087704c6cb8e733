#include "traces/capture/sctp_associations.h"

#include <algorithm>
#include <utility>

namespace imspect::capture {

namespace {

constexpr std::size_t kHeader = 12, kChunkHeader = 4, kDataHeader = 12;
constexpr std::uint8_t kData = 0, kInit = 1, kInitAck = 2, kSack = 3, kAbort = 6, kShutdownComplete = 14;

FlowKey forward(const Layers& layers) { return flow_key(layers.from, layers.to); }
FlowKey backward(const Layers& layers) { return flow_key(layers.to, layers.from); }

}  // namespace

template <typename Change>
void SctpAssociations::measured(Entry& entry, const Change& change) {
    pending_ -= entry.direction.pending_bytes();
    change(entry.direction);
    pending_ += entry.direction.pending_bytes();
}

SctpAssociations::Entry& SctpAssociations::direction(const FlowKey& key) {
    if (Entry* known = directions_.find(key)) return *known;
    if (directions_.size() >= kMaxDirections) {
        measured(directions_.oldest()->value, [&](SctpDirection& oldest) { oldest.end(output_); });
        directions_.erase_oldest();
    }
    return directions_.emplace(key, Entry{});
}

void SctpAssociations::packet(Layers& layers, Bytes bytes) {
    if (bytes.size() < kHeader) {
        output_.account().count(layers.frame.file, Odd::kShortTransport);
        return;
    }
    layers.from.port = be16(bytes, 0);
    layers.to.port = be16(bytes, 2);
    const std::uint32_t tag = be32(bytes, 4);
    bytes = bytes.subspan(kHeader);
    while (bytes.size() >= kChunkHeader) {
        const std::size_t length = be16(bytes, 2);
        if (length < kChunkHeader || length > bytes.size()) {
            output_.account().count(layers.frame.file, Odd::kSctpChunk);
            return;
        }
        chunk(bytes[0], bytes[1], bytes.subspan(kChunkHeader, length - kChunkHeader), tag, layers);
        bytes = bytes.subspan(std::min(bytes.size(), (length + 3) & ~std::size_t{3}));
    }
}

void SctpAssociations::chunk(std::uint8_t type, std::uint8_t flags, Bytes value, std::uint32_t tag, const Layers& layers) {
    switch (type) {
        case kData: data(flags, value, tag, layers); break;
        case kInit:
        case kInitAck: initiated(layers); break;
        case kSack:
            if (Entry* other = value.size() < 4 ? nullptr : directions_.find(backward(layers))) {
                measured(*other, [&](SctpDirection& each) { each.acknowledged(be32(value, 0), output_); });
            }
            break;
        case kAbort:
        case kShutdownComplete:
            ended(forward(layers));
            ended(backward(layers));
            break;
        default: break;
    }
}

/// Its DATA will carry the tag that the other side gave, which this side's INIT does not tell.
void SctpAssociations::initiated(const Layers& layers) {
    measured(direction(forward(layers)), [&](SctpDirection& own) {
        own.start(output_);
        own.set_tag(0);
    });
}

void SctpAssociations::ended(const FlowKey& key) {
    Entry* entry = directions_.find(key);
    if (entry == nullptr) return;
    measured(*entry, [&](SctpDirection& each) { each.end(output_); });
    directions_.erase(key);
}

void SctpAssociations::data(std::uint8_t flags, Bytes value, std::uint32_t tag, const Layers& layers) {
    if (value.size() <= kDataHeader) {  // RFC 9260 6.2: DATA without data is an error too
        output_.account().count(layers.frame.file, Odd::kSctpChunk);
        return;
    }
    SctpData data;
    data.ending = (flags & 1) != 0;
    data.beginning = (flags & 2) != 0;
    data.unordered = (flags & 4) != 0;
    data.tsn = be32(value, 0);
    data.stream = be16(value, 4);
    data.sequence = be16(value, 6);
    data.bytes = value.subspan(kDataHeader);
    const FlowKey key = forward(layers);
    Entry& entry = direction(key);
    measured(entry, [&](SctpDirection& own) {
        if (own.used() && own.tag() != tag) own.end(output_);
        own.set_tag(tag);
        own.data(data, layers, output_);
    });
    if (pending_ > kMaxPendingInAll) {
        measured(entry, [&](SctpDirection& own) {
            own.give_up_holes(output_);
            own.drop_fragments(output_);
        });
    }
    if (entry.direction.waits() && !std::exchange(entry.timed, true)) timers_.push_back({layers.time_ns + kHolePatienceNs, key});
}

void SctpAssociations::advance(std::int64_t now_ns) {
    while (!timers_.empty() && timers_.front().at_ns <= now_ns) {
        Timer timer = timers_.front();
        timers_.pop_front();
        Entry* entry = directions_.peek(timer.key);
        if (entry == nullptr) continue;
        entry->timed = false;
        if (!entry->direction.waits()) continue;
        if (entry->direction.waits_since() + kHolePatienceNs > now_ns) {
            entry->timed = true;
            timer.at_ns = now_ns + kHolePatienceNs;
            timers_.push_back(timer);
            continue;
        }
        measured(*entry, [&](SctpDirection& each) { each.give_up_holes(output_); });
    }
}

void SctpAssociations::finish() {
    while (directions_.oldest() != nullptr) {
        measured(directions_.oldest()->value, [&](SctpDirection& each) { each.end(output_); });
        directions_.erase_oldest();
    }
}

}  // namespace imspect::capture
