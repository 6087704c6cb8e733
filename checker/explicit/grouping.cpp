#include "checker/explicit/grouping.h"

#include <algorithm>

namespace imspect::explore {

namespace {

unsigned register_bits(const ir::GroundSystem& system, const monitor::Observer& observer) {
    unsigned bits = 0;
    for (const monitor::Register& declared : observer.registers) {
        bits += system.system->domains[declared.variable.domain].bits();
    }
    return bits;
}

}  // namespace

std::vector<std::vector<std::size_t>> group_observers(const ir::GroundSystem& system,
                                                      const std::vector<monitor::Observer>& observers) {
    struct Wide {
        std::size_t observer = 0;
        unsigned bits = 0;
    };
    std::vector<std::vector<std::size_t>> groups(1);
    std::vector<Wide> wide;
    for (std::size_t i = 0; i < observers.size(); ++i) {
        if (observers[i].registers.empty()) {
            groups[0].push_back(i);
        } else {
            wide.push_back({i, register_bits(system, observers[i])});
        }
    }
    std::stable_sort(wide.begin(), wide.end(), [](const Wide& a, const Wide& b) { return a.bits > b.bits; });
    std::vector<unsigned> used(1, kRegisterBitsOfGroup + 1);  // the plain group takes none
    for (const Wide& next : wide) {
        std::size_t group = 1;
        while (group < groups.size() && used[group] + next.bits > kRegisterBitsOfGroup) ++group;
        if (group == groups.size()) {
            groups.emplace_back();
            used.push_back(0);
        }
        groups[group].push_back(next.observer);
        used[group] += next.bits;
    }
    for (auto& group : groups) std::sort(group.begin(), group.end());
    return groups;
}

}  // namespace imspect::explore
