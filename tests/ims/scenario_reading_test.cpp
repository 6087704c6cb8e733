// Scenarios that are refused although their JSON is well formed or nearly so: one message, and the path of the key.
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/ims/scenario.h"

using namespace imspect;

namespace {

std::string scenario(const std::string& impus, const std::string& rest = "") {
    return fmt::format(R"({{"name": "x", "ues": [{{"name": "ue1", "impus": ["a"]}}, {{"name": "ue2", "impus": [{}]}}]{}}})", impus, rest);
}

std::string impus(int count) {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) names.push_back(fmt::format("\"i{}\"", i));
    return fmt::format("{}", fmt::join(names, ", "));
}

void refuses(const std::string& text, const std::string& path, const std::string& message) {
    INFO(text);
    const auto read = ims::read_scenario(text, "s.json");
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().file == "s.json");
    CHECK(read.error().position == path);
    CHECK(read.error().message == message);
}

}  // namespace

TEST_CASE("a number that no double holds is refused at its place, and is no crash") {
    refuses(scenario("\"b\"", R"(, "bounds": {"attempts": 2, "tokens": 1e600})"), "/bounds/tokens",
            "the number 1e600 is beyond what can be read");
    refuses(scenario("\"b\", [[1], {\"k\": 2, \"x/y\": -9e999}]"), "/ues/1/impus/1/1/x~1y", "the number -9e999 is beyond what can be read");
    refuses("1e309", "/", "the number 1e309 is beyond what can be read");
    CHECK_FALSE(ims::read_scenario("1e309x", "s.json").ok());
    CHECK_FALSE(ims::read_scenario("[1e308, 1e309", "s.json").ok());
}

TEST_CASE("a scenario has at most eight different IMPUs") {
    CHECK(ims::read_scenario(scenario(impus(7)), "s.json").ok());
    CHECK(ims::read_scenario(scenario("\"a\", " + impus(7)), "s.json").ok());
    refuses(scenario(impus(8)), "/ues/1/impus", "expected at most 8 different IMPUs in a scenario, found 9");
    const std::string many = impus(20'000);
    refuses(scenario(many, ", \"implicit_sets\": [[" + many + "]]"), "/ues/1/impus", "expected at most 8 different IMPUs in a scenario, found 20001");
}

TEST_CASE("an implicit set has IMPUs, and one IMPU stands in a list once") {
    refuses(scenario("\"b\"", ", \"implicit_sets\": [[\"a\"], []]"), "/implicit_sets/1", "expected at least one IMPU");
    refuses(scenario("\"b\", \"c\", \"b\""), "/ues/1/impus/2", "'b' stands here twice");
}

TEST_CASE("the largest scenarios build") {
    auto read = ims::read_scenario(scenario(impus(7), ", \"scscfs\": 4, \"implicit_sets\": [[\"a\", " + impus(7) + "]]"), "s.json");
    REQUIRE(read.ok());
    CHECK(ims::build(read.value()).ok());
}
