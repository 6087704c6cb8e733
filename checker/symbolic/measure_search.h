// Looks for a measure that every step makes smaller.
//
// What a rule can do to one term at a time (add one of this value, take one of that away) is listed with a SAT solver. A
// rule makes a component less for certain if the worst of each term together are less than nothing: inequalities between
// weights, which Z3 solves over the rationals. One component after the other: no rule that is left makes it greater, and as
// many as can be make it less (linear, so where rules can be made strict one by one they can be together); these are done
// with, and the next component is for the others. Steps are from any assignment of the latches, as the measure's claim is.
// What is lost: that the worst of two terms may not come together. Slots of more than kMostWeighedBits bits weigh nothing.
// What comes out has to be proved (measure.h).
// Papers: Alias and others (measure.h); Podelski and Rybalchenko, "A complete method for the synthesis of linear ranking
// functions" (2004).
// Cost: a small question for each change that a rule can make to a term. Thread-safety: pure but for `stop`. Throws SolverFailure.
#pragma once

#include <functional>

#include "checker/symbolic/measure.h"

namespace imspect::symbolic {

inline constexpr unsigned kMostWeighedBits = 6;

/// What may weigh something: each variable, and each field of a channel's messages.
[[nodiscard]] std::vector<std::vector<Cell>> possible_terms(const ir::GroundSystem& system, const Machine& machine);

struct MeasureSearch {
    std::optional<Measure> measure;
    std::string reason;  ///< why there is none
};

[[nodiscard]] MeasureSearch find_measure(const ir::GroundSystem& system, const Machine& machine, const std::function<bool()>& stop);

}  // namespace imspect::symbolic
