// Two-phase commit as in Gray and Lamport's "Consensus on Transaction Commit": the model whose state counts TLC, SPIN,
// LTSmin and rumur agree on (3 resource managers: 288, 5: 8832, 8: 1745408).
#pragma once

#include "model/ir/builder.h"
#include "model/ir/ground.h"

namespace imspect::oracle {

/// `symmetric`: the resource managers are declared interchangeable.
ir::GroundSystem two_phase(int managers, bool symmetric);

}  // namespace imspect::oracle
