#include "traces/capture/tcp_streams.h"

#include <optional>
#include <utility>

namespace imspect::capture {

namespace {

std::optional<TcpSegment> parse(Layers& layers, Bytes bytes, Account& account) {
    constexpr std::size_t kHeader = 20;
    if (bytes.size() < kHeader) {
        account.count(layers.frame.file, Odd::kShortTransport);
        return std::nullopt;
    }
    const std::size_t header = (bytes[12] >> 4) * 4u;
    if (header < kHeader || header > bytes.size()) {
        account.count(layers.frame.file, header < kHeader ? Odd::kTcpHeader : Odd::kShortTransport);
        return std::nullopt;
    }
    layers.from.port = be16(bytes, 0);
    layers.to.port = be16(bytes, 2);
    TcpSegment segment;
    segment.sequence = be32(bytes, 4);
    segment.acknowledgement = be32(bytes, 8);
    const std::uint8_t flags = bytes[13];
    segment.fin = (flags & 0x01) != 0;
    segment.syn = (flags & 0x02) != 0;
    segment.rst = (flags & 0x04) != 0;
    segment.ack = (flags & 0x10) != 0;
    segment.payload = bytes.subspan(header);
    return segment;
}

}  // namespace

void TcpStreams::segment(Layers& layers, Bytes bytes) {
    std::optional<TcpSegment> segment = parse(layers, bytes, output_.account());
    if (!segment) return;
    const int side = layers.from < layers.to ? 0 : 1;
    const FlowKey key = side == 0 ? flow_key(layers.from, layers.to) : flow_key(layers.to, layers.from);

    Connection* connection = find(key, *segment, side);
    if (connection == nullptr) {
        opening(key, *segment, side);
        return;
    }
    connection->last_ns = layers.time_ns;
    const Measured measured{*this, *connection};
    if (segment->syn) {
        handshake(*connection, *segment, side);
        ++segment->sequence;  // the SYN itself is numbered
    }
    TcpDirection& own = connection->directions[side];
    TcpDirection& other = connection->directions[1 - side];
    if (segment->ack && !segment->rst) other.acknowledged(segment->acknowledgement, output_);
    if (!segment->payload.empty() && !segment->rst) own.data(*segment, layers, output_);
    if (segment->fin) own.fin(segment->sequence + static_cast<std::uint32_t>(segment->payload.size()), output_);
    if (segment->rst) close(*connection);
    watch(key, side, *connection, layers.time_ns);
}

/// Null: not known, and nothing in the segment makes it worth knowing.
TcpStreams::Connection* TcpStreams::find(const FlowKey& key, const TcpSegment& segment, int side) {
    if (Connection* known = connections_.find(key)) return known;
    if (segment.payload.empty() || segment.rst) return nullptr;
    if (connections_.size() >= kMaxConnections) {
        let_go_of_oldest();
    }
    Connection& connection = connections_.emplace(key, Connection{});
    if (const Opening* opened = opening_.peek(key)) {
        for (int each = 0; each < 2; ++each) {
            if (opened->known[each]) connection.directions[each].start(opened->first[each], output_);
        }
        opening_.erase(key);
    }
    if (segment.syn) connection.directions[side].start(segment.sequence + 1, output_);
    return &connection;
}

void TcpStreams::opening(const FlowKey& key, const TcpSegment& segment, int side) {
    if (segment.rst) opening_.erase(key);
    if (!segment.syn || segment.rst) return;
    Opening* opening = opening_.find(key);
    if (opening == nullptr) {
        if (opening_.size() >= kMaxOpening) opening_.erase_oldest();
        opening = &opening_.emplace(key, Opening{});
    }
    // A SYN with another number is another connection: what the answer to the first one was is void.
    const std::uint32_t first = segment.sequence + 1;
    if (!segment.ack && opening->known[side] && opening->first[side] != first) opening->known[1 - side] = false;
    opening->first[side] = first;
    opening->known[side] = true;
}

/// A SYN on a connection that is known: a copy of the one it began with, or a new connection on the same ports.
void TcpStreams::handshake(Connection& connection, const TcpSegment& segment, int side) {
    const std::uint32_t first = segment.sequence + 1;
    TcpDirection& own = connection.directions[side];
    if (own.starts_at(first)) return;
    if (!segment.ack && own.started()) {
        close(connection);
        connection.directions[1 - side] = TcpDirection();
    }
    own.start(first, output_);
}

void TcpStreams::watch(const FlowKey& key, int side, Connection& connection, std::int64_t now_ns) {
    TcpDirection& direction = connection.directions[side];
    if (!direction.holds()) return;
    if (held_ > kMaxHeldInAll) {
        direction.give_up_holes(output_);
        return;
    }
    if (std::exchange(connection.timed[side], true)) return;
    if (direction.started()) holes_.push_back({now_ns + kHolePatienceNs, key, side});
    else joins_.push_back({now_ns + kJoinPatienceNs, key, side});
}

void TcpStreams::expire(std::deque<Timer>& timers, std::int64_t now_ns, bool joins) {
    const std::int64_t patience = joins ? kJoinPatienceNs : kHolePatienceNs;
    while (!timers.empty() && timers.front().at_ns <= now_ns) {
        Timer timer = timers.front();
        timers.pop_front();
        Connection* connection = connections_.peek(timer.key);
        if (connection == nullptr) continue;
        TcpDirection& direction = connection->directions[timer.side];
        connection->timed[timer.side] = false;
        if (!direction.holds()) continue;
        if (direction.holds_since() + patience > now_ns) {
            watch(timer.key, timer.side, *connection, now_ns);
            continue;
        }
        const Measured measured{*this, *connection};
        direction.give_up_holes(output_);
    }
}

void TcpStreams::advance(std::int64_t now_ns) {
    expire(joins_, now_ns, true);
    expire(holes_, now_ns, false);
    while (connections_.oldest() != nullptr && connections_.oldest()->value.last_ns < now_ns - kIdleNs) {
        let_go_of_oldest();
    }
}

void TcpStreams::close(Connection& connection) {
    for (TcpDirection& direction : connection.directions) direction.end(output_);
}

void TcpStreams::let_go_of_oldest() {
    {
        Connection& connection = connections_.oldest()->value;
        const Measured measured{*this, connection};
        close(connection);
    }
    connections_.erase_oldest();
}

void TcpStreams::finish() {
    while (connections_.oldest() != nullptr) let_go_of_oldest();
}

}  // namespace imspect::capture
