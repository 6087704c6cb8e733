// Fresh tokens and their renaming, as circuits.
//
// The step semantics (exec::Stepper) renames the tokens in use to 1..k keeping their order after every step. Exactly that
// is built here: new(t) is the number of tokens in use that are at most t. No abstraction, so states and successors are
// those of the explicit engine.
// Cost: slots times tokens equalities, and as many selections. Thread-safety: as the circuit's.
#pragma once

#include <span>
#include <vector>

#include "checker/symbolic/number.h"

namespace imspect::symbolic {

/// For each token 1..most, whether one of the slots holds it.
std::vector<Literal> tokens_in_use(Circuit& circuit, std::span<const Number> slots, std::size_t most);

/// The slots with their tokens renamed; every slot holds a value of 0..most.
std::vector<Number> renamed(Circuit& circuit, std::span<const Number> slots, std::size_t most);

/// All true where the tokens in use are 1..k for some k.
std::vector<Literal> without_gaps(Circuit& circuit, std::span<const Number> slots, std::size_t most);

}  // namespace imspect::symbolic
