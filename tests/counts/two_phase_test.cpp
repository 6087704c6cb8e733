// Exact counts, with and without symmetry side by side: a fault in the search or in a reduction moves a number.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "checker/explicit/search.h"
#include "model/ir/builder.h"
#include "tests/oracle/naive.h"
#include "tests/oracle/two_phase.h"

using namespace imspect;

namespace {

outcome::Statistics count(const ir::GroundSystem& system, unsigned threads, bool symmetry) {
    explore::SearchOptions options;
    options.threads = threads;
    options.symmetry = symmetry;
    const auto answer = explore::search(system, {}, options);
    REQUIRE(answer.ok());
    REQUIRE(answer.value().statistics.complete);
    return answer.value().statistics;
}

struct Row {
    int managers;
    std::uint64_t states;
    std::uint64_t transitions;
    std::uint64_t depth;
    std::uint64_t orbits;  ///< states with symmetry
};

}  // namespace

TEST_CASE("two-phase commit has the number of states that other checkers count, with and without symmetry") {
    const Row row = GENERATE(Row{3, 288, 1145, 10, 80}, Row{4, 1568, 8257, 13, 166}, Row{5, 8832, 58145, 16, 314});
    const unsigned threads = GENERATE(1U, 2U, 4U);
    const auto symmetric = oracle::two_phase(row.managers, true);
    const auto full = count(symmetric, threads, false);
    CHECK(full.states == row.states);
    CHECK(full.transitions == row.transitions);
    CHECK(full.depth == row.depth);
    CHECK(full.symmetry_orbits == 1);
    const auto reduced = count(symmetric, threads, true);
    CHECK(reduced.states == row.orbits);
    CHECK(reduced.depth == row.depth);
    CHECK(reduced.symmetry_orbits > 1);
    CHECK(count(oracle::two_phase(row.managers, false), threads, true).states == row.states);
}

TEST_CASE("the naive checker counts two-phase commit the same") {
    const auto system = oracle::two_phase(4, true);
    const oracle::NaiveChecker naive(system, nullptr);
    CHECK(naive.states() == 1568);
    CHECK(naive.transitions() == 8257);
    CHECK(naive.orbits() == 166);
}

TEST_CASE("two-phase commit with seven managers has 296448 states, and too many permutations to reduce by") {
    const auto system = oracle::two_phase(7, true);
    const auto statistics = count(system, 2, true);
    CHECK(statistics.states == 296448);
    CHECK(statistics.symmetry_orbits == 1);
    CHECK(statistics.bytes_per_state < 64);
}

TEST_CASE("two-phase commit with eight managers has 1745408 states, in less than 40 bytes each") {
    const auto statistics = count(oracle::two_phase(8, false), 2, false);
    CHECK(statistics.states == 1745408);
    CHECK(statistics.transitions == 18507777);
    CHECK(statistics.bytes_per_state < 40);
}

TEST_CASE("independent counters have as many states as their product") {
    const int counters = GENERATE(1, 2, 3, 4);
    ir::Builder b("counters");
    const auto node = b.node("N");
    const auto value = b.range("value", 0, 9);
    for (int i = 0; i < counters; ++i) {
        const auto counter = b.variable(fmt::format("c{}", i), node, value, {}, 0);
        b.rule(fmt::format("up{}", i), node, ir::RuleKind::kInternal)
            .when(ir::E(counter) < b.value(value, 9)).set(counter, ir::E(counter) + 1);
    }
    const auto system = ir::ground(b.take());
    REQUIRE(system.ok());
    std::uint64_t expected = 1;
    for (int i = 0; i < counters; ++i) expected *= 10;
    const auto statistics = count(system.value(), 2, true);
    CHECK(statistics.states == expected);
    CHECK(statistics.transitions == static_cast<std::uint64_t>(counters) * expected / 10 * 9);
    CHECK(statistics.depth == static_cast<std::uint64_t>(9 * counters));
}

TEST_CASE("tokens that nobody refers to are recycled, so a generator of nonces is finite") {
    ir::Builder b("nonces");
    const auto node = b.node("N");
    const auto nonce = b.token("nonce", 3);
    const auto old_one = b.variable("old_one", node, nonce, {}, 0);
    const auto new_one = b.variable("new_one", node, nonce, {}, 0);
    b.rule("draws", node, ir::RuleKind::kInternal).set(old_one, new_one).set(new_one, b.fresh(nonce));
    b.rule("forgets", node, ir::RuleKind::kInternal).set(old_one, b.value(nonce, 0));
    const auto system = ir::ground(b.take());
    REQUIRE(system.ok());
    // (0,0), (0,1), (1,2): the newer one is greater.
    const auto statistics = count(system.value(), 1, true);
    CHECK(statistics.states == 3);
    CHECK(statistics.transitions == 6);
}
