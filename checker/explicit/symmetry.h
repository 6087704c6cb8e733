// Symmetry reduction: one state stands for all that differ only by a permutation of symmetric identities.
//
// The canonical form of a state is the least (as words) of its images under all permutations of the symmetric identity
// domains; with domains of n1, n2, … identities that is n1! · n2! · … images, so the reduction is exact, and it is used only
// where that product is at most kMostPermutations. A permutation moves the elements of arrays indexed by the domain and
// renames values of the domain ("none" stays); domains that name the same identities (optional ones) move together. Tokens
// keep their names: the set in use does not change.
// That the model really is symmetric is declared by the domain; it is checked here for the initial state and, by
// `agrees`, for states that the search samples. After Ip and Dill, "Better verification through symmetry" (1996).
// Cost: images · (slots that move). Thread-safety: const after construction.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/explicit/product.h"

namespace imspect::explore {

class Symmetry {
public:
    static constexpr std::uint64_t kMostPermutations = 720;

    /// Without permutations (orbits() == 1) where it is not enabled, nothing is symmetric, too many permutations exist, the initial state is
    /// not invariant, or the product has registers: which register a permutation takes to which is not declared.
    Symmetry(const Product& product, bool enabled);

    [[nodiscard]] std::uint64_t orbits() const { return permutations_.size() + 1; }
    [[nodiscard]] bool trivial() const { return permutations_.empty(); }
    /// Replaces the state by its canonical form; `scratch` has 2 * words words.
    void canonicalise(Word* state, Word* scratch) const;
    /// Whether successors of the state and of its images under generators of the group are the same up to permutation.
    [[nodiscard]] bool agrees(const Word* state) const;

private:
    /// A set of identities and the domains whose values name them.
    struct Identities {
        std::vector<ir::DomainId> domains;
        exec::Value count = 0;
    };
    struct Move {
        exec::Field from;
        exec::Field to;
        std::uint32_t values = 0;  ///< index into renamings, or kSame
    };
    static constexpr std::uint32_t kSame = 0xffffffffU;
    struct Permutation {
        std::vector<Move> moves;
        std::vector<Word> keep;  ///< by word: the bits of slots that do not move
        std::vector<std::vector<exec::Value>> renamings;
        bool generator = false;  ///< exchanges two neighbours and nothing else
    };

    [[nodiscard]] static std::vector<Identities> symmetric_identities(const ir::System& system);
    void add_permutation(const std::vector<Identities>& sets, const std::vector<std::vector<exec::Value>>& images);
    void apply(const Permutation& permutation, const Word* from, Word* to) const;
    [[nodiscard]] std::vector<exec::State> canonical_successors(const Word* state) const;

    const Product& product_;
    std::vector<Permutation> permutations_;  ///< without the identity
};

}  // namespace imspect::explore
