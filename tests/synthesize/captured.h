// A run synthesised and read back through the readers of captures, for the tests of traces/synthesize.
#pragma once

#include <string>
#include <vector>

#include "traces/capture/reader.h"
#include "traces/decode/decoder.h"
#include "traces/synthesize/synthesize.h"

namespace imspect::tests {

struct Captured {
    synthesize::Synthesised made;
    capture::CaptureSummary read;
    std::vector<decode::Message> messages;  ///< as decoded, in the order of their frames
    decode::DecodeSummary decoded;

    [[nodiscard]] std::vector<std::string> names_made() const;  ///< "REGISTER", "401", "MAR", ... as written
    [[nodiscard]] std::vector<std::string> names_read() const;
};

/// A random run of a shipped scenario under these readings.
[[nodiscard]] Captured captured(const std::string& scenario, std::uint64_t seed, const std::vector<std::string>& readings = {},
                                synthesize::Options options = {}, std::uint64_t steps = 200);
/// The run that takes these rules, named with their arguments; settled: and what follows by itself.
[[nodiscard]] Captured captured_run(const std::string& scenario, const std::vector<std::string>& rules, bool settled = false);

[[nodiscard]] const decode::SipMessage* sip_of(const decode::Message& message);
[[nodiscard]] const decode::DiameterMessage* diameter_of(const decode::Message& message);
[[nodiscard]] std::string name_of(const decode::Message& message);

}  // namespace imspect::tests
