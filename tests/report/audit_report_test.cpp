#include "report/audit_report.h"

#include <catch2/catch.hpp>

#include "report/audit_json.h"
#include "report/audit_text.h"
#include "report/redaction.h"

using namespace imspect;
using conform::Judgement;

namespace {

conform::Subscriber subscriber(const std::string& impi, Judgement verdict) {
    conform::Subscriber one;
    one.impi = impi;
    one.impus = {"sip:" + impi};
    one.verdict = verdict;
    return one;
}

conform::Finding finding(const std::string& impi, conform::Severity severity) {
    conform::Finding one;
    one.id = "F-000000000001";
    one.kind = "missing-cm3";
    one.severity = severity;
    one.clauses = {"6.1.2.2-e"};
    one.impi = impi;
    one.frames = {{0, 22}, {0, 21}};
    one.observed = "SM10 from 10.0.1.3:6060 for sip:" + impi;
    one.expected = {"CM3 Cx-Put"};
    one.message = "The S-CSCF 10.0.1.3 answered " + impi + " without CM3.";
    bind::Event event;
    event.kind = bind::Kind::kError;
    event.from = bind::Node::kScscf;
    event.to = bind::Node::kIcscf;
    event.impi = impi;
    event.call_id = "call@10.1.2.3";
    event.nonce = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    event.frames = {{0, 22}};
    one.around = {event};
    return one;
}

conform::AuditAnswer answer_of(std::vector<conform::Subscriber> subscribers, std::vector<conform::Finding> findings) {
    conform::AuditAnswer answer;
    capture::CaptureSummary capture;
    capture.file = "x.pcap";
    capture.kind = "pcap";
    answer.captures = {capture};
    answer.subscribers = std::move(subscribers);
    answer.findings = std::move(findings);
    return answer;
}

report::AuditReport report_of(const conform::AuditAnswer& answer, bool strict = false) {
    return report::make_audit_report(answer, "0.0.0", strict, std::nullopt);
}

}  // namespace

TEST_CASE("A broken shall makes the capture violate, a broken should only under strict") {
    const auto error = answer_of({subscriber("a@x", Judgement::kViolates)}, {finding("a@x", conform::Severity::kError)});
    CHECK(report_of(error).status == report::ExitStatus::kViolated);
    const auto warning = answer_of({subscriber("a@x", Judgement::kConforms)}, {finding("a@x", conform::Severity::kWarning)});
    CHECK(report_of(warning).status == report::ExitStatus::kFine);
    CHECK(report_of(warning, true).status == report::ExitStatus::kViolated);
}

TEST_CASE("One undecided subscriber leaves a capture without violations unknown, and the reason is told") {
    auto undecided = subscriber("b@x", Judgement::kUnknown);
    undecided.reason = "too many explanations";
    const auto answer = answer_of({subscriber("a@x", Judgement::kConforms), undecided}, {});
    const auto report = report_of(answer);
    CHECK(report.status == report::ExitStatus::kUnknown);
    CHECK(report.reason == "b@x: too many explanations");
}

TEST_CASE("A capture with nothing to judge is unknown, never conforming") {
    CHECK(report_of(answer_of({}, {})).status == report::ExitStatus::kUnknown);
    CHECK(report_of(answer_of({subscriber("a@x", Judgement::kOutside)}, {})).status == report::ExitStatus::kUnknown);
    auto truncated = answer_of({subscriber("a@x", Judgement::kConforms)}, {});
    CHECK(report_of(truncated).status == report::ExitStatus::kFine);
    truncated.captures[0].ended = "truncated at byte 12";
    CHECK(report_of(truncated).status == report::ExitStatus::kUnknown);
}

TEST_CASE("Expectations name subscribers, and whoever is not named must not violate") {
    const auto answer = answer_of({subscriber("a@x", Judgement::kViolates), subscriber("b@x", Judgement::kConforms)},
                                  {finding("a@x", conform::Severity::kError)});
    const auto expected = report::read_audit_expectations(R"({"a@x": "violates"})", "e.json");
    REQUIRE(expected);
    CHECK(report::make_audit_report(answer, "0.0.0", false, expected.value()).status == report::ExitStatus::kFine);
    const auto wrong = report::read_audit_expectations(R"({"b@x": "unknown", "c@x": "conforms"})", "e.json");
    REQUIRE(wrong);
    const auto report = report::make_audit_report(answer, "0.0.0", false, wrong.value());
    CHECK(report.status == report::ExitStatus::kViolated);
    REQUIRE(report.mismatches.size() == 3);
    CHECK(report.mismatches[0].found == "conforms");
    CHECK(report.mismatches[1].found == "not in the capture");
    CHECK(report.mismatches[2].subscriber == "a@x");
}

TEST_CASE("Expectations of an audit that are no verdicts are refused with the key's path") {
    const auto wrong = report::read_audit_expectations(R"({"a@x": "holds"})", "e.json");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().position == "/a@x");
    CHECK_FALSE(report::read_audit_expectations("[", "e.json"));
    CHECK_FALSE(report::read_audit_expectations("[]", "e.json"));
}

TEST_CASE("Frames are numbers in one file and file and number in several") {
    CHECK(report::frames_text({{0, 3}, {1, 4}}, false) == "3, 4");
    CHECK(report::frames_text({{0, 3}, {1, 4}}, true) == "1:3, 2:4");
    CHECK(report::frames_text({{0, 3}, {0, 4}, {0, 5}}, false, 2) == "3, 4, ...");
    CHECK(report::wireshark_filter({{0, 3}, {1, 4}, {0, 9}}, 0) == "frame.number in {3, 9}");
    CHECK(report::wireshark_filter({{1, 4}}, 0).empty());
}

TEST_CASE("A redacted answer holds no identity, address, Call-ID or nonce anywhere in text or JSON") {
    auto answer = answer_of({subscriber("alice@ims.example", Judgement::kViolates)}, {finding("alice@ims.example", conform::Severity::kError)});
    answer.bound.roles["S-CSCF"] = {"10.0.1.3:6060"};
    answer.captures.at(0).taken_at = {{"2001:db8::17", 3}};
    const conform::AuditAnswer shown = report::redacted(answer);
    auto report = report_of(answer);
    report::redact(report, shown);
    for (const std::string& page : {report::audit_text(report, {}), report::audit_json(report)}) {
        INFO(page);
        for (const char* secret : {"alice", "10.0.1.3", "db8", "10.1.2.3", "AAECAw"}) CHECK(page.find(secret) == std::string::npos);
        CHECK(page.find("impi-1") != std::string::npos);
    }
}

TEST_CASE("The text of a finding names clause, frames, filter, and what was expected") {
    const auto answer = answer_of({subscriber("a@x", Judgement::kViolates)}, {finding("a@x", conform::Severity::kError)});
    const std::string page = report::audit_text(report_of(answer), {});
    for (const char* part : {"missing-cm3", "6.1.2.2-e", "22, 21", "frame.number in {22, 21}", "CM3 Cx-Put", "verdict: violates"}) {
        INFO(part);
        CHECK(page.find(part) != std::string::npos);
    }
}
