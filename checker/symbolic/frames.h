// The frames of IC3: over-approximations of what is reachable in at most i steps, and the queries put to them.
//
// Frame 0 is the initial state; frame i holds the clauses stored at i or above, each the negation of a cube. All frames
// live in one solver: a clause is switched on by its frame's activation literal. Clauses only move up; a clause that
// another subsumes at the same frame or above is dropped.
// Paper: Eén, Mishchenko, Brayton, "Efficient implementation of property directed reachability" (2011).
// Thread-safety: one thread. Throws SolverFailure.
#pragma once

#include <optional>
#include <vector>

#include "checker/symbolic/finding.h"
#include "checker/symbolic/step_encoding.h"

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
    std::optional<Predecessor> step_into(const Cube& cube, std::size_t frame, Cube& core, bool lift = true);
    void block(const Cube& cube, std::size_t frame);
    /// Moves clauses up as far as they go; true when two frames became equal, and `invariant` excludes what they exclude.
    bool push(std::vector<Cube>& invariant);
    [[nodiscard]] std::uint64_t queries() const { return solver_.queries() + lifter_.queries(); }
    /// How many clauses speak of the latch: what is in many of them should be left out of a new one last.
    [[nodiscard]] std::uint32_t uses(std::int32_t literal) const { return uses_[latch_of(literal)]; }

private:
    void assume_frame(std::size_t frame, std::vector<SatLiteral>& assumed) const;
    Cube reduced(const Cube& cube) const;

    const Machine& machine_;
    const Slice& slice_;
    SatSolver solver_{Questions::kManySmall};
    EncodedStep step_;
    Lifter lifter_;
    std::vector<SatLiteral> active_;          ///< by frame
    std::vector<std::vector<Cube>> clauses_;  ///< by the highest frame that they hold in
    std::vector<std::uint32_t> uses_;
};

}  // namespace imspect::symbolic
