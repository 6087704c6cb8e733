#include "tests/parameterised/pipeline.h"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "checker/parameterised/attempt.h"
#include "checker/parameterised/cone.h"

namespace imspect::tests {

using namespace parameterised;

ViewAnswer Pipeline::search(std::uint32_t seen, std::uint32_t messages) const {
    return ViewSearch(*product, localised, shape, cutoff, seen, {messages, 1'000'000, 600, nullptr}).run();
}

std::unique_ptr<Pipeline> pipeline(const std::string& property, const std::vector<std::string>& nodes,
                                   const std::vector<std::string>& tokens, std::uint32_t seen, const std::vector<std::string>& readings,
                                   const Apart& apart) {
    ims::Scenario scenario = ims::shipped_scenario("shared-impu").value();
    if (!apart.early_timers) scenario.faults.erase(std::find(scenario.faults.begin(), scenario.faults.end(), "late"));
    for (const std::string& reading : readings) REQUIRE(ims::apply_reading(scenario, reading).ok());
    scenario.ues.clear();
    for (std::uint32_t i = 1; i <= seen + 2; ++i) scenario.ues.push_back({"ue" + std::to_string(i), {"impu1"}});
    scenario.channel_capacity = (seen + 2) * 2;
    scenario.tokens = 30;
    auto made = std::make_unique<Pipeline>();
    made->ground = ir::ground(ims::build(scenario).value()).value();
    const std::vector<language::Property> catalogue = language::catalogue().value();
    const auto asked = std::find_if(catalogue.begin(), catalogue.end(), [&](const auto& candidate) { return candidate.id == property; });
    REQUIRE(asked != catalogue.end());
    const monitor::Observer observer = language::compile(*asked, made->ground, static_cast<ir::SlotId>(made->ground.variables.size())).value();
    const std::vector<bool> kept = kept_slots(made->ground, {nodes, tokens, seen});
    made->localised = localise(made->ground, {observer}, cone_of_influence(made->ground, {observer}, kept)).value();
    const ir::DomainId replicas = replica_domain(*made->ground.system).value();
    made->unordered = made->localised;
    if (apart.orders != nullptr) {
        std::set<MessageOrder> orders;
        for (std::size_t rule = 0; rule < made->localised.ground.rules.size(); ++rule) {
            for (const MessageOrder& order : orders_before(made->localised, replicas, rule)) {
                if (words(made->localised, order).ends_with(apart.orders)) orders.insert(order);
            }
        }
        made->orders.assign(orders.begin(), orders.end());
        note_orders(made->localised, replicas, made->orders);
    }
    made->concrete = made->localised;
    made->all = std::make_unique<explore::Product>(made->concrete.ground, std::vector<const monitor::Observer*>{&made->concrete.observers[0]});
    made->shape = shape_of(*made->all, replicas).value();
    Result<Cutoff> cutoff = find_cutoff(made->localised, made->shape, apart.split);
    if (!cutoff) {
        made->refused = cutoff.error().message;
        return made;
    }
    made->cutoff = std::move(cutoff).value();
    made->product = std::make_unique<explore::Product>(made->localised.ground, std::vector<const monitor::Observer*>{&made->localised.observers[0]});
    return made;
}

}  // namespace imspect::tests
