#include "model/ir/json.h"

#include <algorithm>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "model/embedded.h"
#include "model/ims/scenario.h"
#include "model/ir/ground.h"
#include "model/ir/print.h"
#include "model/ir/validate.h"
#include "tests/support/plain_count.h"
#include "tests/support/sample_systems.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using namespace imspect::ir;

namespace {

/// Everything that a ground system says, in words: slots in order with domains and initial values, rules with all they do.
std::vector<std::string> described(const GroundSystem& ground) {
    std::vector<std::string> lines;
    for (const GroundVariable& variable : ground.variables) {
        lines.push_back(variable.name + ": " + ground.system->domains[variable.domain].name + " = " + std::to_string(variable.initial));
    }
    for (const GroundChannel& channel : ground.channels) {
        lines.push_back(channel.name + " deferred " + (channel.deferred == kNoExpr ? "never" : print(ground, channel.deferred)));
    }
    for (const GroundRule& rule : ground.rules) {
        const Rule& declared = ground.system->rules[rule.rule];
        lines.push_back(rule.name + " when " + print(ground, rule.guard) + (declared.fair ? " fair" : "") + std::to_string(declared.fault_cost));
        for (const Bound& bound : rule.bounds) lines.push_back("  bound " + bound.name + print(ground, bound.condition) + (bound.environment ? "e" : ""));
        for (const GroundAssignment& assignment : rule.assignments) {
            lines.push_back("  " + ground.variables[assignment.slot].name + " := " + print(ground, assignment.value));
        }
        for (const Label& label : rule.labels) lines.push_back("  label " + label.text + " if " + print(ground, label.condition));
        for (const GroundRaise& raise : rule.raises) {
            lines.push_back("  raises " + ground.system->events[raise.event].name + " if " + print(ground, raise.condition));
            for (const ExprId argument : raise.arguments) lines.push_back("    with " + print(ground, argument));
        }
        for (const std::uint32_t channel : rule.consumes) lines.push_back("  consumes " + ground.channels[channel].name);
    }
    for (const GroundWaiting& waiting : ground.waiting) lines.push_back(waiting.name + " if " + print(ground, waiting.condition));
    return lines;
}

std::vector<std::string> texts_of(const std::vector<Defect>& defects) {
    std::vector<std::string> texts;
    for (const Defect& defect : defects) texts.push_back(defect.text());
    return texts;
}

void check_round_trip(const support::Sample& sample) {
    INFO(sample.name);
    REQUIRE(texts_of(validate(*sample.system)) == std::vector<std::string>{});
    const std::string text = write_json(*sample.system, {"property P \"p\" always true"});
    INFO(text);
    const auto again = read_json(text, "written.json");
    if (!again) FAIL(again.error().text());
    REQUIRE(write_json(*again.value().system, again.value().properties) == text);
    const auto before = ground(sample.system);
    const auto after = ground(again.value().system);
    REQUIRE(before.ok());
    REQUIRE(after.ok());
    REQUIRE(described(after.value()) == described(before.value()));
}

/// The error of reading a model that differs from a good one in one place.
Error error_of(const std::string& what, const std::string& with) {
    std::string text = R"json({
      "schema": "imspect-model/1", "name": "m", "nodes": ["n", "other"],
      "domains": {"State": {"enum": ["idle", "busy"]}, "Who": {"identities": ["a", "b"]}, "Mark": {"tokens": 3}},
      "variables": {"state": {"node": "n", "domain": "State", "indices": ["Who"], "initial": "idle"}},
      "channels": {"link": {"from": "n", "to": "other", "fields": {"mark": "Mark"}, "capacity": 2}},
      "events": {"done": {"arguments": ["Who"]}},
      "rules": {"works": {"node": "n", "parameters": {"u": "Who"}, "when": "state[u] = idle", "set": {"state[u]": "busy"},
                "messages": [{"send": "link", "fields": {"mark": "fresh(Mark)"}}], "raises": [{"event": "done", "arguments": ["u"]}]}}
    })json";
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    text.replace(at, what.size(), with);
    const auto read = read_json(text, "m.json");
    INFO(text);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().file == "m.json");
    return read.error();
}

void check_error(const std::string& what, const std::string& with, const std::string& path, const std::string& message) {
    const Error error = error_of(what, with);
    CHECK(error.position == path);
    CHECK_THAT(error.message, Catch::Contains(message));
}

}  // namespace

TEST_CASE("a model written as JSON and read back grounds to the same system") {
    for (const support::Sample& sample : support::sample_systems()) check_round_trip(sample);
}

TEST_CASE("random models survive the way through JSON") {
    for (unsigned seed = 1; seed <= tests::cases(200, 5); ++seed) check_round_trip(support::random_system(seed));
}

TEST_CASE("every shipped scenario survives the way through JSON and has no defect") {
    for (const std::string& name : ims::shipped_scenarios()) {
        if (tests::kSanitized && name != "resync" && name != "two-scscf") continue;  // the same rules, more often
        auto scenario = ims::shipped_scenario(name);
        REQUIRE(scenario.ok());
        auto system = ims::build(scenario.value());
        REQUIRE(system.ok());
        check_round_trip({name, system.value()});
    }
}

TEST_CASE("the shipped two-phase commit, with fewer managers, has as many states as the literature counts") {
    REQUIRE(embedded::models().size() >= 1);
    const auto& models = embedded::models();
    const auto shipped = std::find_if(models.begin(), models.end(), [](const embedded::File& file) { return file.name == "two-phase-commit"; });
    REQUIRE(shipped != models.end());
    const auto count = [&](int managers) {
        std::string text = shipped->text;
        for (int i = 8; i > managers; --i) {
            const std::string name = ", \"rm" + std::to_string(i) + "\"";
            text.erase(text.find(name), name.size());
        }
        const auto model = read_json(text, "two-phase-commit.json");
        REQUIRE(model.ok());
        CHECK(validate(*model.value().system).empty());
        CHECK(model.value().properties.size() == 6);
        const auto system = ground(model.value().system);
        REQUIRE(system.ok());
        return support::plain_count(system.value());
    };
    CHECK(count(3) == 288);
    CHECK(count(5) == 8832);
}

TEST_CASE("an error in a model names the path of the key, what was expected, and the nearest name") {
    check_error("\"schema\": \"imspect-model/1\"", "\"schema\": \"2\"", "/schema", "imspect-model/1");
    check_error("\"name\": \"m\",", "", "/", "'name' is missing");
    check_error("\"name\": \"m\"", "\"nmae\": \"m\"", "/nmae", "did you mean 'name'");
    check_error("\"name\": \"m\"", "\"name\": 3", "/name", "expected a text, found a number");
    check_error("\"raises\"", "\"raise\"", "/rules/works/raise", "did you mean 'raises'");
    check_error("\"node\": \"n\", \"domain\"", "\"node\": \"N2\", \"domain\"", "/variables/state/node", "unknown node 'N2'");
    check_error("\"domain\": \"State\"", "\"domain\": \"Stat\"", "/variables/state/domain", "did you mean 'State'");
    check_error("\"initial\": \"idle\"", "\"initial\": \"idel\"", "/variables/state/initial", "did you mean 'idle'");
    check_error("{\"tokens\": 3}", "{\"tokens\": 0}", "/domains/Mark/tokens", "from 1 to 250");
    check_error("{\"tokens\": 3}", "{\"tokens\": 3, \"range\": [0, 1]}", "/domains/Mark", "exactly one of");
    check_error("{\"tokens\": 3}", "{\"range\": [0, 18446744073709551615]}", "/domains/Mark/range", "within a million");
    check_error("{\"tokens\": 3}", "{\"range\": [0, 1e600]}", "/domains/Mark/range/1", "the number 1e600 is beyond what can be read");
    check_error("\"capacity\": 2", "\"capacity\": 1.5", "/channels/link/capacity", "whole number");
    check_error("\"capacity\": 2", "\"capacity\": 2, \"after\": \"stat\"", "/channels/link/after", "did you mean 'state'");
    check_error("\"parameters\": {\"u\": \"Who\"}", "\"parameters\": {\"u\": \"Whom\"}", "/rules/works/parameters/u", "did you mean 'Who'");
    check_error("\"send\": \"link\"", "\"send\": \"lnik\"", "/rules/works/messages/0/send", "did you mean 'link'");
    check_error("\"mark\": \"fresh(Mark)\"", "\"mrak\": \"fresh(Mark)\"", "/rules/works/messages/0/fields/mrak", "did you mean 'mark'");
    check_error("\"event\": \"done\"", "\"event\": \"doen\"", "/rules/works/raises/0/event", "did you mean 'done'");
    check_error("\"arguments\": [\"u\"]", "\"arguments\": []", "/rules/works/raises/0/arguments", "has 1 arguments, not 0");
    check_error("\"node\": \"n\", \"parameters\"", "\"node\": \"n\", \"kind\": \"sends\", \"parameters\"", "/rules/works/kind", "unknown kind 'sends'");
}

TEST_CASE("an error in an expression shows the place in its text") {
    const auto check = [](const std::string& expression, const std::string& message, const std::string& caret) {
        const Error error = error_of("state[u] = idle", expression);
        CHECK(error.position == "/rules/works/when");
        CHECK_THAT(error.message, Catch::Contains(message));
        CHECK(error.excerpt == "  " + expression + "\n  " + caret);
    };
    check("state[u] = idel", "did you mean 'idle'", "           ^");
    check("sate[u] = idle", "unknown variable 'sate'; did you mean 'state'?", "^");
    check("state = idle", "state takes 1 index or argument, not 0", "^");
    check("state[u] = ", "found 'the end'", "           ^");
    check("state[u] = u", "'=' between State and Who", "         ^");
    check("state[u] < idle < busy", "comparisons do not chain", "                ^");
    check("state[u]", "this is of domain State; bool was expected", "^");
    check("state[u] + 1 = 2", "this is of domain int; State was expected", "           ^");
    check("state[u] + state[u] = 2", "'+' is for integers", "         ^");
    check("forall x. state[x] = idle", "expected ':'", "        ^");
    check("forall x: Whom. true", "did you mean 'Who'", "^");
    check("fresh(Who) = fresh(Who)", "domain D of tokens", "^");
    check("state[u] = 'idle", "never closed", "           ^");
    check("state[u] ? idle", "unexpected character", "         ^");
}

TEST_CASE("nothing that nests without end overflows the stack of the reader") {
    const std::string open(100'000, '(');
    CHECK_THAT(error_of("state[u] = idle", open).message, Catch::Contains("deeper"));
    std::string nots;
    for (int i = 0; i < 50'000; ++i) nots += "not ";
    CHECK_THAT(error_of("state[u] = idle", nots + "true").message, Catch::Contains("deeper"));
    std::string sum = "1";
    for (int i = 0; i < 5000; ++i) sum += " + 1";
    CHECK_THAT(error_of("state[u] = idle", sum + " = 2").message, Catch::Contains("deeper"));
    CHECK_THAT(error_of("[\"n\", \"other\"]", std::string(100'000, '[')).message, Catch::Contains("JSON"));
}

TEST_CASE("text that is no JSON is an error with line and column, and so is a key that stands twice") {
    const auto broken = read_json("{\n  \"schema\": imspect\n}", "m.json");
    REQUIRE_FALSE(broken.ok());
    CHECK(broken.error().position.substr(0, 2) == "2:");
    const auto twice = read_json(R"({"schema": "imspect-model/1", "name": "a", "name": "b"})", "m.json");
    REQUIRE_FALSE(twice.ok());
    CHECK_THAT(twice.error().message, Catch::Contains("'name' stands twice"));
}
