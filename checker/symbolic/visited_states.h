// All reachable states of a machine, by simulation: sixty-four steps side by side in the bits of a word.
//
// What they are for is to teach (learning.h): a clause that every reachable state satisfies is true, and nothing but a
// true clause is worth proving. Nothing here has to be believed: a run to a target is replayed by whoever gets it, and a
// clause that is not true is not proved. Only the latches of a slice are looked at.
// Invariant: states are distinct.
// Cost: an evaluation of the circuit for every 64 states and one for every 64 steps; each bit of a state is kept twice.
// Thread-safety: const after visit().
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_set>
#include <vector>

#include "checker/symbolic/slice.h"

namespace imspect::symbolic {

class VisitedStates {
public:
    using Word = std::uint64_t;
    using Run = std::vector<std::uint32_t>;  ///< rules

    VisitedStates(const Machine& machine, const std::vector<std::size_t>& latches);
    VisitedStates(const VisitedStates&) = delete;
    VisitedStates& operator=(const VisitedStates&) = delete;

    /// False where there are more than `most` states or `stop` said so; runs to what was reached by then are right all the
    /// same.
    bool visit(const std::vector<Target>& targets, std::size_t most, const std::function<bool()>& stop);

    [[nodiscard]] std::size_t size() const { return size_; }
    /// The run by which a state, by number, was seen first.
    [[nodiscard]] Run run_to(std::uint32_t state) const;
    [[nodiscard]] bool bit(std::uint32_t state, std::size_t position) const {  ///< of the latch at that position among the slice's
        return ((rows_[state * words_ + position / 64] >> (position % 64)) & 1U) != 0;
    }
    static constexpr std::uint32_t kUnseen = 0xffffffff;
    /// Every step from these states: from, rule, and the number of the state that it leads to, or kUnseen.
    void steps_from(const std::vector<std::uint32_t>& states, const std::function<void(std::uint32_t, std::uint32_t, std::uint32_t)>& each);
    /// The literals, functions of the state, in these states: a row a state.
    [[nodiscard]] std::vector<std::vector<bool>> values_in(const std::vector<std::uint32_t>& states, const std::vector<Literal>& literals) const;
    /// By target: a run into it, if there is one.
    [[nodiscard]] const std::vector<std::optional<Run>>& runs() const { return runs_; }
    /// The values of a latch, a bit a state, after a visit() that saw all; the last word's rest is 0.
    [[nodiscard]] const std::vector<Word>& column(std::size_t latch) const { return columns_[latch]; }

private:
    struct Step {
        std::uint32_t state = 0;
        std::uint32_t rule = 0;
    };
    struct RowHash {
        const VisitedStates* owner;
        std::size_t operator()(std::uint32_t state) const;
    };
    struct RowEqual {
        const VisitedStates* owner;
        bool operator()(std::uint32_t left, std::uint32_t right) const;
    };

    void set_states(Valuation& values, const std::vector<Step>& lanes) const;
    void expand(Valuation& values, const std::vector<Target>& targets);
    void take(Valuation& values, const std::vector<Target>& targets);
    [[nodiscard]] std::vector<std::vector<Word>> successors(const Valuation& values, std::size_t lanes) const;
    [[nodiscard]] std::uint32_t number_of(const std::vector<Word>& row);
    void add(const std::vector<Word>& row, Step by);
    void note(std::size_t target, Step last, bool with_rule);
    void make_columns();

    const Machine& machine_;
    const std::vector<std::size_t> latches_;
    const std::size_t words_;
    std::vector<Word> rows_;
    std::vector<Step> reached_by_;  ///< by state; of the first one nothing
    std::size_t size_ = 0;
    std::size_t expanded_ = 0;
    std::vector<Step> steps_;       ///< that can be taken, from next_ on
    std::size_t next_ = 0;
    std::unordered_set<std::uint32_t, RowHash, RowEqual> known_;
    std::vector<std::optional<Run>> runs_;
    std::vector<std::vector<Word>> columns_;  ///< by latch
};

}  // namespace imspect::symbolic
