// Why scenes of k + 1 replicas are enough: conditions on rules and properties, checked and not assumed.
//
// Take a state of any number of replicas whose views of k are all known, and a step by some rule. A view of the successor
// looks at k replicas. The step, seen by these and by the rule's actor, must be a step of that smaller scene:
//   - a rule has one actor at most. It reads what is shared and the actor's own; of other replicas it writes only each one's
//     own, from that one's own (a restart);
//   - of other replicas it asks only whether one (or all) has some quality of its own: an *aggregate*. How many replicas have
//     it, 0, 1 or more, is kept beside the shared slots, exactly (view_search.h), so none of them is needed as a witness;
//   - it takes messages from the head of a word only, and appends at the end only its actor's; the message taken is its
//     actor's, or the rule has no actor and the message's owner is it. It reads words at the head, or asks whether its actor
//     has a message of some kind in them;
//   - no token of one replica is compared with another's, so views may rename tokens replica by replica.
// The last replica of the system stands for all that a scene does not show: it never acts, and registers say what those
// have (aggregates.h). Instances of a property for it are dropped: they are instances for a replica of another scene.
// Cost: linear in the rules. Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/parameterised/aggregates.h"
#include "checker/parameterised/localise.h"
#include "checker/parameterised/shape.h"

namespace imspect::parameterised {

struct Cutoff {
    std::vector<Aggregate> aggregates;
    std::size_t parts = 0;              ///< how many of them stand for parts of one
    std::vector<ir::SlotId> shown;      ///< by replica but the last: the register that says whether a scene shows it
    std::vector<std::uint32_t> actors;  ///< by rule; kNobody: none, or the owner of the message that it takes
    std::vector<bool> concerns_others;  ///< by rule: a formula about another replica than its actor, or its history, speaks of the step
    bool state_reads_messages = false;  ///< a formula over states reads the first message of a word, whoever owns it
    std::vector<std::vector<bool>> takes_away;  ///< by rule and aggregate: after the step nobody but its actor has it (a restart)
};

/// Checks the conditions, drops from the observers' formulas the instances for the replica that stands in, and lets registers
/// answer aggregates. `split`: those of properties are taken apart. Errors: one sentence on what stands in
/// the way, naming the rule or the property.
[[nodiscard]] Result<Cutoff> find_cutoff(Localised& localised, const Shape& shape, bool split = false);

}  // namespace imspect::parameterised
