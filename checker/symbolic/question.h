// One question to a symbolic engine, and what of the answer survives a check.
//
// Thread-safety: plain values; ask() forks.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/symbolic/engine.h"
#include "checker/symbolic/finding.h"
#include "checker/symbolic/slice.h"

namespace imspect::symbolic {

struct SymbolicQuestion {
    std::string name;
    const monitor::Observer* observer = nullptr;  ///< whose registers the machine has; may be null
    std::shared_ptr<const Machine> machine;
    Target target;
    Slice slice;
    Target in_joint;  ///< the target in the machine of all questions, where there is one
    bool as_translated = false;  ///< the target is not the observer's: a run into it is told by the machine's formula over the stepper's states
    std::function<Result<SymbolicQuestion>()> within_tokens;  ///< of one in direct code: the same in packed code, which knows the bound on tokens
    std::atomic<bool>* answered = nullptr;  ///< shared with other engines: set once this is decided, and asked before work on it
};

/// Adds the slice; the machine is copied only as far as it has to be.
SymbolicQuestion make_question(std::string name, const monitor::Observer* observer, Machine machine, const Target& target, const Target& in_joint);

/// What SymbolicQuestion::within_tokens is of a question about a property or a machine without observer; translates when it is called.
[[nodiscard]] std::function<Result<SymbolicQuestion>()> in_packed_code(const ir::GroundSystem& system, const SymbolicQuestion& question,
                                                                       std::function<Target(const Machine&)> target_in);

struct CheckedFinding {
    Finding finding;       ///< kReached with a run that replays and ends in the target; kUnreachable with a proved certificate
    std::shared_ptr<const Machine> machine;  ///< what a certificate speaks of: the question's own, or that of all questions
    Slice slice;
    std::uint64_t peak_bytes = 0;
    bool interrupted = false;
    std::shared_ptr<const SymbolicQuestion> within_tokens;  ///< the run found needs more tokens at once than there may be: this is asked instead
};

/// Answers in the order of the questions. Where there is a `joint` machine, IC3 visits its states first. Where a second does not
/// suffice for that, each question is tried alone for a second at most, then all that are open together again, with what that
/// leaves of half of a question's time, then each with the rest.
std::vector<CheckedFinding> ask(const ir::GroundSystem& system, const std::vector<SymbolicQuestion>& questions, const Machine* joint,
                                const ProofOptions& options);

}  // namespace imspect::symbolic
