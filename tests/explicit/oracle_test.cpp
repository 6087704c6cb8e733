// Every configuration of the explicit engine against the naive checker, on random systems with a fixed seed.
#include <catch2/catch.hpp>

#include "tests/oracle/compare.h"
#include "tests/support/sanitized.h"

using namespace imspect::oracle;

namespace {

/// Leaves out rules and observers as long as something still differs.
Recipe shrink(Recipe recipe) {
    Comparisons ignored;
    for (bool smaller = true; smaller;) {
        smaller = false;
        const auto attempt = [&](std::set<std::size_t> Recipe::*what, std::size_t number) {
            if ((recipe.*what).contains(number)) return;
            Recipe less = recipe;
            (less.*what).insert(number);
            if (!difference(make_sample(less), ignored)) return;
            recipe = less;
            smaller = true;
        };
        for (std::size_t i = 0; i < kMostObservers; ++i) attempt(&Recipe::observers_left_out, i);
        for (std::size_t i = 0; i < kMostRules; ++i) attempt(&Recipe::rules_left_out, i);
    }
    return recipe;
}

void compare_seeds(std::uint32_t first, std::uint32_t last, Comparisons& done) {
    for (std::uint32_t seed = first; seed < last; ++seed) {
        const Recipe recipe{seed, {}, {}};
        if (!difference(make_sample(recipe), done)) continue;
        const Sample smallest = make_sample(shrink(recipe));
        const auto wrong = difference(smallest, done);
        FAIL("seed " << seed << ": " << wrong.value_or("differs before shrinking only") << "\n" << describe(smallest));
    }
}

}  // namespace

TEST_CASE("the explicit engine and the naive checker agree on random systems in every configuration") {
    Comparisons done;
    constexpr unsigned kSeeds = imspect::tests::cases(300, 10);
    compare_seeds(0, kSeeds, done);
    REQUIRE(done.runs >= kSeeds * 12);
    if (imspect::tests::kSanitized) return;  // a share of the seeds meets a share of what there is
    CHECK(done.reduced > 100);
    CHECK(done.reduced_products > 100);
    CHECK(done.out_of_range > 0);
    CHECK(done.witnesses > 1000);
    for (const char* kind : {"state", "step", "leads-to", "deadlock", "unspecified-reception"}) {
        CHECK(done.verdicts[std::string(kind) + " holds"] > 20);
        CHECK(done.verdicts[std::string(kind) + " violated"] > 20);
    }
    CHECK(done.verdicts["possible holds"] > 20);
    CHECK(done.verdicts["possible violated"] > 20);
    CHECK(done.verdicts["possible unknown"] > 20);
    CHECK(done.verdicts["leads-to unknown"] > 20);
    std::string seen;
    for (const auto& [verdict, times] : done.verdicts) seen += verdict + " " + std::to_string(times) + "; ";
    INFO(seen);
    CHECK(done.verdicts.size() >= 13);
}
