// The cone of influence: of the kept slots those that can matter to a property, variable by variable.
//
// A variable matters if a formula or register reads it, or if a rule that writes one that matters reads it in its guard or in
// what it writes. Forgetting the others changes no verdict. Cost: rules times rounds. Thread-safety: reads only.
#pragma once

#include <vector>

#include "model/ir/ground.h"
#include "properties/monitor/observer.h"

namespace imspect::parameterised {

/// `kept` without what does not matter.
[[nodiscard]] std::vector<bool> cone_of_influence(const ir::GroundSystem& ground, const std::vector<monitor::Observer>& observers,
                                                  std::vector<bool> kept);
/// The same where what is asked about are slots: those of `asked`.
[[nodiscard]] std::vector<bool> cone_of_influence(const ir::GroundSystem& ground, const std::vector<bool>& asked, const std::vector<bool>& kept);

}  // namespace imspect::parameterised
