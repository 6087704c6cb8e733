// The states a unit may be in before the capture: those of the model in which no procedure is running.
//
// They are found by running the rules themselves with everything hidden, never written down: unregistered, registered with and
// without SAs at either end, with no, one or more AVs left over. Cost: one search of some thousand states a machine, kept.
#pragma once

#include <map>

#include "traces/conform/explanations.h"

namespace imspect::conform {

constexpr std::size_t kMostRest = 64;  ///< states of rest that walks start from

class InitialStates {
public:
    explicit InitialStates(MachineCache& machines) : machines_(machines) {}
    /// Nothing has ever happened.
    static StateSet fresh(const Machine& machine);
    /// All of them, as far as `cap` states reach.
    const StateSet& all(const Machine& machine, std::size_t cap);

private:
    MachineCache& machines_;
    std::map<Shape, StateSet> known_;
};

}  // namespace imspect::conform
