#include "tests/bind/captured.h"

#include <catch2/catch.hpp>

#include "traces/capture/reader.h"

namespace imspect::tests {

Bound bind_capture(const std::string& path) {
    Bound bound;
    bind::Binder binder([&](bind::Event&& event) { bound.events.push_back(std::move(event)); });
    decode::Decoder decoder([&](decode::Message&& message) { binder.message(std::move(message)); });
    const auto read = capture::read_captures({path}, decoder);
    INFO(path);
    REQUIRE(read.ok());
    decoder.finish();
    binder.finish();
    bound.summary = binder.summary();
    return bound;
}

}  // namespace imspect::tests
