#include "checker/symbolic/rule_effects.h"

#include <algorithm>

namespace imspect::symbolic {

RuleEffects::RuleEffects(RuleStep step) : step_(std::move(step)), encoding_(solver_, step_.circuit) {
    if (step_.enabled != kFalse) solver_.add({encoding_.literal(step_.enabled)});  // CaDiCaL prints a line about a false one
}

bool RuleEffects::can_fire() { return step_.enabled != kFalse && solver_.solve({}); }

std::optional<std::vector<Effect>> RuleEffects::of(const std::vector<Cell>& cells, std::size_t most) {
    std::vector<Cell> changed;
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(changed), [&](const Cell& cell) { return step_.changes(cell); });
    if (changed.empty()) return std::vector<Effect>{};
    const std::vector<Count> counted = counts(changed, std::size_t{1} << step_.now[changed[0].slot].size());
    const SatLiteral listed = solver_.variable();
    const SatLiteral assumed[] = {listed};
    std::vector<Effect> effects;
    while (solver_.solve(assumed)) {
        if (effects.size() == most) return std::nullopt;
        Effect effect;
        for (std::size_t value = 0; value < counted.size(); ++value) {
            const std::int64_t more = read(counted[value].next) - read(counted[value].now);
            if (more != 0) effect[value] = more;
        }
        solver_.add({-listed, -encoding_.literal(same(counted, effect))});
        effects.push_back(std::move(effect));
    }
    solver_.add({-listed});
    return effects;
}

std::vector<RuleEffects::Count> RuleEffects::counts(const std::vector<Cell>& changed, std::size_t values) {
    Arithmetic arithmetic(step_.circuit);
    const auto holds = [&](const std::vector<std::vector<Literal>>& state, const Cell& cell, std::size_t value) {
        std::vector<Literal> all = {RuleStep::present(arithmetic, state, cell)};
        for (std::size_t bit = 0; bit < state[cell.slot].size(); ++bit) all.push_back(with_sign(state[cell.slot][bit], ((value >> bit) & 1U) == 0));
        return step_.circuit.all(all);
    };
    std::vector<Count> result;
    for (std::size_t value = 0; value < values; ++value) {
        std::vector<Literal> now;
        std::vector<Literal> next;
        for (const Cell& cell : changed) {
            now.push_back(holds(step_.now, cell, value));
            next.push_back(holds(step_.next, cell, value));
        }
        result.push_back({arithmetic.count(now), arithmetic.count(next)});
        encoding_.encode(result.back().now.bits);
        encoding_.encode(result.back().next.bits);
    }
    return result;
}

std::int64_t RuleEffects::read(const Number& number) {
    std::int64_t value = number.lo;
    for (std::size_t bit = 0; bit < number.bits.size(); ++bit) {
        if (solver_.value(encoding_.literal(number.bits[bit]))) value += std::int64_t{1} << bit;
    }
    return value;
}

Literal RuleEffects::same(const std::vector<Count>& counts, const Effect& effect) {
    Arithmetic arithmetic(step_.circuit);
    std::vector<Literal> all;
    for (std::size_t value = 0; value < counts.size(); ++value) {
        const auto known = effect.find(value);
        const std::int64_t more = known == effect.end() ? 0 : known->second;
        all.push_back(arithmetic.equal(arithmetic.add(counts[value].next, Arithmetic::constant(std::max<std::int64_t>(-more, 0))),
                                       arithmetic.add(counts[value].now, Arithmetic::constant(std::max<std::int64_t>(more, 0)))));
    }
    return step_.circuit.all(all);
}

}  // namespace imspect::symbolic
