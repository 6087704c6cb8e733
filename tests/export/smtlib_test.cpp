// The Horn clauses, answered by Z3's Spacer from the text alone: the verdicts of the explicit engine.
#include "report/export/smtlib.h"

#include <fstream>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <z3.h>

#include "checker/check.h"
#include "checker/explicit/search.h"
#include "model/ir/builder.h"
#include "tests/oracle/random_system.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using monitor::ObserverKind;
using outcome::Verdict;

namespace {

/// One word for each (check-sat), as the z3 program would print them.
std::vector<std::string> z3_says(const std::string& script) {
    Z3_config config = Z3_mk_config();
    Z3_context context = Z3_mk_context(config);
    Z3_del_config(config);
    Z3_set_error_handler(context, [](Z3_context, Z3_error_code) {});  // the default one ends the process
    std::istringstream said(Z3_eval_smtlib2_string(context, ("(set-option :timeout 120000)\n" + script).c_str()));
    std::vector<std::string> words;
    for (std::string line; std::getline(said, line);) words.push_back(line);
    Z3_del_context(context);
    return words;
}

exports::SmtlibModel export_of(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers) {
    auto model = exports::write_smtlib(system, observers);
    REQUIRE(model.ok());
    return std::move(model).value();
}

bool always_so(const monitor::Observer& observer) { return observer.kind == ObserverKind::kState || observer.kind == ObserverKind::kStep; }

using Seen = std::map<std::string, std::size_t>;

void compare_sample(std::uint32_t seed, Seen& seen) {
    const oracle::Sample sample = oracle::make_sample({seed, {}, {}});
    INFO("seed " << seed << "\n" << oracle::describe(sample));
    const auto expected = explore::search(sample.system, sample.observers, {});
    const exports::SmtlibModel model = export_of(sample.system, sample.observers);
    const std::vector<std::string> answers = z3_says(model.text);
    std::size_t next = 0;
    for (std::size_t i = 0; i < sample.observers.size(); ++i) {
        if (!always_so(sample.observers[i])) continue;
        INFO(sample.observers[i].id);
        REQUIRE(next < answers.size());
        if (expected.ok()) {
            const bool holds = expected.value().properties[i].verdict == Verdict::kHolds;
            CHECK(answers[next] == (holds ? "sat" : "unsat"));
            ++seen[holds ? "holds" : "violated"];
            if (!sample.observers[i].registers.empty()) ++seen["with history"];
            if (sample.observers[i].kind == ObserverKind::kStep) ++seen["of steps"];
        } else {
            CHECK(answers[next] == "unsat");
            ++seen["out of its domain"];
        }
        ++next;
    }
    CHECK(next == answers.size());
    CHECK(model.notes.size() + next == sample.observers.size());
}

}  // namespace

TEST_CASE("Spacer gives the explicit engine's verdicts on random systems from the Horn clauses") {
    Seen seen;
    for (std::uint32_t seed = 1; seed <= tests::cases(12, 4); ++seed) compare_sample(seed, seen);
    if (tests::kSanitized) return;
    for (const char* what : {"holds", "violated", "with history", "of steps"}) {
        INFO(what << ": " << seen[what]);
        CHECK(seen[what] > 5);
    }
}

TEST_CASE("Spacer proves two-phase commit of two resource managers and refutes what it does not guarantee") {
    std::ifstream file(IMSPECT_SOURCE_DIR "/model/ir/examples/two-phase-commit.json");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string beyond_two = R"(, "rm3", "rm4", "rm5", "rm6", "rm7", "rm8")";
    REQUIRE(text.find(beyond_two) != std::string::npos);
    text.erase(text.find(beyond_two), beyond_two.size());
    checker::CheckRequest request;
    request.model.model_text = checker::Text{"two-phase-commit.json", std::move(text)};
    request.property_files.push_back({"wrong.props", "property NobodyAborts \"nobody aborts\"\n  always not (exists r: RM. rm.state[r] = aborted)\n"});
    const auto question = checker::pose(request);
    REQUIRE(question.ok());
    const auto expected = explore::search(question.value().ground, question.value().observers, {});
    REQUIRE(expected.ok());
    std::vector<std::string> wanted;
    for (std::size_t i = 0; i < question.value().observers.size(); ++i) {
        if (!always_so(question.value().observers[i])) continue;
        wanted.push_back(expected.value().properties[i].verdict == Verdict::kHolds ? "sat" : "unsat");
    }
    CHECK(wanted == std::vector<std::string>{"sat", "sat", "sat", "sat", "unsat"});
    CHECK(z3_says(export_of(question.value().ground, question.value().observers).text) == wanted);
}

TEST_CASE("Horn clauses have what the property depends on and nothing else, and say what is left out") {
    ir::Builder b("a | strange\nname");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, 6);
    const ir::V x = b.variable("x|", node, range, {}, 2);
    const ir::V y = b.variable("y", node, range, {}, 0);
    b.rule("up", node, ir::RuleKind::kInternal).when(ir::E(x) < b.value(range, 5)).set(x, ir::E(x) + 2);
    b.rule("flips", node, ir::RuleKind::kInternal).when(ir::E(y) == b.value(range, 0)).set(y, b.value(range, 1));
    const ir::GroundSystem system = ir::ground(b.take()).value();
    ir::ExprPool& pool = system.pool();
    const auto observer = [&](const std::string& id, ObserverKind kind, ir::ExprId formula) {
        monitor::Observer result;
        result.id = id;
        result.kind = kind;
        result.formula = formula;
        result.first_register = static_cast<ir::SlotId>(system.variables.size());
        return result;
    };
    const auto never = [&](ir::Value value) { return pool.negate(pool.equal(pool.slot(0, range), pool.constant(range, value))); };
    monitor::Observer at_once = observer("at once\n(exit)", ObserverKind::kStep, ir::kNoExpr);
    at_once.step_formula = {pool.boolean(true), pool.boolean(true)};
    at_once.holds_initially = false;
    const exports::SmtlibModel model = export_of(system, {observer("five", ObserverKind::kState, never(5)), observer("six", ObserverKind::kState, never(6)),
                                                          at_once, observer("some six", ObserverKind::kPossible, pool.negate(never(6)))});
    CHECK(z3_says(model.text) == std::vector<std::string>{"sat", "unsat", "unsat"});
    CHECK_THAT(model.text, Catch::Contains("; five: 3 of 6 bits of the state matter\n(set-logic HORN)\n(declare-fun Inv (Bool Bool Bool) Bool)\n"));
    CHECK_THAT(model.text, Catch::Contains("|x_.0|"));
    CHECK_THAT(model.text, !Catch::Contains("|y.0|"));
    CHECK(model.notes == std::vector<std::string>{"some six: only what is always so is a Horn query"});
    CHECK_THAT(model.text, Catch::Contains("; Not exported: some six: only what is always so is a Horn query\n"));
}
