// Reads captures: pcap and pcapng, of any link type we know, gzip or plain, from a file or standard input, as chunks of payload.
//
// Files enter here and nowhere else; everything behind works on spans. One bad packet never stops a capture: it is counted
// under what was wrong with it. A file that is no capture at all, or cannot be opened, is an Error (exit status 2).
// Several captures are read one after the other, or merged by time where `read_captures` is given more than one.
// Cost: one pass, memory bounded by the limits below whatever the length of the capture. Thread-safety: one thread a call.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/result.h"
#include "traces/capture/chunk.h"

namespace imspect::capture {

struct TakenAt {
    std::string host;             ///< its address
    std::uint64_t messages = 0;   ///< from it and to it in this capture
};

struct CaptureSummary {
    std::string file;
    std::string kind;                        ///< "pcap", "pcapng"
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;                 ///< of the file, as read
    std::int64_t first_ns = 0;
    std::int64_t last_ns = 0;
    std::uint64_t dropped = 0;               ///< packets the capture itself says it lost (pcapng statistics)
    std::uint64_t gaps = 0;                  ///< holes in TCP or SCTP streams
    std::map<std::string, std::uint64_t> odd; ///< what was not understood, by kind: "truncated packet", "unknown link type 147", ...
    std::map<std::string, std::uint64_t> other_traffic;  ///< packets of protocols that carry no signalling: "ARP", "ICMP", ...
    std::int64_t clock_offset_ns = 0;        ///< added to the file's time stamps; first_ns and last_ns have it
    std::vector<TakenAt> taken_at;           ///< the hosts on which it was taken, where somebody said so; never by the reader
    std::string clock;                       ///< where that comes from, and doubts about it; empty: nothing to say
    std::string ended;                       ///< empty: read to its end; else "truncated at byte N", "damaged block at byte N"
};

/// `bytes` is the position in the file, `total` its size or 0 where it is not known (standard input). False: stop here.
using Progress = std::function<bool(std::uint64_t bytes, std::uint64_t total)>;

/// "-" is standard input. `add_ns`: to the time stamps of each file; empty: nothing to any.
Result<std::vector<CaptureSummary>> read_captures(const std::vector<std::string>& files, Sink& sink, const Progress& progress = {},
                                                  const std::vector<std::int64_t>& add_ns = {});

/// The same for bytes already in memory: tests and fuzzers.
Result<CaptureSummary> read_bytes(std::span<const std::uint8_t> bytes, std::string name, Sink& sink);

}  // namespace imspect::capture
