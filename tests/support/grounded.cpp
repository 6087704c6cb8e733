#include "tests/support/grounded.h"

#include <algorithm>

#include <catch2/catch.hpp>

namespace imspect::tests {

ir::GroundSystem ground_of(const checker::ModelSource& source) {
    const Result<checker::LoadedModel> model = checker::load(source);
    REQUIRE(model.ok());
    Result<ir::GroundSystem> ground = checker::prepare(model.value());
    REQUIRE(ground.ok());
    return std::move(ground).value();
}

std::vector<std::uint32_t> rules_named(const ir::GroundSystem& ground, const std::vector<std::string>& names) {
    std::vector<std::uint32_t> rules;
    for (const std::string& name : names) {
        const auto found = std::find_if(ground.rules.begin(), ground.rules.end(), [&](const ir::GroundRule& rule) { return rule.name == name; });
        INFO(name);
        REQUIRE(found != ground.rules.end());
        rules.push_back(static_cast<std::uint32_t>(found - ground.rules.begin()));
    }
    return rules;
}

}  // namespace imspect::tests
