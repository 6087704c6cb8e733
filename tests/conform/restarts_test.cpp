// Restarts of S-CSCFs that Origin-State-Id shows (RFC 6733, 8.16): what they break is told, and what they don't explain is not laid to them.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/conform/audited.h"
#include "tests/conform/random_runs.h"
#include "tests/conform/recorded.h"
#include "tests/conform/registration_rules.h"
#include "tests/support/grounded.h"
#include "tests/support/sanitized.h"
#include "traces/conform/auditor.h"
#include "traces/synthesize/settle.h"

using namespace imspect;

namespace {

std::string registration(bool then_restarts) {
    checker::ModelSource source;
    source.scenario = "single";
    const ir::GroundSystem ground = tests::ground_of(source);
    tests::RuleNames names = tests::then(tests::up_to_registered(), {"scscf.confirms_registration(scscf1, ue1, impu1)", "icscf.forwards_ok(ue1)",
                                                                     "pcscf.sends_sm12(ue1)", "ue.accepts_sm12(ue1, impu1)"});
    if (then_restarts) names.emplace_back("scscf.restarts(scscf1)");
    const auto rules = synthesize::settle(exec::Stepper(ground), tests::rules_named(ground, names), synthesize::Until::kRest);
    synthesize::Options options;
    options.at_rest = true;
    const auto made = synthesize::synthesize(ground, rules, options);
    REQUIRE(made.ok());
    return made.value().pcap;
}

/// With the S-CSCF's Origin-State-Id grown just before that event.
conform::AuditAnswer audited_with_restart(tests::Recorded of, std::size_t before) {
    bind::Event restart;
    restart.kind = bind::Kind::kRestarted;
    restart.from = bind::Node::kScscf;
    for (const bind::Event& event : of.events) {
        if (event.kind == bind::Kind::kMar) restart.scscf = event.scscf;
    }
    restart.time_ns = of.events[before].time_ns;
    restart.since_ns = of.events[before - 1].time_ns;
    restart.frames = of.events[before].frames;
    conform::Auditor auditor({});
    for (std::size_t i = 0; i < of.events.size(); ++i) {
        if (i == before) auditor.event(restart);
        auditor.event(of.events[i]);
    }
    return auditor.finish({of.capture}, of.decoded, of.bound);
}

conform::AuditAnswer audited_without_restart(const tests::Recorded& of) {
    conform::Auditor auditor({});
    for (const bind::Event& event : of.events) auditor.event(event);
    return auditor.finish({of.capture}, of.decoded, of.bound);
}

std::vector<std::string> errors_of(const conform::AuditAnswer& answer) {
    std::vector<std::string> errors;
    for (const conform::Finding& finding : answer.findings) {
        if (finding.severity == conform::Severity::kError) errors.push_back(tests::line_of(finding));
    }
    return errors;
}

}  // namespace

TEST_CASE("A restart that Origin-State-Id shows leaves the HSS with a registration that nobody holds: a warning, since it may have been kept") {
    const conform::AuditAnswer kept = tests::audit_octets(registration(false));
    CHECK(kept.findings.empty());
    const conform::AuditAnswer answer = tests::audit_octets(registration(true));
    REQUIRE(answer.findings.size() == 1);
    CHECK(answer.findings[0].property == "P5");
    CHECK(answer.findings[0].severity == conform::Severity::kWarning);
    CHECK(answer.findings[0].observed.find("Origin-State-Id") != std::string::npos);
    CHECK(answer.findings[0].message.find("lost its state") != std::string::npos);
    CHECK(answer.verdict() == conform::Judgement::kConforms);
}

TEST_CASE("An S-CSCF that restarts and goes on as if it had not makes no error, wherever it restarts") {
    checker::ModelSource source;
    source.scenario = "reregistration";
    const ir::GroundSystem ground = tests::ground_of(source);
    for (std::uint64_t seed = 1; seed <= tests::cases(2, 2); ++seed) {
        const tests::Recorded run = tests::recorded(tests::random_capture(ground, seed).pcap);
        const auto before = errors_of(audited_without_restart(run));
        const std::size_t stride = std::max<std::size_t>(run.events.size() / tests::cases(4, 2), 1);
        for (std::size_t at = 1; at < run.events.size(); at += stride) {
            INFO("seed " << seed << ", before event " << at);
            CHECK(errors_of(audited_with_restart(run, at)) == before);
        }
    }
}
