#include "report/check_report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/json_report.h"
#include "report/text_report.h"
#include "tests/support/small_systems.h"

using namespace imspect;
using outcome::Modality;
using outcome::PropertyOutcome;
using outcome::Verdict;
using report::ExitStatus;

namespace {

PropertyOutcome outcome_of(std::string id, Verdict verdict, Modality modality = Modality::kShall) {
    PropertyOutcome property;
    property.id = std::move(id);
    property.meaning = "something must hold";
    property.clauses = {"1.1-a"};
    property.verdict = verdict;
    property.modality = modality;
    property.engine = "explicit";
    return property;
}

checker::CheckRun run_with(std::vector<PropertyOutcome> properties) {
    ir::GroundSystem ground = report_tests::request_and_answer();
    for (PropertyOutcome& property : properties) {
        if (property.verdict != Verdict::kViolated) continue;
        property.witness = outcome::Witness{report_tests::run_of(ground, {"client.asks", "net.loses"}), std::nullopt, true};
    }
    outcome::CheckAnswer answer;
    answer.properties = std::move(properties);
    answer.statistics.complete = true;
    checker::LoadedModel model{"small", std::nullopt, ground.system, {}};
    return checker::CheckRun{std::move(model), std::move(ground), {}, {}, std::move(answer), {}};
}

ExitStatus status(std::vector<PropertyOutcome> properties, bool strict = false) {
    const checker::CheckRun run = run_with(std::move(properties));
    return report::make_check_report(run, "0.0.0", strict, std::nullopt).status;
}

}  // namespace

TEST_CASE("The exit status follows the worst binding verdict") {
    const PropertyOutcome holds = outcome_of("A", Verdict::kHolds);
    const PropertyOutcome unknown = outcome_of("B", Verdict::kUnknown);
    const PropertyOutcome violated = outcome_of("C", Verdict::kViolated);
    const PropertyOutcome should = outcome_of("D", Verdict::kViolated, Modality::kShould);
    const PropertyOutcome may = outcome_of("E", Verdict::kViolated, Modality::kMay);
    CHECK(status({holds}) == ExitStatus::kFine);
    CHECK(status({holds, unknown}) == ExitStatus::kUnknown);
    CHECK(status({unknown, violated}) == ExitStatus::kViolated);
    CHECK(status({holds, should}) == ExitStatus::kFine);
    CHECK(status({holds, should}, true) == ExitStatus::kViolated);
    CHECK(status({should, unknown}) == ExitStatus::kUnknown);
    CHECK(status({holds, may}, true) == ExitStatus::kFine);
}

TEST_CASE("With expectations, as expected is fine whatever the verdicts") {
    const checker::CheckRun run = run_with({outcome_of("A", Verdict::kViolated), outcome_of("B", Verdict::kUnknown)});
    const auto status_with = [&](const report::ScenarioExpectations& expected) {
        return report::make_check_report(run, "0.0.0", false, report::compare(expected, run, false, {})).status;
    };
    CHECK(status_with({{"A", "violated"}, {"B", "unknown"}}) == ExitStatus::kFine);
    CHECK(status_with({{"A", "holds"}, {"B", "unknown"}}) == ExitStatus::kViolated);
    CHECK(status_with({{"B", "unknown"}}) == ExitStatus::kViolated);
    CHECK(status_with({{"A", "violated"}}) == ExitStatus::kUnknown);
    CHECK(status_with({{"A", "violated"}, {"B", "unknown"}, {"Z", "holds"}}) == ExitStatus::kViolated);
}

TEST_CASE("An expectation about a property that was not asked for is left alone") {
    const checker::CheckRun run = run_with({outcome_of("A", Verdict::kHolds)});
    CHECK(report::compare({{"A", "holds"}, {"Z", "holds"}}, run, false, {"A"}).mismatches.empty());
    CHECK(report::compare({{"A", "holds"}, {"Z", "holds"}}, run, false, {}).mismatches.size() == 1);
}

TEST_CASE("A property left out is as expected only where skipped was expected") {
    checker::CheckRun run = run_with({outcome_of("A", Verdict::kHolds)});
    run.skipped.push_back({"S", "needs more", {}, {"expiry"}});
    CHECK(report::compare({{"S", "skipped"}}, run, false, {}).mismatches.empty());
    REQUIRE(report::compare({{"S", "holds"}}, run, false, {}).mismatches.size() == 1);
    CHECK(report::compare({{"S", "holds"}}, run, false, {}).mismatches[0].found == "skipped");
    CHECK(report::compare({{"A", "skipped"}}, run, false, {}).mismatches.size() == 1);
}

TEST_CASE("Expectations that are not what they should be are refused with the path of the key") {
    const auto error = [](std::string_view text) { return report::read_expectations(text, "e.json").error().text(); };
    CHECK(error("{") == "e.json:1:2: not JSON: expected an object of scenarios and their verdicts");
    CHECK(error("[]") == "e.json:/: expected an object of scenarios, found array");
    CHECK(error(R"({"single": 3})") == "e.json:/single: expected an object of property and verdict, found number");
    CHECK(error(R"({"single": {"P1": 1e600}})") == "e.json:/single/P1: the number 1e600 is beyond what can be read");
    CHECK(error(R"({"single": {"P1": "good"}})") ==
          "e.json:/single/P1: expected \"holds\", \"violated\", \"unknown\" or \"skipped\", found \"good\"");
    const report::Expectations some = report::read_expectations(R"({"single": {}})", "e.json").value();
    CHECK(report::expectations_for(some, "other", "e.json").error().text() ==
          "e.json:/: no expectations for scenario 'other'; it has some for: single");
}

TEST_CASE("Finding ids are the same from run to run and differ between properties") {
    const checker::CheckRun first = run_with({outcome_of("A", Verdict::kViolated), outcome_of("B", Verdict::kViolated)});
    const checker::CheckRun second = run_with({outcome_of("A", Verdict::kViolated), outcome_of("B", Verdict::kViolated)});
    const report::CheckReport one = report::make_check_report(first, "0.0.0", false, std::nullopt);
    const report::CheckReport two = report::make_check_report(second, "9.9.9", true, std::nullopt);
    REQUIRE(one.findings.size() == 2);
    CHECK(one.findings[0].id == two.findings[0].id);
    CHECK(one.findings[1].id == two.findings[1].id);
    CHECK(one.findings[0].id != one.findings[1].id);
}

TEST_CASE("A bound that was reached stands beside the verdict that it weakens") {
    PropertyOutcome property = outcome_of("A", Verdict::kHolds);
    property.bounds_reached = {"tokens 7"};
    const checker::CheckRun run = run_with({property});
    const std::string page = report::text_report(report::make_check_report(run, "0.0.0", false, std::nullopt), report::Style{});
    CHECK(page.find("(within bound tokens 7, which was reached)") != std::string::npos);
}

TEST_CASE("A property that the model lacks the detail for is listed and not judged") {
    checker::CheckRun run = run_with({outcome_of("A", Verdict::kHolds)});
    run.skipped.push_back({"P34", "a lifetime never shrinks", {}, {"expiry"}});
    const report::CheckReport answer = report::make_check_report(run, "0.0.0", false, std::nullopt);
    CHECK(report::text_report(answer, report::Style{}).find("a lifetime never shrinks: not in this model (needs expiry)") != std::string::npos);
    const nlohmann::json json = nlohmann::json::parse(report::json_report(answer));
    CHECK(json["skipped"][0]["id"] == "P34");
    CHECK(json["skipped"][0]["needs"] == std::vector<std::string>{"expiry"});
    CHECK(json["properties"].size() == 1);
}

TEST_CASE("JSON says of a witness which rule, node, message and clause each step has") {
    const checker::CheckRun run = run_with({outcome_of("A", Verdict::kViolated)});
    const nlohmann::json json = nlohmann::json::parse(report::json_report(report::make_check_report(run, "0.0.0", false, std::nullopt)));
    const nlohmann::json step = json["properties"][0]["witness"]["steps"][0];
    CHECK(step["rule"] == "client.asks");
    CHECK(step["node"] == "Client");
    CHECK(step["message"] == "ASK");
    CHECK(step["clauses"] == std::vector<std::string>{"1.1-a"});
    CHECK(json["verdict"] == "violated");
    CHECK(json["findings"][0]["property"] == "A");
    CHECK(json["properties"][0]["witness"]["stutters"] == true);
    CHECK(json["properties"][0]["witness"]["faults"] == 1);
}
