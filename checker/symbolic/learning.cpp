#include "checker/symbolic/learning.h"

#include <algorithm>
#include <bit>
#include <map>

#include "checker/symbolic/justification.h"

namespace imspect::symbolic {

namespace {

using Word = VisitedStates::Word;

/// Makes a cube that holds no visited state as small as it can.
class Shrinking {
public:
    Shrinking(const Machine& machine, const VisitedStates& states) : states_(states), uses_(machine.latches.size(), 0) {
        all_.assign((states.size() + 63) / 64, ~Word{0});
        if (states.size() % 64 != 0) all_.back() = (Word{1} << (states.size() % 64)) - 1;
    }

    /// Nothing where the cube holds a visited state.
    std::optional<Cube> operator()(const Cube& cube) {
        std::vector<Word> left = all_;
        std::size_t count = states_.size();
        Cube result;
        while (count > 0) {
            const std::size_t before = count;
            const std::int32_t best = most_excluding(cube, left, count);
            if (count == before) return std::nullopt;
            for (std::size_t i = 0; i < left.size(); ++i) left[i] &= word(best, i);
            result.push_back(best);
        }
        drop_needless(result);
        std::sort(result.begin(), result.end(), [](std::int32_t a, std::int32_t b) { return std::abs(a) < std::abs(b); });
        for (const std::int32_t literal : result) ++uses_[latch_of(literal)];
        return result;
    }

    [[nodiscard]] const std::vector<Word>& all() const { return all_; }  ///< a bit a state

private:
    [[nodiscard]] Word word(std::int32_t literal, std::size_t at) const {
        const Word values = states_.column(latch_of(literal))[at];
        return literal > 0 ? values : ~values;
    }
    /// The literal that leaves the fewest states, `count`; of equal ones the one that other clauses use.
    std::int32_t most_excluding(const Cube& cube, const std::vector<Word>& left, std::size_t& count) const {
        std::int32_t best = 0;
        for (const std::int32_t literal : cube) {
            std::size_t here = 0;
            for (std::size_t i = 0; i < left.size() && here <= count; ++i) here += static_cast<std::size_t>(std::popcount(left[i] & word(literal, i)));
            const bool tie = best != 0 && here == count && uses_[latch_of(literal)] > uses_[latch_of(best)];
            if (here >= count && !tie) continue;
            best = literal;
            count = here;
        }
        return best;
    }
    [[nodiscard]] bool empty_without(const Cube& cube, std::size_t left_out) const {
        for (std::size_t i = 0; i < all_.size(); ++i) {
            Word states = all_[i];
            for (std::size_t j = 0; j < cube.size() && states != 0; ++j) states &= j == left_out ? states : word(cube[j], i);
            if (states != 0) return false;
        }
        return true;
    }
    void drop_needless(Cube& cube) const {
        for (std::size_t i = 0; i < cube.size() && cube.size() > 1;) {
            if (empty_without(cube, i)) {
                cube.erase(cube.begin() + static_cast<std::ptrdiff_t>(i));
            } else {
                ++i;
            }
        }
    }

    const VisitedStates& states_;
    std::vector<Word> all_;
    std::vector<std::uint32_t> uses_;  ///< by latch: clauses that speak of it
};

class Learner {
public:
    Learner(const Machine& machine, const Slice& slice, const VisitedStates& states, const std::function<bool()>& stop)
        : machine_(machine), slice_(slice), stop_(stop), shrinking_(machine, states), step_(encode_step(machine, slice, solver_, true)),
          justification_(machine, slice) {}

    std::optional<std::vector<Cube>> run(const VisitedStates& states) {
        learn_constants_and_equalities(states);
        if (!exclude({step_.bad}, nullptr)) return std::nullopt;
        for (std::size_t i = 0; i < learnt_.size(); ++i) {
            const Cube cube = learnt_[i];
            std::vector<SatLiteral> inside;
            for (const std::int32_t literal : cube) inside.push_back(over(step_.next, literal));
            if (!exclude(inside, &cube)) return std::nullopt;
        }
        return std::move(learnt_);
    }

private:
    /// Learns clauses until what is assumed of a step cannot be: that it leads into the cube, or to what is bad.
    bool exclude(const std::vector<SatLiteral>& assumed, const Cube* cube) {
        while (!stop_()) {
            if (!solver_.solve(assumed)) return true;
            const StateAndRule from = read_step(machine_, slice_, solver_, step_);
            const std::optional<Cube> smaller = shrinking_(cube != nullptr ? justification_.into(*cube, from) : justification_.into_bad(from));
            if (!smaller) return false;
            learn(*smaller);
        }
        return false;
    }
    void learn(const Cube& cube) {
        learnt_.push_back(cube);
        std::vector<SatLiteral> clause;
        for (const std::int32_t literal : cube) clause.push_back(-over(step_.now, literal));
        solver_.add(clause);
    }
    /// What most counterexamples would be about: latches that never change, and latches that are always equal or opposite.
    void learn_constants_and_equalities(const VisitedStates& states) {
        std::map<std::vector<Word>, std::int32_t> first;  // by values, those of the initial state made false
        for (const std::size_t latch : slice_.latches) {
            const auto number = static_cast<std::int32_t>(latch + 1);
            const bool initial = machine_.latches[latch].initial;
            const std::int32_t changed = initial ? -number : number;
            std::vector<Word> values = states.column(latch);
            for (std::size_t i = 0; initial && i < values.size(); ++i) values[i] = ~values[i] & shrinking_.all()[i];
            if (std::all_of(values.begin(), values.end(), [](Word word) { return word == 0; })) {
                learn({changed});
                continue;
            }
            const auto [same, is_new] = first.emplace(std::move(values), changed);
            if (is_new) continue;
            learn({same->second, -changed});
            learn({-same->second, changed});
        }
    }

    const Machine& machine_;
    const Slice& slice_;
    const std::function<bool()>& stop_;
    Shrinking shrinking_;
    std::vector<Cube> learnt_;
    SatSolver solver_{Questions::kManySmall};
    EncodedStep step_;
    Justification justification_;
};

}  // namespace

std::optional<std::vector<Cube>> learnt_invariant(const Machine& machine, const Slice& slice, const VisitedStates& states,
                                                  const std::function<bool()>& stop) {
    return Learner(machine, slice, states, stop).run(states);
}

}  // namespace imspect::symbolic
