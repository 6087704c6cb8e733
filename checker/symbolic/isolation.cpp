#include "checker/symbolic/isolation.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <new>

#include <fmt/format.h>
#include <sys/poll.h>
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

class Child {
public:
    Child(const Task& task, const IsolationLimits& limits, const std::vector<int>& of_others) : started_(Clock::now()) {
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
    [[nodiscard]] bool running() const { return pipe_ >= 0; }
    [[nodiscard]] int pipe() const { return pipe_; }
    [[nodiscard]] double seconds() const { return std::chrono::duration<double>(Clock::now() - started_).count(); }
    Ending take() { return std::move(ending_); }

    void read_some() {
        std::uint32_t buffer[4096];
        const ssize_t got = ::read(pipe_, buffer, sizeof buffer);
        if (got <= 0) return finish();
        bytes_.append(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(got));
        while (take_message()) {
        }
    }

    void stop(const std::string& why, bool interrupted) {
        ::kill(pid_, SIGKILL);
        ending_.reason = why;
        ending_.interrupted = interrupted;
        finish();
    }

private:
    bool take_message() {
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

    void finish() {
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

    Clock::time_point started_;
    pid_t pid_ = -1;
    int pipe_ = -1;
    std::string bytes_;
    Ending ending_;
};

class Pool {
public:
    Pool(const std::vector<Task>& tasks, const IsolationLimits& limits) : tasks_(tasks), limits_(limits), endings_(tasks.size()) {}

    std::vector<Ending> run() {
        while (next_ < tasks_.size() || !running_.empty()) {
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
        Child child;
    };

    [[nodiscard]] bool interrupted() const { return limits_.interrupt != nullptr && limits_.interrupt->load(); }

    void start_more() {
        while (next_ < tasks_.size() && running_.size() < std::max(1U, limits_.at_once)) {
            const std::size_t task = next_++;
            if (interrupted()) {
                endings_[task].reason = "interrupted";
                endings_[task].interrupted = true;
                continue;
            }
            std::vector<int> pipes;
            for (const Running& other : running_) pipes.push_back(other.child.pipe());
            running_.push_back({task, Child(tasks_[task], limits_, pipes)});
        }
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
            } else if (limits_.seconds > 0 && running.child.seconds() > limits_.seconds) {
                running.child.stop(fmt::format("time limit of {:g} s", limits_.seconds), false);
            }
        }
    }

    void collect() {
        for (Running& running : running_) {
            if (!running.child.running()) endings_[running.task] = running.child.take();
        }
        running_.erase(std::remove_if(running_.begin(), running_.end(), [](const Running& r) { return !r.child.running(); }),
                       running_.end());
    }

    const std::vector<Task>& tasks_;
    const IsolationLimits& limits_;
    std::vector<Ending> endings_;
    std::vector<Running> running_;
    std::size_t next_ = 0;
};

}  // namespace

std::vector<Ending> run_isolated(const std::vector<Task>& tasks, const IsolationLimits& limits) {
    return Pool(tasks, limits).run();
}

}  // namespace imspect::symbolic
