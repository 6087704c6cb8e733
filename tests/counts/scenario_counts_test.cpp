// Exact numbers of states and transitions of the shipped scenarios: whatever changes the model, its grounding, the step
// semantics, a bound or a reduction moves a number here. A change that means to move them says so in its commit.
#include <catch2/catch.hpp>

#include <cstdint>
#include <string>

#include "checker/explicit/search.h"
#include "model/ims/scenario.h"
#include "model/ir/ground.h"

namespace imspect {
namespace {

struct Count {
    std::string scenario;
    std::string reading;  ///< empty: defaults
    bool symmetry;
    std::uint64_t states;
    std::uint64_t transitions;
    std::uint64_t depth;
};

outcome::Statistics counted(const Count& count) {
    auto scenario = ims::shipped_scenario(count.scenario);
    REQUIRE(scenario.ok());
    if (!count.reading.empty()) REQUIRE(ims::apply_reading(scenario.value(), count.reading).ok());
    auto system = ims::build(scenario.value());
    REQUIRE(system.ok());
    auto ground = ir::ground(system.value());
    REQUIRE(ground.ok());
    explore::SearchOptions options;
    options.symmetry = count.symmetry;
    auto answer = explore::search(ground.value(), {}, options);
    REQUIRE(answer.ok());
    CHECK(answer.value().statistics.complete);
    CHECK(answer.value().bounds_reached.empty());
    return answer.value().statistics;
}

}  // namespace

TEST_CASE("the shipped scenarios have exactly these states and transitions, and reach no bound of the model") {
    const std::vector<Count> counts = {
        {"success", "", false, 57, 57, 40},
        {"success", "letter", false, 57, 57, 40},
        {"resync", "", false, 554, 573, 80},
        {"resync", "letter", false, 554, 573, 80},
        {"reregistration", "", false, 48310, 141839, 69},
        {"reregistration", "letter", false, 51249, 149307, 69},
        {"two-impus", "", false, 110073, 231721, 84},
        {"two-impus", "letter", false, 124700, 262314, 84},
        {"attacker", "", false, 189916, 414971, 73},
        {"attacker", "letter", false, 207316, 452152, 73},
        {"two-scscf", "", false, 99873, 218422, 72},
        {"two-scscf", "", true, 50011, 109377, 72},
        {"two-scscf", "letter", false, 113698, 244941, 74},
        {"two-scscf", "letter", true, 56947, 122667, 74},
        {"shared-impu", "", false, 231979, 599330, 77},
        {"shared-impu", "", true, 115990, 299666, 77},
        {"shared-impu", "letter", false, 252447, 648654, 77},
        {"shared-impu", "letter", true, 126224, 324328, 77},
        {"single", "", false, 958177, 2723597, 86},
    };
    for (const Count& count : counts) {
        INFO(count.scenario << ' ' << count.reading << (count.symmetry ? " with symmetry" : ""));
        const outcome::Statistics statistics = counted(count);
        CHECK(statistics.states == count.states);
        CHECK(statistics.transitions == count.transitions);
        CHECK(statistics.depth == count.depth);
    }
}

}  // namespace imspect
