#include "traces/capture/tcp_direction.h"

#include <algorithm>
#include <utility>

#include "traces/capture/ip.h"

namespace imspect::capture {

namespace {

/// How far b lies behind a, in the arithmetic of sequence numbers.
std::int32_t distance(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(b - a); }

std::uint32_t end_of(std::uint32_t sequence, std::size_t size) { return sequence + static_cast<std::uint32_t>(size); }

}  // namespace

void TcpDirection::begin_at(std::uint32_t first, bool joined) {
    base_ = next_ = first;
    lost_begin_ = lost_end_ = first;
    started_ = true;
    ended_ = false;
    gap_ = joined;
}

/// What follows is another stream; what is held belongs to it.
void TcpDirection::restart() {
    flow_ = 0;
    started_ = has_acknowledged_ = has_fin_ = ended_ = gap_ = false;
}

void TcpDirection::start(std::uint32_t first, Output& output) {
    if (started_) end(output);
    restart();
    begin_at(first, false);
    release(output);
}

void TcpDirection::data(const TcpSegment& segment, const Layers& layers, Output& output) {
    const Bytes bytes = segment.payload;
    if (started_) {
        const std::int32_t ahead = distance(next_, segment.sequence);
        const bool beyond = distance(next_, end_of(segment.sequence, bytes.size())) > 0;
        const bool elsewhere = ahead > kPlausible || ahead < -kPlausible;
        if (elsewhere || (ended_ && beyond)) {
            end(output);
            restart();
        }
    }
    if (!started_) {
        if (!has_acknowledged_) {
            hold(segment, layers, output);
            if (held_ && held_->segments.size() >= kJoinSegments) join(output);
            return;
        }
        const std::int32_t ahead = distance(acknowledged_, segment.sequence);
        begin_at(ahead > 0 && ahead < kPlausible ? acknowledged_ : segment.sequence, true);
    }
    if (distance(next_, segment.sequence) > 0) {
        hold(segment, layers, output);
        decide_holes(output);
        return;
    }
    accept(segment.sequence, bytes, layers, output);
    release(output);
}

/// `sequence` is not beyond next_.
void TcpDirection::accept(std::uint32_t sequence, Bytes bytes, const Layers& layers, Output& output) {
    const auto known = static_cast<std::size_t>(distance(sequence, next_));
    if (known >= bytes.size()) {
        known_bytes(sequence, bytes, layers.frames, output);
        return;
    }
    if (flow_ == 0) flow_ = output.new_flow();
    next_ = end_of(sequence, bytes.size());
    const bool gap = std::exchange(gap_, false);
    const std::uint64_t key = packet_key(layers, kProtocolTcp, sequence, bytes);
    output.chunk(flow_, Transport::kTcp, layers, key, bytes.subspan(known), gap);
}

void TcpDirection::known_bytes(std::uint32_t sequence, Bytes bytes, std::span<const FrameRef> frames, Output& output) {
    const bool lost = distance(lost_begin_, sequence) >= 0 && distance(end_of(sequence, bytes.size()), lost_end_) >= 0;
    if (distance(base_, sequence) < 0) {
        output.account().count(frames.front().file, Odd::kTcpBeforeJoin);
    } else if (lost && lost_begin_ != lost_end_) {
        output.account().count(frames.front().file, Odd::kTcpLate);
    } else if (flow_ != 0) {
        const bool keep_alive = bytes.size() == 1 && end_of(sequence, 1) == next_;
        for (const FrameRef frame : frames) {
            if (!keep_alive) output.repeated(flow_, frame, bytes);
        }
    }
}

void TcpDirection::hold(const TcpSegment& segment, const Layers& layers, Output& output) {
    if (!held_) {
        held_ = std::make_unique<Held>();
        held_->since_ns = layers.time_ns;
    }
    std::vector<Segment>& segments = held_->segments;
    // Order is relative to some segment of the stream, since sequence numbers wrap.
    const std::uint32_t origin = started_ || segments.empty() ? next_ : segments.front().sequence;
    const auto at = std::find_if(segments.begin(), segments.end(), [&](const Segment& other) {
        return distance(origin, segment.sequence) <= distance(origin, other.sequence);
    });
    if (at != segments.end() && at->sequence == segment.sequence && at->bytes.size() >= segment.payload.size()) {
        at->copies.insert(at->copies.end(), layers.frames.begin(), layers.frames.end());
        return;
    }
    Segment held{segment.sequence, {segment.payload.begin(), segment.payload.end()}, layers,
                 {layers.frames.begin(), layers.frames.end()}, {}};
    held_->bytes += held.bytes.size();
    segments.insert(at, std::move(held));
    if (started_ && (held_->bytes > kMaxHeld || segments.size() > kMaxHeldSegments)) give_up_first_hole(output);
}

/// Hands up what is held and has no hole before it any more.
void TcpDirection::release(Output& output) {
    std::size_t done = 0;
    while (held_ && done < held_->segments.size() && distance(next_, held_->segments[done].sequence) <= 0) {
        Segment& segment = held_->segments[done++];
        segment.layers.frames = segment.frames;
        accept(segment.sequence, segment.bytes, segment.layers, output);
        if (!segment.copies.empty()) known_bytes(segment.sequence, segment.bytes, segment.copies, output);
        held_->bytes -= segment.bytes.size();
    }
    if (held_) {
        held_->segments.erase(held_->segments.begin(), held_->segments.begin() + static_cast<std::ptrdiff_t>(done));
        if (held_->segments.empty()) held_.reset();
        else if (done > 0) held_->since_ns = held_->segments.front().layers.time_ns;
    }
    check_fin(output);
}

void TcpDirection::join(Output& output) {
    if (started_ || !held_) return;
    begin_at(held_->segments.front().sequence, true);
    release(output);
}

void TcpDirection::give_up_first_hole(Output& output) {
    if (!held_) return;
    const Segment& first = held_->segments.front();
    output.account().gap(first.frames.front().file);
    lost_begin_ = next_;
    lost_end_ = next_ = first.sequence;
    gap_ = true;
    release(output);
}

void TcpDirection::decide_holes(Output& output) {
    while (held_ && started_ && has_acknowledged_ && distance(held_->segments.front().sequence, acknowledged_) >= 0) {
        give_up_first_hole(output);
    }
}

void TcpDirection::acknowledged(std::uint32_t acknowledged, Output& output) {
    if (has_acknowledged_ && distance(acknowledged_, acknowledged) <= 0) {
        if (distance(acknowledged_, acknowledged) > -kPlausible) return;
    }
    acknowledged_ = acknowledged;
    has_acknowledged_ = true;
    if (!started_) join(output);
    decide_holes(output);
}

void TcpDirection::fin(std::uint32_t at, Output& output) {
    if (!active() || ended_) return;
    has_fin_ = true;
    fin_ = at;
    check_fin(output);
}

void TcpDirection::check_fin(Output& output) {
    if (has_fin_ && started_ && !ended_ && distance(next_, fin_) <= 0) end(output);
}

void TcpDirection::give_up_holes(Output& output) {
    join(output);
    while (held_) give_up_first_hole(output);
}

void TcpDirection::end(Output& output) {
    if (ended_) return;
    give_up_holes(output);
    if (ended_) return;  // the last hole had the FIN behind it
    ended_ = true;
    if (flow_ != 0) output.ended(flow_);
}

}  // namespace imspect::capture
