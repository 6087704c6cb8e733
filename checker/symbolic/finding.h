// What an engine is asked and what it answers, within this folder: a target in a machine, and whether it can be reached.
//
// A *cube* is a set of latches with values; its clause says that not all of them are so. A certificate is either a set of
// clauses that together with the shape of states is an inductive invariant excluding the target (depth 0), or the claim
// that the target is k-inductive (depth k > 0). Findings travel between processes as words.
// Thread-safety: plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/symbolic/isolation.h"
#include "checker/symbolic/machine.h"

namespace imspect::symbolic {

/// Latches with values: +(latch + 1) where true, -(latch + 1) where false; ascending by latch.
using Cube = std::vector<std::int32_t>;

struct Certificate {
    std::uint32_t depth = 0;        ///< 0: an inductive invariant; k: k-induction
    bool simple_path = false;       ///< k-induction over paths without a repeated state
    std::vector<Cube> excluded;     ///< the invariant: none of these cubes
};

struct Finding {
    enum class Kind : std::uint8_t {
        kUndecided,
        kReached,      ///< by the run `rules`
        kUnreachable,  ///< by `certificate`
        kOutOfRange,   ///< the last step of `rules` leaves a variable's domain: the model is at fault
    } kind = Kind::kUndecided;
    std::uint32_t depth = 0;           ///< kUndecided: runs of at most so many steps do not reach the target
    std::string reason;                ///< kUndecided
    std::vector<std::uint32_t> rules;
    Certificate certificate;
    std::uint64_t queries = 0;         ///< put to the solver
};

[[nodiscard]] Words pack(const Finding& finding);
[[nodiscard]] Finding unpack(const Words& words);

/// `tell` gets each depth that is done.
struct EngineOptions {
    std::optional<std::uint32_t> bound;  ///< depth of unrolling, or number of frames
    bool simple_path = true;             ///< k-induction
    std::uint64_t first_turn = 2000;     ///< IC3: queries before the other search goes on
};

}  // namespace imspect::symbolic
