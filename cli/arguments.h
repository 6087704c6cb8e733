// Values of options as typed, read with messages that name the option and what was expected.
// Thread-safety: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"

namespace imspect::cli {

/// A whole number of at least `least`.
[[nodiscard]] Result<std::uint64_t> read_count(const std::string& option, std::string_view text, std::uint64_t least,
                                               std::uint64_t most);

/// "2GiB", "500M", "64k", "1.5G", "1000000": K, M, G, T and KiB, MiB, … are powers of 1024, KB, MB, … of 1000.
[[nodiscard]] Result<std::uint64_t> read_size(const std::string& option, std::string_view text);

/// Seconds of "240s", "500ms", "4min", "1h"; a bare number is seconds. More than 0.
[[nodiscard]] Result<double> read_duration(const std::string& option, std::string_view text);

/// Which of the captures is named in front of the last '=' of FILE=VALUE, and the value.
struct OfCapture {
    std::size_t capture = 0;
    std::string value;
};
/// `form` is what to expect: "FILE=OFFSET such as gm.pcap=-1.5s".
[[nodiscard]] Result<OfCapture> read_of_capture(const std::string& option, const std::string& text, const std::vector<std::string>& captures, const std::string& form);

/// One of `known`; else an Error that lists them and suggests the nearest.
[[nodiscard]] Result<std::string> read_choice(const std::string& option, const std::string& text, const std::vector<std::string>& known);

}  // namespace imspect::cli
