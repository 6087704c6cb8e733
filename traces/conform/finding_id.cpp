#include "traces/conform/finding_id.h"

#include <fmt/format.h>

namespace imspect::conform {

std::string finding_id(const Finding& finding) {
    const capture::FrameRef first = finding.frames.empty() ? capture::FrameRef{} : finding.frames.front();
    // One message may break several properties.
    const std::string property = finding.kind == "property-violated" ? finding.property : std::string();
    const std::string text = fmt::format("{}{}|{}|{}|{}", finding.kind, property, finding.impi, first.file, first.number);
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211ULL;
    return fmt::format("{:012x}", hash & 0xffffffffffffULL);
}

}  // namespace imspect::conform
