// Answers: a verdict with its evidence, the one currency of every engine, report and exit status.
//
// *Holds* is said only after exhaustion or with a certificate; *Violated* carries a witness that replays through
// exec::Stepper; *Unknown* carries a reason. A bound of the scenario that disabled a rule of the specification is named
// beside a *Holds* ("within bound ..., which was reached"); budgets of the environment may run out silently.
// Thread-safety: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace imspect::outcome {

enum class Verdict : std::uint8_t { kHolds, kViolated, kUnknown };
enum class Modality : std::uint8_t { kShall, kShould, kMay };
[[nodiscard]] const char* name_of(Verdict verdict);    ///< "holds", "violated", "unknown"
[[nodiscard]] const char* name_of(Modality modality);  ///< "shall", "should", "may"

/// A run from the initial state: indices of ground rules, in order. A lasso repeats the steps from `loop_start` on for
/// ever; a run that `stutters` ends in a state where nothing (fair) can happen any more and stays there.
struct Witness {
    std::vector<std::uint32_t> rules;
    std::optional<std::size_t> loop_start;
    bool stutters = false;
    [[nodiscard]] std::size_t length() const { return rules.size(); }
};

struct PropertyOutcome {
    std::string id;
    std::string meaning;
    std::vector<std::string> clauses;
    Modality modality = Modality::kShall;
    Verdict verdict = Verdict::kUnknown;
    std::string engine;                         ///< "explicit"
    std::string reason;                         ///< one sentence; why Unknown, or what qualifies a Holds
    std::vector<std::string> bounds_reached;    ///< bounds of the specification's rules that were hit in this search
    std::optional<std::uint32_t> bound;         ///< depth completed, where the search was cut
    std::string certificate;                    ///< what proves it where states were not visited: "inductive invariant of 12 clauses"
    std::optional<Witness> witness;             ///< always with Violated; with Holds of a `possible` property too
    std::optional<std::uint32_t> held_with_faults;  ///< fewest-faults: most faults under which no violation exists
};

struct Statistics {
    std::uint64_t states = 0;          ///< distinct states of the system, without monitors
    std::uint64_t product_states = 0;  ///< states stored, monitors included, summed over groups
    std::uint64_t transitions = 0;
    std::uint64_t depth = 0;           ///< levels of the breadth-first search
    double seconds = 0;
    std::uint64_t peak_bytes = 0;      ///< resident memory at its peak
    std::uint64_t bytes_per_state = 0;
    std::uint64_t bytes_per_edge = 0;  ///< of the graph kept for liveness; 0 where none was needed
    std::uint64_t groups = 0;          ///< searches made: properties that need history are explored in groups
    bool complete = false;             ///< every reachable state was visited
    std::uint64_t symmetry_orbits = 1; ///< permutations that symmetry reduction used; 1: none
};

/// Everything one run of a checking engine says.
struct CheckAnswer {
    std::vector<PropertyOutcome> properties;
    std::vector<std::string> bounds_reached;
    std::vector<std::string> rules_never_taken;  ///< names of parameterised rules that no reachable state fires
    Statistics statistics;
    std::string ended;  ///< empty: ran to its end; else "interrupted", "memory limit 2 GiB", "depth bound 30", ...
    /// Violated if a *shall* is (a broken *should* or *may* is a warning), else Unknown if any property is.
    [[nodiscard]] Verdict verdict() const;
};

}  // namespace imspect::outcome
