// What is added to the time stamps of each capture of an audit: as --clock says, else as the captures themselves show.
//
// Several captures are read twice, once to compare their clocks (traces/bind/clock_offsets.h); standard input can't be.
// Errors: a --clock that names no capture or no offset. Thread-safety: as capture::read_captures.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/result.h"
#include "traces/bind/clock_offsets.h"

namespace imspect::cli {

struct Clock {
    std::int64_t add_ns = 0;
    std::string note;  ///< for the answer; empty: nothing to say
};

/// FILE=OFFSET such as gm.pcap=-1.5s, with the FILE as it is among the captures. By capture; nothing for those not named.
[[nodiscard]] Result<std::vector<std::optional<std::int64_t>>> read_clocks(const std::vector<std::string>& options, const std::vector<std::string>& captures);

struct Clocks {
    std::vector<Clock> of;      ///< by capture
    bind::ClockDoubts doubts;   ///< what may still be wrong
};

/// `go_on` is asked now and then whether to go on; where it says no, what is known by then has to do.
[[nodiscard]] Result<Clocks> clocks_of(const std::vector<std::string>& captures, const std::vector<std::optional<std::int64_t>>& given,
                                                   const std::function<bool(std::uint64_t bytes, std::uint64_t total)>& go_on);

}  // namespace imspect::cli
