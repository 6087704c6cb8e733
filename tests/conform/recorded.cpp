#include "tests/conform/recorded.h"

#include <catch2/catch.hpp>

namespace imspect::tests {

Recorded recorded(const std::string& pcap) {
    Recorded made;
    bind::Binder binder([&](bind::Event&& event) { made.events.push_back(std::move(event)); });
    decode::Decoder decoder([&](decode::Message&& message) { binder.message(std::move(message)); });
    const std::vector<std::uint8_t> bytes(pcap.begin(), pcap.end());
    const auto read = capture::read_bytes(bytes, "synthesised", decoder);
    REQUIRE(read.ok());
    made.capture = read.value();
    decoder.finish();
    binder.finish();
    made.decoded = decoder.summary();
    made.bound = binder.summary();
    return made;
}

}  // namespace imspect::tests
