#include "checker/symbolic/number.h"

#include <algorithm>
#include <bit>

#include "model/result.h"

namespace imspect::symbolic {

namespace {

void trim(std::vector<Literal>& bits) {
    while (!bits.empty() && bits.back() == kFalse) bits.pop_back();
}

Literal bit(const std::vector<Literal>& bits, std::size_t i) { return i < bits.size() ? bits[i] : kFalse; }

/// Without the bits that only a value above `most` would have.
std::vector<Literal> narrowed(std::vector<Literal> bits, std::int64_t lo, std::int64_t most) {
    const auto width = static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(most - lo)));
    if (bits.size() > width) bits.resize(width);
    trim(bits);
    return bits;
}

std::vector<Literal> bits_of(std::uint64_t value) {
    std::vector<Literal> bits;
    for (; value != 0; value >>= 1U) bits.push_back((value & 1U) != 0 ? kTrue : kFalse);
    return bits;
}

}  // namespace

Number Arithmetic::truth(Literal literal) {
    if (literal == kTrue) return constant(1);
    if (literal == kFalse) return constant(0);
    return {0, {literal}};
}

Literal Arithmetic::literal(const Number& number) { return negate(equal(number, constant(0))); }

/// Ripple carry; a carry out of the highest bit is one bit more.
std::vector<Literal> Arithmetic::sum(const std::vector<Literal>& left, const std::vector<Literal>& right, Literal carry) {
    const std::size_t width = std::max(left.size(), right.size());
    std::vector<Literal> result;
    for (std::size_t i = 0; i < width; ++i) {
        const Literal l = bit(left, i);
        const Literal r = bit(right, i);
        const Literal differ = negate(circuit_.equal(l, r));
        result.push_back(negate(circuit_.equal(differ, carry)));
        carry = circuit_.disjunction(circuit_.conjunction(l, r), circuit_.conjunction(differ, carry));
    }
    result.push_back(carry);
    trim(result);
    return result;
}

/// The bits of number - lo, for a lo that is not above the number's.
std::vector<Literal> Arithmetic::raised(const Number& number, std::int64_t lo) {
    IMSPECT_REQUIRE(lo <= number.lo, "a number below the base it is written to");
    if (lo == number.lo) return number.bits;
    return narrowed(sum(number.bits, bits_of(static_cast<std::uint64_t>(number.lo - lo)), kFalse), lo, number.most());
}

Number Arithmetic::add(const Number& left, const Number& right) {
    const std::int64_t most = left.most() + right.most();
    return {left.lo + right.lo, narrowed(sum(left.bits, right.bits, kFalse), left.lo + right.lo, most), most};
}

Number Arithmetic::subtract(const Number& left, const Number& right) {
    // -x = ~x - (2^width - 1) for the unsigned x of the right-hand bits.
    std::vector<Literal> flipped = right.bits;
    for (Literal& literal : flipped) literal = negate(literal);
    const std::int64_t lo = left.lo - right.of_all_bits();
    const std::int64_t most = left.most() - right.lo;
    return {lo, narrowed(sum(left.bits, flipped, kFalse), lo, most), most};
}

Number Arithmetic::choose(Literal condition, const Number& then_value, const Number& else_value) {
    if (condition == kTrue) return then_value;
    if (condition == kFalse) return else_value;
    const std::int64_t lo = std::min(then_value.lo, else_value.lo);
    const std::vector<Literal> one = raised(then_value, lo);
    const std::vector<Literal> other = raised(else_value, lo);
    Number result{lo, {}, std::max(then_value.most(), else_value.most())};
    for (std::size_t i = 0; i < std::max(one.size(), other.size()); ++i) {
        result.bits.push_back(circuit_.choose(condition, bit(one, i), bit(other, i)));
    }
    trim(result.bits);
    return result;
}

Literal Arithmetic::equal(const Number& left, const Number& right) {
    if (left.lo > right.most() || right.lo > left.most()) return kFalse;
    const std::int64_t lo = std::min(left.lo, right.lo);
    const std::vector<Literal> one = raised(left, lo);
    const std::vector<Literal> other = raised(right, lo);
    std::vector<Literal> same;
    for (std::size_t i = 0; i < std::max(one.size(), other.size()); ++i) {
        same.push_back(circuit_.equal(bit(one, i), bit(other, i)));
    }
    return circuit_.all(same);
}

Literal Arithmetic::less(const Number& left, const Number& right) {
    if (left.most() < right.lo) return kTrue;
    if (left.lo >= right.most()) return kFalse;
    const std::int64_t lo = std::min(left.lo, right.lo);
    const std::vector<Literal> one = raised(left, lo);
    const std::vector<Literal> other = raised(right, lo);
    Literal result = kFalse;
    for (std::size_t i = 0; i < std::max(one.size(), other.size()); ++i) {
        const Literal l = bit(one, i);
        const Literal r = bit(other, i);
        result = circuit_.choose(circuit_.equal(l, r), result, r);
    }
    return result;
}

std::vector<Literal> Arithmetic::packed(const Number& number, std::int64_t lo, std::size_t width) {
    const std::uint64_t difference = static_cast<std::uint64_t>(number.lo - lo);  // modulo 2^64, as wanted
    const std::uint64_t mask = width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
    std::vector<Literal> bits = number.lo == lo ? number.bits : sum(number.bits, bits_of(difference & mask), kFalse);
    bits.resize(width, kFalse);
    return bits;
}

Number Arithmetic::count(const std::vector<Literal>& literals) {
    Number result = constant(0);
    for (const Literal literal : literals) result = add(result, truth(literal));
    return result;
}

}  // namespace imspect::symbolic
