// Captures taken on the hosts at both ends: what was lost on the way is known then, and an audit need not guess.
#include <catch2/catch.hpp>

#include <set>

#include "tests/conform/audited.h"
#include "tests/conform/random_runs.h"
#include "tests/conform/registration_rules.h"
#include "tests/support/grounded.h"
#include "tests/support/sanitized.h"
#include "traces/conform/hosts.h"
#include "traces/synthesize/settle.h"

using namespace imspect;

namespace {

/// The witness of P6 in the scenario single: the CM3 that should clear the name never reaches the HSS.
tests::RuleNames loses_clear() {
    return tests::then(tests::up_to_challenge(), {"ue.finds_proposal_unacceptable(ue1)", "pcscf.temporary_sa_expires(ue1)",
                                                  "scscf.await_timer_fires(scscf1, ue1, impu1)", "network.loses_on_cx_sh(scscf1)"});
}

synthesize::Synthesised lost_clear() {
    checker::ModelSource source;
    source.scenario = "single";
    const ir::GroundSystem ground = tests::ground_of(source);
    auto rules = tests::rules_named(ground, loses_clear());
    rules = synthesize::settle(exec::Stepper(ground), std::move(rules), synthesize::Until::kRest);
    synthesize::Options options;
    options.by_host = true;
    options.at_rest = true;
    auto made = synthesize::synthesize(ground, rules, options);
    REQUIRE(made.ok());
    return std::move(made).value();
}

bool names(const conform::AuditAnswer& answer, const std::string& property) {
    return std::any_of(answer.findings.begin(), answer.findings.end(), [&](const conform::Finding& one) { return one.property == property; });
}

constexpr std::uint8_t kSender = 1, kReceiver = 2, kStranger = 3;

capture::Address address(std::uint8_t last) {
    capture::Address made;
    made.bytes[3] = last;
    return made;
}

/// A message from one host to the other at that second, in these captures.
bind::Event sent(std::int64_t second, std::vector<std::uint32_t> captures, std::uint8_t from = kSender) {
    bind::Event event;
    event.time_ns = second * 1'000'000'000;
    for (const std::uint32_t capture : captures) event.frames.push_back({capture, 1});
    auto message = std::make_shared<decode::Message>();
    message->from.address = address(from);
    message->to.address = address(kReceiver);
    event.message = std::move(message);
    return event;
}

}  // namespace

TEST_CASE("A Put that is lost breaks P6 where both hosts were captured, and need not have been lost where one tap shows it") {
    const synthesize::Synthesised made = lost_clear();
    REQUIRE(made.by_host.size() == 5);
    const conform::AuditAnswer both = tests::audit_hosts(made.by_host);
    CHECK(names(both, "P6"));
    CHECK(both.verdict() == conform::Judgement::kViolates);
    const auto at = std::find_if(both.findings.begin(), both.findings.end(), [](const conform::Finding& one) { return one.property == "P6"; });
    std::set<std::string> ids;
    for (const conform::Finding& one : both.findings) CHECK(ids.insert(one.id).second);
    CHECK(at->observed.find("CM3 Cx-Put(AUTHENTICATION_TIMEOUT), which did not arrive") != std::string::npos);
    CHECK(std::count_if(at->around.begin(), at->around.end(), [](const bind::Event& event) { return event.lost; }) == 1);
    CHECK_FALSE(names(tests::audit_octets(made.pcap), "P6"));
    std::vector<synthesize::HostCapture> without_hss = made.by_host;
    std::erase_if(without_hss, [](const synthesize::HostCapture& host) { return host.name == "hss"; });
    CHECK_FALSE(names(tests::audit_hosts(without_hss), "P6"));
}

TEST_CASE("Who falls silent owes a message where both ends of every hop were captured, and may not where one tap shows it") {
    checker::ModelSource source;
    source.scenario = "single";
    const ir::GroundSystem ground = tests::ground_of(source);
    synthesize::Options options;
    options.by_host = true;
    options.at_rest = true;
    const auto made = synthesize::synthesize(ground, tests::rules_named(ground, tests::up_to_vectors()), options);
    REQUIRE(made.ok());
    const conform::AuditAnswer both = tests::audit_hosts(made.value().by_host);
    const auto owed = std::find_if(both.findings.begin(), both.findings.end(), [](const conform::Finding& one) { return one.kind == "missing-message"; });
    REQUIRE(owed != both.findings.end());
    REQUIRE(owed->expected.size() == 1);
    CHECK(owed->expected[0].find("from the S-CSCF") != std::string::npos);
    CHECK_FALSE(owed->clauses.empty());
    CHECK(both.verdict() == conform::Judgement::kViolates);
    for (const conform::Finding& one : tests::audit_octets(made.value().pcap).findings) CHECK(one.kind != "missing-message");
}

TEST_CASE("Random runs captured on every host conform, or break what the audit says") {
    for (const char* scenario : {"success", "resync", "single", "reregistration", "two-impus", "shared-impu", "two-scscf", "attacker"}) {
        checker::ModelSource source;
        source.scenario = scenario;
        tests::conform_all(source, tests::cases(8, 8), true);
    }
}

TEST_CASE("A message is lost where the receiver's capture was running and does not show it") {
    conform::Hosts hosts({{0, address(kSender)}, {1, address(kReceiver)}});
    hosts.ran(0, 0, 100'000'000'000);
    hosts.ran(1, 10'000'000'000, 90'000'000'000);
    const auto judged = [&](bind::Event event) {
        hosts.look(event);
        return std::pair(hosts.certain(event), hosts.lost(event));
    };
    CHECK(judged(sent(50, {0, 1})) == std::pair(true, false));
    CHECK(judged(sent(50, {0})) == std::pair(true, true));
    CHECK(judged(sent(50, {1})) == std::pair(true, false));
    CHECK(judged(sent(5, {0})) == std::pair(false, false));
    CHECK(judged(sent(95, {0})) == std::pair(false, false));
    CHECK(judged(sent(50, {0}, kStranger)) == std::pair(false, false));
    hosts.distrust(1);
    CHECK(judged(sent(50, {0})) == std::pair(false, false));
    CHECK(judged(sent(50, {0, 1})) == std::pair(true, false));
}

TEST_CASE("A host may be captured in several files, one behind the other") {
    conform::Hosts hosts({{0, address(kSender)}, {1, address(kReceiver)}, {2, address(kReceiver)}});
    hosts.ran(1, 0, 10'000'000'000);
    hosts.ran(2, 20'000'000'000, 30'000'000'000);
    for (const auto& [second, certain] : {std::pair(5, true), std::pair(15, false), std::pair(25, true)}) {
        bind::Event event = sent(second, {0});
        hosts.look(event);
        CHECK(hosts.lost(event) == certain);
    }
}
