// Counters that a proof holds for whatever they begin with: any number of attempts, of faults.
//
// A counter (Domain::counter) stands for a number without bound; a scenario begins it somewhere, at most at the greatest value N of its
// range. It can be *lifted* where rules read it in nothing but comparisons with constants that tell no value above N from N, and write it in nothing
// but counting it down by a constant or setting it to one. Then a step from a state whose counter has n > N does to everything else what
// the step from the same state with N does. So an inductive invariant that does not mention the counter, of a property that
// does not read it after a step, is one for every beginning: the state with N in place of n satisfies it, hence also what
// follows, hence what follows from the state itself. What rules and observers read is looked up, never assumed.
// The other bounds of the model (room in a channel) remain.
// Cost: a visit of all expressions. Thread-safety: const after construction.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "checker/symbolic/finding.h"
#include "properties/monitor/observer.h"

namespace imspect::symbolic {

class LiftedCounters {
public:
    explicit LiftedCounters(const ir::GroundSystem& system);

    /// Names of the counters that neither the invariant mentions nor the observer (null: what the machine itself defines) reads; none
    /// where the certificate is no invariant.
    [[nodiscard]] std::vector<std::string> lifted_in(const Machine& machine, const Certificate& certificate, const monitor::Observer* observer) const;
    /// ", whatever ue.wants[ue1], env.faults_left begin with"; empty where none is lifted.
    [[nodiscard]] std::string words(const Machine& machine, const Certificate& certificate, const monitor::Observer* observer) const;

private:
    const ir::GroundSystem& system_;
    std::set<ir::SlotId> counters_;
};

}  // namespace imspect::symbolic
