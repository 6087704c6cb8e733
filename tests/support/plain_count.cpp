#include "tests/support/plain_count.h"

#include <algorithm>
#include <deque>
#include <set>

#include "model/exec/stepper.h"

namespace imspect::support {

std::size_t plain_count(const ir::GroundSystem& system, std::size_t most) {
    const exec::Stepper stepper(system);
    std::set<exec::State> seen = {stepper.initial()};
    std::deque<exec::State> frontier = {stepper.initial()};
    exec::State next(stepper.words());
    while (!frontier.empty() && seen.size() <= most) {
        const exec::State state = frontier.front();
        frontier.pop_front();
        for (std::size_t rule = 0; rule < stepper.rule_count(); ++rule) {
            if (stepper.successor(rule, state.data(), next.data()).kind != exec::StepKind::kFired) continue;
            if (seen.insert(next).second) frontier.push_back(next);
        }
    }
    return std::min(seen.size(), most + 1);
}

}  // namespace imspect::support
