// Whatever happens to a solver's process ends as a sentence, and takes nothing else down.
#include "checker/symbolic/isolation.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace imspect::symbolic;

namespace {

Ending end_of(const Task& task, const IsolationLimits& limits = {}) { return run_isolated({task}, limits).front(); }

}  // namespace

TEST_CASE("a task's words arrive, however many") {
    const Ending ending = end_of([](const TellDepth& tell) {
        tell(3);
        tell(4);
        return Words(100'000, 7);
    });
    REQUIRE(ending.answer);
    CHECK(*ending.answer == Words(100'000, 7));
    CHECK(ending.depth == 4U);
}

TEST_CASE("a task that throws, crashes or exits ends with a reason, and the others with their answers") {
    const std::vector<Task> tasks = {
        [](const TellDepth&) -> Words { throw std::runtime_error("no such lemma"); },
        [](const TellDepth&) -> Words {
            ::raise(SIGKILL);
            return {};
        },
        [](const TellDepth&) -> Words { ::_exit(5); },
        [](const TellDepth&) { return Words{42}; },
    };
    IsolationLimits limits;
    limits.at_once = 2;
    const auto endings = run_isolated(tasks, limits);
    CHECK(endings[0].reason == "no such lemma");
    CHECK(endings[1].reason == "the solver's process was ended by signal 9");
    CHECK(endings[2].reason == "the solver's process ended with status 5 and no answer");
    REQUIRE(endings[3].answer);
    CHECK(*endings[3].answer == Words{42});
}

TEST_CASE("a task beyond its time is stopped, and how far it was is known") {
    IsolationLimits limits;
    limits.seconds = 0.2;
    const Ending ending = end_of(
        [](const TellDepth& tell) {
            tell(9);
            while (true) ::pause();
            return Words{};
        },
        limits);
    CHECK_FALSE(ending.answer);
    CHECK(ending.reason == "time limit of 0.2 s");
    CHECK(ending.depth == 9U);
}

TEST_CASE("a task beyond its memory is stopped with a reason") {
    IsolationLimits limits;
    limits.memory_bytes = std::uint64_t{256} << 20U;
    const Ending ending = end_of(
        [](const TellDepth&) {
            Words words;
            for (std::uint32_t i = 0; i < (1U << 30U); ++i) words.push_back(i);
            return words;
        },
        limits);
    CHECK_FALSE(ending.answer);
    CHECK_FALSE(ending.reason.empty());
}

TEST_CASE("an interrupt stops what runs and keeps the rest from starting") {
    const std::atomic<bool> interrupt = true;
    IsolationLimits limits;
    limits.interrupt = &interrupt;
    const Ending ending = end_of([](const TellDepth&) { return Words{1}; }, limits);
    CHECK_FALSE(ending.answer);
    CHECK(ending.interrupted);
    CHECK(ending.reason == "interrupted");
}

TEST_CASE("what follows a task's ending is done next and told, and what is needless is not begun") {
    std::vector<Task> tasks;
    for (std::uint32_t i = 0; i < 3; ++i) tasks.push_back([i](const TellDepth&) { return Words{i}; });
    IsolationLimits limits;
    bool first_followed = false;
    std::vector<std::uint32_t> told;
    limits.needless = [&](std::size_t task) { return task == 2 && first_followed; };
    const std::vector<Ending> endings = run_isolated(tasks, limits, [&](std::size_t task, const Ending& ending, bool followed) -> std::optional<Task> {
        if (ending.answer) told.push_back(ending.answer->at(0));
        if (followed) first_followed = true;
        if (task != 0 || followed) return std::nullopt;
        return [](const TellDepth&) { return Words{100}; };
    });
    CHECK(told == std::vector<std::uint32_t>{0, 100, 1});
    REQUIRE(endings.size() == 3);
    CHECK(endings[0].answer == Words{0});
    CHECK_FALSE(endings[2].answer);
    CHECK(endings[2].reason == "answered by another engine");
}

TEST_CASE("a process that is not wanted any more is ended with what it started itself") {
    const std::string file = IMSPECT_TEST_OUTPUT "/orphan";
    std::filesystem::remove(file);
    {
        const IsolatedProcess process(
            [&](const TellDepth&) {
                run_isolated({[&](const TellDepth&) {
                                 std::this_thread::sleep_for(std::chrono::milliseconds(1500));
                                 std::ofstream(file) << "still here";
                                 return Words{};
                             }},
                             {});
                return Words{};
            },
            {});
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        CHECK(process.running());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2000));
    CHECK_FALSE(std::filesystem::exists(file));
}
