#include "report/export/promela.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
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
        "cd '{}' && spin -o1 -o2 -o3 -a model.pml > spin.log 2>&1 && cc -O1 -w -DNOREDUCE {} -o pan pan.c > cc.log 2>&1 && ./pan -m1000000 {} > pan.log 2>&1",
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

void check_count(const support::Sample& sample) {
    INFO(sample.name);
    const auto system = ground(sample.system);
    REQUIRE(system.ok());
    const SpinRun run = run_spin(sample.name, exports::write_promela(system.value()).text, "-DSAFETY", "");
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

TEST_CASE("an invariant becomes an assertion that SPIN breaks exactly where it does not hold") {
    if (spin_is_missing()) return;
    const GroundSystem system = counter(false);
    auto invariant = observer("Small", monitor::ObserverKind::kState, system);
    const auto errors = [&](Value limit) {
        invariant.formula = system.pool().less(x_now(system), digit(system, limit));
        const auto model = exports::write_promela(system, {invariant}, {true});
        CHECK(model.assertions == std::vector<std::string>{"Small"});
        return run_spin("invariant", model.text, "-DSAFETY", "").errors;
    };
    CHECK(errors(3) == 1);
    invariant.formula = system.pool().less_equal(x_now(system), digit(system, 3));
    CHECK(run_spin("invariant_holds", exports::write_promela(system, {invariant}, {true}).text, "-DSAFETY", "").errors == 0);
    invariant.formula = system.pool().less(digit(system, 0), x_now(system));
    CHECK(run_spin("invariant_initially", exports::write_promela(system, {invariant}, {true}).text, "-DSAFETY", "").errors == 1);
}

TEST_CASE("a property of steps is asserted over the values before and after") {
    if (spin_is_missing()) return;
    const GroundSystem system = counter(false);
    auto step = observer("Grows", monitor::ObserverKind::kStep, system);
    step.step_formula.assign(system.rules.size(), system.pool().less_equal(x_before(system), x_now(system)));
    CHECK(run_spin("step_holds", exports::write_promela(system, {step}, {true}).text, "-DSAFETY", "").errors == 0);
    step.step_formula.assign(system.rules.size(), system.pool().less(x_before(system), x_now(system)));
    CHECK(run_spin("step_broken", exports::write_promela(system, {step}, {true}).text, "-DSAFETY", "").errors == 1);
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
    const SpinRun run = run_spin("history", exports::write_promela(system, {past}, {true}).text, "-DSAFETY", "");
    CHECK(run.errors == 0);
    CHECK(run.states == support::plain_count(system));  // the register follows from x here
    past.step_formula.assign(system.rules.size(), system.pool().negate(was));
    CHECK(run_spin("history_broken", exports::write_promela(system, {past}, {true}).text, "-DSAFETY", "").errors == 1);
}

TEST_CASE("leads-to becomes LTL, and weak fairness of a rule decides it") {
    if (spin_is_missing()) return;
    const auto errors = [](bool fair) {
        const GroundSystem system = counter(fair);
        auto leads = observer("Arrives", monitor::ObserverKind::kLeadsTo, system);
        leads.obligations.push_back({system.pool().equal(x_now(system), digit(system, 0)), system.pool().equal(x_now(system), digit(system, 3)), ""});
        const auto model = exports::write_promela(system, {leads}, {true});
        CHECK(model.ltl == std::vector<std::string>{"p_Arrives"});
        return run_spin(fair ? "fair" : "unfair", model.text, "", "-a -f -N p_Arrives").errors;
    };
    CHECK(errors(true) == 0);
    CHECK(errors(false) == 1);
}

TEST_CASE("possible becomes an LTL formula whose counterexample is the run wanted") {
    if (spin_is_missing()) return;
    const GroundSystem system = counter(false);
    auto possible = observer("Reaches", monitor::ObserverKind::kPossible, system);
    possible.holds_initially = false;
    possible.formula = system.pool().equal(x_now(system), digit(system, 3));
    CHECK(run_spin("possible", exports::write_promela(system, {possible}, {true}).text, "", "-a -N never_Reaches").errors == 1);
    possible.formula = system.pool().conjunction({possible.formula, system.pool().equal(x_now(system), digit(system, 2))});
    CHECK(run_spin("impossible", exports::write_promela(system, {possible}, {true}).text, "", "-a -N never_Reaches").errors == 0);
}

TEST_CASE("a deadlock is an assertion in the states without successors") {
    if (spin_is_missing()) return;
    const auto errors = [](bool waits) {
        Builder b("deadlock");
        const NodeId n = b.node("n");
        const V done = b.variable("done", n, kBoolDomain, {}, 0);
        b.rule("ends", n, RuleKind::kInternal).when(!E(done)).set(done, b.boolean(true));
        b.waiting("n", {}, waits ? E(done) : !E(done));
        auto system = ground(b.take());
        REQUIRE(system.ok());
        const auto model = exports::write_promela(system.value(), {observer("P41", monitor::ObserverKind::kAutomatic, system.value())}, {true});
        CHECK(model.notes.size() == 1);
        const SpinRun run = run_spin(waits ? "deadlock" : "quiescent", model.text, "-DSAFETY", "");
        if (!waits) CHECK(run.states == 2);
        return run.errors;
    };
    CHECK(errors(true) == 1);
    CHECK(errors(false) == 0);
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
    CHECK(run_spin("outside", exports::write_promela(system.value()).text, "-DSAFETY", "").errors == 1);
}

TEST_CASE("what cannot be exported is said in the model and in the notes, and nothing is exported unasked") {
    const GroundSystem system = counter(true);
    auto leads = observer("Arrives", monitor::ObserverKind::kLeadsTo, system);
    leads.obligations.push_back({system.pool().boolean(true), system.pool().boolean(true), ""});
    const auto automatic = observer("P41", monitor::ObserverKind::kAutomatic, system);
    const auto model = exports::write_promela(system, {leads, automatic}, {true});
    REQUIRE(model.notes.size() == 2);
    for (const std::string& note : model.notes) CHECK_THAT(model.text, Catch::Contains(" * Not exported: " + note));
    const auto plain = exports::write_promela(system, {leads, automatic});
    CHECK(plain.text == exports::write_promela(system).text);
    CHECK(plain.notes.empty());
}

TEST_CASE("names from a model cannot break out of a comment") {
    Builder b("evil */ active proctype x() {} /*\n");
    const NodeId n = b.node("n");
    const V x = b.variable("int", n, kBoolDomain, {}, 0);
    const V y = b.variable("int.", n, kBoolDomain, {}, 0);
    b.rule("r */ {", n, RuleKind::kInternal).set(x, !x).set(y, x);
    const auto system = ground(b.take());
    REQUIRE(system.ok());
    const std::string text = exports::write_promela(system.value()).text;
    CHECK(text.find("*/ active") == std::string::npos);
    CHECK(text.find("*/ {") == std::string::npos);
    if (spin_is_missing()) return;
    CHECK(run_spin("names_evil", text, "-DSAFETY", "").states == support::plain_count(system.value()));
}
