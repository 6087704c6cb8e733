// A SAT solver for thousands of questions about small parts of one large circuit.
//
// IC3 asks whether some latches can take some values: only gates below these latches matter. What a question is about is
// named by admit(); nothing else is decided or propagated, so that a question costs what its part of the circuit costs.
// "No solution" is always right. "There is one" is right if every assignment of what was admitted that violates no clause
// extends to the rest: so where the rest are gates, functions of what is below them, and clauses that an unadmitted
// variable of their own switches off.
// Each question starts from everything false, what most of an initial state is: so states found have little that one must
// explain. Otherwise it is the usual: conflict-driven learning, two watched literals, activities, restarts; few clauses are learnt
// and none is simplified. Between questions nothing is assigned but facts.
// Papers: Eén, Sörensson, "An extensible SAT-solver" (2003); Su and others, "The rIC3 hardware model checker" (2025).
// Thread-safety: one thread a solver.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace imspect::symbolic {

class ConeSat {
public:
    using SignedVariable = std::int32_t;  ///< as in DIMACS: variables from 1, negative where negated

    SignedVariable variable();
    void add(std::span<const SignedVariable> clause);
    void add(std::initializer_list<SignedVariable> clause) { add(std::span(clause.begin(), clause.size())); }

    /// Forgets what was admitted.
    void begin_question();
    void admit(SignedVariable variable);
    /// Admits the assumptions too. Nothing: not known after so many conflicts; 0: no limit.
    std::optional<bool> solve(std::span<const SignedVariable> assumptions, std::uint64_t most_conflicts);
    bool solve(std::span<const SignedVariable> assumptions) { return *solve(assumptions, 0); }
    /// After a solve() that found a solution; of variables not admitted, false.
    [[nodiscard]] bool value(SignedVariable literal) const;
    /// After a solve() that found none: assumptions that together exclude every solution.
    [[nodiscard]] const std::vector<SignedVariable>& core() const { return core_; }
    [[nodiscard]] std::uint64_t queries() const { return queries_; }

private:
    using Lit = std::uint32_t;        ///< twice the variable, plus one if negated
    using ClauseRef = std::uint32_t;  ///< a place in arena_: length, then activity (0: not learnt), then literals
    struct Watch {
        ClauseRef clause;
        Lit blocker;
    };

    static constexpr ClauseRef kNoClause = ~ClauseRef{0};
    static Lit lit_of(SignedVariable v) { return v > 0 ? 2 * static_cast<Lit>(v) : 2 * static_cast<Lit>(-v) + 1; }
    static SignedVariable signed_of(Lit lit) { return (lit & 1U) != 0 ? -static_cast<SignedVariable>(lit / 2) : static_cast<SignedVariable>(lit / 2); }
    [[nodiscard]] bool is_true(Lit lit) const { return values_[lit] > 0; }
    [[nodiscard]] bool is_false(Lit lit) const { return values_[lit] < 0; }
    [[nodiscard]] std::uint32_t level() const { return static_cast<std::uint32_t>(level_starts_.size()); }
    [[nodiscard]] bool admitted(Lit lit) const { return admitted_[lit / 2] == question_; }

    ClauseRef store(std::span<const Lit> literals, bool learnt);
    void enqueue(Lit lit, ClauseRef reason);
    ClauseRef propagate();
    ClauseRef visit(Lit falsified, std::vector<Watch>& watches);
    void backtrack(std::uint32_t level);
    std::uint32_t analyse(ClauseRef conflict);
    bool implied(Lit lit) const;
    void explain(Lit failed);
    bool resolve(ClauseRef conflict);
    /// 0: nothing left to decide.
    Lit next_decision();
    void bump(std::uint32_t variable);
    void forget_learnt();

    void heap_insert(std::uint32_t variable);
    void heap_up(std::size_t at);
    void heap_down(std::size_t at);

    std::vector<std::uint32_t> arena_;
    std::vector<ClauseRef> learnt_;
    std::vector<std::vector<Watch>> watches_ = std::vector<std::vector<Watch>>(2);  ///< by literal that became false
    std::vector<signed char> values_ = std::vector<signed char>(2, 0);              ///< by literal
    std::vector<std::uint32_t> levels_ = {0};
    std::vector<ClauseRef> reasons_ = {kNoClause};
    std::vector<double> activity_ = {0};
    std::vector<char> phase_ = {0}, seen_ = {0};
    std::vector<std::uint32_t> admitted_ = {0};  ///< by variable: number of the last question that it is admitted to
    std::vector<std::uint32_t> domain_;
    std::vector<std::uint32_t> heap_, heap_place_ = {0};  ///< places from 1; 0: not in the heap
    std::vector<Lit> trail_, learning_;
    std::vector<std::size_t> level_starts_;
    std::size_t propagated_ = 0;
    std::vector<Lit> assumptions_;
    std::vector<SignedVariable> core_;
    std::vector<signed char> model_;
    std::uint32_t question_ = 1;
    std::uint64_t queries_ = 0;
    double increment_ = 1;
    bool contradictory_ = false;
};

}  // namespace imspect::symbolic
