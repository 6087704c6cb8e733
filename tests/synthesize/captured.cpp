#include "tests/synthesize/captured.h"

#include <algorithm>

#include "checker/simulate.h"
#include "tests/support/grounded.h"
#include "traces/synthesize/settle.h"

namespace imspect::tests {
namespace {

ir::GroundSystem ground_of_scenario(const std::string& scenario, const std::vector<std::string>& readings) {
    checker::ModelSource source;
    source.scenario = scenario;
    source.readings = readings;
    return ground_of(source);
}

Captured capture_of(const ir::GroundSystem& ground, const std::vector<std::uint32_t>& rules, const synthesize::Options& options) {
    Captured result;
    Result<synthesize::Synthesised> made = synthesize::synthesize(ground, rules, options);
    REQUIRE(made.ok());
    result.made = std::move(made).value();
    decode::Decoder decoder([&](decode::Message&& message) { result.messages.push_back(std::move(message)); });
    const std::vector<std::uint8_t> bytes(result.made.pcap.begin(), result.made.pcap.end());
    const Result<capture::CaptureSummary> read = capture::read_bytes(bytes, "synthesised", decoder);
    REQUIRE(read.ok());
    decoder.finish();
    result.read = read.value();
    result.decoded = decoder.summary();
    // A TCP connection that begins in mid-stream is held back for a while, so messages are not told in the order of their frames.
    std::sort(result.messages.begin(), result.messages.end(), [](const auto& a, const auto& b) { return a.frames < b.frames; });
    return result;
}

}  // namespace

const decode::SipMessage* sip_of(const decode::Message& message) { return std::get_if<decode::SipMessage>(&message.content); }
const decode::DiameterMessage* diameter_of(const decode::Message& message) { return std::get_if<decode::DiameterMessage>(&message.content); }

std::string name_of(const decode::Message& message) {
    if (const decode::SipMessage* sip = sip_of(message)) return sip->request ? sip->method : std::to_string(sip->status);
    const decode::DiameterMessage* diameter = diameter_of(message);
    const std::map<std::uint32_t, std::string> stems = {{300, "UA"}, {301, "SA"}, {303, "MA"}};
    return stems.at(diameter->command) + (diameter->request ? "R" : "A");
}

std::vector<std::string> Captured::names_made() const {
    std::vector<std::string> names;
    for (const synthesize::Shown& shown : made.shown) names.push_back(shown.name);
    return names;
}

std::vector<std::string> Captured::names_read() const {
    std::vector<std::string> names;
    for (const decode::Message& message : messages) names.push_back(name_of(message));
    return names;
}

Captured captured(const std::string& scenario, std::uint64_t seed, const std::vector<std::string>& readings, synthesize::Options options,
                  std::uint64_t steps) {
    const ir::GroundSystem ground = ground_of_scenario(scenario, readings);
    const Result<checker::SimulatedRun> run = checker::simulate(ground, seed, steps);
    REQUIRE(run.ok());
    options.seed = seed;
    return capture_of(ground, run.value().run.rules, options);
}

Captured captured_run(const std::string& scenario, const std::vector<std::string>& names, bool settled) {
    const ir::GroundSystem ground = ground_of_scenario(scenario, {});
    std::vector<std::uint32_t> rules = rules_named(ground, names);
    if (settled) {
        const exec::Stepper stepper(ground);
        rules = synthesize::settle(stepper, std::move(rules), synthesize::Until::kDelivered);
    }
    return capture_of(ground, rules, {});
}

}  // namespace imspect::tests
