// The nearest known name to a misspelt one, for messages that end in "did you mean …?".
//
// Edit distance (Levenshtein, with a swap of neighbours as one edit, upper and lower case alike). A name
// further away than a third of its length is no suggestion. Cost: product of the lengths, a name. Thread-safety: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imspect {

/// The nearest of `known`, the earliest of equals; empty where none is near.
[[nodiscard]] std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

/// "; did you mean 'hss.flag'?", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view name, const std::vector<std::string>& known);

}  // namespace imspect
