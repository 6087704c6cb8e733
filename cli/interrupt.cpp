#include "cli/interrupt.h"

#include <csignal>

namespace imspect::cli {
namespace {

// A signal handler reaches nothing but a global; this is the process's only one.
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int) {
    interrupted.store(true);
}

}  // namespace

const std::atomic<bool>& watch_for_interrupt() {
    struct sigaction action = {};
    action.sa_handler = on_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    return interrupted;
}

}  // namespace imspect::cli
