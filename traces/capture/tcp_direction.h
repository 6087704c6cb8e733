// One direction of a TCP connection: puts its segments in order and tells new bytes from known ones.
//
// RFC 9293 3.4, 3.10. Bytes are handed up once, in order. A segment that comes early is held until the hole before it is filled, the other
// side acknowledges past the hole (then the capture has lost it), too much is held, or the owner's patience ends. A direction that is
// met in mid-stream starts where the other side's acknowledgement says, or else holds its first segments for a moment, since the
// first to be seen need not be the first in order. Memory: kMaxHeld bytes. Thread-safety: one thread.
#pragma once

#include <memory>
#include <vector>

#include "traces/capture/output.h"

namespace imspect::capture {

struct TcpSegment {
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    bool syn = false, ack = false, fin = false, rst = false;
    Bytes payload;
};

class TcpDirection {
public:
    static constexpr std::size_t kMaxHeld = 256u << 10;
    static constexpr std::size_t kMaxHeldSegments = 256;
    static constexpr std::size_t kJoinSegments = 4;   ///< held before a stream is joined without word of the other side
    static constexpr std::int32_t kPlausible = 64 << 20;  ///< no window is that large: such a jump is another connection

    /// The initial sequence number was seen: the stream is known from its first byte.
    void start(std::uint32_t first, Output& output);
    [[nodiscard]] bool starts_at(std::uint32_t first) const { return started_ && base_ == first; }
    void data(const TcpSegment& segment, const Layers& layers, Output& output);
    void fin(std::uint32_t at, Output& output);
    /// The other side has everything before `acknowledged`.
    void acknowledged(std::uint32_t acknowledged, Output& output);
    /// What is held is handed up, with the holes it has.
    void give_up_holes(Output& output);
    /// The same, and the flow is told to have ended.
    void end(Output& output);

    [[nodiscard]] bool active() const { return flow_ != 0 || held_ != nullptr || started_; }
    [[nodiscard]] bool started() const { return started_; }
    [[nodiscard]] bool holds() const { return held_ != nullptr; }
    [[nodiscard]] std::size_t held_bytes() const { return held_ ? held_->bytes : 0; }
    [[nodiscard]] std::int64_t holds_since() const { return held_ ? held_->since_ns : 0; }

private:
    struct Segment {
        std::uint32_t sequence = 0;
        std::vector<std::uint8_t> bytes;
        Layers layers;                 ///< but for its frames
        std::vector<FrameRef> frames;
        std::vector<FrameRef> copies;  ///< brought nothing else
    };
    struct Held {
        std::vector<Segment> segments;  ///< in order of the stream
        std::size_t bytes = 0;
        std::int64_t since_ns = 0;
    };

    void hold(const TcpSegment& segment, const Layers& layers, Output& output);
    void join(Output& output);
    void begin_at(std::uint32_t first, bool joined);
    void release(Output& output);
    void decide_holes(Output& output);
    void give_up_first_hole(Output& output);
    void accept(std::uint32_t sequence, Bytes bytes, const Layers& layers, Output& output);
    void known_bytes(std::uint32_t sequence, Bytes bytes, std::span<const FrameRef> frames, Output& output);
    void check_fin(Output& output);
    void restart();

    FlowId flow_ = 0;                  ///< 0: nothing handed up yet
    std::uint32_t base_ = 0;           ///< first byte known
    std::uint32_t next_ = 0;           ///< first byte not handed up
    std::uint32_t acknowledged_ = 0;
    std::uint32_t fin_ = 0;
    std::uint32_t lost_begin_ = 0;     ///< the last hole
    std::uint32_t lost_end_ = 0;
    bool started_ = false, has_acknowledged_ = false, has_fin_ = false, ended_ = false, gap_ = false;
    std::unique_ptr<Held> held_;       ///< null while nothing is: a table of quiet connections stays small
};

}  // namespace imspect::capture
