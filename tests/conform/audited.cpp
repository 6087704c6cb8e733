#include "tests/conform/audited.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "traces/bind/binder.h"
#include "traces/capture/reader.h"
#include "traces/decode/decoder.h"

namespace imspect::tests {

conform::AuditAnswer audit_capture(const std::string& path, conform::AuditOptions options) {
    conform::Auditor auditor(std::move(options));
    bind::Binder binder([&](bind::Event&& event) { auditor.event(event); });
    decode::Decoder decoder([&](decode::Message&& message) { binder.message(std::move(message)); });
    auto captures = capture::read_captures({path}, decoder);
    REQUIRE(captures.ok());
    decoder.finish();
    binder.finish();
    return auditor.finish(std::move(captures).value(), decoder.summary(), binder.summary());
}

std::string line_of(const conform::Finding& finding) {
    std::vector<std::uint32_t> frames;
    for (const capture::FrameRef& frame : finding.frames) frames.push_back(frame.number);
    return fmt::format("{} {} | {}", finding.kind, fmt::join(finding.clauses, " "), fmt::join(frames, " "));
}

}  // namespace imspect::tests
