// Runs of the model, as captures, back through the audit: what the specification allows must be found allowed.
#include <catch2/catch.hpp>

#include "checker/model_source.h"
#include "checker/simulate.h"
#include "tests/conform/audited.h"
#include "tests/support/sanitized.h"
#include "traces/bind/binder.h"
#include "traces/capture/reader.h"
#include "traces/decode/decoder.h"
#include "traces/synthesize/settle.h"
#include "traces/synthesize/synthesize.h"

using namespace imspect;

namespace {

conform::AuditAnswer audit_octets(const std::string& pcap) {
    conform::Auditor auditor({});
    bind::Binder binder([&](bind::Event&& event) { auditor.event(event); });
    decode::Decoder decoder([&](decode::Message&& message) { binder.message(std::move(message)); });
    const std::vector<std::uint8_t> bytes(pcap.begin(), pcap.end());
    const Result<capture::CaptureSummary> read = capture::read_bytes(bytes, "synthesised", decoder);
    REQUIRE(read.ok());
    decoder.finish();
    binder.finish();
    return auditor.finish({read.value()}, decoder.summary(), binder.summary());
}

/// What `imspect synthesize --seed` writes.
std::string random_capture(const ir::GroundSystem& ground, std::uint64_t seed) {
    const Result<checker::SimulatedRun> run = checker::simulate(ground, seed, 200);
    REQUIRE(run.ok());
    const exec::Stepper stepper(ground);
    const auto rules = synthesize::settle(stepper, run.value().run.rules, synthesize::Until::kRest);
    synthesize::Options options;
    options.seed = seed;
    options.cx = seed % 2 == 0 ? capture::Transport::kSctp : capture::Transport::kTcp;
    options.at_rest = true;
    const Result<synthesize::Synthesised> made = synthesize::synthesize(ground, rules, options);
    REQUIRE(made.ok());
    return made.value().pcap;
}

}  // namespace

TEST_CASE("Random runs of the scenarios without attackers and restarts conform, seed by seed") {
    for (const char* scenario : {"success", "resync", "single", "reregistration", "two-impus", "shared-impu", "two-scscf"}) {
        checker::ModelSource source;
        source.scenario = scenario;
        const Result<checker::LoadedModel> model = checker::load(source);
        REQUIRE(model.ok());
        const Result<ir::GroundSystem> ground = checker::prepare(model.value());
        REQUIRE(ground.ok());
        for (std::uint64_t seed = 1; seed <= tests::cases(40, 20); ++seed) {
            INFO(scenario << ", seed " << seed);
            const auto answer = audit_octets(random_capture(ground.value(), seed));
            for (const conform::Finding& finding : answer.findings) {
                if (finding.severity == conform::Severity::kError) CHECK(tests::line_of(finding) == "");
            }
            REQUIRE_FALSE(answer.subscribers.empty());
            for (const conform::Subscriber& subscriber : answer.subscribers) {
                INFO(subscriber.impi << ": " << subscriber.reason);
                CHECK(subscriber.verdict == conform::Judgement::kConforms);
            }
        }
    }
}
