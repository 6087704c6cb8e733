// SCTP: takes packets apart into chunks and finds the association that each belongs to.
//
// RFC 9260 3. An association is known by its addresses and ports; another verification tag means another association. INIT and INIT ACK start the streams,
// SACK tells what was lost, ABORT and SHUTDOWN COMPLETE end them. With several addresses a side each path is an association of its own.
// The table is bounded, as is what all associations hold together. Thread-safety: one thread.
#pragma once

#include <deque>

#include "traces/capture/flow_key.h"
#include "traces/capture/recent_map.h"
#include "traces/capture/sctp_direction.h"

namespace imspect::capture {

class SctpAssociations {
public:
    static constexpr std::size_t kMaxDirections = 1 << 16;
    static constexpr std::size_t kMaxPendingInAll = 32u << 20;
    static constexpr std::int64_t kHolePatienceNs = 3'000'000'000;

    explicit SctpAssociations(Output& output) : output_(output) {}
    /// `bytes`: the common header and what follows; `layers` has the addresses.
    void packet(Layers& layers, Bytes bytes);
    void advance(std::int64_t now_ns);
    void finish();

private:
    struct Entry {
        SctpDirection direction;
        bool timed = false;
    };
    struct Timer {
        std::int64_t at_ns = 0;
        FlowKey key;
    };

    void chunk(std::uint8_t type, std::uint8_t flags, Bytes value, std::uint32_t tag, const Layers& layers);
    void data(std::uint8_t flags, Bytes value, std::uint32_t tag, const Layers& layers);
    void initiated(const Layers& layers);
    void ended(const FlowKey& key);
    Entry& direction(const FlowKey& key);
    template <typename Change>
    void measured(Entry& entry, const Change& change);

    Output& output_;
    RecentMap<FlowKey, Entry, FlowKeyHash> directions_;
    std::deque<Timer> timers_;
    std::size_t pending_ = 0;
};

}  // namespace imspect::capture
