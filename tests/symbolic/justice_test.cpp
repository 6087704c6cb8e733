// Rankings by justice: against the explicit engine, on systems most of whose runs never end.
#include "checker/symbolic/justice.h"

#include <fstream>
#include <map>
#include <numeric>
#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "checker/check.h"
#include "checker/explicit/search.h"
#include "checker/symbolic/engine.h"
#include "checker/symbolic/justice_search.h"
#include "checker/symbolic/leads_to.h"
#include "checker/symbolic/linear_ranking.h"
#include "checker/symbolic/loop_search.h"
#include "checker/symbolic/response.h"
#include "checker/symbolic/smtlib.h"
#include "model/ir/builder.h"
#include "tests/oracle/naive.h"
#include "tests/support/program.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using namespace imspect::symbolic;
using outcome::Verdict;

namespace {

struct Case {
    ir::GroundSystem system;
    std::vector<monitor::Observer> observers;
};

/// From `from` to `to`, values of the first variable.
Case with_obligation(std::shared_ptr<ir::System> system, ir::Value from, ir::Value to) {
    Case made{ir::ground(std::move(system)).value(), {}};
    ir::ExprPool& pool = made.system.pool();
    const ir::DomainId domain = made.system.variables[0].domain;
    const auto is = [&](ir::Value value) { return pool.equal(pool.slot(0, domain), pool.constant(domain, value)); };
    monitor::Observer observer;
    observer.id = "leads-to";
    observer.kind = monitor::ObserverKind::kLeadsTo;
    observer.first_register = static_cast<ir::SlotId>(made.system.variables.size());
    observer.obligations = {{is(from), is(to), ""}};
    made.observers = {std::move(observer)};
    return made;
}



constexpr unsigned kTables = 2 * 6 * 6 * 6;

/// One variable of three values: from each value a rule to some value, fair or not, the one from 1 held back for ever by a bound or not.
Case table(unsigned number) {
    const bool bounded = number % 2 != 0;
    number /= 2;
    ir::Builder b("table");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, 2);
    const ir::V x = b.variable("x", node, range, {}, 2);
    for (ir::Value at = 0; at <= 2; ++at) {
        ir::RuleBuilder rule = b.rule(fmt::format("from{}", at), node, ir::RuleKind::kInternal);
        rule.when(ir::E(x) == b.value(range, at)).set(x, b.value(range, static_cast<ir::Value>(number % 3)));
        number /= 3;
        if (number % 2 != 0) rule.fair();
        number /= 2;
        if (at == 1 && bounded) rule.bounded("room", ir::E(x) != b.value(range, at), false);
    }
    return with_obligation(b.take(), 2, 0);
}

/// Two variables and five rules, most of them fair, that may go round for ever.
Case random_case(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return static_cast<ir::Value>(random() % n); };
    ir::Builder b("random");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, 3);
    const ir::V variables[] = {b.variable("x", node, range, {}, 3), b.variable("y", node, range, {}, below(4))};
    for (unsigned i = 0; i < 5; ++i) {
        const ir::V read = variables[below(2)];
        const ir::V written = variables[below(2)];
        ir::RuleBuilder rule = b.rule(fmt::format("r{}", i), node, ir::RuleKind::kInternal);
        const ir::Value at = below(4);
        rule.when(below(2) == 0 ? ir::E(read) == b.value(range, at) : ir::E(read) != b.value(range, at)).set(written, b.value(range, below(4)));
        if (below(4) != 0) rule.fair();
        if (below(6) == 0) rule.bounded("room", ir::E(variables[1]) != b.value(range, below(4)), below(2) == 0);
    }
    return with_obligation(b.take(), 3, below(3));
}

/// What is visited of a case, and what is looked for in it.
struct Looked {
    explicit Looked(const Case& given)
        : stuck(stuck_observer(given.system, given.observers[0], given.observers[0].first_register)), machine(translate(given.system, &stuck).value()),
          latches(machine.latches.size()) {
        std::iota(latches.begin(), latches.end(), std::size_t{0});
        pending = pending_latches(machine, stuck, 1)[0];
    }

    /// Whether some reachable state or step shows that the ranking is none.
    [[nodiscard]] bool fails(const ir::GroundSystem& system, const Ranking& ranking) const {
        Machine extended = machine;
        const Target target = ranking_fails(extended, system, pending, ranking);
        VisitedStates states(extended, latches);
        REQUIRE(states.visit({target}, 1000, [] { return false; }));
        return states.runs()[0].has_value();
    }

    monitor::Observer stuck;
    Machine machine;
    std::vector<std::size_t> latches;
    std::size_t pending = 0;
};

Verdict explicit_verdict(const Case& given) {
    const auto answer = explore::search(given.system, given.observers, {});
    REQUIRE(answer.ok());
    return answer.value().properties[0].verdict;
}

/// What the search says of the case is what the explicit engine says.
void agree(const Case& given, std::map<std::string, unsigned>& seen) {
    const Verdict expected = explicit_verdict(given);
    INFO("explicit: " << outcome::name_of(expected));
    Looked looked(given);
    VisitedStates states(looked.machine, looked.latches);
    REQUIRE(states.visit({}, 1000, [] { return false; }));
    const PendingGraph graph = pending_graph(states, looked.pending);
    const FairEnds ends = fair_ends(graph, states, given.system, looked.machine);
    CHECK(ends.by_guards.has_value() == (expected == Verdict::kViolated));
    CHECK(ends.by_enabled == (expected != Verdict::kHolds));
    if (ends.by_guards) {
        CHECK(oracle::NaiveChecker(given.system, &given.observers[0]).confirms(*ends.by_guards));
        ++seen[ends.by_guards->stutters ? "violated, at rest" : "violated by a loop"];
    }
    const RankingSearch found = find_ranking(given.system, looked.machine, states, graph, [] { return false; });
    if (found.ranking) {
        CHECK(expected == Verdict::kHolds);
        CHECK_FALSE(looked.fails(given.system, unpack_ranking(pack(*found.ranking))));
    }
    if (expected == Verdict::kHolds) ++seen[found.ranking ? graph.states.empty() ? "nothing is owed" : "ranked" : "holds, not ranked"];
    if (expected == Verdict::kUnknown) ++seen["held back by a bound"];
}

std::string told(const std::map<std::string, unsigned>& seen) {
    std::string all;
    for (const auto& [what, times] : seen) all += fmt::format("{}: {}\n", what, times);
    return all;
}

/// Every kind of answer came up, and nothing that holds was left open.
void check_kinds(std::map<std::string, unsigned>& seen) {
    INFO(told(seen));
    if (tests::kSanitized) return;  // a share of the cases may not have all kinds
    for (const char* what : {"ranked", "violated, at rest", "violated by a loop", "held back by a bound"}) CHECK(seen[what] > 5);
    CHECK(seen["holds, not ranked"] == 0);
}

Ranking random_ranking(const ir::GroundSystem& system, std::mt19937& random) {
    Ranking ranking;
    for (unsigned stage = 0; stage < 1 + random() % 2; ++stage) {
        Ranking::Stage made;
        for (std::size_t slot = 0; slot < system.variables.size(); ++slot) {
            Measure::Term term{{{slot}}, {}};
            for (unsigned value = 0; value < 4; ++value) term.weights.push_back(static_cast<std::int64_t>(random() % 4));
            if (random() % 2 == 0) made.measure.push_back(std::move(term));
        }
        for (std::uint32_t rule = 0; rule < system.rules.size(); ++rule) {
            if (system.rule_of(rule).fair && random() % 3 != 0) made.helpful.push_back(rule);
        }
        std::shuffle(made.helpful.begin(), made.helpful.end(), random);
        ranking.stages.push_back(std::move(made));
    }
    return ranking;
}

/// x goes down from 3 by a fair rule, and y up and down as it likes for ever.
Case beside_a_clock(bool fair) {
    ir::Builder b("clock");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, 3);
    const ir::V x = b.variable("x", node, range, {}, 3);
    const ir::V y = b.variable("y", node, range, {}, 0);
    ir::RuleBuilder down = b.rule("down", node, ir::RuleKind::kInternal);
    down.when(ir::E(x) > b.value(range, 0)).set(x, ir::E(x) - 1);
    if (fair) down.fair();
    b.rule("tick", node, ir::RuleKind::kInternal).when(ir::E(y) == b.value(range, 0)).set(y, b.value(range, 1)).fair();
    b.rule("tock", node, ir::RuleKind::kInternal).when(ir::E(y) == b.value(range, 1)).set(y, b.value(range, 0)).fair();
    return with_obligation(b.take(), 3, 0);
}

outcome::PropertyOutcome ask(const Case& given, Method method, std::optional<std::uint32_t> bound = {}) {
    ProofOptions options;
    options.method = method;
    options.deadlock = options.unspecified = false;
    options.bound = bound;
    const auto answer = prove(given.system, given.observers, options);
    REQUIRE(answer.ok());
    return answer.value().answer.properties[0];
}

}  // namespace

TEST_CASE("of every table of three values the search for a ranking or a loop says what the explicit engine says") {
    std::map<std::string, unsigned> seen;
    for (unsigned number = 0; number < kTables; ++number) {
        if (!tests::in_share(number, 20)) continue;
        INFO("table " << number);
        agree(table(number), seen);
    }
    check_kinds(seen);
}

TEST_CASE("of random systems that go round for ever the search says what the explicit engine says") {
    std::map<std::string, unsigned> seen;
    for (std::uint32_t seed = 0; seed < tests::cases(250, 20); ++seed) {
        INFO("seed " << seed);
        agree(random_case(seed), seen);
    }
    check_kinds(seen);
}

TEST_CASE("no ranking whatever proves a leads-to that does not hold") {
    std::mt19937 random(7);
    unsigned refused = 0;
    unsigned kept = 0;
    for (std::uint32_t seed = 0; seed < tests::cases(200, 20); ++seed) {
        const Case made = random_case(seed);
        const bool holds = explicit_verdict(made) == Verdict::kHolds;
        const Looked looked(made);
        for (unsigned i = 0; i < 10; ++i) {
            const bool fails = looked.fails(made.system, random_ranking(made.system, random));
            INFO("seed " << seed << ", ranking " << i);
            CHECK((fails || holds));
            if (!holds) ++refused;
            if (!fails) ++kept;
        }
    }
    INFO(refused << " refused, " << kept << " kept");
    CHECK(refused > 10);
    if (!tests::kSanitized) CHECK(kept > 10);
}

TEST_CASE("a ranking that is changed a little is refused") {
    const Case made = beside_a_clock(true);
    const Looked looked(made);
    const std::uint32_t down = 0;
    const std::uint32_t tick = 1;
    const Ranking ranking{{{{{{{0}}, {0, 1, 2, 3}}}, {down}}}};
    CHECK_FALSE(looked.fails(made.system, ranking));
    Ranking broken = ranking;
    broken.stages[0].measure[0].weights = {0, 1, 3, 2};
    CHECK(looked.fails(made.system, broken));
    broken = ranking;
    broken.stages[0].measure.clear();
    CHECK(looked.fails(made.system, broken));
    broken = ranking;
    broken.stages[0].helpful = {tick};
    CHECK(looked.fails(made.system, broken));
    broken.stages[0].helpful = {tick, down};
    CHECK(looked.fails(made.system, broken));
    broken.stages[0].helpful = {};
    CHECK(looked.fails(made.system, broken));
    broken = ranking;
    broken.stages.insert(broken.stages.begin(), Ranking::Stage{{{{{1}}, {0, 1, 0, 0}}}, {}});
    CHECK(looked.fails(made.system, broken));
}

TEST_CASE("ic3 and kinduction prove what fairness brings beside a clock, and all engines find the loop where it brings nothing") {
    for (const Method method : {Method::kIc3, Method::kInduction}) {
        const auto holds = ask(beside_a_clock(true), method);
        INFO(holds.reason);
        CHECK(holds.verdict == Verdict::kHolds);
        CHECK(holds.certificate.find("a ranking by 1 helpful fair rules") != std::string::npos);
    }
    for (const Method method : {Method::kIc3, Method::kInduction, Method::kBmc}) {
        const auto violated = ask(beside_a_clock(false), method, method == Method::kBmc ? std::optional<std::uint32_t>(6) : std::nullopt);
        INFO(violated.reason);
        CHECK(violated.verdict == Verdict::kViolated);
        REQUIRE(violated.witness);
        CHECK(violated.witness->loop_start == 0);
        CHECK(violated.witness->length() == 2);
    }
    const auto open = ask(beside_a_clock(true), Method::kBmc, 6);
    CHECK(open.verdict == Verdict::kUnknown);
    CHECK(open.reason == "not reached by a run of at most 6 steps; no loop of a run of at most 6 steps");
}

TEST_CASE("bmc finds a loop exactly where there is one within its bound") {
    unsigned loops = 0;
    for (std::uint32_t seed = 0; seed < tests::cases(60, 10); ++seed) {
        const Case made = random_case(seed);
        const Looked looked(made);
        VisitedStates states(looked.machine, looked.latches);
        REQUIRE(states.visit({}, 1000, [] { return false; }));
        const FairEnds ends = fair_ends(pending_graph(states, looked.pending), states, made.system, looked.machine);
        if (ends.by_guards && ends.by_guards->stutters) continue;
        ProofOptions options;
        options.bound = ends.by_guards ? static_cast<std::uint32_t>(ends.by_guards->length()) : 5;
        if (*options.bound > 12) continue;
        INFO("seed " << seed);
        const Response found = find_loop(made.system, looked.stuck, looked.machine, 1, options);
        CHECK(found.violation.has_value() == ends.by_guards.has_value());
        if (!found.violation) continue;
        ++loops;
        CHECK(found.violation->length() <= ends.by_guards->length());
        CHECK(oracle::NaiveChecker(made.system, &made.observers[0]).confirms(*found.violation));
    }
    if (!tests::kSanitized) CHECK(loops > 5);
}

TEST_CASE("cvc5 finds the obligations of a certificate with a ranking unsatisfiable, and not those of a mutant") {
    if (tests::said_in_shell("cvc5 --version").find("cvc5") == std::string::npos || tests::said_in_shell("cvc5 --version").find("not found") != std::string::npos) {
        WARN("skipped: there is no cvc5 here (Debian package cvc5)");
        return;
    }
    const Case made = beside_a_clock(true);
    ProofOptions options;
    options.deadlock = options.unspecified = false;
    options.write_certificates = true;
    const auto answer = prove(made.system, made.observers, options);
    REQUIRE(answer.ok());
    REQUIRE(answer.value().certificates.size() == 1);
    const std::string& text = answer.value().certificates[0].text;
    CHECK(text.find("helpful, the first that can fire: down") != std::string::npos);
    const std::string file = IMSPECT_TEST_OUTPUT "/justice.smt2";
    std::ofstream(file) << text;
    CHECK(tests::said_in_shell("cvc5 " + file) == "unsat\nunsat\nunsat\n");
    // The same invariant, and a ranking of which the clock is to help.
    Looked looked(made);
    const Target target = ranking_fails(looked.machine, made.system, looked.pending, Ranking{{{{}, {1, 2}}}});
    const Slice slice = slice_for(looked.machine, target);
    CHECK(refute(looked.machine, slice, Certificate{}) == std::optional<std::string>("property"));
    const std::string mutant = IMSPECT_TEST_OUTPUT "/justice_mutant.smt2";
    std::ofstream(mutant) << as_smtlib(looked.machine, slice, Certificate{}, *made.system.system, "mutant");
    CHECK(tests::said_in_shell("cvc5 " + mutant) == "unsat\nunsat\nsat\n");
}

TEST_CASE("P40 of reregistration, whose runs need not end, has a ranking that no reachable state refutes") {
    if (tests::kSanitized) return;
    checker::CheckRequest request;
    request.model.scenario = "reregistration";
    request.property_ids = {"P40"};
    const auto posed = checker::pose(request);
    REQUIRE(posed.ok());
    const ir::GroundSystem& system = posed.value().ground;
    const monitor::Observer& observer = posed.value().observers[0];
    const monitor::Observer stuck = stuck_observer(system, observer, observer.first_register + static_cast<ir::SlotId>(observer.registers.size()));
    Machine machine = translate(system, &stuck).value();
    const Response found = find_response(system, stuck, machine, observer.obligations.size(), {});
    INFO(found.reason);
    REQUIRE(found.rankings.size() == 1);
    CHECK(found.rankings[0].helpful() == 2);
    CHECK(found.rankings[0].weights() == 0);
    const auto visited = [&](const std::vector<Ranking>& rankings) {
        Machine extended = machine;
        const Target target = response_fails(extended, system, stuck, rankings);
        VisitedStates states(extended, slice_for(extended, target).latches);
        REQUIRE(states.visit({target}, std::size_t{1} << 20U, [] { return false; }));
        return states.runs()[0].has_value();
    };
    CHECK_FALSE(visited(found.rankings));
    std::vector<Ranking> mutant = found.rankings;
    mutant[0].stages[0].helpful.pop_back();
    CHECK(visited(mutant));
}

TEST_CASE("weights are found under which no change gains, and as many as can lose") {
    const std::vector<FeatureChange> changes = {{{0, -1}, {1, 1}}, {{1, -1}, {2, 2}}, {{3, -1}, {4, 1}}, {{3, 1}, {4, -1}}};
    const auto found = rank_changes(changes, [] { return false; });
    REQUIRE(found);
    CHECK(found->loses == std::vector<bool>{true, true, false, false});
    CHECK(found->weights.at(0) > found->weights.at(1));
    CHECK_FALSE(rank_changes(changes, [] { return true; }));
}
