#include "tests/conform/audited.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/support/program.h"
#include "traces/bind/binder.h"
#include "traces/capture/reader.h"
#include "traces/decode/decoder.h"

namespace imspect::tests {

namespace {

template <typename Read>
conform::AuditAnswer audit(conform::AuditOptions options, const Read& read) {
    conform::Auditor auditor(std::move(options));
    bind::Binder binder([&](bind::Event&& event) { auditor.event(event); });
    decode::Decoder decoder([&](decode::Message&& message) { binder.message(std::move(message)); });
    std::vector<capture::CaptureSummary> captures = read(decoder);
    decoder.finish();
    binder.finish();
    return auditor.finish(std::move(captures), decoder.summary(), binder.summary());
}

}  // namespace

conform::AuditAnswer audit_capture(const std::string& path, conform::AuditOptions options) {
    return audit(std::move(options), [&](decode::Decoder& decoder) {
        auto captures = capture::read_captures({path}, decoder);
        REQUIRE(captures.ok());
        return std::move(captures).value();
    });
}

conform::AuditAnswer audit_octets(const std::string& pcap, conform::AuditOptions options) {
    return audit(std::move(options), [&](decode::Decoder& decoder) {
        const std::vector<std::uint8_t> bytes(pcap.begin(), pcap.end());
        const Result<capture::CaptureSummary> read = capture::read_bytes(bytes, "synthesised", decoder);
        REQUIRE(read.ok());
        return std::vector<capture::CaptureSummary>{read.value()};
    });
}

conform::AuditAnswer audit_hosts(const std::vector<synthesize::HostCapture>& hosts, conform::AuditOptions options) {
    std::vector<std::string> files;
    for (const synthesize::HostCapture& host : hosts) {
        const auto address = capture::Address::read(host.address);
        REQUIRE(address);
        options.taken.push_back({static_cast<std::uint32_t>(files.size()), *address});
        files.push_back(temporary_file("host-" + host.name + ".pcap", host.pcap));
    }
    return audit(std::move(options), [&](decode::Decoder& decoder) {
        auto captures = capture::read_captures(files, decoder);
        REQUIRE(captures.ok());
        return std::move(captures).value();
    });
}

std::string line_of(const conform::Finding& finding) {
    std::vector<std::uint32_t> frames;
    for (const capture::FrameRef& frame : finding.frames) frames.push_back(frame.number);
    return fmt::format("{} {} | {}", finding.kind, fmt::join(finding.clauses, " "), fmt::join(frames, " "));
}

}  // namespace imspect::tests
