// Runs of the model, as captures, back through the audit: what the specification allows must be found allowed, and a property that is
// said to be broken is one that the run breaks.
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "checker/model_source.h"
#include "checker/simulate.h"
#include "tests/conform/audited.h"
#include "tests/conform/broken.h"
#include "tests/support/sanitized.h"
#include "traces/synthesize/settle.h"
#include "traces/synthesize/synthesize.h"

using namespace imspect;

namespace {

struct Made {
    std::vector<std::uint32_t> rules;
    std::string pcap;
};

/// What `imspect synthesize --seed` writes.
Made random_capture(const ir::GroundSystem& ground, std::uint64_t seed) {
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
    return {rules, made.value().pcap};
}

ir::GroundSystem ground_of(const checker::ModelSource& source) {
    const Result<checker::LoadedModel> model = checker::load(source);
    REQUIRE(model.ok());
    Result<ir::GroundSystem> ground = checker::prepare(model.value());
    REQUIRE(ground.ok());
    return std::move(ground).value();
}

/// No run is called a violation of the flow, and none of a property that it keeps; `open` of them stay unknown.
void conform_all(const checker::ModelSource& source, unsigned seeds, const std::set<std::uint64_t>& open) {
    ir::GroundSystem ground = ground_of(source);
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO(source.scenario << ", seed " << seed);
        const Made made = random_capture(ground, seed);
        const auto answer = tests::audit_octets(made.pcap);
        std::set<std::string> said, broken;
        for (const conform::Finding& finding : answer.findings) {
            if (finding.kind == "property-violated") {
                said.insert(finding.property);
            } else if (finding.severity == conform::Severity::kError) {
                CHECK(tests::line_of(finding) == "");
            }
        }
        if (!said.empty()) broken = tests::broken_by(ground, made.rules);
        for (const std::string& id : said) CHECK(broken.count(id) == 1);
        REQUIRE_FALSE(answer.subscribers.empty());
        for (const conform::Subscriber& subscriber : answer.subscribers) {
            INFO(subscriber.impi << ": " << subscriber.reason);
            const bool unknown = subscriber.verdict == conform::Judgement::kUnknown && open.count(seed) != 0;
            const bool violates = subscriber.verdict == conform::Judgement::kViolates && !said.empty();
            CHECK((unknown || violates || subscriber.verdict == conform::Judgement::kConforms));
        }
    }
}

/// Two UEs that share one IMPU and have another of their own each.
std::string three_impus(int scscfs) {
    return R"json({"name": "three-impus", "about": "two UEs, three IMPUs",
        "ues": [{"name": "ue1", "impus": ["impu1", "impu2"]}, {"name": "ue2", "impus": ["impu1", "impu3"]}], "scscfs": )json" +
           std::to_string(scscfs) + R"json(, "bounds": {"attempts": 3, "avs": 2, "channel": 3, "tokens": 15, "faults": 0},
        "features": ["deregistration", "traffic", "sa-detail"]})json";
}

}  // namespace

TEST_CASE("Random runs of the scenarios without attackers and restarts conform, seed by seed") {
    // A REGISTER that the network doubled overtakes the UE's next one: explained only with a message that the capture lost.
    const std::map<std::string, std::set<std::uint64_t>> open = {{"single", {14}}};
    for (const char* scenario : {"success", "resync", "single", "reregistration", "two-impus", "shared-impu", "two-scscf"}) {
        checker::ModelSource source;
        source.scenario = scenario;
        conform_all(source, tests::cases(20, 10), open.count(scenario) != 0 ? open.at(scenario) : std::set<std::uint64_t>{});
    }
}

TEST_CASE("Random runs of UEs with IMPUs of their own and a shared one conform, on one S-CSCF and on two") {
    for (const int scscfs : {1, 2}) {
        checker::ModelSource source;
        source.scenario = "three-impus on " + std::to_string(scscfs);
        source.scenario_text = checker::Text{"three-impus.json", three_impus(scscfs)};
        conform_all(source, tests::cases(10, 5), {});
    }
}
