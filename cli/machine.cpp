#include "cli/machine.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string_view>
#include <thread>

namespace imspect::cli {
namespace {

std::uint64_t machine_memory() {
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page_size = sysconf(_SC_PAGE_SIZE);
    if (pages <= 0 || page_size <= 0) return 0;
    return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_size);
}

std::uint64_t control_group_limit() {
    std::ifstream file("/sys/fs/cgroup/memory.max");
    std::uint64_t limit = 0;
    return file >> limit ? limit : std::numeric_limits<std::uint64_t>::max();  // the word "max": no limit
}

}  // namespace

unsigned cores() {
    return std::max(1U, std::thread::hardware_concurrency());
}

std::uint64_t default_memory_limit() {
    return std::min(machine_memory(), control_group_limit()) / 4 * 3;
}

bool output_is_terminal() {
    return isatty(STDOUT_FILENO) == 1;
}

bool error_is_terminal() {
    return isatty(STDERR_FILENO) == 1;
}

bool colour_unwanted() {
    const char* no_color = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    return (no_color != nullptr && *no_color != '\0') || (terminal != nullptr && std::string_view(terminal) == "dumb");
}

}  // namespace imspect::cli
