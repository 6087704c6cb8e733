// Symmetry reduction: one state stands for all that differ only by a permutation of symmetric identities.
//
// The canonical form of a state is the least (as words) of its images under all permutations of the symmetric identity
// domains; with domains of n1, n2, … identities that is n1! · n2! · … images, so the reduction is exact, and it is used only
// where that product is at most kMostPermutations. A permutation moves the elements of arrays indexed by the domain and
// renames values of the domain ("none" stays); domains that name the same identities (optional ones) move together. Tokens
// keep their names: the set in use does not change.
// Registers move as Observer::history tells: the element of a family to the element with permuted indices. A group
// whose registers are not all explained that way is not reduced.
// That the model really is symmetric is declared by the domain; it is checked here for the initial state and, by
// `agrees`, for states that the search samples. After Ip and Dill, "Better verification through symmetry" (1996).
// Cost: images · (slots that move). Thread-safety: const after construction.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/explicit/product.h"

namespace imspect::explore {

class Symmetry {
public:
    static constexpr std::uint64_t kMostPermutations = 720;

    /// Without permutations (orbits() == 1) where it is not enabled, nothing is symmetric, too many permutations exist, the initial state is
    /// not invariant, or a register's place under a permutation is not known.
    Symmetry(const Product& product, bool enabled);

    [[nodiscard]] std::uint64_t orbits() const { return permutations_.size() + 1; }
    [[nodiscard]] bool trivial() const { return permutations_.empty(); }
    /// The ground rules that the permutations take this one to, itself not among them: what one does in a canonical state
    /// they do in states it stands for.
    [[nodiscard]] std::vector<std::size_t> images_of_rule(std::size_t rule) const;
    /// Replaces the state by its canonical form; `scratch` has 2 * words words.
    void canonicalise(Word* state, Word* scratch) const;
    /// Whether the state and its images under generators of the group hit the same watches and have the same successors
    /// up to permutation, reached with the same hits.
    [[nodiscard]] bool agrees(const Word* state) const;

private:
    /// A set of identities and the domains whose values name them.
    struct Identities {
        std::vector<ir::DomainId> domains;
        exec::Value count = 0;
    };
    using Images = std::vector<std::vector<exec::Value>>;  ///< by set: where each identity goes
    struct Move {
        exec::Field from;
        exec::Field to;
        std::uint32_t values = 0;  ///< index into renamings, or kSame
    };
    static constexpr std::uint32_t kSame = 0xffffffffU;
    struct Permutation {
        std::vector<Move> moves;
        std::vector<Word> keep;  ///< by word: the bits of slots that do not move
        Images renamings;
        bool generator = false;  ///< exchanges two neighbours and nothing else
    };

    [[nodiscard]] static std::vector<Identities> symmetric_identities(const ir::System& system);
    [[nodiscard]] bool add_permutation(const std::vector<Identities>& sets, const Images& images);
    /// By register of the product, the register it moves to; nothing where that is not known.
    [[nodiscard]] std::optional<std::vector<std::size_t>> register_images(const std::vector<Identities>& sets,
                                                                          const Images& images) const;
    void apply(const Permutation& permutation, const Word* from, Word* to) const;
    [[nodiscard]] static std::size_t set_of(const std::vector<Identities>& sets, ir::DomainId domain);
    [[nodiscard]] std::vector<exec::State> canonical_successors(const Word* state) const;
    [[nodiscard]] Word hits_of(const Word* state) const;

    const Product& product_;
    std::vector<Identities> sets_;
    std::vector<Permutation> permutations_;  ///< without the identity
};

}  // namespace imspect::explore
