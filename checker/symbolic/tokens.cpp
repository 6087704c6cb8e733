#include "checker/symbolic/tokens.h"

namespace imspect::symbolic {

std::vector<Literal> tokens_in_use(Circuit& circuit, std::span<const Number> slots, std::size_t most) {
    Arithmetic arithmetic(circuit);
    std::vector<Literal> used;
    for (std::size_t token = 1; token <= most; ++token) {
        std::vector<Literal> holds;
        for (const Number& slot : slots) {
            holds.push_back(arithmetic.equal(slot, Arithmetic::constant(static_cast<std::int64_t>(token))));
        }
        used.push_back(circuit.any(holds));
    }
    return used;
}

std::vector<Number> renamed(Circuit& circuit, std::span<const Number> slots, std::size_t most) {
    Arithmetic arithmetic(circuit);
    const std::vector<Literal> used = tokens_in_use(circuit, slots, most);
    std::vector<Number> rank = {Arithmetic::constant(0)};
    for (std::size_t token = 1; token <= most; ++token) {
        // A rank is at most the token itself; cutting the sum there keeps it as narrow as the slots.
        Number next = arithmetic.choose(used[token - 1], arithmetic.add(rank.back(), Arithmetic::constant(1)), rank.back());
        std::size_t width = 0;
        while ((std::size_t{1} << width) <= token) ++width;
        if (next.lo == 0 && next.bits.size() > width) next.bits.resize(width);
        rank.push_back(std::move(next));
    }
    std::vector<Number> result;
    for (const Number& slot : slots) {
        Number name = Arithmetic::constant(0);
        for (std::size_t token = 1; token <= most; ++token) {
            const Literal here = arithmetic.equal(slot, Arithmetic::constant(static_cast<std::int64_t>(token)));
            name = arithmetic.choose(here, rank[token], name);
        }
        result.push_back(std::move(name));
    }
    return result;
}

std::vector<Literal> without_gaps(Circuit& circuit, std::span<const Number> slots, std::size_t most) {
    const std::vector<Literal> used = tokens_in_use(circuit, slots, most);
    std::vector<Literal> no_gap;
    for (std::size_t token = 1; token < most; ++token) {
        no_gap.push_back(circuit.disjunction(used[token - 1], negate(used[token])));
    }
    return no_gap;
}

}  // namespace imspect::symbolic
