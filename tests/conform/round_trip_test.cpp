// Runs of the model, as captures, back through the audit: what the specification allows must be found allowed, and a property that is
// said to be broken is one that the run breaks.
#include <catch2/catch.hpp>

#include "model/ims/scenario.h"
#include "tests/conform/audited.h"
#include "tests/conform/broken.h"
#include "tests/conform/random_runs.h"
#include "tests/conform/registration_rules.h"
#include "tests/support/grounded.h"
#include "tests/support/sanitized.h"
#include "traces/synthesize/settle.h"
#include "traces/synthesize/synthesize.h"

using namespace imspect;

namespace {

/// The witness of P1a in the scenario reregistration.
tests::RuleNames late_answer() {
    return tests::then(tests::up_to_registered(),
                       {"ue.request_times_out_early(ue1)", "ue.restarts_unprotected(ue1, impu1)", "pcscf.forwards_sm1(ue1)", "icscf.queries_hss(ue1)",
                        "hss.answers_query(ue1, scscf1)", "icscf.forwards_register(ue1, scscf1)",
                        "scscf.registered_put_unanswered_early(scscf1, ue1, impu1)", "scscf.puts_pending(scscf1, ue1, impu1)",
                        "hss.applies_pending(scscf1, ue1, impu1)"});
}

/// Two UEs that share one IMPU and have another of their own each.
std::string three_impus(int scscfs) {
    return R"json({"name": "three-impus", "about": "two UEs, three IMPUs",
        "ues": [{"name": "ue1", "impus": ["impu1", "impu2"]}, {"name": "ue2", "impus": ["impu1", "impu3"]}], "scscfs": )json" +
           std::to_string(scscfs) + R"json(, "bounds": {"attempts": 3, "avs": 2, "channel": 3, "tokens": 15, "faults": 0},
        "features": ["deregistration", "traffic", "sa-detail"]})json";
}

}  // namespace

TEST_CASE("Random runs of the shipped scenarios conform, seed by seed: with restarts and with an attacker too") {
    for (const char* scenario : {"success", "resync", "single", "reregistration", "two-impus", "shared-impu", "two-scscf", "attacker"}) {
        checker::ModelSource source;
        source.scenario = scenario;
        tests::conform_all(source, tests::cases(20, 20));
    }
}

TEST_CASE("Random runs of UEs with IMPUs of their own and a shared one conform, on one S-CSCF and on two") {
    for (const int scscfs : {1, 2}) {
        if (tests::kSanitized && scscfs == 1) continue;
        checker::ModelSource source;
        source.scenario = "three-impus on " + std::to_string(scscfs);
        source.scenario_text = checker::Text{"three-impus.json", three_impus(scscfs)};
        tests::conform_all(source, tests::cases(10, 10));
    }
}

TEST_CASE("Random runs of more UEs on one IMPU, and more S-CSCFs, than any shipped scenario has conform") {
    for (const auto& [ues, scscfs] : {std::pair(4U, 1U), std::pair(2U, 4U)}) {
        if (tests::kSanitized && scscfs == 1) continue;
        ims::Scenario scenario;
        scenario.name = "crowd";
        scenario.about = "many UEs share an IMPU";
        for (unsigned ue = 1; ue <= ues; ++ue) scenario.ues.push_back({"ue" + std::to_string(ue), {"impu1"}});
        scenario.scscfs = scscfs;
        scenario.tokens = 15;
        scenario.attempts = 1;
        auto system = ims::build(scenario);
        REQUIRE(system.ok());
        auto ground = ir::ground(std::move(system).value());
        REQUIRE(ground.ok());
        tests::conform_all("crowd of " + std::to_string(ues), ground.value(), tests::cases(2, 2));
    }
}

TEST_CASE("A run that only an attacker explains conforms, and a warning says that somebody interfered") {
    checker::ModelSource source;
    source.scenario = "attacker";
    const ir::GroundSystem ground = tests::ground_of(source);
    const auto answer = tests::audit_octets(tests::random_capture(ground, 5).pcap);
    REQUIRE(answer.findings.size() == 1);
    CHECK(answer.findings[0].kind == "interfered-with");
    CHECK(answer.findings[0].severity == conform::Severity::kWarning);
    CHECK(answer.verdict() == conform::Judgement::kConforms);
}

TEST_CASE("What is never done shows where the capture goes on in silence, and not before") {
    checker::ModelSource source;
    source.scenario = "two-impus";
    ir::GroundSystem ground = tests::ground_of(source);
    const tests::Made made = tests::random_capture(ground, 1);  // the first IMPU's flag stays pending: its run was superseded
    REQUIRE(tests::broken_by(ground, made.rules).count("P3") == 1);
    conform::AuditOptions options;
    options.properties = {"P3"};
    const auto answer = tests::audit_octets(made.pcap, options);
    REQUIRE(answer.findings.size() == 1);
    CHECK(answer.findings[0].property == "P3");
    CHECK_FALSE(answer.findings[0].frames.empty());
    CHECK(answer.verdict() == conform::Judgement::kViolates);
    synthesize::Options cut;
    cut.seed = 1;
    const Result<synthesize::Synthesised> no_silence = synthesize::synthesize(ground, made.rules, cut);
    REQUIRE(no_silence.ok());
    CHECK(tests::audit_octets(no_silence.value().pcap, options).findings.empty());
}

TEST_CASE("An answer of the HSS that comes after the S-CSCF's timer, while the next run begins, is no breach of any rule") {
    checker::ModelSource source;
    source.scenario = "reregistration";
    const ir::GroundSystem ground = tests::ground_of(source);
    std::vector<std::uint32_t> rules = tests::rules_named(ground, late_answer());
    const exec::Stepper stepper(ground);
    rules = synthesize::settle(stepper, std::move(rules), synthesize::Until::kDelivered);
    const Result<synthesize::Synthesised> made = synthesize::synthesize(ground, rules, {});
    REQUIRE(made.ok());
    for (const conform::Finding& finding : tests::audit_octets(made.value().pcap).findings) {
        CHECK(finding.kind != "missing-message");
        CHECK(finding.kind != "unexpected-event");
    }
}
