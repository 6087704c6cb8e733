#include "checker/symbolic/codes.h"

#include <bit>

namespace imspect::symbolic {

unsigned width_of(Code code, ir::Value lo, ir::Value hi) {
    const auto span = static_cast<std::uint32_t>(static_cast<std::int64_t>(hi) - lo);
    switch (code) {
        case Code::kOrder: return span;
        case Code::kDirect: return span + 1;
        case Code::kPacked: break;
    }
    return static_cast<unsigned>(std::bit_width(span));
}

bool bit_of(Code code, ir::Value lo, unsigned bit, ir::Value value) {
    const auto offset = static_cast<std::uint32_t>(static_cast<std::int64_t>(value) - lo);
    switch (code) {
        case Code::kOrder: return offset > bit;
        case Code::kDirect: return offset == bit;
        case Code::kPacked: break;
    }
    return ((offset >> bit) & 1U) != 0;
}

Number decoded(Circuit& circuit, Code code, ir::Value lo, const std::vector<Literal>& bits) {
    if (code == Code::kPacked) return {lo, bits};
    const std::size_t values = bits.size() + (code == Code::kOrder ? 1 : 0);
    std::vector<std::vector<Literal>> ways(static_cast<std::size_t>(std::bit_width(values - 1)));
    for (std::size_t offset = 1; offset < values; ++offset) {
        const Literal here = code == Code::kDirect            ? bits[offset]
                             : offset == bits.size()          ? bits[offset - 1]
                                                              : circuit.conjunction(bits[offset - 1], negate(bits[offset]));
        for (std::size_t digit = 0; digit < ways.size(); ++digit) {
            if (((offset >> digit) & 1U) != 0) ways[digit].push_back(here);
        }
    }
    Number number{lo, {}};
    for (const std::vector<Literal>& digit : ways) number.bits.push_back(circuit.any(digit));
    return number;
}

std::vector<Literal> well_formed(Circuit& circuit, Code code, ir::Value lo, ir::Value hi, const std::vector<Literal>& bits) {
    std::vector<Literal> conditions;
    if (code == Code::kPacked) {
        Arithmetic arithmetic(circuit);
        conditions.push_back(arithmetic.less_equal({lo, bits}, Arithmetic::constant(hi)));
    } else if (code == Code::kOrder) {
        for (std::size_t i = 1; i < bits.size(); ++i) conditions.push_back(circuit.disjunction(bits[i - 1], negate(bits[i])));
    } else {
        conditions.push_back(circuit.any(bits));
        for (std::size_t i = 0; i < bits.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) conditions.push_back(negate(circuit.conjunction(bits[i], bits[j])));
        }
    }
    return conditions;
}

}  // namespace imspect::symbolic
