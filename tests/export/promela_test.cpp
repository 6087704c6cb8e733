#include "report/export/promela.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "model/ir/builder.h"
#include "model/ir/ground.h"
#include "tests/support/plain_count.h"
#include "tests/support/sample_systems.h"

using namespace imspect;
using namespace imspect::ir;

namespace {

bool spin_is_missing() {
    if (std::system("command -v spin > /dev/null 2>&1 && command -v cc > /dev/null 2>&1") == 0) return false;
    WARN("SKIPPED: spin or cc is not installed");
    return true;
}

std::string content(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

struct SpinRun {
    std::string output;
    std::size_t states = 0;
    std::size_t errors = 0;
};

/// Generates, compiles and runs SPIN's verifier in a folder of its own.
SpinRun run_spin(const std::string& name, const std::string& model, const std::string& flags, const std::string& arguments) {
    const std::filesystem::path folder = std::filesystem::path(IMSPECT_TEST_OUTPUT) / "spin" / name;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "model.pml") << model;
    const std::string command = fmt::format(
        "cd '{}' && spin -o1 -o2 -o3 -a model.pml > spin.log 2>&1 && cc -O0 -w -DNOREDUCE {} -o pan pan.c > cc.log 2>&1 && ./pan -m1000000 {} > pan.log 2>&1",
        folder.string(), flags, arguments);
    const int status = std::system(command.c_str());
    SpinRun run;
    run.output = content(folder / "pan.log");
    INFO(content(folder / "spin.log") << content(folder / "cc.log") << run.output);
    REQUIRE(status == 0);
    const auto number_before = [&](const std::string& word) {
        const std::size_t at = run.output.find(word);
        REQUIRE(at != std::string::npos);
        const std::size_t start = run.output.find_last_not_of("0123456789", at - 1) + 1;
        return std::stoul(run.output.substr(start, at - start));
    };
    run.states = number_before(" states, stored");
    run.errors = std::stoul(run.output.substr(run.output.find("errors: ") + 8));
    return run;
}

exports::PromelaModel export_of(const GroundSystem& system, const std::vector<monitor::Observer>& observers = {}) {
    auto model = exports::write_promela(system, observers, {!observers.empty()});
    REQUIRE(model.ok());
    return std::move(model).value();
}

std::string text_of(const GroundSystem& system, const std::vector<monitor::Observer>& observers = {}) { return export_of(system, observers).text; }

/// Names of the assertions that break anywhere; one run tells all of them.
std::set<std::string> broken(const std::string& name, const GroundSystem& system, const std::vector<monitor::Observer>& observers) {
    const SpinRun run = run_spin(name, text_of(system, observers), "-DSAFETY -DNOCLAIM", "-c0");
    std::set<std::string> names;
    const std::string mark = "assertion violated ";
    for (std::size_t at = run.output.find(mark); at != std::string::npos; at = run.output.find(mark, at + 1)) {
        const std::size_t start = at + mark.size();
        names.insert(run.output.substr(start, run.output.find(' ', start) - start));
    }
    return names;
}

void check_count(const support::Sample& sample) {
    INFO(sample.name);
    const auto system = ground(sample.system);
    REQUIRE(system.ok());
    const SpinRun run = run_spin(sample.name, text_of(system.value()), "-DSAFETY", "");
    CHECK(run.errors == 0);
    CHECK(run.states == support::plain_count(system.value()));
}

/// A counter that runs 0, 1, 2, 3 and stays, beside a switch; `tick` is fair.
GroundSystem counter(bool fair) {
    Builder b("counter");
    const NodeId n = b.node("n");
    const DomainId digit = b.range("Digit", 0, 3);
    const V x = b.variable("x", n, digit, {}, 0);
    const V on = b.variable("on", n, kBoolDomain, {}, 0);
    RuleBuilder tick = b.rule("tick", n, RuleKind::kTimeout);
    tick.when(x < 3).set(x, x + 1);
    if (fair) tick.fair();
    b.rule("toggle", n, RuleKind::kInternal).set(on, !on);
    auto system = ground(b.take());
    REQUIRE(system.ok());
    return system.value();
}

monitor::Observer observer(const std::string& id, monitor::ObserverKind kind, const GroundSystem& system) {
    monitor::Observer result;
    result.id = id;
    result.kind = kind;
    result.first_register = static_cast<SlotId>(system.variables.size());
    return result;
}

ExprId digit(const GroundSystem& system, Value value) { return system.pool().constant(system.variables[0].domain, value); }
ExprId x_now(const GroundSystem& system) { return system.pool().slot(0, system.variables[0].domain); }
ExprId x_before(const GroundSystem& system) { return system.pool().old_slot(0, system.variables[0].domain); }

}  // namespace

TEST_CASE("SPIN stores exactly as many states as the plain system has") {
    if (spin_is_missing()) return;
    for (const support::Sample& sample : support::sample_systems()) check_count(sample);
}

TEST_CASE("SPIN counts random systems as we do") {
    if (spin_is_missing()) return;
    std::size_t compared = 0;
    for (unsigned seed = 0; compared < 8; ++seed) {
        REQUIRE(seed < 100);
        const support::Sample sample = support::random_system(seed);
        const auto system = ground(sample.system);
        REQUIRE(system.ok());
        const std::size_t states = support::plain_count(system.value(), 20'000);
        if (states < 20 || states > 20'000) continue;
        INFO(sample.name);
        const SpinRun run = run_spin(sample.name, text_of(system.value()), "-DSAFETY", "");
        CHECK(run.errors == 0);
        CHECK(run.states == states);
        ++compared;
    }
}

TEST_CASE("an invariant becomes an assertion that SPIN breaks exactly where it does not hold") {
    if (spin_is_missing()) return;
    const GroundSystem system = counter(false);
    auto invariant = observer("Small", monitor::ObserverKind::kState, system);
    const auto errors = [&](Value limit) {
        invariant.formula = system.pool().less(x_now(system), digit(system, limit));
        const auto model = export_of(system, {invariant});
        REQUIRE(model.assertions.size() == 1);
        CHECK(model.assertions[0].id == "Small");
        CHECK(model.assertions[0].name == "ok_Small");
        CHECK_FALSE(model.assertions[0].wanted);
        return run_spin("invariant", model.text, "-DSAFETY", "").errors;
    };
    CHECK(errors(3) == 1);
    invariant.formula = system.pool().less_equal(x_now(system), digit(system, 3));
    CHECK(run_spin("invariant_holds", text_of(system, {invariant}), "-DSAFETY", "").errors == 0);
    invariant.formula = system.pool().less(digit(system, 0), x_now(system));
    CHECK(run_spin("invariant_initially", text_of(system, {invariant}), "-DSAFETY", "").errors == 1);
}

TEST_CASE("a property of steps is asserted over the values before and after") {
    if (spin_is_missing()) return;
    const GroundSystem system = counter(false);
    auto step = observer("Grows", monitor::ObserverKind::kStep, system);
    step.step_formula.assign(system.rules.size(), system.pool().less_equal(x_before(system), x_now(system)));
    CHECK(run_spin("step_holds", text_of(system, {step}), "-DSAFETY", "").errors == 0);
    step.step_formula.assign(system.rules.size(), system.pool().less(x_before(system), x_now(system)));
    CHECK(run_spin("step_broken", text_of(system, {step}), "-DSAFETY", "").errors == 1);
}

TEST_CASE("history lives in registers that are updated after the step, in order") {
    if (spin_is_missing()) return;
    const GroundSystem system = counter(false);
    auto past = observer("Once", monitor::ObserverKind::kStep, system);
    // once(x = 2): true at 3 for sure, so `x = 3 => once(x = 2)` holds and its negation does not.
    const ExprId was = system.pool().slot(past.first_register, kBoolDomain);
    const ExprId next = system.pool().disjunction({was, system.pool().equal(x_now(system), digit(system, 2))});
    past.registers.push_back({{"once x = 2", kBoolDomain, 0, 0, {}}, std::vector<ExprId>(system.rules.size(), next)});
    const ExprId at_three = system.pool().equal(x_now(system), digit(system, 3));
    past.step_formula.assign(system.rules.size(), system.pool().implies(at_three, was));
    const SpinRun run = run_spin("history", text_of(system, {past}), "-DSAFETY", "");
    CHECK(run.errors == 0);
    CHECK(run.states == support::plain_count(system));  // the register follows from x here
    past.step_formula.assign(system.rules.size(), system.pool().negate(was));
    CHECK(run_spin("history_broken", text_of(system, {past}), "-DSAFETY", "").errors == 1);
}

TEST_CASE("leads-to becomes LTL, and weak fairness of a rule decides it") {
    if (spin_is_missing()) return;
    const auto errors = [](bool fair) {
        const GroundSystem system = counter(fair);
        auto leads = observer("Arrives", monitor::ObserverKind::kLeadsTo, system);
        leads.obligations.push_back({system.pool().equal(x_now(system), digit(system, 0)), system.pool().equal(x_now(system), digit(system, 3)), ""});
        const auto model = export_of(system, {leads});
        REQUIRE(model.ltl.size() == 1);
        CHECK(model.ltl[0].name == "p_Arrives");
        return run_spin(fair ? "fair" : "unfair", model.text, "", "-a -A -f -N p_Arrives").errors;
    };
    CHECK(errors(true) == 0);
    CHECK(errors(false) == 1);
}

TEST_CASE("possible becomes an assertion that breaks where a state or a step does what is asked") {
    if (spin_is_missing()) return;
    const GroundSystem system = counter(false);
    const auto possible = [&](const std::string& id) {
        auto result = observer(id, monitor::ObserverKind::kPossible, system);
        result.holds_initially = false;
        return result;
    };
    const ExprId at_three = system.pool().equal(x_now(system), digit(system, 3));
    auto state = possible("state");
    state.formula = at_three;
    auto never_state = possible("never state");
    never_state.formula = system.pool().conjunction({at_three, system.pool().equal(x_before(system), digit(system, 2)), system.pool().boolean(false)});
    auto step = possible("step");
    step.step_formula.assign(system.rules.size(), system.pool().conjunction({at_three, system.pool().equal(x_before(system), digit(system, 2))}));
    auto never_step = possible("never-step");
    never_step.step_formula.assign(system.rules.size(), system.pool().conjunction({at_three, system.pool().equal(x_before(system), digit(system, 1))}));
    auto initially = possible("initially");
    initially.step_formula.assign(system.rules.size(), system.pool().boolean(false));
    initially.holds_initially = true;
    const std::vector<monitor::Observer> all = {state, never_state, step, never_step, initially};
    CHECK(broken("possible", system, all) == std::set<std::string>{"unseen_state", "unseen_step", "unseen_initially"});
    for (const auto& assertion : export_of(system, all).assertions) CHECK(assertion.wanted);
}

TEST_CASE("one run of SPIN names every assertion that breaks, and alike ids stay apart") {
    if (spin_is_missing()) return;
    const GroundSystem system = counter(false);
    auto small = observer("x.small", monitor::ObserverKind::kState, system);
    small.formula = system.pool().less(x_now(system), digit(system, 3));
    auto fits = observer("x small", monitor::ObserverKind::kState, system);
    fits.formula = system.pool().less_equal(x_now(system), digit(system, 3));
    auto still = observer("still", monitor::ObserverKind::kStep, system);
    still.step_formula.assign(system.rules.size(), system.pool().equal(x_before(system), x_now(system)));
    auto at_once = observer("at once", monitor::ObserverKind::kStep, system);
    at_once.step_formula.assign(system.rules.size(), system.pool().boolean(true));
    at_once.holds_initially = false;
    const std::vector<monitor::Observer> all = {small, fits, still, at_once};
    CHECK(broken("several", system, all) == std::set<std::string>{"ok_x_small", "ok_still", "ok_at_once"});
    CHECK(run_spin("several_states", text_of(system, all), "-DSAFETY", "-c0").states == support::plain_count(system));
}

TEST_CASE("a deadlock is a state in which no node moves though a node waits or a message lies undelivered") {
    if (spin_is_missing()) return;
    const auto answer = [](bool waits, bool fault, bool bounded) {
        Builder b("deadlock");
        const NodeId n = b.node("n");
        const V done = b.variable("done", n, kBoolDomain, {}, 0);
        b.rule("ends", n, RuleKind::kInternal).when(!E(done)).set(done, b.boolean(true));
        if (fault) b.rule("breaks", n, RuleKind::kFault).when(E(done)).set(done, b.boolean(true));
        if (bounded) b.rule("goes on", n, RuleKind::kInternal).when(E(done)).bounded("limit", !E(done), false).set(done, b.boolean(false));
        b.waiting("n", {}, waits ? E(done) : !E(done));
        auto system = ground(b.take());
        REQUIRE(system.ok());
        const std::string name = fmt::format("deadlock{}{}{}", waits, fault, bounded);
        return broken(name, system.value(), {observer("P41", monitor::ObserverKind::kAutomatic, system.value())});
    };
    const std::set<std::string> stuck = {"ok_deadlock"};
    CHECK(answer(true, false, false) == stuck);
    CHECK(answer(false, false, false).empty());
    CHECK(answer(true, true, false) == stuck);   // a fault is no way out
    CHECK(answer(true, false, true).empty());    // what only a bound of the scenario stops is not the specification's deadlock
}

TEST_CASE("a message that no rule takes is an unspecified reception, unless it is deferred") {
    if (spin_is_missing()) return;
    const auto answer = [](bool taken, bool deferred) {
        Builder b("reception");
        const NodeId n = b.node("n");
        const V sent = b.variable("sent", n, kBoolDomain, {}, 0);
        const DomainId kind = b.enumeration("Kind", {"ping", "pong"});
        const Ch link = b.channel("link", n, n, {}, {{"kind", kind}}, 1);
        b.rule("sends", n, RuleKind::kSend).when(!E(sent)).set(sent, b.boolean(true)).sends(link, {}, {{"kind", b.value(kind, "pong")}});
        b.rule("takes", n, RuleKind::kReceive).when(link.field("kind", {}) == b.value(kind, taken ? "pong" : "ping")).receives(link, {});
        if (deferred) b.defers(link, {}, E(sent));
        auto system = ground(b.take());
        REQUIRE(system.ok());
        return broken(fmt::format("reception{}{}", taken, deferred), system.value(), {observer("P41", monitor::ObserverKind::kAutomatic, system.value())});
    };
    CHECK(answer(true, false).empty());
    CHECK(answer(false, false) == std::set<std::string>{"ok_deadlock", "ok_unspecified_reception"});
    CHECK(answer(false, true) == std::set<std::string>{"ok_deadlock"});
}

TEST_CASE("a value outside its domain is an error in SPIN as it is for us") {
    if (spin_is_missing()) return;
    Builder b("outside");
    const NodeId n = b.node("n");
    const DomainId digit_domain = b.range("Digit", 0, 3);
    const V x = b.variable("x", n, digit_domain, {}, 0);
    b.rule("counts", n, RuleKind::kInternal).set(x, x + 1);
    const auto system = ground(b.take());
    REQUIRE(system.ok());
    CHECK(run_spin("outside", text_of(system.value()), "-DSAFETY", "").errors == 1);
}

TEST_CASE("what cannot be exported is said in the model and in the notes, and nothing is exported unasked") {
    Builder b("many");
    const NodeId n = b.node("n");
    const DomainId who = b.range("Who", 0, 254);
    const V at = b.variable("at", n, who, {}, 0);
    const E w = b.parameter("w", who);
    b.rule("moves", n, RuleKind::kInternal).param(w).set(at, w).fair();
    const auto system = ground(b.take());
    REQUIRE(system.ok());
    auto leads = observer("Arrives", monitor::ObserverKind::kLeadsTo, system.value());
    leads.obligations.push_back({system.value().pool().boolean(true), system.value().pool().boolean(true), ""});
    const auto model = export_of(system.value(), {leads});
    REQUIRE(model.notes.size() == 6);  // 255 fair rules, 249 processes beside the one for the rest
    for (const std::string& note : model.notes) CHECK_THAT(model.text, Catch::Contains(" * Not exported: " + note));
    const auto plain = exports::write_promela(system.value(), {leads});
    REQUIRE(plain.ok());
    CHECK(plain.value().text == text_of(system.value()));
    CHECK(plain.value().notes.empty());
}

TEST_CASE("a guard whose text would explode is refused, and a new value's shared parts are computed once") {
    const auto deep = [](bool as_guard) {
        Builder b("deep");
        const NodeId n = b.node("n");
        const V x = b.variable("x", n, kBoolDomain, {}, 0);
        const V y = b.variable("y", n, kBoolDomain, {}, 1);
        E value = E(x);
        for (int i = 0; i < 40; ++i) value = ite(value == E(y), E(x) == value, !E(y));
        RuleBuilder rule = b.rule("doubles", n, RuleKind::kInternal);
        if (as_guard) rule.when(value).set(x, !x);
        else rule.set(x, value).set(y, E(x));
        auto system = ground(b.take());
        REQUIRE(system.ok());
        return system.value();
    };
    const auto refused = exports::write_promela(deep(true));
    REQUIRE_FALSE(refused.ok());
    CHECK_THAT(refused.error().message, Catch::Contains("rule doubles"));
    const GroundSystem shared = deep(false);
    CHECK(text_of(shared).size() < 20'000);
    if (spin_is_missing()) return;
    CHECK(run_spin("deep", text_of(shared), "-DSAFETY", "").states == support::plain_count(shared));
}

TEST_CASE("names from a model cannot break out of a comment") {
    Builder b("evil */ active proctype x() {} /*\n");
    const NodeId n = b.node("n");
    const V x = b.variable("int", n, kBoolDomain, {}, 0);
    const V y = b.variable("int.", n, kBoolDomain, {}, 0);
    b.rule("r */ {", n, RuleKind::kInternal).set(x, !x).set(y, x);
    const auto system = ground(b.take());
    REQUIRE(system.ok());
    const std::string text = text_of(system.value());
    CHECK(text.find("*/ active") == std::string::npos);
    CHECK(text.find("*/ {") == std::string::npos);
    if (spin_is_missing()) return;
    CHECK(run_spin("names_evil", text, "-DSAFETY", "").states == support::plain_count(system.value()));
}
