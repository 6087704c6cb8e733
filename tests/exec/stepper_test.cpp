#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>

#include "model/exec/footprint.h"
#include "model/exec/replay.h"
#include "model/exec/stepper.h"
#include "model/ir/builder.h"
#include "tests/oracle/naive.h"
#include "tests/oracle/random_system.h"

using namespace imspect;
using exec::StepKind;

namespace {

ir::GroundSystem ground_of(ir::Builder& b) {
    auto system = ir::ground(b.take());
    REQUIRE(system.ok());
    return std::move(system).value();
}

oracle::Values unpack(const exec::Layout& layout, const exec::State& state, std::size_t slots) {
    oracle::Values values;
    for (ir::SlotId slot = 0; slot < slots; ++slot) values.push_back(layout.get(state.data(), slot));
    return values;
}

}  // namespace

TEST_CASE("a packed slot holds every value of its domain and disturbs no other slot") {
    ir::Builder b("layout");
    const auto node = b.node("N");
    std::vector<ir::DomainId> domains = {ir::kBoolDomain, b.range("wide", -7, 1000), b.enumeration("one", {"only"}),
                                         b.range("big", -1'000'000'000, 1'000'000'000), b.token("t", 70)};
    for (int i = 0; i < 40; ++i) {
        const auto domain = domains[static_cast<std::size_t>(i) % domains.size()];
        b.variable(fmt::format("v{}", i), node, domain, {}, b.value(domain, b.domain(domain).lo));
    }
    const auto system = ground_of(b);
    const exec::Layout layout(system);
    std::mt19937 random(7);
    exec::State state(layout.words(), 0);
    std::vector<int> expected(system.variables.size());
    for (ir::SlotId slot = 0; slot < expected.size(); ++slot) layout.set(state.data(), slot, expected[slot] = system.domain_of(slot).lo);
    for (int round = 0; round < 5000; ++round) {
        const auto slot = static_cast<ir::SlotId>(random() % expected.size());
        const auto& domain = system.domain_of(slot);
        expected[slot] = round % 3 == 0 ? domain.hi : domain.lo + static_cast<int>(random() % domain.size());
        layout.set(state.data(), slot, expected[slot]);
        REQUIRE(unpack(layout, state, expected.size()) == expected);
    }
    CHECK(layout.words() * 64 < layout.bits() + 128);
}

TEST_CASE("stepping agrees with the naive step on every rule of states of random systems") {
    std::size_t fired = 0;
    std::size_t bounded = 0;
    std::size_t out_of_range = 0;
    for (std::uint32_t seed = 1000; seed < 1150; ++seed) {
        const auto sample = oracle::make_sample({seed, {}, {}});
        const exec::Stepper stepper(sample.system);
        const oracle::NaiveSystem naive(sample.system, nullptr);
        std::mt19937 random(seed);
        exec::State state = stepper.initial();
        for (int step = 0; step < 60; ++step) {
            const auto values = unpack(stepper.layout(), state, sample.system.variables.size());
            std::vector<exec::State> successors;
            for (std::size_t rule = 0; rule < stepper.rule_count(); ++rule) {
                exec::State next(stepper.words());
                const auto got = stepper.successor(rule, state.data(), next.data());
                const auto expected = naive.step(rule, values);
                REQUIRE(static_cast<int>(got.kind) == static_cast<int>(expected.kind));
                REQUIRE(stepper.guard_holds(rule, state.data()) == (got.kind != StepKind::kDisabled));
                bounded += got.kind == StepKind::kBounded ? 1 : 0;
                out_of_range += got.kind == StepKind::kOutOfRange ? 1 : 0;
                if (got.kind != StepKind::kFired) continue;
                ++fired;
                REQUIRE(unpack(stepper.layout(), next, values.size()) == expected.normalised);
                successors.push_back(next);
            }
            if (successors.empty()) break;
            state = successors[random() % successors.size()];
        }
    }
    CHECK(fired > 5000);
    CHECK(bounded > 500);
    CHECK(out_of_range > 0);
}

TEST_CASE("assignments are simultaneous: two variables exchange their values") {
    ir::Builder b("exchange");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, 5);
    const auto x = b.variable("x", node, range, {}, 2);
    const auto y = b.variable("y", node, range, {}, 5);
    b.rule("swap", node, ir::RuleKind::kInternal).set(x, y).set(y, x);
    const auto system = ground_of(b);
    const auto states = exec::replay(system, std::vector<std::uint32_t>{0});
    REQUIRE(states.ok());
    const exec::Layout layout(system);
    CHECK(layout.get(states.value()[1].data(), 0) == 5);
    CHECK(layout.get(states.value()[1].data(), 1) == 2);
}

TEST_CASE("a value outside its domain is an answer that names the rule and the variable") {
    ir::Builder b("overflow");
    const auto node = b.node("N");
    const auto range = b.range("small", 0, 3);
    const auto x = b.variable("x", node, range, {}, 3);
    b.rule("grow", node, ir::RuleKind::kInternal).set(x, ir::E(x) + 1);
    const auto system = ground_of(b);
    const exec::Stepper stepper(system);
    exec::State next(stepper.words());
    const auto step = stepper.step(0, stepper.initial().data(), next.data());
    REQUIRE(step.kind == StepKind::kOutOfRange);
    CHECK(stepper.describe(0, step) == "rule grow assigns 4 to x, whose values are 0..3 (small)");
}

TEST_CASE("a bound of the specification is named before a budget of the environment") {
    ir::Builder b("bounds");
    const auto node = b.node("N");
    const auto range = b.range("small", 0, 3);
    const auto x = b.variable("x", node, range, {}, 0);
    b.rule("both", node, ir::RuleKind::kInternal)
        .bounded("budget", ir::E(x) > 0, true).bounded("capacity", ir::E(x) > 1, false).set(x, 1);
    b.rule("one", node, ir::RuleKind::kInternal).bounded("budget", ir::E(x) > 0, true).set(x, 2);
    const auto system = ground_of(b);
    const exec::Stepper stepper(system);
    exec::State next(stepper.words());
    const auto both = stepper.step(0, stepper.initial().data(), next.data());
    REQUIRE(both.kind == StepKind::kBounded);
    CHECK(stepper.bound_of(0, both).name == "capacity");
    CHECK_FALSE(stepper.held_by_environment(0, both));
    const auto one = stepper.step(1, stepper.initial().data(), next.data());
    REQUIRE(one.kind == StepKind::kBounded);
    CHECK(stepper.bound_of(1, one).name == "budget");
    CHECK(stepper.held_by_environment(1, one));
}

TEST_CASE("replay refuses a run with a rule that is not enabled, and says at which step") {
    ir::Builder b("once");
    const auto node = b.node("N");
    const auto done = b.variable("done", node, ir::kBoolDomain, {}, 0);
    b.rule("do", node, ir::RuleKind::kInternal).when(!ir::E(done)).set(done, b.boolean(true));
    const auto system = ground_of(b);
    CHECK(exec::replay(system, std::vector<std::uint32_t>{0}).ok());
    const auto twice = exec::replay(system, std::vector<std::uint32_t>{0, 0});
    REQUIRE_FALSE(twice.ok());
    CHECK(twice.error().message == "step 2 of the run: rule do is not enabled here");
    CHECK_FALSE(exec::replay(system, std::vector<std::uint32_t>{1}).ok());
}

TEST_CASE("an expression whose tree would explode is evaluated once for each shared part") {
    ir::Builder b("sharing");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, 1'000'000);
    const auto x = b.variable("x", node, range, {}, 1);
    ir::E sum = x;
    for (int i = 0; i < 18; ++i) sum = sum + sum;
    b.rule("grow", node, ir::RuleKind::kInternal).when(sum > 1000).set(x, sum);
    const auto system = ground_of(b);
    const auto states = exec::replay(system, std::vector<std::uint32_t>{0});
    REQUIRE(states.ok());
    CHECK(exec::Layout(system).get(states.value()[1].data(), 0) == 1 << 18);
}

TEST_CASE("what a rule changes lies in its footprint, and what it reads decides what it does") {
    std::size_t checked = 0;
    for (std::uint32_t seed = 2000; seed < 2040; ++seed) {
        const auto sample = oracle::make_sample({seed, {}, {}});
        const exec::Stepper stepper(sample.system);
        const exec::State from = stepper.initial();
        for (std::size_t rule = 0; rule < stepper.rule_count(); ++rule) {
            const auto footprint = exec::footprint(sample.system, rule);
            exec::State to(stepper.words());
            if (stepper.step(rule, from.data(), to.data()).kind != StepKind::kFired) continue;
            for (ir::SlotId slot = 0; slot < sample.system.variables.size(); ++slot) {
                const bool written = std::find(footprint.writes.begin(), footprint.writes.end(), slot) != footprint.writes.end();
                if (written) continue;
                REQUIRE(stepper.layout().get(from.data(), slot) == stepper.layout().get(to.data(), slot));
                ++checked;
            }
        }
    }
    CHECK(checked > 100);
}
