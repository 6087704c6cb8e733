// The state after a step by one of some rules, as numbers: a machine's step, cut down to these rules.
//
// What no rule of the group writes keeps the very numbers that it had, so a view of it is the same circuit before and after,
// and a question about few rules stays small. Tokens are not renamed: a view names them itself. Where none of the group
// fires, the numbers mean nothing; `fires` says when one does. Values, registers and their order are the machine's (machine.h).
// Cost: the rules' assignments. Thread-safety: extends the circuit, one thread.
#pragma once

#include <vector>

#include "checker/symbolic/evaluator.h"
#include "checker/symbolic/machine.h"

namespace imspect::parameterised {

struct SceneStep {
    symbolic::Literal fires = symbolic::kFalse;
    symbolic::SlotNumbers next;
    bool sound = true;  ///< no arithmetic of more than 31 bits
};

/// By domain, the tokens that the state has in use; of registers too where `registers` says so.
[[nodiscard]] std::vector<symbolic::Number> tokens_in_state(symbolic::Machine& machine, const ir::GroundSystem& ground,
                                                            const symbolic::SlotNumbers& now, bool registers);

/// `machine` is that of the ground system and the observer, `now` its latches, `fresh` its tokens in use.
[[nodiscard]] SceneStep step_by(symbolic::Machine& machine, const ir::GroundSystem& ground, const monitor::Observer& observer,
                                const symbolic::SlotNumbers& now, const std::vector<symbolic::Number>& fresh, const std::vector<std::size_t>& rules);

}  // namespace imspect::parameterised
