#include "traces/capture/sctp_direction.h"

#include <algorithm>
#include <utility>

#include "traces/capture/ip.h"

namespace imspect::capture {

void SctpDirection::start(Output& output) {
    end(output);
    from_start_ = true;
}

SctpDirection::Piece SctpDirection::keep(const SctpData& data, const Layers& layers) {
    return {data, {data.bytes.begin(), data.bytes.end()}, {layers.frames.begin(), layers.frames.end()}, layers};
}

SctpDirection::Stream& SctpDirection::stream(std::uint16_t id, Output& output) {
    const auto known = std::find_if(streams_.begin(), streams_.end(), [&](const Stream& each) { return each.id == id; });
    if (known != streams_.end()) return *known;
    if (streams_.size() >= kMaxStreams) {
        output.ended(streams_.front().flow);
        streams_.erase(streams_.begin());
    }
    return streams_.emplace_back(Stream{id, 0, from_start_, !from_start_, output.new_flow()});
}

void SctpDirection::data(const SctpData& data, const Layers& layers, Output& output) {
    used_ = true;
    const TsnWindow::Seen seen = seen_.add(data.tsn);
    if (seen == TsnWindow::Seen::kElsewhere) {
        end(output);
        used_ = true;
        seen_.add(data.tsn);
    } else if (seen == TsnWindow::Seen::kRepeated) {
        const FlowId flow = stream(data.stream, output).flow;
        for (const FrameRef frame : layers.frames) output.repeated(flow, frame, data.bytes);
        return;
    }
    if (data.beginning && data.ending) message(data, layers, output);
    else fragment(data, layers, output);
}

void SctpDirection::fragment(const SctpData& data, const Layers& layers, Output& output) {
    if (fragments_.size() >= kMaxFragments || pending_bytes_ + data.bytes.size() > kMaxPending) drop_fragments(output);
    fragments_.insert_or_assign(data.tsn, keep(data, layers));
    pending_bytes_ += data.bytes.size();

    auto first = fragments_.find(data.tsn);
    while (first != fragments_.end() && !first->second.data.beginning) first = fragments_.find(first->first - 1);
    if (first == fragments_.end()) return;
    std::uint32_t last = data.tsn;
    for (auto at = fragments_.find(last); !at->second.data.ending; at = fragments_.find(++last)) {
        if (fragments_.find(last + 1) == fragments_.end()) return;
    }
    Piece whole = std::move(first->second);
    const std::uint32_t begin = first->first;
    fragments_.erase(first);
    for (std::uint32_t tsn = begin + 1; tsn != last + 1; ++tsn) {
        const auto at = fragments_.find(tsn);
        const Piece& next = at->second;
        whole.bytes.insert(whole.bytes.end(), next.bytes.begin(), next.bytes.end());
        whole.frames.insert(whole.frames.end(), next.frames.begin(), next.frames.end());
        whole.layers.time_ns = std::max(whole.layers.time_ns, next.layers.time_ns);
        fragments_.erase(at);
    }
    pending_bytes_ -= whole.bytes.size();
    std::sort(whole.frames.begin(), whole.frames.end());
    whole.frames.erase(std::unique(whole.frames.begin(), whole.frames.end()), whole.frames.end());
    whole.layers.frames = whole.frames;
    whole.data.bytes = whole.bytes;
    message(whole.data, whole.layers, output);
}

void SctpDirection::message(const SctpData& data, const Layers& layers, Output& output) {
    Stream& own = stream(data.stream, output);
    const auto ahead = static_cast<std::int16_t>(data.sequence - own.next);
    if (!data.unordered && own.known && ahead > 0) {
        waiting_.push_back(keep(data, layers));
        pending_bytes_ += data.bytes.size();
        if (waiting_.size() > kMaxWaiting || pending_bytes_ > kMaxPending) skip_to(0, output);
        if (has_acknowledged_) acknowledged(acknowledged_, output);
        return;
    }
    hand_up(own, data, layers, output);
    if (!waiting_.empty()) release(output);
}

void SctpDirection::hand_up(Stream& stream, const SctpData& data, const Layers& layers, Output& output) {
    bool gap = false;
    if (!data.unordered) {
        gap = std::exchange(stream.gap, false);
        const auto ahead = static_cast<std::int16_t>(data.sequence - stream.next);
        if (stream.known && ahead < 0) {
            // Each message stands for itself, so one that is late is worth more than the order.
            output.account().count(layers.frame.file, Odd::kSctpLate);
            gap = true;
        } else {
            if (stream.known && ahead > 0) {
                output.account().gap(layers.frame.file);
                gap = true;
            }
            stream.next = static_cast<std::uint16_t>(data.sequence + 1);
            stream.known = true;
        }
    }
    const std::uint64_t word = static_cast<std::uint64_t>(layers.identification) << 32 | data.tsn;
    output.chunk(stream.flow, Transport::kSctp, layers, packet_key(layers, kProtocolSctp, word, data.bytes), data.bytes, gap);
}

/// Hands up what waits and whose turn it is.
void SctpDirection::release(Output& output) {
    const auto due = [&](const Piece& piece) {
        const Stream& own = stream(piece.data.stream, output);
        return !own.known || static_cast<std::int16_t>(piece.data.sequence - own.next) <= 0;
    };
    for (auto at = std::find_if(waiting_.begin(), waiting_.end(), due); at != waiting_.end();
         at = std::find_if(waiting_.begin(), waiting_.end(), due)) {
        skip_to(static_cast<std::size_t>(at - waiting_.begin()), output);
    }
}

/// Hands that one up, whatever may be missing before it.
void SctpDirection::skip_to(std::size_t waiting, Output& output) {
    Piece piece = std::move(waiting_[waiting]);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(waiting));
    pending_bytes_ -= piece.bytes.size();
    piece.layers.frames = piece.frames;
    piece.data.bytes = piece.bytes;
    hand_up(stream(piece.data.stream, output), piece.data, piece.layers, output);
}

void SctpDirection::acknowledged(std::uint32_t tsn, Output& output) {
    acknowledged_ = tsn;
    has_acknowledged_ = true;
    while (!waiting_.empty()) {
        // Of those that are acknowledged, the first in order: the others may be its successors.
        std::size_t best = waiting_.size();
        for (std::size_t i = 0; i < waiting_.size(); ++i) {
            if (static_cast<std::int32_t>(tsn - waiting_[i].data.tsn) < 0) continue;
            if (best == waiting_.size() || static_cast<std::int32_t>(waiting_[best].data.tsn - waiting_[i].data.tsn) > 0) best = i;
        }
        if (best == waiting_.size()) return;
        skip_to(best, output);
        release(output);
    }
}

void SctpDirection::give_up_holes(Output& output) {
    std::sort(waiting_.begin(), waiting_.end(), [](const Piece& a, const Piece& b) {
        return static_cast<std::int32_t>(a.data.tsn - b.data.tsn) < 0;
    });
    while (!waiting_.empty()) {
        skip_to(0, output);
        release(output);
    }
}

void SctpDirection::drop_fragments(Output& output) {
    if (fragments_.empty()) return;
    for (const auto& [tsn, piece] : fragments_) pending_bytes_ -= piece.bytes.size();
    output.account().count(fragments_.begin()->second.layers.frame.file, Odd::kSctpIncomplete);
    fragments_.clear();
}

void SctpDirection::end(Output& output) {
    give_up_holes(output);
    drop_fragments(output);
    for (const Stream& each : streams_) output.ended(each.flow);
    const std::uint32_t tag = tag_;
    *this = SctpDirection();
    tag_ = tag;
}

}  // namespace imspect::capture
