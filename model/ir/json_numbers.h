// Where a JSON text has a number beyond what a double holds, for messages.
//
// The JSON library refuses such a number with an exception of its own kind, neither of syntax nor with a position; a reader
// of scenarios, models or expectations that met one asks here for its place.
// Cost: linear, and only after the text was refused. Thread-safety: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace imspect::ir {

struct HugeNumber {
    std::string path;     ///< "/bounds/tokens", escaped as RFC 6901 asks
    std::string message;  ///< "the number 1e600 is beyond what can be read"
};

/// The first one, unless something that is not JSON comes before it.
std::optional<HugeNumber> find_huge_number(std::string_view text);

}  // namespace imspect::ir
