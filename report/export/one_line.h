// A name or a sentence of the model's, fit for a comment of one line: control characters become spaces. Thread-safety: pure.
#pragma once

#include <algorithm>
#include <string>

namespace imspect::exports {

[[nodiscard]] inline std::string one_line(std::string text) {
    std::replace_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return text;
}

}  // namespace imspect::exports
