// The translation against the step semantics: same initial state, same rules enabled, same successors bit by bit, same
// targets. Everything that the symbolic engines say rests on this.
#include "tests/symbolic/translation.h"

#include <catch2/catch.hpp>

#include "checker/check.h"
#include "tests/oracle/random_system.h"
#include "tests/support/sample_systems.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using symbolic_tests::Compared;

namespace {

void compare(const ir::GroundSystem& system, const std::vector<const monitor::Observer*>& group, std::size_t most, Compared& done) {
    const explore::Product product(system, group);
    for (const symbolic::StateCode code : {symbolic::StateCode::kPacked, symbolic::StateCode::kDirect}) {
        const auto machine = symbolic::translate(system, group, code);
        REQUIRE(machine.ok());
        const auto wrong = symbolic_tests::difference_in_reachable(machine.value(), product, most, done, code);
        for (const monitor::Observer* observer : group) UNSCOPED_INFO(observer->id);
        if (wrong) FAIL((code == symbolic::StateCode::kDirect ? "direct code: " : "packed code: ") << *wrong);
    }
}

/// The plain system, with each of the observers, and with all of them at once.
void compare(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers, std::size_t most, std::size_t most_observed,
             Compared& done) {
    compare(system, std::vector<const monitor::Observer*>{}, most, done);
    std::vector<const monitor::Observer*> all;
    for (const monitor::Observer& observer : observers) {
        compare(system, {&observer}, most_observed, done);
        all.push_back(&observer);
    }
    compare(system, all, most_observed, done);
}

void compare_scenario(const std::string& name, std::size_t most, Compared& done) {
    checker::CheckRequest request;
    request.model.scenario = name;
    const auto question = checker::pose(request);
    REQUIRE(question.ok());
    compare(question.value().ground, question.value().observers, most, most / 10 + 2, done);
}

}  // namespace

TEST_CASE("the translation has exactly the successors of the step semantics on random systems with observers") {
    Compared done;
    for (std::uint32_t seed = 0; seed < tests::cases(120, 4); ++seed) {
        const oracle::Sample sample = oracle::make_sample({seed, {}, {}});
        INFO("seed " << seed << "\n" << oracle::describe(sample));
        compare(sample.system, sample.observers, 60, 25, done);
    }
    if (tests::kSanitized) return;  // a share of the seeds meets a share of what there is
    CHECK(done.states > 8'000);
    CHECK(done.renamed > 100);
    CHECK(done.beyond_tokens > 10);
    CHECK(done.out_of_range > 10);
    CHECK(done.hits > 1000);
}

TEST_CASE("the translation has exactly the successors of the step semantics on systems that use every feature") {
    Compared done;
    for (const support::Sample& sample : support::sample_systems()) {
        INFO(sample.name);
        auto system = ir::ground(sample.system);
        REQUIRE(system.ok());
        compare(system.value(), {}, 300, 0, done);
    }
    for (unsigned seed = 0; seed < 60; ++seed) {
        INFO("seed " << seed);
        auto system = ir::ground(support::random_system(seed).system);
        REQUIRE(system.ok());
        compare(system.value(), {}, 40, 0, done);
    }
    CHECK(done.fired > 2000);
    CHECK(done.renamed > 10);
}

TEST_CASE("the translation has exactly the successors of the step semantics in reachable states of the shipped scenarios") {
    Compared done;
    compare_scenario("success", tests::cases(60, 4), done);
    if (tests::kSanitized) return;  // the larger ones have the same kinds of rules
    compare_scenario("resync", 60, done);
    compare_scenario("single", 40, done);
    compare_scenario("two-scscf", 20, done);
    CHECK(done.states > 300);
    CHECK(done.renamed > 3);
}
