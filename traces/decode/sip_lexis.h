// The small words of SIP's grammar (RFC 3261, 25.1): blanks, tokens, quoted strings, lists and parameters.
//
// Everything works on views into the message and copies only what it returns by value. A quoted string protects separators
// within, with \ escaping; so do angle brackets. Cost: linear in the text given. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imspect::decode {

[[nodiscard]] bool is_token_char(char c);
/// Not empty and nothing but token characters.
[[nodiscard]] bool is_token(std::string_view text);
/// Without spaces, tabs and line ends at either end.
[[nodiscard]] std::string_view trim(std::string_view text);
/// ASCII letters in lower case.
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Position of the first `separator` outside of quotes and angle brackets, or npos.
[[nodiscard]] std::size_t find_outside(std::string_view text, char separator);
/// The pieces between such separators, trimmed; empty pieces are left out.
[[nodiscard]] std::vector<std::string_view> split_outside(std::string_view text, char separator);

/// A token or host as it stands, a quoted string without its quotes and escapes. Nothing: a quote that is not closed, or text behind it.
[[nodiscard]] std::optional<std::string> plain_value(std::string_view text);

/// Decimal digits only, and it fits.
[[nodiscard]] std::optional<std::uint32_t> number(std::string_view text);

/// "name=value" pieces; names in lower case, a name alone has the value "". What is contradictory or unreadable is left out
/// and turns `odd` true.
[[nodiscard]] std::map<std::string, std::string> parameters(const std::vector<std::string_view>& pieces, bool& odd);

}  // namespace imspect::decode
