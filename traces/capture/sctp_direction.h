// One direction of an SCTP association: user messages out of DATA chunks, each once, those of a stream in order.
//
// RFC 9260 6.5, 6.6, 6.9. Every stream is a flow of its own. Fragments of a message have consecutive TSNs. An ordered message that comes early waits until
// those before it have come, the other side acknowledges past them (then the capture has lost them), too many wait, or
// the owner's patience ends. Memory: kMaxPending bytes. Thread-safety: one thread.
#pragma once

#include <map>
#include <vector>

#include "traces/capture/output.h"
#include "traces/capture/tsn_window.h"

namespace imspect::capture {

struct SctpData {
    std::uint32_t tsn = 0;
    std::uint16_t stream = 0;
    std::uint16_t sequence = 0;
    bool unordered = false, beginning = false, ending = false;
    Bytes bytes;
};

class SctpDirection {
public:
    static constexpr std::size_t kMaxPending = 1u << 20;
    static constexpr std::size_t kMaxFragments = 1024;
    static constexpr std::size_t kMaxWaiting = 64;
    static constexpr std::size_t kMaxStreams = 1024;

    /// The association's start was seen: its streams begin at 0.
    void start(Output& output);
    [[nodiscard]] std::uint32_t tag() const { return tag_; }
    void set_tag(std::uint32_t tag) { tag_ = tag; }
    [[nodiscard]] bool used() const { return used_; }
    void data(const SctpData& data, const Layers& layers, Output& output);
    /// The other side has everything up to `tsn`.
    void acknowledged(std::uint32_t tsn, Output& output);
    void give_up_holes(Output& output);
    void end(Output& output);
    [[nodiscard]] bool waits() const { return !waiting_.empty(); }
    [[nodiscard]] std::int64_t waits_since() const { return waiting_.front().layers.time_ns; }
    [[nodiscard]] std::size_t pending_bytes() const { return pending_bytes_; }
    void drop_fragments(Output& output);

private:
    struct Stream {
        std::uint16_t id = 0;
        std::uint16_t next = 0;    ///< sequence number of the ordered message that comes next
        bool known = false;        ///< where the stream stands
        bool gap = false;
        FlowId flow = 0;
    };
    /// A fragment, or a whole message that waits for its turn.
    struct Piece {
        SctpData data;             ///< but for its bytes
        std::vector<std::uint8_t> bytes;
        std::vector<FrameRef> frames;
        Layers layers;             ///< but for its frames
    };

    Stream& stream(std::uint16_t id, Output& output);
    void fragment(const SctpData& data, const Layers& layers, Output& output);
    void message(const SctpData& data, const Layers& layers, Output& output);
    void hand_up(Stream& stream, const SctpData& data, const Layers& layers, Output& output);
    void release(Output& output);
    void skip_to(std::size_t waiting, Output& output);
    static Piece keep(const SctpData& data, const Layers& layers);

    TsnWindow seen_;
    std::vector<Stream> streams_;
    std::map<std::uint32_t, Piece> fragments_;
    std::vector<Piece> waiting_;   ///< in order of arrival
    std::size_t pending_bytes_ = 0;
    std::uint32_t tag_ = 0;
    std::uint32_t acknowledged_ = 0;
    bool has_acknowledged_ = false, from_start_ = false, used_ = false;
};

}  // namespace imspect::capture
