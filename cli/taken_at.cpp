#include "cli/taken_at.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/nearest.h"

namespace imspect::cli {
namespace {

Error wrong(std::string message) { return Error{"argument", std::move(message), {}, {}, {}}; }

}  // namespace

Result<std::vector<conform::TakenAt>> read_taken_at(const std::vector<std::string>& options, const std::vector<std::string>& captures) {
    std::vector<conform::TakenAt> taken;
    for (const std::string& option : options) {
        const std::size_t equals = option.rfind('=');
        const auto address = equals == std::string::npos ? std::nullopt : capture::Address::read(option.substr(equals + 1));
        if (!address) return wrong(fmt::format("--taken-at: expected FILE=ADDRESS such as scscf.pcap=10.0.1.3, found '{}'", option));
        const std::string file = option.substr(0, equals);
        const auto named = std::find(captures.begin(), captures.end(), file);
        if (named == captures.end()) {
            return wrong(fmt::format("--taken-at: '{}' is not among the captures; expected {}{}", file, fmt::join(captures, ", "), did_you_mean(file, captures)));
        }
        taken.push_back({static_cast<std::uint32_t>(named - captures.begin()), *address});
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

capture::TakenAt HostShares::of(const conform::TakenAt& one) const {
    const auto at = static_cast<std::size_t>(&one - taken_.data());
    return {one.host.text(), counts_[at]};
}

}  // namespace imspect::cli
