// The clock: earliest times under constraints, and what gives way where they contradict each other.
#include <catch2/catch.hpp>

#include "traces/synthesize/schedule.h"

using namespace imspect::synthesize;
using Times = std::vector<std::int64_t>;

TEST_CASE("Steps get the earliest times that keep every gap") {
    const Schedule schedule = solve(4, {{0, 1, 2, Weight::kOrder}, {1, 2, 2, Weight::kOrder}, {2, 3, 2, Weight::kOrder}, {0, 2, 100, Weight::kTimeout}});
    CHECK(schedule.times_ns == Times{0, 2, 100, 102});
    CHECK(schedule.given_up == 0);
}

TEST_CASE("A message that must come in time pulls what was sent before it along") {
    // Step 2 waits for a timer of step 0; step 3 answers step 1 within 10.
    const Schedule schedule = solve(4, {{0, 1, 1, Weight::kOrder}, {1, 2, 1, Weight::kOrder}, {2, 3, 1, Weight::kOrder},
                                        {0, 2, 100, Weight::kTimeout}, {3, 1, -10, Weight::kUserTimer}});
    CHECK(schedule.times_ns == Times{0, 91, 100, 101});
    CHECK(schedule.given_up == 0);
}

TEST_CASE("Where constraints contradict each other the weaker one is given up, and only that") {
    const Schedule schedule = solve(3, {{0, 1, 1, Weight::kOrder}, {1, 2, 1, Weight::kOrder}, {0, 2, 100, Weight::kTimeout}, {2, 0, -10, Weight::kUserTimer}});
    CHECK(schedule.times_ns == Times{0, 1, 100});
    CHECK(schedule.given_up == 1);
}

TEST_CASE("No steps have no times") { CHECK(solve(0, {}).times_ns.empty()); }
