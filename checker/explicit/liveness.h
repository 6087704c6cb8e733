// Leads-to under weak fairness, decided on the explored graph.
//
// An obligation (from, to) is broken by a fair run that reaches a state with `from` and stays outside `to` from there on
// for ever. Fair: no ground rule marked fair is enabled for ever without being taken. Such a run ends either in a state
// where no fair rule is enabled, and stutters, or in a strongly connected component C, outside `to`, such that every fair
// rule is disabled in some state of C or labels an edge inside C; a maximal component that fails this has no part that
// meets it, so looking at maximal components is complete (Lichtenstein and Pnueli 1985).
// A counterexample counts against the property only if it needs no bound: with "disabled" read as "its guard is false"
// it must still be fair. If all counterexamples need a bound, the verdict is Unknown and names it.
// Asked to stop, or without the memory to go on, it says so and keeps the witness of an obligation decided before.
// Cost: linear in the graph for each obligation; a witness costs a shortest-path search. Thread-safety: one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/explicit/components.h"

namespace imspect::explore {

struct LivenessResult {
    std::optional<outcome::Witness> witness;
    std::uint32_t faults = 0;           ///< of the witness's stem, under fewest-faults
    std::string obligation;             ///< the instance that the witness breaks
    std::optional<std::string> bound;   ///< without witness: a counterexample exists, but only because of this bound
    std::optional<std::string> ended;   ///< why some obligation was not decided: "interrupted", "memory limit ..."
};

class Liveness {
public:
    Liveness(const Exploration& exploration, const EdgeGraph& graph, const SearchOptions& options);
    LivenessResult check(const monitor::Observer& observer);

private:
    /// Fair rules as bits; the numbers are indices into fair_rules_.
    using Bits = std::vector<std::uint64_t>;
    struct Task {
        exec::ProgramId from = 0;
        exec::ProgramId to = 0;
        Region region;             ///< reachable outside `to` from a state with `from`
        std::vector<bool> seed;    ///< by member
        std::vector<bool> accept;  ///< by member: lies in a genuinely fair component
        std::vector<bool> terminal;  ///< by member: nothing fair can happen there, genuinely
        Components components;
        std::optional<std::string> bound;
    };

    /// Why it was not decided, if it was not.
    std::optional<std::string> decide(const monitor::Obligation& obligation, LivenessResult& best);
    [[nodiscard]] std::optional<std::string> obstacle(std::uint64_t more_bytes) const;
    void collect_region(Task& task) const;
    bool find_fair_ends(Task& task) const;
    bool judge_component(Task& task, const std::vector<StateId>& states) const;
    bool judge_terminal(Task& task, std::uint32_t member) const;
    [[nodiscard]] Bits fired(StateId id) const;
    [[nodiscard]] Bits guarded(StateId id) const;
    [[nodiscard]] std::optional<std::string> bound_at(StateId id, const Bits& rules) const;
    [[nodiscard]] bool holds(exec::ProgramId program, StateId id) const;

    const Exploration& exploration_;
    const Product& product_;
    const EdgeGraph& graph_;
    const SearchOptions& options_;
    exec::Code code_;
    std::vector<std::uint32_t> fair_rules_;
    std::vector<std::uint32_t> fair_index_;  ///< by ground rule; kNoMember: not fair
};

}  // namespace imspect::explore
