// What one ground rule can do to the terms of a measure, listed.
//
// A term's effect is how many more cells hold each value after the step than before. Effects are listed one term at a time
// over every assignment of the latches in which the rule is enabled, by asking a SAT solver for one that is not listed yet.
// Cost: a question an effect. Thread-safety: one thread. Throws SolverFailure.
#pragma once

#include <map>

#include "checker/symbolic/measure.h"
#include "checker/symbolic/sat.h"

namespace imspect::symbolic {

/// By packed value, none of them 0.
using Effect = std::map<std::size_t, std::int64_t>;

class RuleEffects {
public:
    explicit RuleEffects(RuleStep step);
    [[nodiscard]] bool can_fire();
    /// All effects on a term with these cells; nothing where there are more than `most`.
    std::optional<std::vector<Effect>> of(const std::vector<Cell>& cells, std::size_t most);

private:
    /// How many cells hold the value, before and after.
    struct Count {
        Number now, next;
    };
    std::vector<Count> counts(const std::vector<Cell>& changed, std::size_t values);
    [[nodiscard]] std::int64_t read(const Number& number);
    Literal same(const std::vector<Count>& counts, const Effect& effect);

    RuleStep step_;
    SatSolver solver_{Questions::kManySmall};
    Encoding encoding_;
};

}  // namespace imspect::symbolic
