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
// The last replica of the system stands for all that a scene does not show: it never acts, and carries the aggregates of
// those. Instances of a property for it are dropped: they are instances for a replica of another scene.
// Cost: linear in the rules. Thread-safety: one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/parameterised/localise.h"
#include "checker/parameterised/shape.h"

namespace imspect::parameterised {

/// A quality of a replica that some rule or property asks of all replicas together.
struct Aggregate {
    std::vector<ir::ExprId> of;  ///< by replica, over its own slots as they are now
};

inline constexpr std::uint32_t kNobody = 0xffffffffU;

struct Cutoff {
    std::vector<Aggregate> aggregates;
    std::vector<std::uint32_t> actors;  ///< by rule; kNobody: none, or the owner of the message that it takes
    std::vector<bool> concerns_others;  ///< by rule: a formula about another replica than its actor, or its history, speaks of the step
};

/// Checks the conditions, and drops from the observers' formulas the instances for the replica that stands in. Errors: one
/// sentence on what stands in the way, naming the rule or the property.
[[nodiscard]] Result<Cutoff> find_cutoff(Localised& localised, const Shape& shape);

}  // namespace imspect::parameterised
