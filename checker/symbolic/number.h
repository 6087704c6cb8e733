// Integers of small range as bits over a circuit.
//
// A Number is `lo` plus the unsigned value of its bits, least significant first: the encoding in which a state is packed
// (exec/layout.h), so a slot takes as many Booleans as it takes bits there. Operations widen as they must and drop high
// bits that no value within the operands' bounds reaches, so nothing ever wraps within them and a sum of n truth values
// has log n bits, not n.
// Cost: gates linear in the width. Thread-safety: as the circuit's.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/symbolic/circuit.h"

namespace imspect::symbolic {

struct Number {
    std::int64_t lo = 0;
    std::vector<Literal> bits;

    std::optional<std::int64_t> bound = std::nullopt;  ///< no value is greater, where that is less than the bits allow

    bool operator==(const Number&) const = default;  ///< the same literals, not the same value

    /// The greatest value that there can be.
    [[nodiscard]] std::int64_t most() const { return bound ? *bound : of_all_bits(); }
    [[nodiscard]] std::int64_t of_all_bits() const { return lo + (std::int64_t{1} << bits.size()) - 1; }
};

class Arithmetic {
public:
    explicit Arithmetic(Circuit& circuit) : circuit_(circuit) {}

    [[nodiscard]] static Number constant(std::int64_t value) { return {value, {}}; }
    [[nodiscard]] static Number truth(Literal literal);
    /// The truth value of a number that is 0 or 1.
    Literal literal(const Number& number);

    Number add(const Number& left, const Number& right);
    Number subtract(const Number& left, const Number& right);
    Number choose(Literal condition, const Number& then_value, const Number& else_value);
    Literal equal(const Number& left, const Number& right);
    Literal less(const Number& left, const Number& right);
    Literal less_equal(const Number& left, const Number& right) { return negate(less(right, left)); }
    /// Exactly `width` bits of number - lo; what they mean outside 0..2^width-1 is its value modulo 2^width.
    std::vector<Literal> packed(const Number& number, std::int64_t lo, std::size_t width);
    /// How many of the literals are true.
    Number count(const std::vector<Literal>& literals);

private:
    std::vector<Literal> sum(const std::vector<Literal>& left, const std::vector<Literal>& right, Literal carry);
    std::vector<Literal> raised(const Number& number, std::int64_t lo);

    Circuit& circuit_;
};

}  // namespace imspect::symbolic
