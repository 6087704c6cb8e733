// A run of the model as a capture: real SIP and Diameter with correct AKA values, in a pcap file.
//
// What was sent is shown as it was sent; what the network lost is lost behind the tap. With captures by host there is one taken on every
// host besides, and what was lost is in its sender's alone. The same run and seed give the same
// octets everywhere. Errors: a model that is not that of TS 33.203, a run that is not one of its runs.
// Cost: one replay of the run, then linear in its messages. Thread-safety: pure, but for the system's pool of expressions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"
#include "traces/capture/chunk.h"
#include "traces/synthesize/credentials.h"
#include "traces/synthesize/run.h"

namespace imspect::synthesize {

struct Options {
    std::uint64_t seed = 1;         ///< of keys, identifiers and pace
    capture::Transport cx = capture::Transport::kTcp;
    bool by_host = false;           ///< one capture a host besides
    bool at_rest = false;           ///< the run ends at rest: a Diameter watchdog long after shows that nothing more came
};

/// A message of the run that is in the capture.
struct Shown {
    std::size_t message = 0;        ///< number in Run::messages
    std::string name;               ///< "REGISTER", "401", "MAR", ...
    std::int64_t time_ns = 0;
    std::uint64_t first_frame = 0;  ///< counted from 1
};

/// What was captured on one host.
struct HostCapture {
    std::string name;     ///< "ue1", "pcscf", "icscf", "scscf1", "hss"
    std::string address;  ///< "10.0.1.1"
    std::string pcap;
};

struct Synthesised {
    std::string pcap;
    std::uint64_t frames = 0;
    Run run;
    std::vector<Shown> shown;       ///< in the order of the capture
    std::vector<Subscriber> subscribers;
    std::vector<HostCapture> by_host;
    std::size_t untimely = 0;       ///< constraints of time that the run itself contradicts
};

[[nodiscard]] Result<Synthesised> synthesize(const ir::GroundSystem& ground, std::span<const std::uint32_t> rules, const Options& options);

}  // namespace imspect::synthesize
