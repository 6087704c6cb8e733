// The published schema of scenarios against the reader: both must accept and refuse the same names and numbers, or users
// are told one thing and get another.
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/ims/scenario.h"

namespace {

using Json = nlohmann::json;
using namespace imspect;

Json schema() {
    std::ifstream file(std::string(IMSPECT_SOURCE_DIR) + "/docs/schema/scenario.schema.json");
    REQUIRE(file.good());
    return Json::parse(file);
}

Json smallest() { return Json::parse(R"({"name": "x", "ues": [{"name": "ue1", "impus": ["impu1"]}]})"); }

/// A scenario that is consistent whatever its budgets are: faults and attacker are there exactly where a budget is.
Json with_bound(const std::string& bound, std::int64_t value) {
    Json scenario = smallest();
    scenario["bounds"][bound] = value;
    if (bound == "faults" && value > 0) scenario["faults"] = {"loss"};
    if (bound == "attacks" && value > 0) scenario["attacker"] = {"drop"};
    return scenario;
}

bool accepted(const Json& scenario) { return ims::read_scenario(scenario.dump(), "scenario.json").ok(); }

void require_same_names(const Json& published, const std::vector<ims::Described>& known) {
    std::set<std::string> names;
    for (const ims::Described& one : known) names.insert(one.name);
    CHECK(published.get<std::set<std::string>>() == names);
}

}  // namespace

TEST_CASE("The schema of scenarios names the faults, attacker powers and features that the reader knows") {
    const Json keys = schema().at("properties");
    require_same_names(keys.at("faults").at("items").at("enum"), ims::fault_kinds());
    require_same_names(keys.at("attacker").at("items").at("enum"), ims::attacker_powers());
    require_same_names(keys.at("features").at("items").at("enum"), ims::features());
}

TEST_CASE("The reader accepts every bound of a scenario exactly within the schema's limits") {
    const Json bounds = schema().at("properties").at("bounds").at("properties");
    REQUIRE(bounds.size() == 6);
    for (const auto& [name, limits] : bounds.items()) {
        const auto least = limits.at("minimum").get<std::int64_t>();
        const auto most = limits.at("maximum").get<std::int64_t>();
        INFO(name);
        CHECK(accepted(with_bound(name, least)));
        CHECK(accepted(with_bound(name, most)));
        CHECK_FALSE(accepted(with_bound(name, least - 1)));
        CHECK_FALSE(accepted(with_bound(name, most + 1)));
    }
}

TEST_CASE("The reader accepts as many UEs, and IMPUs of one UE, as the schema") {
    const Json limits = schema().at("properties").at("ues");
    const auto with = [](std::size_t ues, std::size_t impus) {
        Json scenario = smallest();
        scenario["ues"] = Json::array();
        for (std::size_t u = 0; u < ues; ++u) {
            Json names = Json::array();
            for (std::size_t i = 0; i < impus; ++i) names.push_back(fmt::format("impu{}", i));
            scenario["ues"].push_back({{"name", fmt::format("ue{}", u)}, {"impus", names}});
        }
        return scenario;
    };
    const auto ues = limits.at("maxItems").get<std::size_t>();
    const auto impus = limits.at("items").at("properties").at("impus").at("maxItems").get<std::size_t>();
    CHECK(accepted(with(ues, impus)));
    CHECK_FALSE(accepted(with(ues + 1, 1)));
    CHECK_FALSE(accepted(with(1, impus + 1)));
}

TEST_CASE("A scenario without bounds gets the defaults that the schema states") {
    const auto read = ims::read_scenario(smallest().dump(), "scenario.json");
    REQUIRE(read.ok());
    const ims::Scenario& scenario = read.value();
    const Json keys = schema().at("properties");
    const Json bounds = keys.at("bounds").at("properties");
    CHECK(scenario.scscfs == keys.at("scscfs").at("default"));
    CHECK(scenario.attempts == bounds.at("attempts").at("default"));
    CHECK(scenario.avs == bounds.at("avs").at("default"));
    CHECK(scenario.channel_capacity == bounds.at("channel").at("default"));
    CHECK(scenario.tokens == bounds.at("tokens").at("default"));
    CHECK(scenario.fault_budget == bounds.at("faults").at("default"));
    CHECK(scenario.attacker_budget == bounds.at("attacks").at("default"));
}

TEST_CASE("The reader accepts exactly the keys of a scenario that the schema knows") {
    const Json keys = schema().at("properties");
    const Json values = Json::parse(R"({"about": "x", "implicit_sets": [["impu1"]], "scscfs": 2, "bounds": {}, "faults": [],
        "attacker": [], "features": [], "readings": {}, "profiles": {}})");
    for (const auto& [name, description] : keys.items()) {
        if (name == "name" || name == "ues") continue;
        INFO(name);
        REQUIRE(values.contains(name));
        Json scenario = smallest();
        scenario[name] = values.at(name);
        CHECK(accepted(scenario));
    }
    CHECK(keys.size() == values.size() + 2);
    Json scenario = smallest();
    scenario["bound"] = Json::object();
    CHECK_FALSE(accepted(scenario));
}
