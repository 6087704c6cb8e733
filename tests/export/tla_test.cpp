// The TLA+ module, read and explored by tla_eval.py, which shares nothing with us but the text: our states, our verdicts.
#include "report/export/tla.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checker/check.h"
#include "model/ir/builder.h"
#include "tests/oracle/naive.h"
#include "tests/oracle/random_system.h"
#include "tests/oracle/two_phase.h"
#include "tests/support/plain_count.h"
#include "tests/support/sample_systems.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using namespace imspect::ir;
using monitor::ObserverKind;
using nlohmann::json;
using outcome::Verdict;

namespace {

bool python_is_missing() {
    if (std::system("command -v python3 > /dev/null 2>&1") == 0) return false;
    WARN("SKIPPED: python3 is not installed");
    return true;
}

exports::TlaModel export_of(const GroundSystem& system, const std::vector<monitor::Observer>& observers = {}) {
    auto model = exports::write_tla(system, observers);
    INFO((model.ok() ? "" : model.error().message));
    REQUIRE(model.ok());
    return std::move(model).value();
}

/// What the evaluator says of each module; one process for all of them.
std::vector<json> explored(const std::string& name, const std::vector<exports::TlaModel>& models) {
    const std::filesystem::path folder = std::filesystem::path(IMSPECT_TEST_OUTPUT) / "tla" / name;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::string files;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const std::string file = (folder / fmt::format("{}.tla", i)).string();
        std::ofstream(file) << models[i].text;
        files += " '" + file + "'";
    }
    const std::string said = (folder / "answers").string();
    const std::string command = fmt::format("python3 -B '{}/tests/export/tla_eval.py'{} > '{}' 2> '{}.err'", IMSPECT_SOURCE_DIR, files, said, said);
    const int status = std::system(command.c_str());
    std::ifstream errors(said + ".err");
    INFO(std::string(std::istreambuf_iterator<char>(errors), {}));
    REQUIRE(status == 0);
    std::ifstream lines(said);
    std::vector<json> answers;
    for (std::string line; std::getline(lines, line);) answers.push_back(json::parse(line));
    REQUIRE(answers.size() == models.size());
    return answers;
}

GroundSystem grounded(const support::Sample& sample) {
    auto system = ground(sample.system);
    REQUIRE(system.ok());
    return std::move(system).value();
}

struct Judged {
    exports::TlaModel model;
    const monitor::Observer* observer;
    bool out_of_range;
    std::size_t states;
    Verdict verdict;
    std::string about;
};

/// What the oracle says of every observer of a random system, each alone beside the system.
void judge(const oracle::Sample& sample, std::vector<Judged>& all) {
    for (const monitor::Observer& observer : sample.observers) {
        if (observer.kind == ObserverKind::kAutomatic) continue;
        const oracle::NaiveChecker naive(sample.system, &observer);
        if (naive.states() > 400) continue;
        const Verdict verdict = naive.out_of_range() ? Verdict::kUnknown : naive.judge().verdict;
        all.push_back({export_of(sample.system, {observer}), &observer, naive.out_of_range(), naive.states(), verdict, oracle::describe(sample)});
    }
}

void compare(const Judged& expected, const json& answer, std::map<std::string, std::size_t>& seen) {
    INFO(expected.observer->id << "\n" << expected.about << expected.model.text);
    CHECK(answer.at("TypeOK").get<bool>() == !expected.out_of_range);
    if (expected.out_of_range) {
        ++seen["out of range"];
        return;
    }
    CHECK(answer.at("states").get<std::size_t>() == expected.states);
    REQUIRE(expected.model.formulas.size() == 1);
    const exports::TlaFormula& formula = expected.model.formulas[0];
    const bool true_of_all = answer.at("formulas").at(formula.name).get<bool>();
    const std::string kind = formula.temporal ? "leads-to" : formula.wanted ? "possible" : expected.observer->kind == ObserverKind::kStep ? "step" : "state";
    if (expected.verdict == Verdict::kUnknown) {
        ++seen["unknown"];
        return;
    }
    const bool holds = expected.verdict == Verdict::kHolds;
    CHECK(true_of_all == (formula.wanted ? !holds : holds));
    ++seen[kind + (holds ? " holds" : " violated")];
    if (!expected.observer->registers.empty()) ++seen["with history"];
}

}  // namespace

TEST_CASE("The TLA+ module of every sample system has exactly our states") {
    if (python_is_missing()) return;
    std::vector<exports::TlaModel> models;
    std::vector<std::pair<std::string, std::size_t>> expected;
    const auto add = [&](const std::string& name, const GroundSystem& system) {
        const std::size_t states = support::plain_count(system, 1500);
        if (states > 1500) return;
        models.push_back(export_of(system));
        expected.emplace_back(name, states);
    };
    for (const support::Sample& sample : support::sample_systems()) add(sample.name, grounded(sample));
    const std::size_t known = models.size();
    for (unsigned seed = 0; seed < tests::cases(40, 8); ++seed) {
        const support::Sample sample = support::random_system(seed);
        add(sample.name, grounded(sample));
    }
    add("two-phase commit", oracle::two_phase(3, false));
    CHECK(expected.back() == std::pair<std::string, std::size_t>("two-phase commit", 288));
    CHECK(known > 2);
    CHECK(models.size() > known + tests::cases(20, 8));
    const std::vector<json> answers = explored("counts", models);
    for (std::size_t i = 0; i < models.size(); ++i) {
        INFO(expected[i].first << "\n" << models[i].text);
        CHECK(answers[i].at("TypeOK").get<bool>());
        CHECK(answers[i].value("states", std::size_t{0}) == expected[i].second);
    }
}

TEST_CASE("Invariants, possibilities and leads-to of random systems have the oracle's verdicts in TLA+") {
    if (python_is_missing()) return;
    std::vector<oracle::Sample> samples;
    for (std::uint32_t seed = 1; seed <= tests::cases(24, 6); ++seed) samples.push_back(oracle::make_sample({seed, {}, {}}));
    std::vector<Judged> all;
    for (const oracle::Sample& sample : samples) judge(sample, all);
    std::vector<exports::TlaModel> models;
    for (const Judged& judged : all) models.push_back(judged.model);
    const std::vector<json> answers = explored("verdicts", models);
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < all.size(); ++i) compare(all[i], answers[i], seen);
    if (tests::kSanitized) return;
    for (const char* kind : {"state", "step", "possible", "leads-to"}) {
        for (const char* verdict : {" holds", " violated"}) {
            INFO(kind << verdict << ": " << seen[std::string(kind) + verdict]);
            CHECK(seen[std::string(kind) + verdict] > 3);
        }
    }
    CHECK(seen["with history"] > 10);
}

TEST_CASE("The shipped scenarios have in TLA+ the states that SPIN finds, and every property its verdict") {
    if (python_is_missing()) return;
    // With the history of all properties: docs/spin.md.
    for (const auto& [scenario, plain, with_history] : {std::tuple{"success", 57U, 57U}, std::tuple{"resync", 554U, 557U}}) {
        INFO(scenario);
        checker::CheckRequest request;
        request.model.scenario = scenario;
        const auto question = checker::pose(request);
        REQUIRE(question.ok());
        const GroundSystem& system = question.value().ground;
        const std::vector<exports::TlaModel> models = {export_of(system), export_of(system, question.value().observers)};
        const std::vector<json> answers = explored(scenario, models);
        CHECK(answers[0].at("states") == plain);
        CHECK(answers[1].at("states") == with_history);
        CHECK(models[1].formulas.size() > 35);
        for (const exports::TlaFormula& formula : models[1].formulas) {
            INFO(formula.id);
            CHECK(answers[1].at("formulas").at(formula.name).get<bool>() == !formula.wanted);
        }
    }
}

TEST_CASE("A value outside its domain violates TypeOK in TLA+ and is an error for us") {
    if (python_is_missing()) return;
    Builder b("outside");
    const NodeId n = b.node("n");
    const V x = b.variable("x", n, b.range("Digit", 0, 3), {}, 0);
    b.rule("counts", n, RuleKind::kInternal).set(x, x + 1);
    const auto system = ground(b.take());
    REQUIRE(system.ok());
    CHECK(explored("outside", {export_of(system.value())})[0] == json{{"TypeOK", false}});
}

TEST_CASE("A rule reads in TLA+ as it reads in the model, with its clauses, bounds and fairness") {
    Builder b("a model");
    const NodeId n = b.node("node");
    const DomainId ue = b.identity("UE", {"ue1", "ue2"}, false);
    const DomainId kind = b.enumeration("Kind", {"register", "ok"});
    const DomainId run = b.token("Run", 3);
    const V busy = b.variable("ue.busy", n, kBoolDomain, {ue}, 0);
    const V mine = b.variable("ue.run", n, run, {ue}, 0);
    const V left = b.variable("left", n, b.range("Left", 0, 2), {}, 2);
    const Ch up = b.channel("up", n, n, {ue}, {{"kind", kind}, {"run", run}}, 2);
    const E u = b.parameter("u", ue);
    b.rule("ue.starts", n, RuleKind::kSend).param(u).cites({"6.1.1", "7.4"}).about("the first message").fair()
        .when(!busy(u)).when(E(left) > 0)
        .set(busy(u), b.boolean(true)).set(left, E(left) - 1).set(mine(u), b.fresh(run))
        .sends(up, {u}, {{"kind", b.value(kind, "register")}, {"run", b.fresh(run)}});
    const auto system = ground(b.take());
    REQUIRE(system.ok());
    const exports::TlaModel model = export_of(system.value());
    CHECK(model.module == "a_model");
    CHECK_THAT(model.text, Catch::StartsWith("------------------------------ MODULE a_model ------------------------------\n"));
    CHECK_THAT(model.text, Catch::Contains(R"(
\* ue.starts: send at node [6.1.1, 7.4], weakly fair
\*   the first message
ue_starts(u) ==
  /\ ~ue_busy[u]
  /\ 0 < left
  /\ Len(up[u]) < 2  \* bound: capacity of up
  /\ Run_fresh(1) <= 3  \* bound: tokens Run
  /\ ue_busy' = [ue_busy EXCEPT ![u] = TRUE]
  /\ left' = (left - 1)
  /\ Renamed([Tokens EXCEPT !.ue_run[u] = Run_fresh(1),
                    !.up[u] = Append(@, [kind |-> "register", run |-> Run_fresh(1)])])

Next ==
  \/ \E u \in UE : ue_starts(u)

Fairness ==
  /\ \A u \in UE : WF_vars(ue_starts(u))

Spec == Init /\ [][Next]_vars /\ Fairness
)"));
    if (python_is_missing()) return;
    CHECK(explored("reads", {model})[0].at("states") == support::plain_count(system.value()));
}

TEST_CASE("Names from a model become names of TLA+, each once, and what cannot be exported is said") {
    Builder b("Next\n---- ===");
    const NodeId n = b.node("n");
    const DomainId odd = b.enumeration("Nat", {"a\"b", "\\* c", "(* d"});
    const V x = b.variable("x", n, kBoolDomain, {}, 0);
    const V again = b.variable("x.", n, odd, {}, 0);
    const V init = b.variable("Init", n, kBoolDomain, {}, 0);
    const V fair = b.variable("WF_x", n, odd, {}, 2);
    const E y = b.parameter("x", odd);
    b.rule("x \\* y", n, RuleKind::kInternal).param(y).when(E(again) < y).set(x, !x).set(init, E(x)).set(again, y).set(fair, E(again));
    const auto system = ground(b.take());
    REQUIRE(system.ok());
    monitor::Observer automatic;
    automatic.id = "stuck";
    automatic.kind = ObserverKind::kAutomatic;
    const exports::TlaModel model = export_of(system.value(), {automatic});
    CHECK(model.formulas.empty());
    REQUIRE(model.notes.size() == 1);
    CHECK_THAT(model.notes[0], Catch::StartsWith("stuck: "));
    CHECK_THAT(model.text, Catch::Contains("\\* Not exported: stuck: "));
    if (python_is_missing()) return;
    CHECK(explored("names", {model})[0].at("states") == support::plain_count(system.value()));
}

TEST_CASE("A rule may change a part of a message in TLA+ where its guard asks for one, and is refused where it does not") {
    const auto changed_on_the_way = [](bool asks) {
        Builder b("tampering");
        const NodeId n = b.node("n");
        const DomainId ue = b.identity("UE", {"ue1", "ue2"}, false);
        const DomainId run = b.token("Run", 4);
        const DomainId kind = b.enumeration("Kind", {"good", "bad"});
        const Ch up = b.channel("up", n, n, {ue}, {{"kind", kind}, {"run", run}}, 2);
        const E u = b.parameter("u", ue);
        b.rule("sends", n, RuleKind::kSend).param(u).sends(up, {u}, {{"run", b.fresh(run)}});
        b.rule("takes", n, RuleKind::kReceive).param(u).receives(up, {u});
        RuleBuilder rule = b.rule("changes", n, RuleKind::kAttacker);
        rule.param(u);
        if (asks) rule.when(up.length({u}) > 1);
        auto system = b.take();
        Rule& last = system->rules.back();
        last.assignments.push_back({system->channels[0].slots[1][0], {system->pool.param(last.params[0], ue)}, system->pool.constant(kind, 1)});
        last.assignments.push_back({system->channels[0].slots[1][1], {system->pool.param(last.params[0], ue)}, system->pool.constant(run, 0)});
        auto result = ground(system);
        REQUIRE(result.ok());
        return std::move(result).value();
    };
    const auto refused = exports::write_tla(changed_on_the_way(false));
    REQUIRE_FALSE(refused.ok());
    CHECK_THAT(refused.error().message, Catch::StartsWith("rule changes assigns up.1.kind without asking for a message there"));
    const GroundSystem system = changed_on_the_way(true);
    const exports::TlaModel model = export_of(system);
    CHECK_THAT(model.text, Catch::Contains("!.up[u][2].kind = \"bad\", !.up[u][2].run = 0"));
    if (python_is_missing()) return;
    CHECK(explored("tampering", {model})[0].at("states") == support::plain_count(system));
}
