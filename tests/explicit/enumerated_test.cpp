// All tiny systems: two variables, two rules, every combination of guard, effect, fairness and bound. Fairness and bounds
// have few states to hide in here, and every case occurs.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "model/ir/builder.h"
#include "tests/oracle/compare.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using monitor::ObserverKind;

namespace {

struct RuleChoice {
    int guard = 0;   ///< of 4
    int effect = 0;  ///< of 4
    int mode = 0;    ///< 0 plain, 1 fair, 2 fair within a budget, 3 fair within a bound of the specification, 4 fault
};
constexpr int kChoices = 4 * 4 * 5;

RuleChoice choice(int number) { return {number % 4, number / 4 % 4, number / 16}; }

void add_rule(ir::Builder& b, const std::string& name, ir::NodeId node, const RuleChoice& rule, const ir::V& x, const ir::V& y,
              ir::DomainId range) {
    ir::RuleBuilder built = b.rule(name, node, rule.mode == 4 ? ir::RuleKind::kFault : ir::RuleKind::kInternal);
    if (rule.guard == 1) built.when(ir::E(y));
    if (rule.guard == 2) built.when(!ir::E(y));
    if (rule.guard == 3) built.when(ir::E(x) == b.value(range, 1));
    if (rule.mode >= 1 && rule.mode <= 3) built.fair();
    if (rule.mode == 2 || rule.mode == 3) built.bounded("limit", ir::E(x) < b.value(range, 2), rule.mode == 2);
    if (rule.mode == 4) built.costs(1);
    if (rule.effect == 0) built.set(y, !ir::E(y));
    if (rule.effect == 1) built.set(x, ir::ite(ir::E(x) == b.value(range, 2), b.value(range, 0), ir::E(x) + 1));
    if (rule.effect == 2) built.set(x, b.value(range, 2)).set(y, b.boolean(false));
    if (rule.effect == 3) built.set(x, ir::ite(ir::E(y), b.value(range, 1), ir::E(x)));
}

oracle::Sample make(int first, int second) {
    ir::Builder b(fmt::format("tiny {} {}", first, second));
    const auto node = b.node("N");
    const auto range = b.range("range", 0, 2);
    const ir::V x = b.variable("x", node, range, {}, 0);
    const ir::V y = b.variable("y", node, ir::kBoolDomain, {}, 0);
    add_rule(b, "first", node, choice(first), x, y, range);
    add_rule(b, "second", node, choice(second), x, y, range);
    b.waiting("waits", {}, ir::E(y));
    auto system = ir::ground(b.take());
    REQUIRE(system.ok());
    oracle::Sample sample;
    sample.system = std::move(system).value();
    ir::ExprPool& pool = sample.system.pool();
    const ir::ExprId is_two = pool.equal(pool.slot(0, range), pool.constant(range, 2));
    const ir::ExprId is_zero = pool.equal(pool.slot(0, range), pool.constant(range, 0));
    const ir::ExprId flag = pool.slot(1, ir::kBoolDomain);
    const auto observer = [&](const char* id, ObserverKind kind, ir::ExprId formula) {
        monitor::Observer o;
        o.id = id;
        o.kind = kind;
        o.formula = formula;
        sample.observers.push_back(o);
        return sample.observers.size() - 1;
    };
    observer("never-both", ObserverKind::kState, pool.negate(pool.conjunction({is_two, flag})));
    observer("both", ObserverKind::kPossible, pool.conjunction({is_two, flag}));
    sample.observers[observer("two", ObserverKind::kLeadsTo, ir::kNoExpr)].obligations = {{is_zero, is_two, ""}};
    sample.observers[observer("flag", ObserverKind::kLeadsTo, ir::kNoExpr)].obligations = {
        {pool.negate(flag), flag, "up"}, {flag, pool.negate(flag), "down"}};
    return sample;
}

}  // namespace

TEST_CASE("the explicit engine and the naive checker agree on all tiny systems of two rules") {
    constexpr int kEvery = tests::kSanitized ? 30 : 3;
    oracle::Comparisons done;
    for (int first = 0; first < kChoices; ++first) {
        for (int second = first % kEvery; second < kChoices; second += kEvery) {
            const auto sample = make(first, second);
            const auto wrong = oracle::difference(sample, done);
            if (wrong) FAIL("tiny system " << first << " " << second << ": " << *wrong << "\n" << oracle::describe(sample));
        }
    }
    CHECK(done.runs > tests::cases(2000, 10) * 12);
    for (const char* verdict : {"leads-to holds", "leads-to violated", "leads-to unknown", "deadlock holds",
                                "deadlock violated", "possible unknown", "possible violated"}) {
        INFO(verdict);
        CHECK(done.verdicts[verdict] > tests::cases(100, 10));
    }
}
