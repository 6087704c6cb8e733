#include "checker/symbolic/isolation.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <sys/poll.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checker/symbolic/sat.h"

namespace imspect::symbolic {

namespace {

using Clock = std::chrono::steady_clock;

// A message is its kind, its number of words, the words.
constexpr std::uint32_t kDepth = 1;
constexpr std::uint32_t kAnswer = 2;
constexpr std::uint32_t kFailure = 3;
constexpr std::size_t kHeader = 2;
constexpr int kPollMilliseconds = 50;
constexpr const char* kNeedless = "answered by another engine";

void write_all(int pipe, const void* data, std::size_t bytes) {
    const char* from = static_cast<const char*>(data);
    while (bytes > 0) {
        const ssize_t written = ::write(pipe, from, bytes);
        if (written <= 0) ::_exit(1);  // nobody listens any more
        from += written;
        bytes -= static_cast<std::size_t>(written);
    }
}

void send(int pipe, std::uint32_t kind, const Words& words) {
    const std::uint32_t header[kHeader] = {kind, static_cast<std::uint32_t>(words.size())};
    write_all(pipe, header, sizeof header);
    write_all(pipe, words.data(), words.size() * sizeof(std::uint32_t));
}

void send_failure(int pipe, const char* what) {
    Words words;
    for (const char* c = what; *c != 0; ++c) words.push_back(static_cast<unsigned char>(*c));
    send(pipe, kFailure, words);
}

void limit_memory(std::uint64_t bytes) {
    if (bytes == 0) return;
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlim_t most = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) + bytes;
    const rlimit limit{most, most};
    ::setrlimit(RLIMIT_AS, &limit);
}

[[noreturn]] void work(int pipe, const Task& task, const IsolationLimits& limits) {
#ifdef __linux__
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody would ever read what an orphan finds
#endif
    ::signal(SIGINT, SIG_IGN);  // the parent decides what an interrupt means
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    limit_memory(limits.memory_bytes);
    try {
        send(pipe, kAnswer, task([&](std::uint32_t depth) { send(pipe, kDepth, {depth}); }));
    } catch (const std::bad_alloc&) {
        send_failure(pipe, "memory limit");
    } catch (const std::exception& failure) {
        send_failure(pipe, failure.what());
    } catch (...) {
        send_failure(pipe, "the solver threw something unknown");
    }
    ::_exit(0);
}

}  // namespace

IsolatedProcess::IsolatedProcess(const Task& task, const IsolationLimits& limits, const std::vector<int>& of_others) : started_(Clock::now()) {
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) {
        ending_.reason = "no pipe for a process of the solver's own";
        return;
    }
    std::fflush(nullptr);  // or a library that flushes in the child prints what waits here a second time
    pid_ = ::fork();
    if (pid_ == 0) {
        ::close(ends[0]);
        for (const int other : of_others) ::close(other);
        work(ends[1], task, limits);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
    if (pid_ < 0) {
        ending_.reason = "no process of its own for the solver";
        ::close(pipe_);
        pipe_ = -1;
    }
}

IsolatedProcess::~IsolatedProcess() {
    if (running()) stop("not wanted any more", false);
}

IsolatedProcess::IsolatedProcess(IsolatedProcess&& other) noexcept
    : started_(other.started_), pid_(other.pid_), pipe_(std::exchange(other.pipe_, -1)), bytes_(std::move(other.bytes_)), ending_(std::move(other.ending_)) {}

IsolatedProcess& IsolatedProcess::operator=(IsolatedProcess&& other) noexcept {
    std::swap(started_, other.started_);
    std::swap(pid_, other.pid_);
    std::swap(pipe_, other.pipe_);
    std::swap(bytes_, other.bytes_);
    std::swap(ending_, other.ending_);
    return *this;
}

double IsolatedProcess::seconds() const { return std::chrono::duration<double>(Clock::now() - started_).count(); }

void IsolatedProcess::read_some() {
    std::uint32_t buffer[4096];
    const ssize_t got = ::read(pipe_, buffer, sizeof buffer);
    if (got <= 0) return finish();
    bytes_.append(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(got));
    while (take_message()) {
    }
}

void IsolatedProcess::stop(const std::string& why, bool interrupted) {
    ::kill(pid_, SIGKILL);
    ending_.reason = why;
    ending_.interrupted = interrupted;
    finish();
}

bool IsolatedProcess::take_message() {
    std::uint32_t header[kHeader];
    if (bytes_.size() < sizeof header) return false;
    std::copy_n(bytes_.data(), sizeof header, reinterpret_cast<char*>(header));
    const std::size_t length = sizeof header + header[1] * sizeof(std::uint32_t);
    if (bytes_.size() < length) return false;
    Words words(header[1]);
    std::copy_n(bytes_.data() + sizeof header, length - sizeof header, reinterpret_cast<char*>(words.data()));
    bytes_.erase(0, length);
    if (header[0] == kDepth && !words.empty()) ending_.depth = words[0];
    if (header[0] == kAnswer) ending_.answer = std::move(words);
    if (header[0] == kFailure) ending_.reason.assign(words.begin(), words.end());
    return true;
}

void IsolatedProcess::finish() {
    ::close(pipe_);
    pipe_ = -1;
    int status = 0;
    rusage used{};
    ::wait4(pid_, &status, 0, &used);
    ending_.peak_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
    if (ending_.answer || !ending_.reason.empty()) return;
    ending_.reason = WIFSIGNALED(status) ? fmt::format("the solver's process was ended by signal {}", WTERMSIG(status))
                                         : fmt::format("the solver's process ended with status {} and no answer", WEXITSTATUS(status));
}

namespace {

class Pool {
public:
    using Follow = std::function<std::optional<Task>(std::size_t, const Ending&, bool)>;

    Pool(const std::vector<Task>& tasks, const IsolationLimits& limits, const Follow& follow)
        : tasks_(tasks), limits_(limits), follow_(follow), endings_(tasks.size()) {}

    std::vector<Ending> run() {
        while (next_ < tasks_.size() || !running_.empty() || !following_.empty()) {
            start_more();
            wait();
            stop_late();
            collect();
        }
        return std::move(endings_);
    }

private:
    struct Running {
        std::size_t task = 0;
        bool followed = false;
        IsolatedProcess child;
    };
    struct Following {
        std::size_t task = 0;
        Task work;
    };

    [[nodiscard]] bool needless(std::size_t task) const { return limits_.needless && limits_.needless(task); }

    [[nodiscard]] bool interrupted() const { return limits_.interrupt != nullptr && limits_.interrupt->load(); }

    void start_more() {
        while (running_.size() < std::max(1U, limits_.at_once)) {
            if (!following_.empty()) {
                const Following next = std::move(following_.front());
                following_.erase(following_.begin());
                start(next.task, next.work, true);
            } else if (next_ < tasks_.size()) {
                const std::size_t task = next_++;
                start(task, tasks_[task], false);
            } else {
                return;
            }
        }
    }

    void start(std::size_t task, const Task& work, bool followed) {
        if (interrupted() || needless(task)) {
            Ending ending;
            ending.interrupted = interrupted();
            ending.reason = ending.interrupted ? "interrupted" : kNeedless;
            return end(task, std::move(ending), followed);
        }
        std::vector<int> pipes;
        for (const Running& other : running_) pipes.push_back(other.child.pipe());
        running_.push_back({task, followed, IsolatedProcess(work, limits_, pipes)});
    }

    void end(std::size_t task, Ending ending, bool followed) {
        if (follow_) {
            if (auto next = follow_(task, ending, followed)) following_.push_back({task, std::move(*next)});
        }
        if (!followed) endings_[task] = std::move(ending);
    }

    void wait() {
        std::vector<pollfd> polled;
        for (const Running& running : running_) polled.push_back({running.child.pipe(), POLLIN, 0});
        if (::poll(polled.data(), polled.size(), kPollMilliseconds) <= 0) return;
        for (std::size_t i = 0; i < polled.size(); ++i) {
            if (polled[i].revents != 0 && running_[i].child.running()) running_[i].child.read_some();
        }
    }

    void stop_late() {
        for (Running& running : running_) {
            if (!running.child.running()) continue;
            if (interrupted()) {
                running.child.stop("interrupted", true);
            } else if (needless(running.task)) {
                running.child.stop(kNeedless, false);
            } else if (limits_.seconds > 0 && running.child.seconds() > limits_.seconds) {
                running.child.stop(fmt::format("time limit of {:g} s", limits_.of_seconds > 0 ? limits_.of_seconds : limits_.seconds), false);
            }
        }
    }

    void collect() {
        std::vector<Running> still;
        std::vector<Running> ended;
        for (Running& running : running_) (running.child.running() ? still : ended).push_back(std::move(running));
        running_ = std::move(still);
        for (Running& running : ended) end(running.task, running.child.take(), running.followed);
    }

    const std::vector<Task>& tasks_;
    const IsolationLimits& limits_;
    const Follow& follow_;
    std::vector<Ending> endings_;
    std::vector<Running> running_;
    std::vector<Following> following_;
    std::size_t next_ = 0;
};

}  // namespace

std::vector<Ending> run_isolated(const std::vector<Task>& tasks, const IsolationLimits& limits,
                                 const std::function<std::optional<Task>(std::size_t, const Ending&, bool)>& follow) {
    return Pool(tasks, limits, follow).run();
}

}  // namespace imspect::symbolic
