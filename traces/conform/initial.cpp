#include "traces/conform/initial.h"

namespace imspect::conform {

StateSet InitialStates::fresh(const Machine& machine) { return {{machine.stepper().initial(), std::uint8_t{0}}}; }

const StateSet& InitialStates::all(const Machine& machine, std::size_t cap) {
    const auto [at, missing] = known_.try_emplace(machine.shape());
    if (!missing) return at->second;
    if (machine.shape().last_resort > 0) {
        Shape plain = machine.shape();
        plain.last_resort = 0;
        const auto own = machines_.get(plain);
        for (const auto& [state, cost] : all(*own, cap)) at->second.emplace(machine.adopted(*own, state), cost);
        return at->second;
    }
    // One UE after the other, each from every state of rest: what several did at once left nothing that one by one doesn't.
    Moment moment;  // nothing is captured, no timer has time to fire, no fault
    moment.cap = 200'000;
    StateSet& found = at->second;
    std::vector<State> todo = {machine.stepper().initial()};
    found.try_emplace(todo.front(), std::uint8_t{0});
    while (!todo.empty() && found.size() < cap) {
        const State from = std::move(todo.back());
        todo.pop_back();
        for (std::size_t ue = 0; ue < machine.shape().impus_of_ue.size(); ++ue) {
            moment.only_ue = static_cast<std::int32_t>(ue);
            for (const auto& [state, cost] : close(machine, {{from, std::uint8_t{0}}}, moment).states) {
                if (machine.at_rest(state.data()) && found.try_emplace(state, std::uint8_t{0}).second) todo.push_back(state);
            }
        }
    }
    return at->second;
}

}  // namespace imspect::conform
