// Captures that were taken on the hosts themselves: what left one and did not arrive at the other.
//
// An option says on which host (address) a capture was taken. Where both ends of a message have such a capture, a message that the
// receiver's does not show while it was running was lost, and one that it shows was not: the audit need not guess. Where one end has
// none, the message says nothing. Repetitions count as one message, so it arrived if one of them did.
// Invariant: `lost` is said only of a time that a capture of the receiver certainly covers. Cost: linear in the frames of an event.
// Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "traces/bind/event.h"

namespace imspect::conform {

struct TakenAt {
    std::uint32_t capture = 0;  ///< in the order of the command line, from 0
    capture::Address host;
};

class Hosts {
public:
    explicit Hosts(const std::vector<TakenAt>& taken);
    [[nodiscard]] bool any() const { return !captures_of_.empty(); }
    /// Says in the event what its frames tell; needs its message.
    void look(bind::Event& event);
    /// From when to when a capture ran; what events have shown of it is known without.
    void ran(std::uint32_t capture, std::int64_t first_ns, std::int64_t last_ns);
    /// A capture that ran lost packets: that it does not show a message means nothing.
    void distrust(std::uint32_t capture);
    /// Both ends captured, and whether it arrived is certain.
    [[nodiscard]] bool certain(const bind::Event& event) const { return event.both_ends && (!event.missing_at || lost(event)); }
    [[nodiscard]] bool lost(const bind::Event& event) const;

private:
    struct Span {
        std::int64_t first_ns = 0, last_ns = 0;
        bool trusted = true;
    };
    std::map<capture::Address, std::vector<std::uint32_t>> captures_of_;
    std::map<std::uint32_t, Span> spans_;
};

}  // namespace imspect::conform
