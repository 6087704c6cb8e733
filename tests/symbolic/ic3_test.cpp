// IC3 by itself: its two searches, however often they take turns, say what the explicit engine says.
#include "checker/symbolic/ic3.h"

#include <catch2/catch.hpp>

#include "checker/explicit/search.h"
#include "checker/symbolic/certificate.h"
#include "tests/oracle/random_system.h"
#include "tests/support/sanitized.h"

using namespace imspect;

namespace {

struct Decided {
    std::size_t holds = 0;
    std::size_t violated = 0;
};

/// Every safety property of the sample alone, by IC3 whose searches change after so many queries.
void compare(const oracle::Sample& sample, std::uint64_t turn, Decided& decided) {
    const auto expected = explore::search(sample.system, sample.observers, {});
    if (!expected.ok()) return;  // the model itself is at fault
    for (std::size_t i = 0; i < sample.observers.size(); ++i) {
        const monitor::Observer& observer = sample.observers[i];
        if (observer.kind != monitor::ObserverKind::kState && observer.kind != monitor::ObserverKind::kStep) continue;
        const outcome::PropertyOutcome& property = expected.value().properties[i];
        auto machine = symbolic::translate(sample.system, &observer);
        REQUIRE(machine.ok());
        if (machine.value().observed[0].initially) continue;
        const symbolic::Slice slice = symbolic::slice_for(machine.value(), machine.value().observed[0]);
        symbolic::EngineOptions options;
        options.first_turn = turn;
        std::uint32_t deepest = 0;
        const symbolic::Finding finding = symbolic::ic3(machine.value(), slice, options, [&](std::uint32_t depth) {
            CHECK(depth > deepest);
            deepest = depth;
        });
        INFO(observer.id << ", turns of " << turn);
        if (finding.kind == symbolic::Finding::Kind::kReached) {
            CHECK(property.verdict == outcome::Verdict::kViolated);
            REQUIRE(property.witness);
            CHECK(finding.rules.size() >= property.witness->length());
            ++decided.violated;
        } else {
            CHECK(property.verdict == outcome::Verdict::kHolds);
            CHECK_FALSE(symbolic::refute(machine.value(), slice, finding.certificate));
            ++decided.holds;
        }
    }
}

}  // namespace

TEST_CASE("IC3 says what the search says, however soon its two searches take turns") {
    Decided decided;
    for (std::uint32_t seed = 0; seed < tests::cases(40, 8); ++seed) {
        const oracle::Sample sample = oracle::make_sample({seed, {}, {}});
        INFO("seed " << seed << "\n" << oracle::describe(sample));
        for (const std::uint64_t turn : {1, 30, 1'000'000}) compare(sample, turn, decided);
    }
    if (tests::kSanitized) return;
    CHECK(decided.holds > 50);
    CHECK(decided.violated > 50);
}
