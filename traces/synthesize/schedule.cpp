#include "traces/synthesize/schedule.h"

#include <algorithm>
#include <optional>

namespace imspect::synthesize {
namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

/// A cycle in the graph of who set whose time, as constraint numbers; it exists only where constraints contradict each other.
std::vector<std::size_t> cycle(const std::vector<std::size_t>& setter, const std::vector<Constraint>& constraints) {
    std::vector<std::size_t> seen(setter.size(), 0);
    for (std::size_t start = 0; start < setter.size(); ++start) {
        std::size_t at = start;
        while (seen[at] == 0 && setter[at] != kNobody) {
            seen[at] = start + 1;
            at = constraints[setter[at]].from;
        }
        if (setter[at] == kNobody || seen[at] != start + 1) continue;
        std::vector<std::size_t> found;
        const std::size_t first = at;
        do {
            found.push_back(setter[at]);
            at = constraints[setter[at]].from;
        } while (at != first);
        return found;
    }
    return {};
}

/// One try: the times, or the contradiction that stands in the way.
std::vector<std::size_t> relax(const std::vector<Constraint>& constraints, std::vector<std::int64_t>& times) {
    std::vector<std::size_t> setter(times.size(), kNobody);
    bool changed = true;
    while (changed) {
        changed = false;
        for (std::size_t i = 0; i < constraints.size(); ++i) {
            const Constraint& constraint = constraints[i];
            if (times[constraint.to] >= times[constraint.from] + constraint.gap_ns) continue;
            times[constraint.to] = times[constraint.from] + constraint.gap_ns;
            setter[constraint.to] = i;
            changed = true;
        }
        if (!changed) break;
        if (std::vector<std::size_t> found = cycle(setter, constraints); !found.empty()) return found;
    }
    return {};
}

}  // namespace

Schedule solve(std::size_t steps, std::vector<Constraint> constraints) {
    Schedule schedule;
    while (true) {
        schedule.times_ns.assign(steps, 0);
        const std::vector<std::size_t> contradiction = relax(constraints, schedule.times_ns);
        if (contradiction.empty()) return schedule;
        const std::size_t weakest = *std::min_element(contradiction.begin(), contradiction.end(), [&](std::size_t a, std::size_t b) {
            return constraints[a].weight < constraints[b].weight;
        });
        IMSPECT_REQUIRE(constraints[weakest].weight != Weight::kOrder, "the order of steps contradicts itself");
        constraints.erase(constraints.begin() + static_cast<std::ptrdiff_t>(weakest));
        ++schedule.given_up;
    }
}

}  // namespace imspect::synthesize
