// Counters of which a proof does not speak: it holds whatever they begin with, and the search, which is given many beginnings, agrees.
#include "checker/symbolic/lifted_counters.h"

#include <functional>
#include <random>

#include <catch2/catch.hpp>

#include "checker/explicit/search.h"
#include "checker/symbolic/engine.h"
#include "model/ir/builder.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using ir::E;
using outcome::Verdict;

namespace {

/// Two variables of three values and a counter, in which rules are filled.
struct Counting {
    ir::Builder b{"counting"};
    ir::NodeId node = b.node("N");
    ir::DomainId three = b.range("three", 0, 2);
    ir::DomainId count;
    ir::V x, y, c;
    ir::GroundSystem system;
    monitor::Observer observer;

    Counting(ir::Value greatest, ir::Value initial)
        : count(b.range("count", 0, greatest, true)), x(b.variable("x", node, three, {}, 0)), y(b.variable("y", node, three, {}, 0)),
          c(b.variable("c", node, count, {}, initial)) {}

    void finish(ir::Value never_x, ir::Value never_y) {
        system = ir::ground(b.take()).value();
        ir::ExprPool& pool = system.pool();
        const auto is = [&](ir::SlotId slot, ir::Value value) { return pool.equal(pool.slot(slot, three), pool.constant(three, value)); };
        observer.id = "never";
        observer.formula = pool.negate(pool.conjunction({is(0, never_x), is(1, never_y)}));
        observer.first_register = static_cast<ir::SlotId>(system.variables.size());
    }
};

using Fill = std::function<void(Counting&)>;

/// What may be lifted where no clause speaks of anything.
std::vector<std::string> lifted(const Fill& rules, const std::function<void(Counting&)>& observe = [](Counting&) {}) {
    Counting made(3, 3);
    rules(made);
    made.finish(2, 2);
    observe(made);
    const auto machine = symbolic::translate(made.system, &made.observer, symbolic::StateCode::kDirect);
    REQUIRE(machine.ok());
    return symbolic::LiftedCounters(made.system).lifted_in(machine.value(), {}, &made.observer);
}

void random_rules(std::uint32_t seed, Counting& made) {
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t n) { return static_cast<int>(random() % n); };
    for (int i = 0; i < 4; ++i) {
        ir::RuleBuilder rule = made.b.rule("r" + std::to_string(i), made.node, ir::RuleKind::kInternal);
        E guard = E(made.x) == below(3);
        if (below(2) == 0) guard = guard && E(made.y) == below(3);
        const int asks = below(5);
        if (asks == 0) guard = guard && E(made.c) == 0;
        if (asks == 1) guard = guard && E(made.c) > 1;
        if (asks == 2) guard = guard && E(made.c) <= 1;
        const int writes = below(4);
        if (writes < 2) guard = guard && E(made.c) > 0;
        rule.when(guard);
        rule.set(below(2) == 0 ? made.x : made.y, E(made.b.value(made.three, below(3))));
        if (writes < 2) rule.set(made.c, E(made.c) - 1);
        if (writes == 2) rule.set(made.c, E(made.b.value(made.count, below(2))));
    }
    made.finish(1 + below(2), 1 + below(2));
}

Verdict searched(std::uint32_t seed, ir::Value begins) {
    Counting made(std::max(begins, 2), begins);
    random_rules(seed, made);
    return explore::search(made.system, {made.observer}, {}).value().properties[0].verdict;
}

const Fill kCountsDown = [](Counting& m) {
    m.b.rule("down", m.node, ir::RuleKind::kInternal).when(E(m.c) > 0).set(m.c, E(m.c) - 1).set(m.x, E(m.b.value(m.three, 1)));
};

}  // namespace

TEST_CASE("what a proof says of any beginning of a counter, the search says of each") {
    std::size_t claims = 0;
    std::size_t only_of_small = 0;
    for (std::uint32_t seed = 0; seed < tests::cases(150, 10); ++seed) {
        INFO("seed " << seed);
        Counting made(2, 2);
        random_rules(seed, made);
        symbolic::ProofOptions options;
        options.deadlock = options.unspecified = false;
        const auto proved = symbolic::prove(made.system, {made.observer}, options);
        REQUIRE(proved.ok());
        const outcome::PropertyOutcome& property = proved.value().answer.properties[0];
        CHECK(property.verdict == searched(seed, 2));
        if (property.verdict != Verdict::kHolds) continue;
        const bool claimed = property.certificate.find("whatever c begins with") != std::string::npos;
        bool always = true;
        for (ir::Value begins = 0; begins < 7; ++begins) always = always && searched(seed, begins) == Verdict::kHolds;
        if (claimed) CHECK(always);
        claims += claimed;
        only_of_small += !always;
    }
    if (tests::kSanitized) return;  // too few for both kinds
    CHECK(claims > 40);
    CHECK(only_of_small > 0);
}

TEST_CASE("a counter is lifted where it is counted down and compared below its greatest value, and nowhere else") {
    CHECK(lifted(kCountsDown) == std::vector<std::string>{"c"});
    const auto with = [](const std::function<void(Counting&, ir::RuleBuilder&)>& use) {
        return lifted([&](Counting& m) {
            kCountsDown(m);
            ir::RuleBuilder rule = m.b.rule("uses", m.node, ir::RuleKind::kInternal);
            use(m, rule);
        });
    };
    CHECK(with([](Counting& m, ir::RuleBuilder& rule) { rule.when(E(m.c) >= 3).set(m.x, E(m.b.value(m.three, 0))); }).size() == 1);
    CHECK(with([](Counting& m, ir::RuleBuilder& rule) { rule.when(E(m.c) == 2).set(m.x, E(m.b.value(m.three, 0))); }).size() == 1);
    CHECK(with([](Counting& m, ir::RuleBuilder& rule) { rule.when(E(m.c) < 3).set(m.c, E(m.b.value(m.count, 3))); }).size() == 1);
    CHECK(with([](Counting& m, ir::RuleBuilder& rule) { rule.when(E(m.c) == 3).set(m.x, E(m.b.value(m.three, 0))); }).empty());
    CHECK(with([](Counting& m, ir::RuleBuilder& rule) { rule.when(E(m.c) <= 3).set(m.x, E(m.b.value(m.three, 0))); }).empty());
    CHECK(with([](Counting& m, ir::RuleBuilder& rule) { rule.when(E(m.c) > 3).set(m.x, E(m.b.value(m.three, 0))); }).empty());
    CHECK(with([](Counting& m, ir::RuleBuilder& rule) { rule.when(E(m.c) < 2).set(m.c, E(m.c) + 1); }).empty());
    CHECK(with([](Counting& m, ir::RuleBuilder& rule) { rule.when(E(m.c) < 2).set(m.x, E(m.c)); }).empty());
    CHECK(with([](Counting& m, ir::RuleBuilder& rule) { rule.when(E(m.c) < E(m.x)).set(m.x, E(m.b.value(m.three, 0))); }).empty());
    CHECK(with([](Counting& m, ir::RuleBuilder& rule) { rule.bounded("room", E(m.c) == 3, false).set(m.x, E(m.b.value(m.three, 0))); }).empty());
}

TEST_CASE("a counter that the property reads after a step, or a clause mentions, is not lifted") {
    CHECK(lifted(kCountsDown, [](Counting& m) {
              ir::ExprPool& pool = m.system.pool();
              m.observer.formula = pool.less(pool.constant(m.count, 0), pool.slot(2, m.count));
          }).empty());
    Counting made(3, 3);
    kCountsDown(made);
    made.finish(2, 2);
    const auto machine = symbolic::translate(made.system, &made.observer);
    REQUIRE(machine.ok());
    const symbolic::LiftedCounters counters(made.system);
    symbolic::Certificate certificate;
    certificate.excluded = {{1}};
    CHECK(counters.lifted_in(machine.value(), certificate, &made.observer).size() == 1);
    certificate.excluded = {{1}, {static_cast<std::int32_t>(machine.value().slots[2].first_latch) + 1}};
    CHECK(counters.lifted_in(machine.value(), certificate, &made.observer).empty());
    certificate = {};
    certificate.depth = 2;
    CHECK(counters.lifted_in(machine.value(), certificate, &made.observer).empty());
}
