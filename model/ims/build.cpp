#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/ims/model.h"

namespace imspect::ims {

namespace {

/// Features that follow from the scenario, so that properties can say what they need.
void declare_features(Builder& b, const Scenario& scenario) {
    for (const std::string& feature : scenario.features) b.feature(feature);
    for (const std::string& fault : scenario.faults) b.feature("fault-" + fault);
    if (!scenario.attacker.empty()) b.feature("attacker");
    if (scenario.attempts >= 3) b.feature("three-attempts");
    if (scenario.ues.size() > 1) b.feature("several-ues");
    if (!scenario.implicit_sets.empty()) b.feature("implicit-set");
    if (scenario.scscfs > 1) b.feature("several-scscfs");
    const bool only_sqn = std::all_of(scenario.faults.begin(), scenario.faults.end(),
                                      [](const std::string& f) { return f == "stale-sqn"; });
    if (only_sqn && scenario.attacker.empty()) b.feature("honest");
}

void declare_bounds(Builder& b, const Scenario& scenario) {
    b.bound("attempts a UE", std::to_string(scenario.attempts));
    b.bound("faults a run", std::to_string(scenario.fault_budget));
    if (!scenario.attacker.empty()) b.bound("attacker's actions a run", std::to_string(scenario.attacker_budget));
    b.bound("AVs a CM2 (m)", std::to_string(scenario.avs));
    b.bound("messages a channel", std::to_string(scenario.channel_capacity));
    b.bound("RANDs, and runs, alive at once", std::to_string(scenario.tokens));
    b.bound("UEs", std::to_string(scenario.ues.size()));
    b.bound("S-CSCFs", std::to_string(scenario.scscfs));
}

}  // namespace

Result<std::shared_ptr<ir::System>> build(const Scenario& scenario) {
    Builder b("ts33203");
    Model model(b, scenario);
    add_definitions(model);
    add_ue_rules(model);
    add_pcscf_rules(model);
    add_refresh_rules(model);
    add_icscf_rules(model);
    add_scscf_rules(model);
    add_hss_rules(model);
    add_network_rules(model);
    add_attacker_rules(model);
    declare_features(b, scenario);
    declare_bounds(b, scenario);
    b.system().about = scenario.about;
    return b.take();
}

}  // namespace imspect::ims
