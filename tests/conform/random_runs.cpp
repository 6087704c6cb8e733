#include "tests/conform/random_runs.h"

#include <catch2/catch.hpp>

#include "checker/simulate.h"
#include "tests/conform/audited.h"
#include "tests/conform/broken.h"
#include "tests/support/grounded.h"
#include "traces/synthesize/settle.h"

namespace imspect::tests {

Made random_capture(const ir::GroundSystem& ground, std::uint64_t seed, bool by_host) {
    const Result<checker::SimulatedRun> run = checker::simulate(ground, seed, 200);
    REQUIRE(run.ok());
    const exec::Stepper stepper(ground);
    const auto rules = synthesize::settle(stepper, run.value().run.rules, synthesize::Until::kRest);
    synthesize::Options options;
    options.seed = seed;
    options.cx = seed % 2 == 0 ? capture::Transport::kSctp : capture::Transport::kTcp;
    options.at_rest = true;
    options.by_host = by_host;
    const Result<synthesize::Synthesised> made = synthesize::synthesize(ground, rules, options);
    REQUIRE(made.ok());
    return {rules, made.value().pcap, made.value().by_host};
}

void conform_all(const checker::ModelSource& source, unsigned seeds, bool by_host) {
    ir::GroundSystem ground = ground_of(source);
    conform_all(source.scenario, ground, seeds, by_host);
}

void conform_all(const std::string& name, ir::GroundSystem& ground, unsigned seeds, bool by_host) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO(name << ", seed " << seed);
        const Made made = random_capture(ground, seed, by_host);
        const auto answer = by_host ? audit_hosts(made.by_host) : audit_octets(made.pcap);
        std::set<std::string> said, broken;
        for (const conform::Finding& finding : answer.findings) {
            if (finding.kind == "property-violated") {
                said.insert(finding.property);
            } else if (finding.severity == conform::Severity::kError) {
                CHECK(line_of(finding) == "");
            }
        }
        if (!said.empty()) broken = broken_by(ground, made.rules);
        for (const std::string& id : said) CHECK(broken.count(id) == 1);
        REQUIRE_FALSE(answer.subscribers.empty());
        for (const conform::Subscriber& subscriber : answer.subscribers) {
            INFO(subscriber.impi << ": " << subscriber.reason);
            const bool violates = subscriber.verdict == conform::Judgement::kViolates && !said.empty();
            CHECK((violates || subscriber.verdict == conform::Judgement::kConforms));
        }
    }
}

}  // namespace imspect::tests
