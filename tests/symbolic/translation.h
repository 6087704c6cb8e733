// Compares a translated Machine with the step semantics, in one state and by every rule.
#pragma once

#include <optional>
#include <string>

#include "checker/explicit/product.h"
#include "checker/symbolic/machine.h"

namespace imspect::symbolic_tests {

struct Compared {
    std::size_t states = 0;
    std::size_t fired = 0;
    std::size_t renamed = 0;       ///< steps after which a token had another name
    std::size_t out_of_range = 0;
    std::size_t beyond_tokens = 0; ///< steps that only the bound on tokens prevents, which direct code does not know
    std::size_t hits = 0;          ///< states and steps in which an observer's target was hit
};

/// What differs in this state of the product (which has the machine's observers, in their order), or nothing.
std::optional<std::string> difference(const symbolic::Machine& machine, const explore::Product& product,
                                      const exec::State& state, Compared& done, symbolic::StateCode code = symbolic::StateCode::kPacked);

/// The same in every state that a breadth-first search reaches, at most `most`; then in those of random walks.
std::optional<std::string> difference_in_reachable(const symbolic::Machine& machine, const explore::Product& product,
                                                   std::size_t most, Compared& done, symbolic::StateCode code = symbolic::StateCode::kPacked);

}  // namespace imspect::symbolic_tests
