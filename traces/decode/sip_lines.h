// The lines of a SIP message: its start line told by content, its header fields unfolded, where its body begins.
//
// Shared by the reader, which has a whole message, and the framer, which has a piece of a stream and must know whether more is
// needed. Lines may end with LF alone. Cost: linear. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imspect::decode {

enum class Probe : std::uint8_t { kNo, kYes, kMore };

/// A start line longer than this is none.
constexpr std::size_t kMaxStartLine = 8192;

/// Whether `text` begins with a start line; kMore: it could, once more of it is there.
[[nodiscard]] Probe probe_sip(std::string_view text);

struct StartLine {
    bool request = true;
    std::string_view method, uri, version;  ///< uri: what lies between method and version, trimmed
    std::string_view status, reason;        ///< of a response
    std::size_t junk = 0;                   ///< octets before a known method that are no part of it
};

/// Of a line without its end.
[[nodiscard]] std::optional<StartLine> read_start_line(std::string_view line);

/// Where a start line begins at or behind `from`, whatever stands before it in its line; npos: nowhere. Only lines that are
/// complete count.
[[nodiscard]] std::size_t find_start_line(std::string_view text, std::size_t from = 0);

/// Where the body begins: behind the empty line. npos: it is not there. `from` may skip what was searched before.
[[nodiscard]] std::size_t end_of_head(std::string_view text, std::size_t from = 0);

struct HeaderField {
    std::string_view name;   ///< as written
    std::string value;       ///< unfolded, trimmed
};

struct Head {
    std::string_view start_line;
    std::vector<HeaderField> fields;
    std::vector<std::string> diagnostics;
};

/// `head` is what lies before the body.
[[nodiscard]] Head read_head(std::string_view head);

/// Content-Length of these header fields. Nothing: absent, unreadable or contradictory; `odd` tells the latter two.
[[nodiscard]] std::optional<std::uint32_t> content_length(const Head& head, bool& odd);

}  // namespace imspect::decode
