#include "cli/progress.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/arguments.h"
#include "cli/machine.h"
#include "report/text_layout.h"

namespace imspect::cli {
namespace {

constexpr std::size_t kLineWidth = 100;
constexpr const char* kEraseLine = "\r\x1b[2K";

}  // namespace

Result<bool> progress_wanted(const std::string& mode) {
    const Result<std::string> choice = read_choice("--progress", mode, {"auto", "always", "never"});
    if (!choice) return choice.error();
    return mode == "always" || (mode == "auto" && error_is_terminal());
}

void ProgressLine::show(const explore::Progress& progress) {
    if (!wanted_) return;
    show(fmt::format("{}: {} states, frontier {}, depth {}, {}/s, {}", progress.phase, report::grouped(progress.states),
                    report::grouped(progress.frontier), progress.depth,
                    report::grouped(static_cast<unsigned long long>(progress.states_per_second)), report::byte_size(progress.bytes)));
}

void ProgressLine::show(const std::string& line) {
    if (!wanted_) return;
    fmt::print(stderr, "{}{}", kEraseLine, report::clip(line, kLineWidth));
    std::fflush(stderr);
    shown_ = true;
}

void ProgressLine::erase() {
    if (!shown_) return;
    fmt::print(stderr, "{}", kEraseLine);
    std::fflush(stderr);
    shown_ = false;
}

}  // namespace imspect::cli
