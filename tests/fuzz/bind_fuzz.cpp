// A capture of any bytes down to events and findings on values: no crash, and every event belongs to somebody and has frames.
#include <cstdint>

#include "model/result.h"
#include "traces/bind/binder.h"
#include "traces/capture/reader.h"
#include "traces/conform/values.h"

using namespace imspect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    conform::ValueChecker checker({}, [](conform::Finding&& finding) {
        IMSPECT_REQUIRE(!finding.frames.empty() && !finding.id.empty(), "a finding without frames or identifier");
    });
    bind::Binder binder([&](bind::Event&& event) {
        IMSPECT_REQUIRE(!event.frames.empty() && event.message, "an event without frames or message");
        IMSPECT_REQUIRE(!event.impi.empty() || !event.impu.empty(), "an event of nobody");
        checker.event(event);
    });
    decode::Decoder decoder([&](decode::Message&& message) { binder.message(std::move(message)); });
    (void)capture::read_bytes({data, size}, "fuzz", decoder);
    decoder.finish();
    binder.finish();
    checker.finish();
    return 0;
}
