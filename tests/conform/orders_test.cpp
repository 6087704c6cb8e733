// Two captures whose clocks agree only so far: every order that they leave undecided is as good as another.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/conform/broken.h"
#include "tests/conform/random_runs.h"
#include "tests/conform/recorded.h"
#include "tests/support/grounded.h"
#include "tests/support/sanitized.h"
#include "traces/conform/auditor.h"

using namespace imspect;

namespace {

constexpr std::int64_t kMs = 1'000'000;

bool on_cx(const bind::Event& event) { return event.kind >= bind::Kind::kUar && event.kind <= bind::Kind::kSaa; }

/// As if Cx had been captured apart, by a clock that is ahead by so much, and nobody knew better than `unsure_ns`.
conform::AuditAnswer audited(tests::Recorded of, std::int64_t ahead_ns, std::int64_t unsure_ns) {
    for (bind::Event& event : of.events) {
        if (!on_cx(event)) continue;
        event.capture = 1;
        event.time_ns += ahead_ns;
    }
    std::stable_sort(of.events.begin(), of.events.end(), [](const auto& one, const auto& other) { return one.time_ns < other.time_ns; });
    conform::AuditOptions options;
    options.clocks = bind::ClockDoubts(2);
    options.clocks.set(0, 1, unsure_ns);
    conform::Auditor auditor(options);
    std::uint64_t order = 0;
    for (bind::Event& event : of.events) {
        event.order = order++;
        auditor.event(event);
    }
    return auditor.finish({of.capture}, of.decoded, of.bound);
}

/// Errors and warnings, by kind and property, in no order.
std::multiset<std::string> said_by(const conform::AuditAnswer& answer) {
    std::multiset<std::string> said;
    for (const conform::Finding& finding : answer.findings) {
        if (finding.severity != conform::Severity::kNote) said.insert(finding.kind + " " + finding.property);
    }
    return said;
}

}  // namespace

TEST_CASE("Clocks that agree but for some milliseconds make no finding, in whichever order they put the messages of Cx and SIP") {
    bool mattered = false;
    for (const char* scenario : {"success", "single", "reregistration"}) {
        checker::ModelSource source;
        source.scenario = scenario;
        ir::GroundSystem ground = tests::ground_of(source);
        for (std::uint64_t seed = 1; seed <= tests::cases(3, 3); ++seed) {
            const tests::Made made = tests::random_capture(ground, seed);
            const tests::Recorded run = tests::recorded(made.pcap);
            const auto broken = tests::broken_by(ground, made.rules);
            for (const std::int64_t ahead : {-4 * kMs, 4 * kMs}) {
                INFO(scenario << ", seed " << seed << ", " << ahead / kMs << " ms");
                mattered = mattered || said_by(audited(run, ahead, 0)) != said_by(audited(run, 0, 0));
                for (const conform::Finding& finding : audited(run, ahead, 5 * kMs).findings) {
                    if (finding.severity != conform::Severity::kError) continue;
                    INFO(finding.kind << " / " << finding.message << " / " << finding.observed << " / " << finding.time_ns);
                    CHECK(finding.kind == "property-violated");
                    CHECK(broken.count(finding.property) == 1);
                }
            }
        }
    }
    CHECK(mattered);
}

TEST_CASE("What is wrong in every order stays a finding") {
    checker::ModelSource source;
    source.scenario = "success";
    const ir::GroundSystem ground = tests::ground_of(source);
    tests::Recorded run = tests::recorded(tests::random_capture(ground, 1).pcap);
    const auto saa = std::find_if(run.events.begin(), run.events.end(), [](const bind::Event& one) { return one.kind == bind::Kind::kMaa; });
    REQUIRE(saa != run.events.end());
    run.events.erase(saa);
    const auto said = said_by(audited(run, 0, 0));
    CHECK(said_by(audited(run, 0, 5 * kMs)) == said);
    CHECK(said_by(audited(run, 4 * kMs, 5 * kMs)) == said);
}
