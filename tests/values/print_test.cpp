// For people, not for ctest: IMSPECT_PRINT=<capture> tests_values "[print]" lists its events and its findings on values.
#include <catch2/catch.hpp>

#include <cstdlib>

#include <fmt/format.h>

#include "tests/values/checked.h"
#include "traces/bind/binder.h"
#include "traces/capture/reader.h"

using namespace imspect;

namespace {

std::string frames_text(const std::vector<capture::FrameRef>& frames) {
    std::string text;
    for (const capture::FrameRef& frame : frames) text += (text.empty() ? "" : ",") + std::to_string(frame.number);
    return text;
}

}  // namespace

TEST_CASE("Print events and findings of a capture", "[.print]") {
    const char* path = std::getenv("IMSPECT_PRINT");
    REQUIRE(path != nullptr);
    bind::Binder binder([](bind::Event&& event) {
        fmt::print("{:>12} {:40} {} > {} {} {} right={} intact={} port={} x{}\n", frames_text(event.frames), bind::describe(event),
                   bind::name_of(event.from), bind::name_of(event.to), event.impi, event.scscf,
                   event.response_right ? *event.response_right ? "yes" : "no" : "-",
                   event.setup_intact ? *event.setup_intact ? "yes" : "no" : "-",
                   event.on_protected_port ? *event.on_protected_port ? "yes" : "no" : "-", event.transmissions);
    });
    decode::Decoder decoder([&](decode::Message&& message) { binder.message(std::move(message)); });
    REQUIRE(capture::read_captures({path}, decoder).ok());
    decoder.finish();
    binder.finish();
    for (const auto& [kind, count] : binder.summary().unbound) fmt::print("unbound {}: {}\n", kind, count);
    for (const auto& [role, addresses] : binder.summary().roles) fmt::print("{}: {}\n", role, fmt::join(addresses, " "));
    for (const conform::Finding& finding : tests::check_capture(path)) {
        fmt::print("FINDING {} severity {} {} {} {}: {}\n", tests::text_of(finding), static_cast<int>(finding.severity), finding.property,
                   fmt::join(finding.clauses, ", "), finding.impi, finding.message);
    }
}
