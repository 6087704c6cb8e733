// Tokens that keep their identity along one run.
//
// After each step the engines rename the tokens in use to 1..k. Here a token gets the next number of its domain when it
// is first seen and keeps it for the whole run, so the seventh RAND is the seventh RAND in every message. Tokens drawn in
// one step are numbered in their order, so the numbers of RANDs are in the order of SQN.
// Cost: O(slots of token domains) a step. Thread-safety: one run, one thread.
#pragma once

#include <cstdint>
#include <map>

#include "model/exec/stepper.h"

namespace imspect::synthesize {

/// A RAND or a run, by its place in the order in which they were drawn; 0 is none.
using Token = std::uint32_t;

class LastingTokens {
public:
    explicit LastingTokens(const exec::Stepper& stepper);

    /// Learns the tokens that a step drew, from its raw successor.
    void learn(const exec::Word* raw);
    /// Follows the renaming from the raw successor to the normalised one.
    void follow(const exec::Word* raw, const exec::Word* normalised);
    /// What the slot holds in a state named as in the last learn() or follow().
    [[nodiscard]] Token token(ir::SlotId slot, const exec::Word* state) const;

private:
    const exec::Stepper* stepper_;
    std::vector<std::pair<ir::SlotId, ir::DomainId>> slots_;
    std::map<ir::DomainId, std::map<ir::Value, Token>> names_;  ///< name in the current state to lasting number
    std::map<ir::DomainId, Token> drawn_;
};

}  // namespace imspect::synthesize
