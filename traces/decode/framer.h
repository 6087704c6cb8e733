// Cuts one direction of a connection, or one datagram, into SIP and Diameter messages by content (RFC 3261, 18.3; RFC 6733, 3).
//
// At a message boundary the next octets are a Diameter header, a SIP start line, a keepalive, or junk; in junk the next start of
// either is looked for. A Content-Length that is not credible ends the message behind its head; one that swallows another
// message's start line ends it there. Invariant: never more than kMaxPending octets of payload are held, and `pending()` tells how much.
// Cost: amortised linear. Thread-safety: a framer belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traces/capture/chunk.h"

namespace imspect::decode {

constexpr std::size_t kMaxPending = 65536;

enum class Protocol : std::uint8_t { kSip, kDiameter };

/// One message as it was cut; `bytes` lives only during the call that brings it.
struct Framed {
    Protocol protocol = Protocol::kSip;
    std::string_view bytes;
    std::vector<capture::FrameRef> frames;  ///< ascending
    std::vector<capture::FrameRef> copies;  ///< that repeated some of its bytes while it was pending
    std::int64_t time_ns = 0;
    bool single_chunk = true;               ///< lies within the chunk that completed it
    std::string damage;                     ///< why it is not what its sender sent; empty: whole
};

/// What a framer tells: messages, and damage that is no message.
struct FramerOut {
    std::function<void(Framed&&)> message;
    std::function<void(const char* kind)> odd;
};

class Framer {
public:
    explicit Framer(capture::Transport transport) : transport_(transport) {}
    /// False: the chunk was part of no message.
    bool feed(const capture::Chunk& chunk, const FramerOut& out);
    /// Nothing more comes: what is pending is given out as far as it came.
    void end(const FramerOut& out);
    /// `frame` repeats `bytes`; false: nothing pending holds them.
    bool repeated(capture::FrameRef frame, std::string_view bytes);
    /// Octets held, what is noted of their frames included.
    [[nodiscard]] std::size_t pending() const { return buffer_.size() + pieces_.size() * (sizeof(Piece) + 32); }
    /// At a message boundary with nothing pending: a fresh framer would do as well.
    [[nodiscard]] bool idle() const { return buffer_.empty() && !scanning_; }

private:
    struct Piece {
        std::size_t end = 0;  ///< position in the buffer behind its octets
        std::vector<capture::FrameRef> frames;
        std::int64_t time_ns = 0;
    };
    struct Cut {
        std::size_t length = 0;  ///< 0: more is needed
        std::string damage;
    };

    void advance(const FramerOut& out);
    [[nodiscard]] std::size_t skip_keepalives(std::size_t at) const;
    [[nodiscard]] std::optional<Protocol> starting(std::string_view rest, bool& more) const;
    [[nodiscard]] Cut cut_sip(std::string_view rest);
    [[nodiscard]] bool know_body(std::string_view rest, Cut& cut);
    [[nodiscard]] std::size_t start_within(std::string_view rest);
    [[nodiscard]] Cut cut_diameter(std::string_view rest) const;
    void give(Protocol protocol, std::size_t at, const Cut& cut, const FramerOut& out);
    [[nodiscard]] std::size_t next_start(std::size_t from) const;
    [[nodiscard]] std::size_t tail_to_keep(std::size_t from) const;
    void drop(std::size_t count);

    /// What is known of the message at the front; positions from its first octet.
    struct Front {
        std::optional<Protocol> protocol;
        std::size_t head_searched = 0;  ///< for the end of the head
        std::size_t body_at = 0;        ///< 0: not known
        std::size_t body_searched = 0;  ///< for another message's start line
        std::size_t expected = 0;       ///< whole length
        bool body_may_hold_sip = false;
    };

    capture::Transport transport_;
    std::string buffer_;
    std::vector<Piece> pieces_;
    std::vector<capture::FrameRef> copies_;
    Front front_;
    bool scanning_ = false;  ///< not at a message boundary
    bool ending_ = false;
    bool gave_ = false;
};

/// One datagram holds at most one message; few octets of junk before it are tolerated. False: it holds none.
bool frame_datagram(const capture::Chunk& chunk, const FramerOut& out);

/// Whether the two share a run of octets as two segments over the same stretch of a stream do.
[[nodiscard]] bool overlap(std::string_view a, std::string_view b);

}  // namespace imspect::decode
