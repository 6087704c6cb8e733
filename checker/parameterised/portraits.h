// Portraits: what one UE's part of the kept slots can be, read off views of the whole system.
//
// A portrait of a replica is a view of it alone without counts and registers: shared slots, its own, its messages. Every reachable state shows
// of every replica a portrait that some view of the whole system shows too (whole_views.h). So a search that keeps fewer nodes may leave
// out whatever shows another one: what it leaves out is not reached, and nothing that is gets lost.
// Cost: one lookup of a view. Thread-safety: `admit` has scratch space: one thread each.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_set>
#include <vector>

#include "checker/parameterised/views.h"
#include "checker/parameterised/whole_views.h"

namespace imspect::parameterised {

class Portraits {
public:
    /// Of the slots that `localised` keeps, by name. Errors: one of them is not there in the whole system's views, or
    /// its tokens are ordered and those views do not say how.
    [[nodiscard]] static Result<Portraits> of(const WholeViews& whole, const Localised& localised, const Shape& shape, const explore::Product& product);

    /// What the state, of the localised system, shows of the replica is known.
    [[nodiscard]] bool admit(const Word* state, std::uint8_t replica);
    [[nodiscard]] const std::unordered_set<ViewCode>& codes() const { return codes_; }
    /// `shape` without registers: what a portrait shows.
    [[nodiscard]] const Shape& shape() const { return *shape_; }

private:
    Portraits(const Shape& shape, const std::vector<bool>& ordered);

    std::shared_ptr<const Shape> shape_;
    Views views_;
    std::unordered_set<ViewCode> codes_;
    ViewCode code_;
};

}  // namespace imspect::parameterised
