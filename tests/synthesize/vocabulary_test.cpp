// Which models can be synthesised.
#include <catch2/catch.hpp>

#include "model/embedded.h"
#include "tests/support/grounded.h"
#include "traces/synthesize/vocabulary.h"

using namespace imspect;

TEST_CASE("A model that is not that of TS 33.203 is refused with what it lacks") {
    REQUIRE_FALSE(embedded::models().empty());
    checker::ModelSource source;
    source.model_text = checker::Text{"other.json", std::string(embedded::models().front().text)};
    const auto vocabulary = synthesize::vocabulary_of(tests::ground_of(source));
    REQUIRE_FALSE(vocabulary.ok());
    CHECK(vocabulary.error().message == "only a model of TS 33.203's registration can be synthesised, and this one has no channel gm_up");
}

TEST_CASE("Names, implicit sets and m are found in the model itself") {
    checker::ModelSource source;
    source.scenario = "everything";
    const auto vocabulary = synthesize::vocabulary_of(tests::ground_of(source));
    REQUIRE(vocabulary.ok());
    CHECK(vocabulary.value().ues == std::vector<std::string>{"ue1", "ue2"});
    CHECK(vocabulary.value().impus == std::vector<std::string>{"impu1", "impu2", "impu3"});
    CHECK(vocabulary.value().scscfs == std::vector<std::string>{"scscf1", "scscf2"});
    CHECK(vocabulary.value().implicit_sets == std::vector<std::vector<std::size_t>>{{0, 1}, {0, 1}, {2}});
    CHECK(vocabulary.value().avs == 2);
}
