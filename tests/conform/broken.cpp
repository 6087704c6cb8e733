#include "tests/conform/broken.h"

#include <catch2/catch.hpp>

#include "checker/explicit/product.h"
#include "properties/language/language.h"

namespace imspect::tests {

namespace {

bool breaks(ir::GroundSystem& ground, const language::Property& property, const std::vector<std::uint32_t>& rules) {
    const auto observer = language::compile(property, ground, static_cast<ir::SlotId>(ground.variables.size()));
    REQUIRE(observer.ok());
    const explore::Product product(ground, {&observer.value()});
    const auto wanted = [](std::size_t) { return true; };
    bool broken = !product.initial_hits().empty();
    const auto hit = [&](std::size_t) { broken = true; };
    exec::State state = product.initial(), next(product.words());
    product.check_state(state.data(), wanted, hit);
    for (const std::uint32_t rule : rules) {
        REQUIRE(product.successor(rule, state.data(), next.data(), wanted, hit).kind == exec::StepKind::kFired);
        state = next;
        product.check_state(state.data(), wanted, hit);
    }
    return broken;
}

}  // namespace

std::set<std::string> broken_by(ir::GroundSystem& ground, const std::vector<std::uint32_t>& rules) {
    std::set<std::string> ids;
    const auto catalogue = language::catalogue();
    REQUIRE(catalogue.ok());
    for (const language::Property& property : catalogue.value()) {
        if (property.kind != language::BodyKind::kAlways || !language::missing_features(property, *ground.system).empty()) continue;
        if (breaks(ground, property, rules)) ids.insert(property.id);
    }
    return ids;
}

}  // namespace imspect::tests
