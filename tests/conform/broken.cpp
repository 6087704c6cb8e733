#include "tests/conform/broken.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "checker/explicit/product.h"
#include "model/exec/stepper.h"
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

/// What is owed where the run ends.
bool owes(ir::GroundSystem& ground, const language::Property& property, const std::vector<std::uint32_t>& rules) {
    const auto compiled = language::compile(property, ground, static_cast<ir::SlotId>(ground.variables.size()));
    REQUIRE(compiled.ok());
    const monitor::Observer& observer = compiled.value();
    std::vector<exec::ExtraVariable> registers;
    for (const monitor::Register& one : observer.registers) {
        registers.push_back({observer.first_register + static_cast<ir::SlotId>(registers.size()), one.variable});
    }
    const exec::Stepper stepper(ground, registers);
    exec::Code code(ground.pool(), stepper.layout());
    exec::State state = stepper.initial(), next(stepper.words());
    for (const std::uint32_t rule : rules) {
        REQUIRE(stepper.step(rule, state.data(), next.data()).kind == exec::StepKind::kFired);
        for (std::size_t i = 0; i < registers.size(); ++i) {
            const ir::ExprId value = observer.registers[i].next[rule];
            if (value != ir::kNoExpr) stepper.layout().set(next.data(), registers[i].slot, code.evaluate(code.compile(value), {next.data(), state.data(), nullptr}));
        }
        stepper.normalise(next.data());
        state = next;
    }
    const auto holds = [&](ir::ExprId formula) { return code.evaluate(code.compile(formula), {state.data(), state.data(), nullptr}) != 0; };
    return std::any_of(observer.obligations.begin(), observer.obligations.end(), [&](const monitor::Obligation& one) { return holds(one.from) && !holds(one.to); });
}

}  // namespace

std::set<std::string> broken_by(ir::GroundSystem& ground, const std::vector<std::uint32_t>& rules) {
    std::set<std::string> ids;
    const auto catalogue = language::catalogue();
    REQUIRE(catalogue.ok());
    for (const language::Property& property : catalogue.value()) {
        if (!language::missing_features(property, *ground.system).empty()) continue;
        const bool always = property.kind == language::BodyKind::kAlways && breaks(ground, property, rules);
        const bool promise = property.kind == language::BodyKind::kLeadsTo && owes(ground, property, rules);
        if (always || promise) ids.insert(property.id);
    }
    return ids;
}

}  // namespace imspect::tests
