// Findings on values of a capture, or of messages made by hand. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "traces/conform/values.h"

namespace imspect::tests {

std::vector<conform::Finding> check_messages(std::vector<decode::Message> messages, conform::ValueOptions options = {});
/// Fails the test where the file can't be read.
std::vector<conform::Finding> check_capture(const std::string& path, conform::ValueOptions options = {});
/// "kind 3 4 5": the frames after it.
std::string text_of(const conform::Finding& finding);

}  // namespace imspect::tests
