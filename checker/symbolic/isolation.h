// Work in processes of its own: whatever a solver does, the caller goes on.
//
// Each task runs in a forked child with limits on memory and time and answers with words through a pipe. A child that
// throws, crashes, runs out of memory or of time ends with a sentence why, and with how far it had said it was. Children
// are killed when their time is over or the caller is interrupted or gone, and reaped in any case.
// Not for callers with other threads running: a fork copies the locks they hold.
// Cost: a fork, copy on write. Thread-safety: one thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace imspect::symbolic {

using Words = std::vector<std::uint32_t>;

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

struct IsolationLimits {
    std::uint64_t memory_bytes = 0;  ///< for each child beyond what it inherits; 0: none
    double seconds = 0;              ///< for each child; 0: none
    double of_seconds = 0;           ///< where `seconds` is what is left of them: what the limit is called; 0: by itself
    unsigned at_once = 1;
    const std::atomic<bool>* interrupt = nullptr;
    std::function<bool(std::size_t task)> needless;  ///< somebody else has the answer: the child is stopped, or not begun
};

/// Endings in the order of the tasks. `follow` is told each as it comes, and may give a task to do next, before what has
/// not begun; its ending is told too, under the number of the task it follows.
std::vector<Ending> run_isolated(const std::vector<Task>& tasks, const IsolationLimits& limits,
                                 const std::function<std::optional<Task>(std::size_t task, const Ending& ending, bool followed)>& follow = {});

/// One task in a process of its own, for a caller that does something else meanwhile. Destroying it kills it.
class IsolatedProcess {
public:
    /// `of_others`: pipes of the caller's that the child need not hold.
    IsolatedProcess(const Task& task, const IsolationLimits& limits, const std::vector<int>& of_others = {});
    ~IsolatedProcess();
    IsolatedProcess(IsolatedProcess&& other) noexcept;
    IsolatedProcess& operator=(IsolatedProcess&& other) noexcept;

    [[nodiscard]] bool running() const { return pipe_ >= 0; }
    [[nodiscard]] int pipe() const { return pipe_; }  ///< readable when there is something to read, or the child has ended
    [[nodiscard]] double seconds() const;
    Ending take() { return std::move(ending_); }
    void read_some();
    void stop(const std::string& why, bool interrupted);

private:
    bool take_message();
    void finish();

    std::chrono::steady_clock::time_point started_;
    int pid_ = -1;
    int pipe_ = -1;
    std::string bytes_;
    Ending ending_;
};

}  // namespace imspect::symbolic
