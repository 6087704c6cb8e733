// What one UE looks like in the whole system: views of one, with every node kept, whatever the property.
//
// Attempts keep few nodes, and the others may then do what they never do: start a run while the last one's message is still under way.
// Views of one UE with all nodes kept are many but not too many, and are found without a property: they are closed under steps, so the views
// of every reachable state, of any number of UEs, are among them. What holds of all of them holds of every attempt's real states too.
// Cost: a view search (view_search.h). Thread-safety: one thread.
#pragma once

#include "checker/parameterised/view_obligations.h"
#include "checker/parameterised/view_search.h"

namespace imspect::parameterised {

/// Of nothing, as any other proof by views: its codes are the views, closed under steps, and no bound was met.
struct WholeViews {
    ViewProof proof;
};

/// Views of one UE in the slots `kept`, of all nodes, as far as they matter to those `asked` about. Errors: what keeps them from being looked for, or
/// found without meeting a bound, in one sentence.
[[nodiscard]] Result<WholeViews> find_whole_views(const ir::GroundSystem& ground, const std::vector<bool>& asked, const std::vector<bool>& kept,
                                                  const ViewLimits& limits);

}  // namespace imspect::parameterised
