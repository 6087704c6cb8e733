#include "cli/taken_at.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/arguments.h"

namespace imspect::cli {

Result<std::vector<conform::TakenAt>> read_taken_at(const std::vector<std::string>& options, const std::vector<std::string>& captures) {
    const std::string form = "FILE=ADDRESS such as scscf.pcap=10.0.1.3";
    std::vector<conform::TakenAt> taken;
    for (const std::string& option : options) {
        const Result<OfCapture> named = read_of_capture("--taken-at", option, captures, form);
        if (!named) return named.error();
        const auto address = capture::Address::read(named.value().value);
        if (!address) return Error{"argument", fmt::format("--taken-at: expected {}, found '{}'", form, option), {}, {}, {}};
        taken.push_back({static_cast<std::uint32_t>(named.value().capture), *address});
    }
    return taken;
}

void HostShares::see(const decode::Message& message) {
    const auto in = [](const std::vector<capture::FrameRef>& frames, std::uint32_t capture) {
        return std::any_of(frames.begin(), frames.end(), [&](const capture::FrameRef& frame) { return frame.file == capture; });
    };
    for (std::size_t i = 0; i < taken_.size(); ++i) {
        const conform::TakenAt& one = taken_[i];
        if (message.from.address != one.host && message.to.address != one.host) continue;
        if (in(message.frames, one.capture) || in(message.copies, one.capture)) ++counts_[i];
    }
}

void HostShares::tell(std::vector<capture::CaptureSummary>& captures) const {
    for (std::size_t i = 0; i < taken_.size(); ++i) captures[taken_[i].capture].taken_at.push_back({taken_[i].host.text(), counts_[i]});
}

}  // namespace imspect::cli
