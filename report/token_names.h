// Lasting names for tokens along one run.
//
// After each step the engines rename the tokens in use to 1..k. People want "the same RAND" to read the same in every
// step, so this follows the renaming: whenever a token is drawn it gets the next number of its domain and keeps it.
// Cost: O(slots of token domains) a step. Thread-safety: one run, one thread.
#pragma once

#include <map>
#include <string>

#include "model/exec/stepper.h"

namespace imspect::report {

class TokenNames {
public:
    explicit TokenNames(const exec::Stepper& stepper) : stepper_(&stepper) {}

    /// Learns the tokens drawn by a step, in its raw successor (tokens named as before the step).
    void learn(const exec::Word* raw);
    /// Follows the renaming from the raw successor to the normalised one.
    void follow(const exec::Word* raw, const exec::Word* normalised);
    /// A slot's value for people, in a state whose tokens are named as in the last learn() or follow().
    [[nodiscard]] std::string value_name(ir::SlotId slot, ir::Value value) const;

private:
    using Names = std::map<ir::Value, unsigned>;  ///< name in the current state → lasting number
    const exec::Stepper* stepper_;
    std::map<ir::DomainId, Names> names_;
    std::map<ir::DomainId, unsigned> drawn_;
};

}  // namespace imspect::report
