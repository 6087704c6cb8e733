// The slow, obviously right semantics of ground expressions and steps: recursion over the expression, states as vectors.
//
// Shares nothing with model/exec, so that tests can compare the two. A state holds a value for every slot, registers
// behind the system's slots. Tokens keep the names they have; `normalise` renames them as exec::Stepper does.
// Cost: exponential in the worst case, and nobody minds. Thread-safety: pure.
#pragma once

#include <optional>
#include <vector>

#include "model/ir/ground.h"

namespace imspect::naive {

using State = std::vector<ir::Value>;

/// What an expression may read: the state after the step, the state before it, the token that Op::kFresh counts from.
struct Reading {
    const State& now;
    const State& old;
    ir::Value newest_token = 0;
};

ir::Value evaluate(const ir::GroundSystem& ground, ir::ExprId expression, const Reading& reading);

State initial(const ir::GroundSystem& ground);
/// The guard and every bound hold. Fresh tokens of any domain are counted from `newest_token`.
bool enabled(const ir::GroundSystem& ground, std::size_t rule, const State& state, ir::Value newest_token);
/// The raw successor of an enabled rule; values beyond the system's slots are kept.
State step(const ir::GroundSystem& ground, std::size_t rule, const State& state, ir::Value newest_token);
/// Renames the tokens of each token domain to 1..k in their order. `domains` is by slot.
void normalise(const ir::GroundSystem& ground, const std::vector<ir::DomainId>& domains, State& state);

}  // namespace imspect::naive
