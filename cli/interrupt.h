// Ctrl-C as a flag: the first SIGINT or SIGTERM asks the search to stop, a second one ends the process as usual.
// Thread-safety: the flag is atomic and is what engines poll.
#pragma once

#include <atomic>

namespace imspect::cli {

/// Installs the handlers; the flag lives as long as the process.
const std::atomic<bool>& watch_for_interrupt();

}  // namespace imspect::cli
