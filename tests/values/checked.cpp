#include "tests/values/checked.h"

#include <catch2/catch.hpp>

#include "traces/bind/binder.h"
#include "traces/capture/reader.h"

namespace imspect::tests {

std::vector<conform::Finding> check_messages(std::vector<decode::Message> messages, conform::ValueOptions options) {
    std::vector<conform::Finding> findings;
    conform::ValueChecker checker(std::move(options), [&](conform::Finding&& finding) { findings.push_back(std::move(finding)); });
    bind::Binder binder([&](bind::Event&& event) { checker.event(event); });
    for (decode::Message& message : messages) binder.message(std::move(message));
    binder.finish();
    checker.finish();
    return findings;
}

std::vector<conform::Finding> check_capture(const std::string& path, conform::ValueOptions options) {
    std::vector<decode::Message> messages;
    decode::Decoder decoder([&](decode::Message&& message) { messages.push_back(std::move(message)); });
    const auto read = capture::read_captures({path}, decoder);
    INFO(path);
    REQUIRE(read.ok());
    decoder.finish();
    return check_messages(std::move(messages), std::move(options));
}

std::string text_of(const conform::Finding& finding) {
    std::string text = finding.kind;
    for (const capture::FrameRef& frame : finding.frames) text += " " + std::to_string(frame.number);
    return text;
}

}  // namespace imspect::tests
