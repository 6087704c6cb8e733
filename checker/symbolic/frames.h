// The frames of IC3: over-approximations of what is reachable in at most i steps, and the queries put to them.
//
// Frame 0 is the initial state; frame i holds the clauses stored at i or above, each the negation of a cube. All frames
// live in one solver: a clause is switched on by its frame's activation literal. Each query leaves a variable behind that
// nobody needs; after kQueriesASolver of them a new solver is begun, since a solver's cost grows with what it has seen. A
// question is about the latches that clauses speak of and what is below the latches asked for (cone_sat.h). Predecessors are
// read off the circuit and then made smaller by a core. Where a "no" only improves a clause the solver may give up after
// kLittleEffort conflicts, which counts as a step. Clauses only move up; a clause that another subsumes at the same frame or above is dropped.
// Paper: Eén, Mishchenko, Brayton, "Efficient implementation of property directed reachability" (2011).
// Thread-safety: one thread. Throws SolverFailure.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "checker/symbolic/cone_step.h"
#include "checker/symbolic/finding.h"
#include "checker/symbolic/justification.h"

namespace imspect::symbolic {

/// A cube of states in which choosing this rule leads into the cube that was asked for, or into what is bad.
struct Predecessor {
    Cube cube;                 ///< empty where lifting was not asked for
    std::uint32_t rule = 0;
};

class Frames {
public:
    Frames(const Machine& machine, const Slice& slice);

    void add_frame();
    [[nodiscard]] std::size_t last() const { return clauses_.size() - 1; }
    /// The initial state lies in the cube.
    [[nodiscard]] bool holds_initial(const Cube& cube) const;
    /// A bad state or step of frame i, lifted; none: there is none.
    std::optional<Predecessor> bad_in(std::size_t frame);
    /// A step from frame i, outside the cube, into the cube; none: then `core` is what of the cube sufficed, and still
    /// excludes the initial state.
    std::optional<Predecessor> step_into(const Cube& cube, std::size_t frame, Cube& core);
    /// Whether it is known with little effort that there is no such step; `core` as above. `blocked_there`: frame excludes the cube.
    bool excluded_after(const Cube& cube, std::size_t frame, Cube& core, bool blocked_there = false);
    void block(const Cube& cube, std::size_t frame);
    /// The highest frame, from this one up, with a clause that excludes the cube; no question to the solver.
    [[nodiscard]] std::optional<std::size_t> excluded_at(const Cube& cube, std::size_t frame) const;
    /// Moves clauses up as far as they go; true when two frames became equal, and `invariant` excludes what they exclude.
    bool push(std::vector<Cube>& invariant);
    [[nodiscard]] std::uint64_t queries() const { return queries_before_ + step_->solver().queries(); }
    /// How many clauses speak of the latch: what is in many of them should be left out of a new one last.
    [[nodiscard]] std::uint32_t uses(std::int32_t literal) const { return uses_[latch_of(literal)]; }

private:
    void begin_solver();
    void activate(const Cube& cube, std::size_t frame);
    void assume_frame(std::size_t frame, std::vector<SatLiteral>& assumed) const;
    void begin_question();
    std::optional<bool> ask_step_into(const Cube& cube, std::size_t frame, bool blocked_there, std::uint64_t most_conflicts);
    Cube reduced(const Cube& cube) const;
    Cube shrunk(Cube cube, std::uint32_t rule, std::vector<SatLiteral> elsewhere);

    const Machine& machine_;
    const Slice& slice_;
    std::unique_ptr<ConeStep> step_;
    std::uint64_t queries_before_ = 0;        ///< of solvers that are no more
    Justification justification_;
    std::vector<SatLiteral> active_;          ///< by frame
    std::vector<std::vector<Cube>> clauses_;  ///< by the highest frame that they hold in
    std::vector<std::uint32_t> uses_;
    std::vector<SatLiteral> mentioned_;       ///< latches that a clause speaks of: part of every question
};

}  // namespace imspect::symbolic
