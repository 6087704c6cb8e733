// A pool of threads that run one function together and wait for each other.
//
// run(f) calls f(worker) for worker = 0..n-1, worker 0 on the calling thread, and returns when all are done. With one
// worker there are no threads at all. Thread-safety: run from one thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace imspect::explore {

class Workers {
public:
    explicit Workers(unsigned count);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    [[nodiscard]] unsigned count() const { return static_cast<unsigned>(threads_.size()) + 1; }
    void run(const std::function<void(unsigned)>& work);

private:
    void serve(unsigned worker);

    std::mutex mutex_;
    std::condition_variable start_;
    std::condition_variable done_;
    const std::function<void(unsigned)>* work_ = nullptr;
    std::uint64_t round_ = 0;
    unsigned running_ = 0;
    bool stop_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace imspect::explore
