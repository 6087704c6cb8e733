// Observers that begin in the middle of a run against the definition of past-time formulas over the whole of it.
#include <catch2/catch.hpp>

#include "properties/monitor/unknown_history.h"
#include "tests/monitor/random_runs.h"
#include "tests/support/naive_eval.h"
#include "tests/support/random_formula.h"

using namespace imspect;
using monitor::Observer;
using naive::State;
using tests::Compiled;

namespace {

/// Whether the property may hold at each position from `begin` on, when nothing before it was seen.
std::vector<bool> may_hold(const Compiled& made, const Observer& observer, const std::vector<std::size_t>& run, std::size_t begin,
                           const State& registers) {
    const std::vector<ir::DomainId> domains = tests::domains_of(made.ground, observer.registers);
    State state = naive::initial(made.ground);
    const std::vector<ir::DomainId> own = tests::domains_of(made.ground, {});
    for (std::size_t i = 0; i < begin; ++i) {
        state = naive::step(made.ground, run[i], state, tests::newest_token(made.ground, own, state));
        naive::normalise(made.ground, own, state);
    }
    state.insert(state.end(), registers.begin(), registers.end());
    std::vector<bool> holds;
    for (std::size_t i = begin; i < run.size(); ++i) {
        const State old = state;
        state = naive::step(made.ground, run[i], old, tests::newest_token(made.ground, domains, old));
        for (std::size_t at = 0; at < observer.registers.size(); ++at) {
            const ir::ExprId next = observer.registers[at].next.at(run[i]);
            if (next != ir::kNoExpr) state[observer.first_register + at] = naive::evaluate(made.ground, next, {state, old, 0});
        }
        const ir::ExprId formula = observer.formula != ir::kNoExpr ? observer.formula : observer.step_formula.at(run[i]);
        holds.push_back(naive::evaluate(made.ground, formula, {state, old, 0}) != 0);
        naive::normalise(made.ground, domains, state);
    }
    return holds;
}

State unknown(const Observer& observer) {
    State registers;
    for (const monitor::Register& one : observer.registers) registers.push_back(one.variable.initial);
    return registers;
}

/// Of an observer that has seen the run from its beginning.
State known(const Observer& plain) {
    State registers;
    for (const monitor::Register& one : plain.registers) {
        registers.push_back(one.variable.initial);
        registers.push_back(one.variable.domain == ir::kBoolDomain ? one.variable.initial : 1);
    }
    return registers;
}

}  // namespace

TEST_CASE("A property that was broken before the capture or may have been kept by what came before it raises no alarm") {
    unsigned alarms = 0, held_back = 0, with_registers = 0;
    for (unsigned seed = 1; seed <= 600; ++seed) {
        const std::string text = naive::FormulaGenerator(seed).property("always");
        INFO("seed " << seed << "\n" << text);
        Compiled made = tests::compiled(naive::random_system(seed / 8), text);
        const Observer observer = monitor::with_unknown_history(made.observer, made.ground);
        REQUIRE(observer.registers.size() == 2 * made.observer.registers.size());
        with_registers += observer.registers.empty() ? 0 : 1;
        std::mt19937 random(seed);
        for (int repetition = 0; repetition < 3; ++repetition) {
            const std::vector<std::size_t> run = tests::random_run(made.ground, random, 12);
            const std::vector<naive::Position> positions = tests::positions_of(made.ground, run);
            naive::PastTime oracle(made.ground, made.property, positions);
            const std::size_t begin = random() % 8;
            const std::vector<bool> holds = may_hold(made, observer, run, begin, unknown(observer));
            for (std::size_t i = 0; i < holds.size(); ++i) {
                INFO("position " << begin + i + 1);
                const bool truth = oracle.holds(made.property.statements[0].formula, begin + i + 1);
                if (!holds[i]) REQUIRE_FALSE(truth);
                alarms += holds[i] ? 0 : 1;
                held_back += holds[i] && !truth ? 1 : 0;
            }
        }
    }
    CHECK(alarms > 3000);
    CHECK(held_back > 100);
    CHECK(with_registers > 200);
}

TEST_CASE("What is owed where a run ends is told exactly if all of it was seen, and never wrongly if only its end was") {
    unsigned owed = 0, told = 0;
    for (unsigned seed = 1; seed <= 400; ++seed) {
        const std::string text = naive::FormulaGenerator(seed).property("leads");
        INFO("seed " << seed << "\n" << text);
        Compiled made = tests::compiled(naive::random_system(seed / 8), text);
        REQUIRE(made.observer.kind == monitor::ObserverKind::kLeadsTo);
        const Observer observer = monitor::with_unknown_history(made.observer, made.ground);
        Observer plain = made.observer;
        std::vector<ir::ExprId> kept;
        for (const monitor::Obligation& one : plain.obligations) kept.push_back(made.ground.pool().implies(one.from, one.to));
        plain.formula = made.ground.pool().conjunction(kept);
        std::mt19937 random(seed);
        const std::vector<std::size_t> run = tests::random_run(made.ground, random, 12);
        const std::vector<bool> truth = may_hold(made, plain, run, 0, unknown(plain));
        CHECK(may_hold(made, observer, run, 0, known(made.observer)) == truth);
        const std::size_t begin = random() % 8;
        const std::vector<bool> late = may_hold(made, observer, run, begin, unknown(observer));
        for (std::size_t i = 0; i < late.size(); ++i) {
            if (!late[i]) REQUIRE_FALSE(truth[begin + i]);
            owed += truth[begin + i] ? 0 : 1;
            told += late[i] ? 0 : 1;
        }
    }
    CHECK(told > 300);
    CHECK(owed > told);
}

TEST_CASE("Where all that came before is known, a property may hold exactly where it holds") {
    unsigned trues = 0, falses = 0;
    for (unsigned seed = 1; seed <= 400; ++seed) {
        const std::string text = naive::FormulaGenerator(seed + 5000).property("always");
        INFO("seed " << seed << "\n" << text);
        Compiled made = tests::compiled(naive::random_system(seed / 8), text);
        const Observer observer = monitor::with_unknown_history(made.observer, made.ground);
        std::mt19937 random(seed);
        const std::vector<std::size_t> run = tests::random_run(made.ground, random, 12);
        const std::vector<naive::Position> positions = tests::positions_of(made.ground, run);
        naive::PastTime oracle(made.ground, made.property, positions);
        const std::vector<bool> holds = may_hold(made, observer, run, 0, known(made.observer));
        for (std::size_t i = 0; i < holds.size(); ++i) {
            const bool truth = oracle.holds(made.property.statements[0].formula, i + 1);
            REQUIRE(holds[i] == truth);
            (truth ? trues : falses) += 1;
        }
    }
    CHECK(trues > 500);
    CHECK(falses > 500);
}
