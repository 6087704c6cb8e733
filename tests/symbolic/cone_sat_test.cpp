// IC3's own SAT solver against enumeration, and what it says of a part of a machine against CaDiCaL, which sees all of it.
#include <algorithm>
#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "checker/symbolic/cone_step.h"
#include "checker/symbolic/justification.h"
#include "tests/oracle/random_system.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using symbolic::ConeSat;
using symbolic::Cube;

namespace {

using Clause = std::vector<std::int32_t>;

constexpr int kVariables = 9;

bool satisfied(const Clause& clause, unsigned assignment) {
    return std::any_of(clause.begin(), clause.end(), [&](std::int32_t literal) { return (((assignment >> std::abs(literal)) & 1U) != 0) == (literal > 0); });
}

bool has_solution(const std::vector<Clause>& clauses, const Clause& assumptions) {
    for (unsigned assignment = 0; assignment < (2U << kVariables); assignment += 2) {
        const bool assumed = std::all_of(assumptions.begin(), assumptions.end(), [&](std::int32_t one) { return satisfied({one}, assignment); });
        if (assumed && std::all_of(clauses.begin(), clauses.end(), [&](const Clause& clause) { return satisfied(clause, assignment); })) return true;
    }
    return false;
}

Clause random_literals(std::mt19937& random, unsigned most, int variables) {
    Clause literals;
    for (auto i = random() % (most + 1); i > 0; --i) {
        const auto variable = static_cast<std::int32_t>(1 + random() % static_cast<unsigned>(variables));
        literals.push_back(random() % 2 != 0 ? variable : -variable);
    }
    return literals;
}

struct Counts {
    int yes = 0, no = 0;
};

/// One solver, clauses and questions in turn, as IC3 has them.
void compare_questions(unsigned seed, Counts& counts) {
    std::mt19937 random(seed);
    ConeSat solver;
    std::vector<Clause> clauses;
    for (int i = 0; i < kVariables; ++i) solver.variable();
    for (int round = 0; round < 20; ++round) {
        for (auto i = random() % 4; i > 0; --i) {
            Clause clause = random_literals(random, 3, kVariables);
            clause.push_back(static_cast<std::int32_t>(1 + random() % kVariables));
            clauses.push_back(clause);
            solver.add(clause);
        }
        const Clause assumptions = random_literals(random, 4, kVariables);
        solver.begin_question();
        for (int variable = 1; variable <= kVariables; ++variable) solver.admit(variable);
        const bool expected = has_solution(clauses, assumptions);
        const std::optional<bool> got = solver.solve(assumptions, round % 3 == 0 ? 1 : 0);
        INFO("seed " << seed << ", round " << round);
        if (round % 3 != 0) REQUIRE(got.has_value());
        if (!got) continue;
        REQUIRE(*got == expected);
        ++(expected ? counts.yes : counts.no);
        if (expected) {
            unsigned assignment = 0;
            for (int variable = 1; variable <= kVariables; ++variable) assignment |= static_cast<unsigned>(solver.value(variable)) << variable;
            REQUIRE(std::all_of(clauses.begin(), clauses.end(), [&](const Clause& clause) { return satisfied(clause, assignment); }));
            REQUIRE(std::all_of(assumptions.begin(), assumptions.end(), [&](std::int32_t one) { return satisfied({one}, assignment); }));
        } else {
            for (const std::int32_t one : solver.core()) REQUIRE(std::find(assumptions.begin(), assumptions.end(), one) != assumptions.end());
            REQUIRE_FALSE(has_solution(clauses, solver.core()));
        }
    }
}

/// Random values for some latches after a step, and before it.
Cube random_cube(std::mt19937& random, std::size_t latches, std::size_t most) {
    Cube cube;
    for (std::size_t latch = 0; latch < latches; ++latch) {
        if (random() % latches >= most) continue;
        const auto number = static_cast<std::int32_t>(latch + 1);
        cube.push_back(random() % 2 != 0 ? number : -number);
    }
    return cube;
}

void compare_steps(unsigned seed, Counts& counts) {
    const oracle::Sample sample = oracle::make_sample({seed, {}, {}});
    auto translated = symbolic::translate(sample.system, nullptr);
    REQUIRE(translated.ok());
    symbolic::Machine machine = std::move(translated).value();
    symbolic::Slice slice;
    for (std::size_t latch = 0; latch < machine.latches.size(); ++latch) slice.latches.push_back(latch);
    slice.bad = machine.fired;
    symbolic::ConeStep part(machine, slice);
    symbolic::SatSolver whole(symbolic::Questions::kManySmall);
    const symbolic::EncodedStep step = symbolic::encode_step(machine, slice, whole, false);
    symbolic::Justification justification(machine, slice);
    std::mt19937 random(seed);
    for (int round = 0; round < 40; ++round) {
        const Cube after = random_cube(random, machine.latches.size(), 4);
        const Cube before = random_cube(random, machine.latches.size(), 3);
        part.begin_question();
        Clause of_part, of_whole;
        for (const std::int32_t literal : after) {
            part.about(machine.latches[symbolic::latch_of(literal)].next);
            of_part.push_back(part.next(literal));
            of_whole.push_back(symbolic::over(step.next, literal));
        }
        for (const std::int32_t literal : before) {
            of_part.push_back(part.now(literal));
            of_whole.push_back(symbolic::over(step.now, literal));
        }
        INFO("seed " << seed << ", round " << round);
        const bool expected = whole.solve(of_whole);
        REQUIRE(part.solver().solve(of_part) == expected);
        ++(expected ? counts.yes : counts.no);
        if (!expected) continue;
        // Whatever is not in the cube before the step, the rule leads into the cube after it.
        const symbolic::StateAndRule from = part.read();
        Clause certain;
        for (const std::int32_t literal : justification.into(after, from, part.below())) certain.push_back(symbolic::over(step.now, literal));
        for (std::size_t i = 0; i < step.choice.size(); ++i) certain.push_back(((from.rule >> i) & 1U) != 0 ? step.choice[i] : -step.choice[i]);
        for (const std::int32_t literal : after) {
            Clause otherwise = certain;
            otherwise.push_back(-symbolic::over(step.next, literal));
            REQUIRE_FALSE(whole.solve(otherwise));
        }
    }
}

}  // namespace

TEST_CASE("IC3's solver answers as enumeration does, with solutions that satisfy and cores that exclude") {
    Counts counts;
    for (unsigned seed = 1; seed <= tests::cases(400, 10); ++seed) compare_questions(seed, counts);
    CHECK(counts.yes > 100);
    CHECK(counts.no > 100);
}

TEST_CASE("A question about a part of a machine has the answer that the whole machine gives") {
    Counts counts;
    for (unsigned seed = 1; seed <= tests::cases(60, 10); ++seed) compare_steps(seed, counts);
    CHECK(counts.yes > 20);
    CHECK(counts.no > 20);
}
