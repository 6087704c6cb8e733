// Leads-to by the symbolic engines: against the explicit one, on systems that end and systems that do not.
#include "checker/symbolic/leads_to.h"

#include <fstream>
#include <map>
#include <random>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "checker/explicit/search.h"
#include "checker/symbolic/engine.h"
#include "checker/symbolic/measure_search.h"
#include "checker/symbolic/rule_effects.h"
#include "checker/symbolic/termination.h"
#include "model/ir/builder.h"
#include "tests/oracle/naive.h"
#include "tests/oracle/random_system.h"
#include "tests/support/program.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using monitor::ObserverKind;
using outcome::PropertyOutcome;
using outcome::Verdict;
using symbolic::Method;

namespace {

constexpr ir::Value kMost = 3;

struct Case {
    ir::GroundSystem system;
    std::vector<monitor::Observer> observers;
};

monitor::Observer leads_to(const ir::GroundSystem& system, ir::SlotId from_slot, ir::Value from, ir::SlotId to_slot, ir::Value to) {
    ir::ExprPool& pool = system.pool();
    const auto is = [&](ir::SlotId slot, ir::Value value) {
        const ir::DomainId domain = system.variables[slot].domain;
        return pool.equal(pool.slot(slot, domain), pool.constant(domain, value));
    };
    monitor::Observer observer;
    observer.id = "leads-to";
    observer.kind = ObserverKind::kLeadsTo;
    observer.first_register = static_cast<ir::SlotId>(system.variables.size());
    observer.obligations = {{is(from_slot, from), is(to_slot, to), "one"}};
    return observer;
}

/// x counts down by a rule that is fair or not; `again` starts it anew, for ever.
Case countdown(bool fair, bool again, bool held_back) {
    ir::Builder b("countdown");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, kMost);
    const ir::V x = b.variable("x", node, range, {}, kMost);
    ir::RuleBuilder down = b.rule("down", node, ir::RuleKind::kInternal);
    down.when(ir::E(x) > b.value(range, 0)).set(x, ir::E(x) - 1);
    if (fair) down.fair();
    if (held_back) down.bounded("room", ir::E(x) != b.value(range, 2), false);
    if (again) b.rule("again", node, ir::RuleKind::kInternal).when(ir::E(x) == b.value(range, 0)).set(x, b.value(range, kMost));
    Case made{ir::ground(b.take()).value(), {}};
    made.observers = {leads_to(made.system, 0, kMost, 0, 0)};
    return made;
}

/// Two counters and four rules, most of which count down; some fair, some with a bound.
Case random_case(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return static_cast<ir::Value>(random() % n); };
    ir::Builder b("random");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, kMost);
    const ir::V variables[] = {b.variable("x", node, range, {}, kMost), b.variable("y", node, range, {}, below(kMost + 1))};
    const unsigned rising = seed % 2;  // every other system never goes up
    for (unsigned i = 0; i < 4; ++i) {
        const ir::V read = variables[below(2)];
        const ir::V written = variables[below(2)];
        const ir::Value at = 1 + below(kMost);
        ir::RuleBuilder rule = b.rule(fmt::format("r{}", i), node, ir::RuleKind::kInternal);
        if (rising != 0 && below(3) == 0) {
            rule.when(ir::E(read) == b.value(range, at)).set(written, b.value(range, below(kMost + 1)));
        } else {
            rule.when(ir::E(written) == b.value(range, at)).set(written, b.value(range, below(static_cast<unsigned>(at))));
        }
        if (below(3) != 0) rule.fair();
        if (below(4) == 0) rule.bounded("room", ir::E(variables[0]) != b.value(range, below(kMost + 1)), below(2) == 0);
    }
    Case made{ir::ground(b.take()).value(), {}};
    made.observers = {leads_to(made.system, static_cast<ir::SlotId>(below(2)), 1 + below(kMost), static_cast<ir::SlotId>(below(2)), below(kMost))};
    return made;
}

symbolic::ProofOptions options_for(Method method, bool learn) {
    symbolic::ProofOptions options;
    options.method = method;
    options.deadlock = options.unspecified = false;
    options.processes = 2;
    options.bound = method == Method::kInduction ? std::optional<std::uint32_t>(6) : std::nullopt;
    if (method == Method::kBmc) options.bound = 20;
    if (learn) options.learn_beyond = 0;
    return options;
}

PropertyOutcome ask(const Case& given, Method method, bool learn = false) {
    const auto answer = symbolic::prove(given.system, given.observers, options_for(method, learn));
    REQUIRE(answer.ok());
    return answer.value().answer.properties[0];
}

using Seen = std::map<std::string, unsigned>;

/// What a symbolic outcome may be, given the explicit one and whether there is a measure.
void compare(const ir::GroundSystem& system, const monitor::Observer& observer, const PropertyOutcome& got, const PropertyOutcome& expected,
             bool ends, Seen& seen) {
    INFO(got.engine << " " << outcome::name_of(got.verdict) << ": " << got.reason << "; explicit " << outcome::name_of(expected.verdict) << ": "
                    << expected.reason << (ends ? "; runs end" : ""));
    ++seen[fmt::format("{} {}{}", got.engine, outcome::name_of(got.verdict), ends ? ", runs end" : "")];
    CHECK(got.reason.find("PROVED") == std::string::npos);
    if (expected.verdict == Verdict::kUnknown) ++seen[got.engine + ": explicit unknown too"];
    if (got.verdict != Verdict::kUnknown) CHECK(got.verdict == expected.verdict);
    if (ends && got.engine == "ic3") CHECK(got.verdict == expected.verdict);
    if (!ends && got.engine == "ic3" && got.verdict != expected.verdict) ++seen["ic3 left open"];
    CHECK(got.witness.has_value() == (got.verdict == Verdict::kViolated));
    if (!got.witness) return;
    CHECK(got.witness->stutters != got.witness->loop_start.has_value());
    if (got.witness->loop_start) ++seen[got.engine + " violated by a loop"];
    CHECK(got.reason.find("for ") == (observer.obligations[0].name.empty() ? std::string::npos : 0));
    if (observer.obligations.size() == 1) CHECK(got.reason == expected.reason);
    CHECK(oracle::NaiveChecker(system, &observer).confirms(*got.witness));
    if (ends) CHECK(got.witness->length() >= expected.witness->length());
    if (ends && got.engine == "bmc") CHECK(got.witness->length() == expected.witness->length());
}

bool ends(const ir::GroundSystem& system) {
    const auto shown = symbolic::prove_termination(system, {});
    REQUIRE(shown.ok());
    return shown.value().measure.has_value();
}

}  // namespace

TEST_CASE("a leads-to holds where runs end and fairness drives them, and not where it doesn't") {
    for (const Method method : {Method::kIc3, Method::kInduction}) {
        const PropertyOutcome holds = ask(countdown(true, false, false), method);
        INFO(holds.reason);
        CHECK(holds.verdict == Verdict::kHolds);
        CHECK(holds.certificate.find("weights that every step decreases") != std::string::npos);
    }
    for (const Method method : {Method::kIc3, Method::kInduction, Method::kBmc}) {
        const PropertyOutcome unfair = ask(countdown(false, false, false), method);
        CHECK(unfair.verdict == Verdict::kViolated);
        REQUIRE(unfair.witness);
        CHECK(unfair.witness->stutters);
        CHECK(unfair.witness->length() == 0);
        CHECK(unfair.reason == "for one");
    }
    CHECK(ask(countdown(true, false, false), Method::kBmc).verdict == Verdict::kUnknown);
    CHECK(ask(countdown(true, false, false), Method::kSpacer).reason.find("leads-to") != std::string::npos);
}

TEST_CASE("where runs need not end, fairness brings what is owed, and what only a bound holds back stays open") {
    const PropertyOutcome cyclic = ask(countdown(true, true, false), Method::kIc3);
    INFO(cyclic.reason);
    CHECK(cyclic.verdict == Verdict::kHolds);
    CHECK(cyclic.certificate.find(", and a ranking by 1 helpful fair rules and ") != std::string::npos);
    CHECK(ask(countdown(false, true, false), Method::kIc3).verdict == Verdict::kViolated);  // it need not go on
    const PropertyOutcome bounded = ask(countdown(true, false, true), Method::kIc3);
    CHECK(bounded.verdict == Verdict::kUnknown);
    CHECK(bounded.reason == "fails only because a bound holds back every fair rule");
}

TEST_CASE("leads-to of two counters and four rules are judged as by the explicit engine") {
    Seen seen;
    for (std::uint32_t seed = 0; seed < tests::cases(24, 6); ++seed) {
        const Case made = random_case(seed);
        INFO("seed " << seed);
        const auto expected = explore::search(made.system, made.observers, {});
        REQUIRE(expected.ok());
        const bool all_end = ends(made.system);
        if (seed % 2 == 0) CHECK(all_end);
        for (const Method method : {Method::kIc3, seed % 2 == 0 ? Method::kBmc : Method::kInduction}) {
            const PropertyOutcome got = ask(made, method, seed % 3 == 0);
            compare(made.system, made.observers[0], got, expected.value().properties[0], all_end, seen);
        }
    }
    std::string all;
    for (const auto& [what, times] : seen) all += fmt::format("{}: {}\n", what, times);
    INFO(all);
    CHECK(seen["ic3 left open"] == 0);
    if (tests::kSanitized) return;
    for (const char* what : {"ic3 holds, runs end", "ic3 violated, runs end", "ic3 violated", "ic3 holds", "bmc violated, runs end"}) CHECK(seen[what] > 1);
}

TEST_CASE("leads-to with histories, tokens and channels are judged as by the explicit engine, or left open") {
    Seen seen;
    for (std::uint32_t seed = 1; seed <= tests::cases(10, 5); ++seed) {
        oracle::Sample sample = oracle::make_sample({seed, {}, {}});
        std::erase_if(sample.observers, [](const monitor::Observer& observer) { return observer.kind != ObserverKind::kLeadsTo; });
        if (sample.observers.empty()) continue;
        INFO("seed " << seed << "\n" << oracle::describe(sample));
        const auto expected = explore::search(sample.system, sample.observers, {});
        if (!expected.ok()) continue;  // the model itself is at fault
        const bool all_end = ends(sample.system);
        const auto got = symbolic::prove(sample.system, sample.observers, options_for(Method::kIc3, seed % 2 == 0));
        REQUIRE(got.ok());
        for (std::size_t i = 0; i < sample.observers.size(); ++i) {
            compare(sample.system, sample.observers[i], got.value().answer.properties[i], expected.value().properties[i], all_end, seen);
        }
    }
    std::string all;
    for (const auto& [what, times] : seen) all += fmt::format("{}: {}\n", what, times);
    INFO(all);
    CHECK(seen["ic3 left open"] == 0);
    CHECK(seen["ic3 violated"] + seen["ic3 violated, runs end"] > 2);
}

TEST_CASE("the effects of a rule on a term are exactly those that its steps have") {
    const Case made = countdown(true, true, false);
    const symbolic::Machine machine = symbolic::translate(made.system, nullptr).value();
    const symbolic::RuleSteps steps(machine, *made.system.system);
    symbolic::RuleEffects down(steps.of(0));
    REQUIRE(down.can_fire());
    const auto effects = down.of({{0}}, 10);
    REQUIRE(effects);
    const std::set<symbolic::Effect> all(effects->begin(), effects->end());
    CHECK(all == std::set<symbolic::Effect>{{{1, -1}, {0, 1}}, {{2, -1}, {1, 1}}, {{3, -1}, {2, 1}}});
    CHECK_FALSE(symbolic::RuleEffects(steps.of(0)).of({{0}}, 2));
    CHECK(symbolic::RuleEffects(steps.of(1)).of({{0}}, 10) == std::vector<symbolic::Effect>{{{0, -1}, {3, 1}}});
}

TEST_CASE("a measure proves itself again, and a broken one is refused") {
    const Case made = countdown(true, false, false);
    const auto shown = symbolic::prove_termination(made.system, {});
    REQUIRE(shown.ok());
    REQUIRE(shown.value().measure);
    const symbolic::Machine& machine = *shown.value().machine;
    symbolic::Measure measure = symbolic::unpack_measure(symbolic::pack(*shown.value().measure));
    CHECK_FALSE(symbolic::refute(made.system, machine, measure));
    REQUIRE(symbolic::for_people(made.system, machine, measure).size() == 1);
    CHECK(symbolic::for_people(made.system, machine, measure)[0].find("x: ") == 0);
    const std::string down = "every step decreases the measure: down";
    symbolic::Measure broken = measure;
    std::swap(broken.components[0][0].weights[1], broken.components[0][0].weights[2]);
    CHECK(symbolic::refute(made.system, machine, broken) == down);
    broken = measure;
    broken.components[0].clear();
    CHECK(symbolic::refute(made.system, machine, broken) == down);
    broken = measure;
    broken.component_of[0] = 1;  // as if it never fired
    CHECK(symbolic::refute(made.system, machine, broken) == down);
}

TEST_CASE("a measure of several components never lets an earlier one grow") {
    ir::Builder b("nested");  // y starts again whenever x goes down, so x has to come first
    const auto node = b.node("N");
    const auto range = b.range("range", 0, kMost);
    const ir::V x = b.variable("x", node, range, {}, kMost);
    const ir::V y = b.variable("y", node, range, {}, kMost);
    b.rule("x_down", node, ir::RuleKind::kInternal).when(ir::E(x) > b.value(range, 0)).set(x, ir::E(x) - 1).set(y, b.value(range, kMost)).fair();
    b.rule("y_down", node, ir::RuleKind::kInternal).when(ir::E(y) > b.value(range, 0)).set(y, ir::E(y) - 1).fair();
    const ir::GroundSystem system = ir::ground(b.take()).value();
    const symbolic::Machine machine = symbolic::translate(system, nullptr).value();
    const auto term = [](std::size_t slot) { return symbolic::Measure::Term{{{slot}}, {0, 1, 2, 3}}; };
    CHECK_FALSE(symbolic::refute(system, machine, symbolic::Measure{{{term(0)}, {term(1)}}, {0, 1}}));
    CHECK(symbolic::refute(system, machine, symbolic::Measure{{{term(1)}, {term(0)}}, {1, 0}}) ==
          std::optional<std::string>("every step decreases the measure: x_down"));
    CHECK(symbolic::find_measure(system, machine, [] { return false; }).measure);
    CHECK(symbolic::find_measure(system, machine, [] { return true; }).reason == "time limit");
}

TEST_CASE("cvc5 finds every obligation of a leads-to's certificate unsatisfiable") {
    if (tests::said_in_shell("cvc5 --version").find("cvc5") == std::string::npos || tests::said_in_shell("cvc5 --version").find("not found") != std::string::npos) {
        WARN("skipped: there is no cvc5 here (Debian package cvc5)");
        return;
    }
    const Case made = countdown(true, false, false);
    symbolic::ProofOptions options = options_for(Method::kIc3, false);
    options.write_certificates = true;
    const auto answer = symbolic::prove(made.system, made.observers, options);
    REQUIRE(answer.ok());
    REQUIRE(answer.value().certificates.size() == 1);
    const std::string& text = answer.value().certificates[0].text;
    CHECK(text.find("\n;   x: ") != std::string::npos);
    CHECK(text.find("; every step decreases the measure: down\n") != std::string::npos);
    const std::string file = IMSPECT_TEST_OUTPUT "/leads_to.smt2";
    std::ofstream(file) << text;
    CHECK(tests::said_in_shell("cvc5 " + file) == "unsat\nunsat\nunsat\nunsat\n");
}
