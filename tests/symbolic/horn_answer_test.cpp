// What Spacer says is read exactly or not at all.
#include "checker/symbolic/horn_answer.h"

#include <catch2/catch.hpp>

#include "checker/symbolic/sat.h"

using namespace imspect;
using symbolic::Cube;

namespace {

z3::expr variable(z3::context& context, unsigned index) { return {context, Z3_mk_bound(context, index, context.bool_sort())}; }

/// Whether the formula is true of a state, by Z3's own simplifier.
bool true_of(const z3::expr& formula, unsigned state, unsigned bits) {
    z3::expr_vector values(formula.ctx());
    for (unsigned i = 0; i < bits; ++i) values.push_back(formula.ctx().bool_val(((state >> i) & 1U) != 0));
    z3::expr copy = formula;
    return copy.substitute(values).simplify().is_true();
}

bool inside(const Cube& cube, unsigned state) {
    return std::all_of(cube.begin(), cube.end(), [&](std::int32_t literal) {
        const auto bit = static_cast<unsigned>(std::abs(literal) - 1) / 2;
        return (((state >> bit) & 1U) != 0) == (literal > 0);
    });
}

}  // namespace

TEST_CASE("an invariant read as cubes excludes exactly the states in which the formula is false") {
    z3::context context;
    symbolic::Slice slice;
    slice.latches = {0, 2, 4};  // not each latch belongs to the slice
    const z3::expr a = variable(context, 0);
    const z3::expr b = variable(context, 1);
    const z3::expr c = variable(context, 2);
    for (const z3::expr& formula : {a || !b || c, !(a && b) && (c || !c), a == b, a != c, z3::implies(a, b && !c), z3::ite(a, b, !c), !z3::implies(a, b),
                                    !z3::ite(a, b || c, c), !(a || (b == c)), context.bool_val(true), context.bool_val(false), !a}) {
        INFO(formula.to_string());
        const std::vector<Cube> cubes = symbolic::cubes_of(formula, slice);
        for (unsigned state = 0; state < 8; ++state) {
            const bool excluded = std::any_of(cubes.begin(), cubes.end(), [&](const Cube& cube) { return inside(cube, state); });
            CHECK(excluded != true_of(formula, state, 3));
        }
    }
}

TEST_CASE("an invariant that speaks of anything but the model's bits is refused by the symbol's name") {
    z3::context context;
    symbolic::Slice slice;
    slice.latches = {0};
    const z3::expr bit = context.parse_string("(declare-const hidden (_ BitVec 4)) (assert ((_ bit2bool 0) hidden))")[0];
    CHECK_THROWS_WITH(symbolic::cubes_of(variable(context, 0) || bit, slice), Catch::Contains("bit2bool"));
    CHECK_THROWS_WITH(symbolic::cubes_of(context.bool_const("aux!7"), slice), Catch::Contains("aux!7"));
    CHECK_THROWS_AS(symbolic::cubes_of(variable(context, 1), slice), symbolic::SolverFailure);
}
