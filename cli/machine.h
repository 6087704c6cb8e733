// The machine and the terminal that this process runs on: cores, memory, whether people are reading.
// Thread-safety: reads only.
#pragma once

#include <cstdint>

namespace imspect::cli {

/// Hardware threads, at least 1.
[[nodiscard]] unsigned cores();

/// Three quarters of the memory this process may use (of the machine or of its control group): the default limit.
[[nodiscard]] std::uint64_t default_memory_limit();

[[nodiscard]] bool output_is_terminal();
[[nodiscard]] bool error_is_terminal();

/// NO_COLOR is set and not empty (no-color.org), or the terminal is a dumb one.
[[nodiscard]] bool colour_unwanted();

}  // namespace imspect::cli
