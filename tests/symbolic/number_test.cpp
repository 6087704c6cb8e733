// Integers over a circuit, against integers: every operation on every assignment, and no bit more than the values need.
#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <string>

#include "checker/symbolic/number.h"

using namespace imspect;
using symbolic::Arithmetic;
using symbolic::Circuit;
using symbolic::Literal;
using symbolic::Number;

namespace {

/// Six inputs, so that the 64 lanes are all assignments.
struct Operands {
    Circuit circuit;
    Arithmetic arithmetic{circuit};
    std::vector<Literal> inputs;
    std::vector<std::pair<Number, std::function<std::int64_t(unsigned)>>> numbers;

    Operands() {
        for (int i = 0; i < 6; ++i) inputs.push_back(circuit.input());
        const auto lane_bits = [](unsigned first, unsigned width, std::int64_t lo) {
            return [=](unsigned lane) { return lo + static_cast<std::int64_t>((lane >> first) & ((1U << width) - 1)); };
        };
        numbers.emplace_back(Number{-2, {inputs[0], inputs[1], inputs[2]}}, lane_bits(0, 3, -2));
        numbers.emplace_back(Number{3, {inputs[3], inputs[4]}}, lane_bits(3, 2, 3));
        numbers.emplace_back(Arithmetic::truth(inputs[5]), lane_bits(5, 1, 0));
        numbers.emplace_back(Arithmetic::constant(5), [](unsigned) { return 5; });
    }

    std::int64_t value(const Number& number, unsigned lane) const {
        symbolic::Valuation values(circuit);
        for (std::size_t i = 0; i < inputs.size(); ++i) values.set_all(inputs[i], ((lane >> i) & 1U) != 0);
        values.propagate();
        std::int64_t result = number.lo;
        for (std::size_t bit = 0; bit < number.bits.size(); ++bit) result += values(number.bits[bit], 0) ? std::int64_t{1} << bit : 0;
        return result;
    }
};

}  // namespace

TEST_CASE("sums, differences, choices and comparisons of numbers have the values of integers under every assignment") {
    Operands operands;
    Arithmetic& arithmetic = operands.arithmetic;
    // Results are operands in their turn: bounds have to stay true through several operations.
    for (const std::size_t first : {0U, 1U, 2U}) {
        const Number a = operands.numbers[first].first;
        const Number b = operands.numbers[(first + 1) % 4].first;
        const auto value_a = operands.numbers[first].second;  // Clang 14 can't capture structured bindings
        const auto value_b = operands.numbers[(first + 1) % 4].second;
        operands.numbers.emplace_back(arithmetic.add(a, b), [=](unsigned lane) { return value_a(lane) + value_b(lane); });
        operands.numbers.emplace_back(arithmetic.subtract(a, b), [=](unsigned lane) { return value_a(lane) - value_b(lane); });
        operands.numbers.emplace_back(arithmetic.choose(operands.inputs[5], a, b),
                                      [=](unsigned lane) { return (lane >> 5U) != 0 ? value_a(lane) : value_b(lane); });
    }
    for (std::size_t i = 0; i < operands.numbers.size(); ++i) {
        for (std::size_t j = 0; j < operands.numbers.size(); ++j) {
            const auto& [a, value_a] = operands.numbers[i];
            const auto& [b, value_b] = operands.numbers[j];
            const Number sum = arithmetic.add(a, b);
            const Number difference = arithmetic.subtract(a, b);
            const Number equal = Arithmetic::truth(arithmetic.equal(a, b));
            const Number less = Arithmetic::truth(arithmetic.less(a, b));
            for (unsigned lane = 0; lane < 64; ++lane) {
                const std::int64_t x = value_a(lane);
                const std::int64_t y = value_b(lane);
                const std::vector<std::int64_t> wanted = {x, x + y, x - y, x == y, x < y};
                const std::vector<std::int64_t> found = {operands.value(a, lane), operands.value(sum, lane), operands.value(difference, lane),
                                                         operands.value(equal, lane), operands.value(less, lane)};
                INFO("numbers " << i << " and " << j << ", assignment " << lane);
                REQUIRE(found == wanted);
                REQUIRE(x <= a.most());
                REQUIRE(x + y <= sum.most());
                REQUIRE(x - y <= difference.most());
            }
        }
    }
}

TEST_CASE("a sum of many truth values is only as wide as its greatest value") {
    Circuit circuit;
    Arithmetic arithmetic(circuit);
    std::vector<Literal> literals;
    for (int i = 0; i < 100; ++i) literals.push_back(circuit.input());
    const Number count = arithmetic.count(literals);
    CHECK(count.bits.size() == 7);
    CHECK(count.most() == 100);
}
