// Work in processes of its own: whatever a solver does, the caller goes on.
//
// Each task runs in a forked child with limits on memory and time and answers with words through a pipe. A child that
// throws, crashes, runs out of memory or of time ends with a sentence why, and with how far it had said it was. Children
// are killed when their time is over or the caller is interrupted, and reaped in any case.
// Not for callers with other threads running: a fork copies the locks they hold.
// Cost: a fork, copy on write. Thread-safety: one thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace imspect::symbolic {

using Words = std::vector<std::uint32_t>;

struct IsolationLimits {
    std::uint64_t memory_bytes = 0;  ///< for each child beyond what it inherits; 0: none
    double seconds = 0;              ///< for each child; 0: none
    unsigned at_once = 1;
    const std::atomic<bool>* interrupt = nullptr;
};

/// What a task may call while it works; `depth` is told to the caller at once.
using TellDepth = std::function<void(std::uint32_t depth)>;
using Task = std::function<Words(const TellDepth& tell)>;

struct Ending {
    std::optional<Words> answer;
    std::string reason;                    ///< why there is no answer: "time limit of 10 s", "the solver's process ...", ...
    std::optional<std::uint32_t> depth;    ///< last told
    std::uint64_t peak_bytes = 0;
    bool interrupted = false;
};

/// Endings in the order of the tasks.
std::vector<Ending> run_isolated(const std::vector<Task>& tasks, const IsolationLimits& limits);

}  // namespace imspect::symbolic
