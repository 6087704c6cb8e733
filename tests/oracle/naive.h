// A slow, obviously right checker: what every engine is compared with.
//
// States are vectors of ints in a std::map, expressions are evaluated by recursion (tests/support/naive_eval.h), steps
// are written down once more from the headers' words and share nothing with exec. Leads-to is decided by Emerson and Lei's
// nested fixpoint over sets, where the engine uses strongly connected components. Only for systems of at most some
// thousand states.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "properties/monitor/observer.h"

namespace imspect::oracle {

using Values = std::vector<int>;  ///< the system's slots, then the registers

/// A system and the registers of at most one observer, stepped naively.
class NaiveSystem {
public:
    NaiveSystem(const ir::GroundSystem& system, const monitor::Observer* observer);

    enum class Kind { kDisabled, kBounded, kFired, kOutOfRange };
    struct Step {
        Kind kind = Kind::kDisabled;
        std::vector<std::size_t> false_bounds;
        Values raw;         ///< registers updated, tokens not renamed
        Values normalised;
    };
    [[nodiscard]] Values initial() const;
    [[nodiscard]] Step step(std::size_t rule, const Values& from) const;
    [[nodiscard]] int evaluate(ir::ExprId expression, const Values& now, const Values& before) const;
    [[nodiscard]] bool holds(ir::ExprId expression, const Values& state) const { return evaluate(expression, state, state) != 0; }
    [[nodiscard]] Values normalise(Values state) const;
    [[nodiscard]] const ir::GroundSystem& system() const { return system_; }

private:
    [[nodiscard]] const ir::GroundVariable& variable(std::size_t index) const;
    [[nodiscard]] std::size_t index_of(ir::SlotId slot) const;
    [[nodiscard]] int fresh_base(ir::DomainId domain, const Values& state, std::size_t count) const;
    [[nodiscard]] int evaluate(ir::ExprId expression, const Values& now, const Values& before,
                               std::size_t token_slots) const;

    const ir::GroundSystem& system_;
    const monitor::Observer* observer_;
    std::size_t slots_;
};

struct NaiveVerdict {
    outcome::Verdict verdict = outcome::Verdict::kUnknown;
    /// Of the best witness of an invariant or possibility: least length, and least (faults, length).
    std::optional<std::size_t> length;
    std::optional<std::pair<std::size_t, std::size_t>> faults_length;
};

/// Everything reachable, and what may be said about it.
class NaiveChecker {
public:
    NaiveChecker(const ir::GroundSystem& system, const monitor::Observer* observer);

    [[nodiscard]] bool out_of_range() const { return out_of_range_; }
    [[nodiscard]] std::size_t states() const { return nodes_.size(); }
    [[nodiscard]] std::size_t transitions() const;
    [[nodiscard]] std::size_t depth() const;
    [[nodiscard]] std::size_t orbits() const;  ///< states up to permutation of symmetric identities
    [[nodiscard]] std::set<std::string> bounds_reached() const;
    [[nodiscard]] std::set<std::string> rules_never_taken() const;
    [[nodiscard]] NaiveVerdict judge() const;
    [[nodiscard]] NaiveVerdict deadlock() const;
    [[nodiscard]] NaiveVerdict unspecified() const;
    /// Whether the run shows what the observer is about: violation, or possibility.
    [[nodiscard]] bool confirms(const outcome::Witness& witness) const;

private:
    struct Edge {
        std::size_t rule = 0;
        std::size_t target = 0;
        Values raw;
    };
    struct Node {
        Values values;
        std::vector<Edge> edges;
        std::set<std::size_t> guarded;  ///< rules whose guard is true
        std::map<std::size_t, std::vector<std::size_t>> bounded;  ///< rule → bounds that are false
        std::size_t length = 0;
        std::pair<std::size_t, std::size_t> faults_length;
    };
    using Set = std::set<std::size_t>;

    void explore();
    void rank();
    std::size_t add(const Values& values);
    [[nodiscard]] NaiveVerdict conclude(const Set& states, bool possible) const;
    [[nodiscard]] NaiveVerdict judge_leads_to() const;
    [[nodiscard]] Set fair_outside(const Set& region, bool by_guard) const;
    [[nodiscard]] Set can_stay_fairly(const Set& within, std::size_t rule, bool by_guard) const;
    [[nodiscard]] bool is_fair(std::size_t rule) const { return naive_.system().rule_of(rule).fair; }
    [[nodiscard]] bool of_node(std::size_t rule) const;
    [[nodiscard]] bool confirms_leads_to(const std::vector<Values>& run, const outcome::Witness& witness) const;
    [[nodiscard]] bool spec_bound_false(const Node& node, std::size_t rule) const;

    NaiveSystem naive_;
    const monitor::Observer* observer_;
    std::vector<Node> nodes_;
    std::map<Values, std::size_t> index_;
    bool out_of_range_ = false;
};

}  // namespace imspect::oracle
