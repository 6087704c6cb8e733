// --taken-at FILE=ADDRESS: on which host a capture was taken. Errors: what is not of that form, a file that is not audited.
#pragma once

#include <string>
#include <vector>

#include "model/result.h"
#include "traces/capture/reader.h"
#include "traces/conform/hosts.h"
#include "traces/decode/decoder.h"

namespace imspect::cli {

Result<std::vector<conform::TakenAt>> read_taken_at(const std::vector<std::string>& options, const std::vector<std::string>& captures);

/// How many messages of its host each such capture shows: none is a sign that the option names the wrong one.
class HostShares {
public:
    explicit HostShares(const std::vector<conform::TakenAt>& taken) : taken_(taken), counts_(taken.size(), 0) {}
    void see(const decode::Message& message);
    void tell(std::vector<capture::CaptureSummary>& captures) const;

private:
    const std::vector<conform::TakenAt>& taken_;
    std::vector<std::uint64_t> counts_;
};

}  // namespace imspect::cli
