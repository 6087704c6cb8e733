// TCP: finds the connection of a segment and lets its two directions know what they need of each other.
//
// A connection that only opens (SYN, no data) costs one small entry of a table of its own, so that a flood of them pushes no
// connection out that carries data. Both tables are bounded, as is what all directions hold together; time is the capture's.
// A connection opened anew on the same ports gets new flows. Thread-safety: one thread.
#pragma once

#include <deque>

#include "traces/capture/recent_map.h"
#include "traces/capture/flow_key.h"
#include "traces/capture/tcp_direction.h"

namespace imspect::capture {

class TcpStreams {
public:
    static constexpr std::size_t kMaxConnections = 1 << 18;
    static constexpr std::size_t kMaxOpening = 1 << 16;
    static constexpr std::size_t kMaxHeldInAll = 32u << 20;
    static constexpr std::int64_t kHolePatienceNs = 3'000'000'000;   ///< longer than the first retransmission takes
    static constexpr std::int64_t kJoinPatienceNs = 100'000'000;
    static constexpr std::int64_t kIdleNs = 2 * 3600 * 1'000'000'000LL;

    explicit TcpStreams(Output& output) : output_(output) {}
    /// `bytes`: the TCP header and what follows; `layers` has the addresses.
    void segment(Layers& layers, Bytes bytes);
    /// Time has come to `now_ns`: what waits too long is decided. Cheap where nothing waits.
    void advance(std::int64_t now_ns);
    void finish();

private:
    struct Connection {
        TcpDirection directions[2];  ///< [0]: from the endpoint that sorts first
        bool timed[2] = {false, false};  ///< a timer waits for it
        std::int64_t last_ns = 0;
        [[nodiscard]] std::size_t held() const { return directions[0].held_bytes() + directions[1].held_bytes(); }
    };
    /// Keeps held_ right over whatever is done to a connection.
    struct Measured {
        TcpStreams& streams;
        Connection& connection;
        std::size_t before = connection.held();
        ~Measured() { streams.held_ = streams.held_ - before + connection.held(); }
    };
    struct Opening {
        std::uint32_t first[2] = {0, 0};
        bool known[2] = {false, false};
    };
    struct Timer {
        std::int64_t at_ns = 0;
        FlowKey key;
        int side = 0;
    };

    Connection* find(const FlowKey& key, const TcpSegment& segment, int side);
    void handshake(Connection& connection, const TcpSegment& segment, int side);
    void opening(const FlowKey& key, const TcpSegment& segment, int side);
    void watch(const FlowKey& key, int side, Connection& connection, std::int64_t now_ns);
    void expire(std::deque<Timer>& timers, std::int64_t now_ns, bool joins);
    void close(Connection& connection);
    void let_go_of_oldest();

    Output& output_;
    RecentMap<FlowKey, Connection, FlowKeyHash> connections_;
    RecentMap<FlowKey, Opening, FlowKeyHash> opening_;
    std::deque<Timer> joins_;
    std::deque<Timer> holes_;
    std::size_t held_ = 0;
};

}  // namespace imspect::capture
