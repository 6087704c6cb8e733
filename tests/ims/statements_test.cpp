// The specification's statements, the model's rules and the catalogue's properties cite each other without a gap.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "model/ims/scenario.h"
#include "model/ir/validate.h"
#include "properties/language/language.h"

namespace imspect {
namespace {

std::shared_ptr<ir::System> built(ims::Scenario scenario, const std::vector<std::string>& readings = {}) {
    for (const std::string& reading : readings) REQUIRE(ims::apply_reading(scenario, reading).ok());
    auto system = ims::build(scenario);
    REQUIRE(system.ok());
    return system.value();
}

ims::Scenario shipped(const std::string& name) {
    auto scenario = ims::shipped_scenario(name);
    REQUIRE(scenario.ok());
    return scenario.value();
}

/// Every rule that some shipped scenario has, under the default readings and under the excerpt's letter.
std::map<std::string, ir::Rule> all_rules() {
    std::map<std::string, ir::Rule> rules;
    for (const std::string& name : ims::shipped_scenarios()) {
        for (const auto& readings : {std::vector<std::string>{}, std::vector<std::string>{"letter"}}) {
            const auto system = built(shipped(name), readings);
            for (const ir::Rule& rule : system->rules) rules.emplace(rule.name, rule);
        }
    }
    return rules;
}

std::set<std::string> known_citations() {
    // The clauses beside the excerpt that it refers to, and the wire specifications.
    std::set<std::string> known = {"6.1.1", "6.1.2.1", "6.1.5", "7.1", "7.2", "7.3.1.2", "7.3.1.3", "7.4", "24.229"};
    for (const ims::Statement& statement : ims::statements()) {
        known.insert(statement.id);
        known.insert(statement.clause);
    }
    known.insert({"7.3.1", "7.3.2"});
    return known;
}

}  // namespace

TEST_CASE("every statement of the excerpt is encoded by a rule or judged by a property") {
    std::set<std::string> by_rules;
    for (const auto& [name, rule] : all_rules()) by_rules.insert(rule.clauses.begin(), rule.clauses.end());
    std::set<std::string> by_properties;
    const auto catalogue = language::catalogue();
    REQUIRE(catalogue.ok());
    for (const language::Property& property : catalogue.value()) {
        by_properties.insert(property.clauses.begin(), property.clauses.end());
    }
    REQUIRE(ims::statements().size() >= 37);
    for (const ims::Statement& statement : ims::statements()) {
        INFO(statement.id << ": " << statement.summary);
        CHECK((by_rules.contains(statement.id) || by_properties.contains(statement.id)));
        if (statement.modality == "shall") CHECK(by_rules.contains(statement.id));
    }
}

TEST_CASE("every rule cites a clause that exists and says what it is about") {
    const auto known = known_citations();
    for (const auto& [name, rule] : all_rules()) {
        INFO(name);
        CHECK_FALSE(rule.clauses.empty());
        CHECK_FALSE(rule.about.empty());
        for (const std::string& clause : rule.clauses) {
            INFO(clause);
            CHECK(known.contains(clause));
        }
    }
}

TEST_CASE("every property of the catalogue cites a clause that exists") {
    const auto known = known_citations();
    const auto catalogue = language::catalogue();
    REQUIRE(catalogue.ok());
    for (const language::Property& property : catalogue.value()) {
        INFO(property.id);
        CHECK_FALSE(property.clauses.empty());
        for (const std::string& clause : property.clauses) {
            INFO(clause);
            CHECK(known.contains(clause));
        }
    }
}

TEST_CASE("the catalogue holds P1 to P43") {
    const auto catalogue = language::catalogue();
    REQUIRE(catalogue.ok());
    for (int number = 1; number <= 43; ++number) {
        const std::string id = fmt::format("P{}", number);
        INFO(id);
        CHECK(std::any_of(catalogue.value().begin(), catalogue.value().end(),
                          [&](const language::Property& property) { return property.id == id; }));
    }
}

TEST_CASE("every property of the catalogue lives in a shipped scenario") {
    const auto catalogue = language::catalogue();
    REQUIRE(catalogue.ok());
    for (const language::Property& property : catalogue.value()) {
        INFO(property.id);
        bool lives = false;
        for (const std::string& name : ims::shipped_scenarios()) {
            lives = lives || language::missing_features(property, *built(shipped(name))).empty();
        }
        CHECK(lives);
    }
}

TEST_CASE("every shipped scenario makes a model without defects, under every single reading") {
    for (const std::string& name : ims::shipped_scenarios()) {
        INFO(name);
        CHECK(ir::validate(*built(shipped(name))).empty());
        CHECK(ir::validate(*built(shipped(name), {"letter"})).empty());
    }
    for (const ims::Reading& reading : ims::readings()) {
        for (const std::string& value : reading.values) {
            INFO(reading.name << "=" << value);
            CHECK(ir::validate(*built(shipped("single"), {reading.name + "=" + value})).empty());
        }
    }
}

}  // namespace imspect
