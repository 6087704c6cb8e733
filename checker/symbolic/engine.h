// The symbolic engines behind `imspect check --engine bmc|kinduction|ic3|spacer`.
//
// One question a property: its observer's machine, sliced to what the property depends on, is put to the engine in a
// process of its own. IC3 takes all questions together where it can (joint.h): it visits the states that there are, and learns
// from them one invariant for everything that they don't show. Where the states are many, each question is tried alone first,
// for a second (question.h). What comes back is believed only after a check that shares nothing with the engine: a run is
// replayed through exec::Stepper, with registers, and cut where it first shows what it is a witness of; a certificate is
// proved again in a fresh solver, in another process. What fails the check is Unknown, loudly.
// A leads-to is broken by a state in which something is owed and nothing fair can happen (leads_to.h), or by a fair loop
// (loop_search.h, pending_graph.h); it holds where no such state is reached and every run is finite (termination.h), or where a ranking
// by fairness is proved (justice.h). Spacer leaves it open. Which bounds of the specification's rules are
// reached is asked of the same engine, one question a bound, where a proof would otherwise say more than it may.
// Errors: as of translate; a reachable step that leaves a variable's domain. Thread-safety: a call owns what it uses, but
// forks, so no other thread may be running.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/monitor/observer.h"
#include "properties/outcome/outcome.h"

namespace imspect::symbolic {

enum class Method : std::uint8_t { kBmc, kInduction, kIc3, kSpacer };
[[nodiscard]] const char* name_of(Method method);  ///< "bmc", "kinduction", "ic3", "spacer"

/// Two-phase commit of eight has 36 bits and a million states: clauses come sooner than states. A scenario has hundreds of bits.
inline constexpr std::size_t kFewBits = 128;

struct ProofOptions {
    Method method = Method::kIc3;
    std::optional<std::uint32_t> bound;  ///< steps of bmc (without it kDefaultSteps), k, frames, or levels
    unsigned processes = 1;
    std::uint64_t memory_bytes = 0;      ///< for each process; 0: no limit
    double seconds = 0;                  ///< for each question, half of it for what is asked of all together; 0: no limit
    bool deadlock = true;                ///< judge the built-in checks too
    bool unspecified = true;
    bool leads_to = true;                ///< judge them, as far as the method can
    bool write_certificates = false;
    std::size_t learn_beyond = kFewBits; ///< ic3: with more bits of state it learns from visited states first, all questions together
    double few_states_take = 1;          ///< seconds; where visiting all takes longer, each question is tried alone before learning
    const std::atomic<bool>* interrupt = nullptr;
    std::atomic<bool>* answered = nullptr;  ///< by property, then the built-in checks: decided, here or by an engine beside this one
};

inline constexpr std::uint32_t kDefaultSteps = 100;

struct WrittenCertificate {
    std::string property;
    std::string text;  ///< SMT-LIB 2, with the invariant for people in its comments
    std::string missing = {};  ///< why there is none for a property that holds; the text says so in comments alone
};

struct ProofAnswer {
    outcome::CheckAnswer answer;
    std::vector<WrittenCertificate> certificates;
};

Result<ProofAnswer> prove(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers, const ProofOptions& options);

}  // namespace imspect::symbolic
