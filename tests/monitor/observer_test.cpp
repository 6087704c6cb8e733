// Observers against the definition of past-time formulas: random properties on random runs of small systems.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/monitor/random_runs.h"
#include "tests/support/naive_eval.h"
#include "tests/support/past_time.h"
#include "tests/support/random_formula.h"

using namespace imspect;
using monitor::Observer;
using monitor::ObserverKind;
using naive::State;
using tests::Compiled;
using tests::domains_of;
using tests::newest_token;
using tests::positions_of;
using tests::random_run;

namespace {

/// What an engine sees along a run, as observer.h prescribes.
struct Seen {
    std::vector<bool> holds;                     ///< always and possible: by position
    std::vector<std::vector<bool>> from, to;     ///< leads to: by obligation and position
};

class ReferenceEngine {
public:
    ReferenceEngine(const ir::GroundSystem& ground, const Observer& observer)
        : ground_(ground), observer_(observer), domains_(domains_of(ground, observer.registers)) {}

    Seen follow(const std::vector<std::size_t>& run) {
        State state = naive::initial(ground_);
        REQUIRE(observer_.first_register == state.size());
        for (const monitor::Register& one : observer_.registers) state.push_back(one.variable.initial);
        seen_.from.resize(observer_.obligations.size());
        seen_.to.resize(observer_.obligations.size());
        look(state);
        seen_.holds.push_back(observer_.formula != ir::kNoExpr ? formula(observer_.formula, state, state)
                                                               : observer_.holds_initially);
        if (observer_.formula != ir::kNoExpr) CHECK(seen_.holds[0] == observer_.holds_initially);
        for (const std::size_t rule : run) {
            const State old = state;
            state = naive::step(ground_, rule, old, newest_token(ground_, domains_, old));
            update_registers(rule, old, state);
            const bool by_state = observer_.formula != ir::kNoExpr;
            const bool judged = observer_.kind != ObserverKind::kLeadsTo;
            if (judged && !by_state) seen_.holds.push_back(formula(observer_.step_formula.at(rule), state, old));
            naive::normalise(ground_, domains_, state);
            if (judged && by_state) seen_.holds.push_back(formula(observer_.formula, state, state));
            look(state);
        }
        return seen_;
    }

private:
    bool formula(ir::ExprId expression, const State& now, const State& old) {
        return naive::evaluate(ground_, expression, {now, old, 0}) != 0;
    }
    void look(const State& state) {
        for (std::size_t i = 0; i < observer_.obligations.size(); ++i) {
            seen_.from[i].push_back(formula(observer_.obligations[i].from, state, state));
            seen_.to[i].push_back(formula(observer_.obligations[i].to, state, state));
        }
    }
    void update_registers(std::size_t rule, const State& old, State& state) {
        for (std::size_t i = 0; i < observer_.registers.size(); ++i) {
            const monitor::Register& one = observer_.registers[i];
            if (one.next.at(rule) == ir::kNoExpr) continue;
            const ir::Value value = naive::evaluate(ground_, one.next[rule], {state, old, 0});
            const ir::Domain& domain = ground_.system->domains[one.variable.domain];
            CHECK(value >= domain.lo);
            if (domain.kind != ir::DomainKind::kToken) CHECK(value <= domain.hi);
            state[observer_.first_register + i] = value;
        }
    }

    const ir::GroundSystem& ground_;
    const Observer& observer_;
    std::vector<ir::DomainId> domains_;
    Seen seen_;
};

/// Whether an obligation is open at each position: `from` held there or before, and `to` has not held since.
std::vector<bool> open_at(const std::vector<bool>& from, const std::vector<bool>& to) {
    std::vector<bool> open;
    for (std::size_t i = 0; i < from.size(); ++i) open.push_back((from[i] || (i > 0 && open[i - 1])) && !to[i]);
    return open;
}

}  // namespace

TEST_CASE("random always and possible properties hold at exactly the positions where their definition says so") {
    unsigned trues = 0;
    unsigned falses = 0;
    unsigned with_registers = 0;
    unsigned token_registers = 0;
    for (unsigned seed = 1; seed <= 600; ++seed) {
        const std::string text = naive::FormulaGenerator(seed).property(seed % 2 == 0 ? "always" : "possible");
        INFO("seed " << seed << "\n" << text);
        const Compiled made = tests::compiled(naive::random_system(seed / 8), text);
        with_registers += made.observer.registers.empty() ? 0 : 1;
        for (const monitor::Register& one : made.observer.registers) {
            token_registers += made.ground.system->domains[one.variable.domain].kind == ir::DomainKind::kToken ? 1 : 0;
        }
        std::mt19937 random(seed);
        for (int repetition = 0; repetition < 3; ++repetition) {
            const std::vector<std::size_t> run = random_run(made.ground, random, 10);
            const std::vector<naive::Position> positions = positions_of(made.ground, run);
            naive::PastTime oracle(made.ground, made.property, positions);
            const Seen seen = ReferenceEngine(made.ground, made.observer).follow(run);
            for (std::size_t i = 0; i < positions.size(); ++i) {
                INFO("position " << i);
                const bool expected = oracle.holds(made.property.statements[0].formula, i);
                REQUIRE(seen.holds.at(i) == expected);
                (expected ? trues : falses) += 1;
            }
        }
    }
    // The comparison is worth something only if both answers, and history, really occur.
    CHECK(trues > 3000);
    CHECK(falses > 3000);
    CHECK(with_registers > 200);
    CHECK(token_registers > 50);
}

TEST_CASE("random leads-to properties keep exactly the obligations open that their definition leaves open") {
    unsigned opened = 0;
    unsigned with_registers = 0;
    for (unsigned seed = 1; seed <= 300; ++seed) {
        const std::string text = naive::FormulaGenerator(seed + 10'000).property("leads");
        INFO("seed " << seed << "\n" << text);
        const Compiled made = tests::compiled(naive::random_system(seed / 8), text);
        REQUIRE(made.observer.kind == ObserverKind::kLeadsTo);
        with_registers += made.observer.registers.empty() ? 0 : 1;
        std::mt19937 random(seed);
        const std::vector<std::size_t> run = random_run(made.ground, random, 12);
        const std::vector<naive::Position> positions = positions_of(made.ground, run);
        naive::PastTime oracle(made.ground, made.property, positions);
        const Seen seen = ReferenceEngine(made.ground, made.observer).follow(run);
        const language::StatementSyntax& statement = made.property.statements[0];
        const std::vector<ir::Value> instances = statement.binders.empty() ? std::vector<ir::Value>{0} : std::vector<ir::Value>{0, 1};
        for (const ir::Value u : instances) {
            const naive::PastTime::Environment environment =
                statement.binders.empty() ? naive::PastTime::Environment{} : naive::PastTime::Environment{{"u", u}};
            const std::string name = statement.binders.empty() ? "" : (u == 0 ? "u = ue1" : "u = ue2");
            std::vector<bool> from;
            std::vector<bool> to;
            for (std::size_t i = 0; i < positions.size(); ++i) {
                from.push_back(oracle.holds(statement.formula, i, environment));
                to.push_back(oracle.holds(statement.goal, i, environment));
            }
            const std::vector<bool> expected = open_at(from, to);
            opened += std::count(expected.begin(), expected.end(), true) > 0 ? 1 : 0;
            const auto& obligations = made.observer.obligations;
            const auto found = std::find_if(obligations.begin(), obligations.end(), [&](const auto& one) { return one.name == name; });
            if (found == obligations.end()) {  // dropped, because it is never open
                CHECK(std::count(expected.begin(), expected.end(), true) == 0);
                continue;
            }
            const auto index = static_cast<std::size_t>(found - obligations.begin());
            REQUIRE(open_at(seen.from[index], seen.to[index]) == expected);
        }
    }
    CHECK(opened > 100);
    CHECK(with_registers > 100);
}
