// The events of a capture, to be changed before an audit sees them. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "traces/bind/binder.h"
#include "traces/capture/reader.h"
#include "traces/decode/decoder.h"

namespace imspect::tests {

struct Recorded {
    std::vector<bind::Event> events;
    capture::CaptureSummary capture;
    decode::DecodeSummary decoded;
    bind::BindSummary bound;
};

/// Fails the test where the octets are no capture.
Recorded recorded(const std::string& pcap);

}  // namespace imspect::tests
