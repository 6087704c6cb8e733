// Witnesses read back: which one is chosen, and what is said of a file that is none of ours.
#include <catch2/catch.hpp>

#include "report/witness_file.h"

using imspect::report::read_witness;
using Strings = std::vector<std::string>;

namespace {

const char* const kChecked = R"~({"schema": "imspect/check/1", "scenario": "single",
  "configuration": {"readings": {"cx-order": "fifo", "old-sa": "at-once"}},
  "properties": [
    {"id": "A", "verdict": "holds"},
    {"id": "B", "verdict": "violated", "witness": {"steps": [{"rule": "x(a)"}, {"rule": "y"}]}},
    {"id": "C", "verdict": "violated", "witness": {"steps": [{"rule": "z"}]}},
    {"id": "D", "verdict": "violated", "witness": {"steps": [{"rule": "z"}, {"node": "UE"}]}}]})~";

std::string said(const std::string& text, const std::string& property = {}) {
    const auto read = read_witness(text, "w.json", property);
    REQUIRE_FALSE(read.ok());
    return read.error().text();
}

}  // namespace

TEST_CASE("The first violated property's witness is taken, or the one asked for") {
    const auto first = read_witness(kChecked, "w.json", "");
    REQUIRE(first.ok());
    CHECK(first.value().property == "B");
    CHECK(first.value().scenario == "single");
    CHECK(first.value().rules == Strings{"x(a)", "y"});
    CHECK(first.value().readings == Strings{"cx-order=fifo", "old-sa=at-once"});
    const auto chosen = read_witness(kChecked, "w.json", "C");
    REQUIRE(chosen.ok());
    CHECK(chosen.value().rules == Strings{"z"});
}

TEST_CASE("A simulated run is a run too") {
    const auto run = read_witness(R"({"schema": "imspect/simulate/1", "scenario": "success", "run": {"steps": [{"rule": "x"}]}})", "w.json", "");
    REQUIRE(run.ok());
    CHECK(run.value().rules == Strings{"x"});
    CHECK(run.value().property.empty());
}

TEST_CASE("A file without a witness is refused with the path of what is wrong") {
    CHECK(said("{") == "w.json: is not JSON; expected what imspect check --format json writes");
    CHECK(said("[]") == "w.json:/schema: missing");
    CHECK(said(R"({"schema": 1})").find("w.json:/schema: ") == 0);
    CHECK(said(R"({"schema": "imspect/list/1"})") == "w.json:/schema: expected imspect/check/1 or imspect/simulate/1, found 'imspect/list/1'");
    CHECK(said(R"({"schema": "imspect/check/1", "properties": {}})") == "w.json:/properties: expected a list");
    CHECK(said(R"({"schema": "imspect/check/1", "properties": []})") == "w.json:/properties: no property is violated with a witness");
    CHECK(said(kChecked, "A") == "w.json:/properties/0/witness: missing: property A has no witness");
    CHECK(said(kChecked, "E").find("w.json:/properties: there is no property 'E' in it") == 0);
    CHECK(said(kChecked, "D") == "w.json:/properties/3/witness/steps/1/rule: expected the name of a rule with its arguments");
    CHECK(said(R"({"schema": "imspect/simulate/1", "run": 3})") == "w.json:/run/steps: expected a list of steps");
}
