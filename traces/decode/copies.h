// Holds messages back for kCopyWindowNs of capture time and lets copies of them join (other taps, a tunnel's inside and outside).
//
// A copy has the bytes and endpoints of a held message and either the same IP packet (packet_key), or another interface, tunnel
// depth or protection; where packets can't be told apart, time alone decides, since no SIP timer is as short as the window. Of equal messages held the
// latest is looked at (and the one of the same packet), so that a flood of equal ones costs no more.
// What a connection delivers twice is no copy: TCP and SCTP take repetitions out themselves. Invariant: messages leave in the order
// in which they came; at most kMaxHeld of them, and kMaxHeldBytes, are held. Cost: constant a message plus its bytes.
// Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "traces/decode/decoder.h"

namespace imspect::decode {

/// What tells a copy from a retransmission.
struct Origin {
    capture::FlowId flow = 0;
    std::uint64_t packet_key = 0;
    std::uint32_t interface = 0;
    std::uint32_t esp_spi = 0;
    std::uint8_t tunnel_depth = 0;
};

class CopyWindow {
public:
    static constexpr std::size_t kMaxHeld = 8192;
    static constexpr std::size_t kMaxHeldBytes = std::size_t{32} << 20;

    using Out = std::function<void(Message&&, capture::FlowId)>;
    explicit CopyWindow(Out out) : out_(std::move(out)) {}

    /// Gives out what no copy can join any more at `now`.
    void expire(std::int64_t now);
    /// True: `message` (its content is not looked at) was a copy and has joined.
    bool absorb(const Message& message, const Origin& origin, std::string_view bytes);
    void hold(Message&& message, const Origin& origin, std::string_view bytes);
    /// A frame that repeats bytes of a connection joins the held messages that they belong to. How many.
    std::size_t repeated(capture::FlowId flow, capture::FrameRef frame, std::string_view bytes);
    void flush();

private:
    struct Held {
        Message message;
        Origin origin;
        std::string bytes;
    };
    /// The latest held message with these bytes and endpoints, and that IP packet; 0 stands for any packet.
    [[nodiscard]] static std::uint64_t key_of(const Message& message, std::uint64_t packet_key);
    Held* find(const Message& message, std::uint64_t packet_key, std::string_view bytes);
    void give_front();

    Out out_;
    std::deque<Held> held_;
    std::uint64_t first_ = 0;  ///< running number of held_.front()
    std::size_t bytes_ = 0;
    std::unordered_map<std::uint64_t, std::uint64_t> latest_;  ///< key_of to running number
};

}  // namespace imspect::decode
