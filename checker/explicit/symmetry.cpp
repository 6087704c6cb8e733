#include "checker/explicit/symmetry.h"

#include <algorithm>
#include <numeric>

namespace imspect::explore {

using exec::Value;

namespace {

std::uint64_t factorial(Value n) {
    std::uint64_t result = 1;
    for (Value i = 2; i <= n; ++i) {
        result *= static_cast<std::uint64_t>(i);
        if (result > Symmetry::kMostPermutations) return result;
    }
    return result;
}

/// Whether the images exchange two neighbours of one set and leave all else where it is; these generate the group.
bool exchanges_neighbours(const std::vector<std::vector<Value>>& images) {
    std::size_t moved = 0;
    bool neighbours = true;
    for (const auto& image : images) {
        for (std::size_t i = 0; i < image.size(); ++i) {
            const Value distance = image[i] - static_cast<Value>(i);
            if (distance != 0) ++moved;
            neighbours = neighbours && distance >= -1 && distance <= 1;
        }
    }
    return neighbours && moved == 2;
}

}  // namespace

std::vector<Symmetry::Identities> Symmetry::symmetric_identities(const ir::System& system) {
    std::vector<Identities> sets;
    for (ir::DomainId id = 0; id < system.domains.size(); ++id) {
        const ir::Domain& domain = system.domains[id];
        if (domain.kind != ir::DomainKind::kIdentity || !domain.symmetric || domain.hi < 1) continue;
        const auto same = std::find_if(sets.begin(), sets.end(), [&](const Identities& set) {
            const ir::Domain& other = system.domains[set.domains[0]];
            return other.names == domain.names && other.hi == domain.hi;
        });
        if (same != sets.end()) {
            same->domains.push_back(id);
        } else {
            sets.push_back({{id}, domain.hi + 1});
        }
    }
    return sets;
}

Symmetry::Symmetry(const Product& product, bool enabled) : product_(product) {
    if (!enabled || !product.registers().empty()) return;
    const auto sets = symmetric_identities(*product.system().system);
    std::uint64_t total = 1;
    for (const Identities& set : sets) {
        total *= factorial(set.count);
        if (total > kMostPermutations) return;
    }
    std::vector<std::vector<Value>> images(sets.size());
    for (std::size_t i = 0; i < sets.size(); ++i) {
        images[i].resize(static_cast<std::size_t>(sets[i].count));
        std::iota(images[i].begin(), images[i].end(), 0);
    }
    // An odometer over the permutations of each set; the first image is the identity and is left out.
    while (true) {
        std::size_t i = 0;
        while (i < images.size() && !std::next_permutation(images[i].begin(), images[i].end())) ++i;
        if (i == images.size()) break;
        add_permutation(sets, images);
    }
    const exec::State initial = product.initial();
    exec::State image(product.words());
    for (const Permutation& permutation : permutations_) {
        apply(permutation, initial.data(), image.data());
        if (image == initial) continue;
        permutations_.clear();
        return;
    }
}

void Symmetry::add_permutation(const std::vector<Identities>& sets, const std::vector<std::vector<Value>>& images) {
    const ir::GroundSystem& system = product_.system();
    const auto set_of = [&](ir::DomainId domain) -> std::size_t {
        for (std::size_t i = 0; i < sets.size(); ++i) {
            if (std::find(sets[i].domains.begin(), sets[i].domains.end(), domain) != sets[i].domains.end()) return i;
        }
        return sets.size();
    };
    Permutation permutation;
    permutation.renamings = images;
    permutation.generator = exchanges_neighbours(images);
    permutation.keep.assign(product_.words(), ~Word{0});
    const auto move = [&](ir::SlotId from, ir::SlotId to, ir::DomainId domain) {
        const std::size_t set = set_of(domain);
        const exec::Field& target = product_.layout().field(to);
        if (from == to && set == sets.size()) return;
        permutation.keep[target.word] &= ~(static_cast<Word>(target.mask) << target.shift);
        permutation.moves.push_back(
            {product_.layout().field(from), target, set == sets.size() ? kSame : static_cast<std::uint32_t>(set)});
    };
    for (ir::SlotId slot = 0; slot < system.variables.size(); ++slot) {
        const ir::GroundVariable& variable = system.variables[slot];
        const auto& domains = system.system->variables[variable.variable].indices;
        std::vector<Value> indices = variable.indices;
        for (std::size_t i = 0; i < indices.size(); ++i) {
            const std::size_t set = set_of(domains[i]);
            if (set < sets.size() && indices[i] >= 0) indices[i] = images[set][static_cast<std::size_t>(indices[i])];
        }
        move(slot, system.slot(variable.variable, indices), variable.domain);
    }
    permutations_.push_back(std::move(permutation));
}

void Symmetry::apply(const Permutation& permutation, const Word* from, Word* to) const {
    for (std::size_t w = 0; w < permutation.keep.size(); ++w) to[w] = from[w] & permutation.keep[w];
    for (const Move& move : permutation.moves) {
        Value value = move.from.get(from);
        if (move.values != kSame && value >= 0) value = permutation.renamings[move.values][static_cast<std::size_t>(value)];
        to[move.to.word] |= static_cast<Word>(static_cast<std::uint32_t>(value - move.to.lo)) << move.to.shift;
    }
}

void Symmetry::canonicalise(Word* state, Word* scratch) const {
    const std::size_t words = product_.words();
    Word* const image = scratch;
    Word* const least = scratch + words;
    std::copy_n(state, words, least);
    for (const Permutation& permutation : permutations_) {
        apply(permutation, state, image);
        if (std::lexicographical_compare(image, image + words, least, least + words)) std::copy_n(image, words, least);
    }
    std::copy_n(least, words, state);
}

std::vector<exec::State> Symmetry::canonical_successors(const Word* state) const {
    std::vector<exec::State> result;
    exec::State next(product_.words());
    exec::State scratch(2 * product_.words());
    for (std::size_t rule = 0; rule < product_.system().rules.size(); ++rule) {
        if (product_.successor(rule, state, next.data()).kind != exec::StepKind::kFired) continue;
        canonicalise(next.data(), scratch.data());
        result.push_back(next);
    }
    std::sort(result.begin(), result.end());
    return result;
}

bool Symmetry::agrees(const Word* state) const {
    const auto expected = canonical_successors(state);
    exec::State image(product_.words());
    for (const Permutation& permutation : permutations_) {
        if (!permutation.generator) continue;
        apply(permutation, state, image.data());
        if (canonical_successors(image.data()) != expected) return false;
    }
    return true;
}

}  // namespace imspect::explore
