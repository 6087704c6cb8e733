// Messages about property files: position, excerpt with a caret, suggestion.
//
// Columns count characters (UTF-8 code points) from 1, so that an editor finds them. Thread-safety: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "properties/language/syntax.h"

namespace imspect::language {

/// An Error whose position is that of `span`, and whose excerpt is its line with `^~~~` below.
Error diagnose(const Source& source, Span span, std::string message);

/// "; did you mean 'x'?" for the candidate nearest to `name` in edit distance, or nothing
/// where none is near.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) between two names.
std::size_t edit_distance(std::string_view left, std::string_view right);

}  // namespace imspect::language
