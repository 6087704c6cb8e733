#include "tests/support/naive_eval.h"

#include <algorithm>
#include <map>
#include <set>

namespace imspect::naive {

State initial(const ir::GroundSystem& ground) {
    State state;
    for (const ir::GroundVariable& variable : ground.variables) state.push_back(variable.initial);
    return state;
}

bool enabled(const ir::GroundSystem& ground, std::size_t rule, const State& state, ir::Value newest_token) {
    const Reading reading{state, state, newest_token};
    const ir::GroundRule& taken = ground.rules[rule];
    if (evaluate(ground, taken.guard, reading) == 0) return false;
    return std::all_of(taken.bounds.begin(), taken.bounds.end(),
                       [&](const ir::Bound& bound) { return evaluate(ground, bound.condition, reading) != 0; });
}

State step(const ir::GroundSystem& ground, std::size_t rule, const State& state, ir::Value newest_token) {
    State next = state;
    for (const ir::GroundAssignment& assignment : ground.rules[rule].assignments) {
        next.at(assignment.slot) = evaluate(ground, assignment.value, {state, state, newest_token});
    }
    return next;
}

void normalise(const ir::GroundSystem& ground, const std::vector<ir::DomainId>& domains, State& state) {
    std::map<ir::DomainId, std::set<ir::Value>> used;
    const auto is_token = [&](std::size_t slot) {
        return ground.system->domains[domains[slot]].kind == ir::DomainKind::kToken && state[slot] != 0;
    };
    for (std::size_t slot = 0; slot < state.size(); ++slot) {
        if (is_token(slot)) used[domains[slot]].insert(state[slot]);
    }
    for (std::size_t slot = 0; slot < state.size(); ++slot) {
        if (!is_token(slot)) continue;
        const std::set<ir::Value>& names = used[domains[slot]];
        state[slot] = static_cast<ir::Value>(std::distance(names.begin(), names.find(state[slot]))) + 1;
    }
}

}  // namespace imspect::naive
