// No switch of a scenario is decoration: every reading, fault, power, feature and bound changes the model.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "model/ims/scenario.h"
#include "model/ir/json.h"

namespace imspect {
namespace {

ims::Scenario shipped(const std::string& name) {
    auto scenario = ims::shipped_scenario(name);
    REQUIRE(scenario.ok());
    return scenario.value();
}

std::string model_text(const ims::Scenario& scenario) {
    auto system = ims::build(scenario);
    REQUIRE(system.ok());
    return ir::write_json(*system.value(), {});
}

std::string rules_text(ims::Scenario scenario) {
    std::string text;
    auto system = ims::build(scenario);
    REQUIRE(system.ok());
    for (const ir::Rule& rule : system.value()->rules) text += rule.name + "\n";
    return text;
}

}  // namespace

TEST_CASE("every value of every reading makes another model") {
    for (const ims::Reading& reading : ims::readings()) {
        std::set<std::string> models;
        for (const std::string& value : reading.values) {
            ims::Scenario scenario = shipped("everything");
            REQUIRE(ims::apply_reading(scenario, reading.name + "=" + value).ok());
            models.insert(model_text(scenario));
        }
        INFO(reading.name);
        CHECK(models.size() == reading.values.size());
        CHECK(reading.value_about.size() == reading.values.size());
        if (!reading.letter.empty())
            CHECK(std::find(reading.values.begin(), reading.values.end(), reading.letter) != reading.values.end());
    }
}

TEST_CASE("every kind of fault adds a rule that only it switches on") {
    ims::Scenario whole = shipped("everything");
    for (const ims::Described& kind : ims::fault_kinds()) {
        INFO(kind.name);
        ims::Scenario without = whole;
        std::erase(without.faults, kind.name);
        REQUIRE(without.faults.size() + 1 == whole.faults.size());
        CHECK(rules_text(without) != rules_text(whole));
    }
}

TEST_CASE("every power of the attacker adds a rule that only it switches on") {
    ims::Scenario whole = shipped("everything");
    for (const ims::Described& power : ims::attacker_powers()) {
        INFO(power.name);
        ims::Scenario without = whole;
        std::erase(without.attacker, power.name);
        REQUIRE(without.attacker.size() + 1 == whole.attacker.size());
        CHECK(rules_text(without) != rules_text(whole));
    }
}

TEST_CASE("every feature adds detail to the model") {
    ims::Scenario whole = shipped("everything");
    for (const ims::Described& feature : ims::features()) {
        INFO(feature.name);
        ims::Scenario without = whole;
        std::erase(without.features, feature.name);
        REQUIRE(without.features.size() + 1 == whole.features.size());
        CHECK(model_text(without) != model_text(whole));
    }
}

TEST_CASE("every profile is a set of readings that exist, and 'letter' chooses every literal reading") {
    for (const ims::Profile& profile : ims::profiles()) {
        INFO(profile.node << "=" << profile.name);
        ims::Scenario scenario = shipped("single");
        CHECK(ims::apply_profile(scenario, profile.node + "=" + profile.name).ok());
        for (const auto& [name, value] : profile.readings) CHECK(ims::apply_reading(scenario, name + "=" + value).ok());
    }
    ims::Scenario scenario = shipped("single");
    REQUIRE(ims::apply_reading(scenario, "letter").ok());
    for (const ims::Reading& reading : ims::readings()) {
        if (!reading.letter.empty()) CHECK(scenario.readings.at(reading.name) == reading.letter);
    }
}

TEST_CASE("an unknown or incomplete reading or profile is refused with what is known") {
    ims::Scenario scenario = shipped("single");
    const auto misspelt = ims::apply_reading(scenario, "old-ssa=at-once");
    REQUIRE_FALSE(misspelt.ok());
    CHECK(misspelt.error().message.find("did you mean 'old-sa'?") != std::string::npos);
    CHECK_FALSE(ims::apply_reading(scenario, "old-sa=never").ok());
    CHECK_FALSE(ims::apply_reading(scenario, "old-sa").ok());
    CHECK_FALSE(ims::apply_profile(scenario, "scscf=nokia").ok());
    CHECK_FALSE(ims::apply_profile(scenario, "scscf").ok());
}

}  // namespace imspect
