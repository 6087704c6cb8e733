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
    if (!enabled) return;
    sets_ = symmetric_identities(*product.system().system);
    const auto& sets = sets_;
    std::uint64_t total = 1;
    for (const Identities& set : sets) {
        total *= factorial(set.count);
        if (total > kMostPermutations) return;
    }
    Images images(sets.size());
    for (std::size_t i = 0; i < sets.size(); ++i) {
        images[i].resize(static_cast<std::size_t>(sets[i].count));
        std::iota(images[i].begin(), images[i].end(), 0);
    }
    // An odometer over the permutations of each set; the first image is the identity and is left out.
    while (true) {
        std::size_t i = 0;
        while (i < images.size() && !std::next_permutation(images[i].begin(), images[i].end())) ++i;
        if (i == images.size()) break;
        if (add_permutation(sets, images)) continue;
        permutations_.clear();
        return;
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

std::size_t Symmetry::set_of(const std::vector<Identities>& sets, ir::DomainId domain) {
    for (std::size_t i = 0; i < sets.size(); ++i) {
        if (std::find(sets[i].domains.begin(), sets[i].domains.end(), domain) != sets[i].domains.end()) return i;
    }
    return sets.size();
}

namespace {

/// The element of the same family with these indices.
const monitor::HistoryElement* find_element(const monitor::Observer& observer, std::uint32_t family,
                                            const std::vector<Value>& indices) {
    const auto found = std::find_if(observer.history.begin(), observer.history.end(), [&](const auto& element) {
        return element.family == family && element.indices == indices;
    });
    return found == observer.history.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::vector<std::size_t>> Symmetry::register_images(const std::vector<Identities>& sets,
                                                                  const Images& images) const {
    const std::size_t unknown = product_.registers().size();
    std::vector<std::size_t> result(unknown, unknown);
    std::vector<bool> reached(unknown, false);
    std::size_t first = 0;  // register of the product that is the observer's first
    for (const monitor::Observer* observer : product_.observers()) {
        for (const monitor::HistoryElement& element : observer->history) {
            std::vector<Value> indices = element.indices;
            for (std::size_t i = 0; i < indices.size(); ++i) {
                const std::size_t set = set_of(sets, element.index_domains[i]);
                if (set < sets.size() && indices[i] >= 0) indices[i] = images[set][static_cast<std::size_t>(indices[i])];
            }
            const monitor::HistoryElement* const image = find_element(*observer, element.family, indices);
            if (image == nullptr) return std::nullopt;
            constexpr std::uint32_t kConstant = monitor::HistoryElement::kConstant;
            if ((element.reg == kConstant) != (image->reg == kConstant)) return std::nullopt;
            if (element.reg == kConstant) continue;
            std::size_t& target = result[first + element.reg];
            if (target != unknown && target != first + image->reg) return std::nullopt;
            target = first + image->reg;
        }
        first += observer->registers.size();
    }
    for (const std::size_t target : result) {
        if (target == unknown || reached[target]) return std::nullopt;
        reached[target] = true;
    }
    return result;
}

bool Symmetry::add_permutation(const std::vector<Identities>& sets, const Images& images) {
    const ir::GroundSystem& system = product_.system();
    const auto register_image = register_images(sets, images);
    if (!register_image) return false;
    Permutation permutation;
    permutation.renamings = images;
    permutation.generator = exchanges_neighbours(images);
    permutation.keep.assign(product_.words(), ~Word{0});
    const auto move = [&](ir::SlotId from, ir::SlotId to, ir::DomainId domain) {
        const std::size_t set = set_of(sets, domain);
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
            const std::size_t set = set_of(sets, domains[i]);
            if (set < sets.size() && indices[i] >= 0) indices[i] = images[set][static_cast<std::size_t>(indices[i])];
        }
        move(slot, system.slot(variable.variable, indices), variable.domain);
    }
    const auto& registers = product_.registers();
    for (std::size_t r = 0; r < registers.size(); ++r) {
        move(registers[r].slot, registers[(*register_image)[r]].slot, registers[r].variable.domain);
    }
    permutations_.push_back(std::move(permutation));
    return true;
}

void Symmetry::apply(const Permutation& permutation, const Word* from, Word* to) const {
    for (std::size_t w = 0; w < permutation.keep.size(); ++w) to[w] = from[w] & permutation.keep[w];
    for (const Move& move : permutation.moves) {
        Value value = move.from.get(from);
        if (move.values != kSame && value >= 0) value = permutation.renamings[move.values][static_cast<std::size_t>(value)];
        to[move.to.word] |= static_cast<Word>(static_cast<std::uint32_t>(value - move.to.lo)) << move.to.shift;
    }
}

std::vector<std::size_t> Symmetry::images_of_rule(std::size_t rule) const {
    const ir::GroundSystem& system = product_.system();
    const ir::GroundRule& ground = system.rules[rule];
    const auto& params = system.rule_of(rule).params;
    std::vector<std::size_t> result;
    for (const Permutation& permutation : permutations_) {
        std::vector<Value> arguments = ground.arguments;
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            const std::size_t set = set_of(sets_, system.system->params[params[i]].domain);
            if (set == sets_.size() || arguments[i] < 0) continue;
            arguments[i] = permutation.renamings[set][static_cast<std::size_t>(arguments[i])];
        }
        for (std::size_t other = 0; other < system.rules.size(); ++other) {
            if (system.rules[other].rule != ground.rule || system.rules[other].arguments != arguments) continue;
            if (other != rule && std::find(result.begin(), result.end(), other) == result.end()) result.push_back(other);
        }
    }
    return result;
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
        Word hits = 0;
        const exec::Step step = product_.successor(
            rule, state, next.data(), [](std::size_t) { return true; },
            [&](std::size_t watch) { hits |= Word{1} << (watch % 64); });
        if (step.kind != exec::StepKind::kFired) continue;
        canonicalise(next.data(), scratch.data());
        result.push_back(next);
        result.back().push_back(hits);
    }
    std::sort(result.begin(), result.end());
    return result;
}

Word Symmetry::hits_of(const Word* state) const {
    Word hits = 0;
    product_.check_state(
        state, [](std::size_t) { return true; }, [&](std::size_t watch) { hits |= Word{1} << (watch % 64); });
    return hits;
}

bool Symmetry::agrees(const Word* state) const {
    const auto expected = canonical_successors(state);
    exec::State image(product_.words());
    for (const Permutation& permutation : permutations_) {
        if (!permutation.generator) continue;
        apply(permutation, state, image.data());
        if (hits_of(image.data()) != hits_of(state) || canonical_successors(image.data()) != expected) return false;
    }
    return true;
}

}  // namespace imspect::explore
