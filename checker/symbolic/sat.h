// An incremental SAT solver over numbered variables: CaDiCaL behind the smallest interface that the engines need.
//
// Variables are made by variable() and numbered from 1; a SatLiteral is the number or its negation, as in DIMACS. `Encoding`
// puts a circuit's gates into the solver once each, as the three clauses of Tseitin. The same circuit may be encoded many
// times over different variables: once for each step of an unrolling. Why CaDiCaL and not Z3: docs/dependencies.md.
// Thread-safety: one thread a solver.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "checker/symbolic/circuit.h"

namespace CaDiCaL {
class Solver;
}

namespace imspect::symbolic {

using SatLiteral = std::int32_t;

struct SolverFailure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What the solver is tuned to: IC3 asks thousands of small questions, unrollings some hard ones.
enum class Questions : std::uint8_t { kManySmall, kFewHard };

class SatSolver {
public:
    explicit SatSolver(Questions questions);
    ~SatSolver();
    SatSolver(const SatSolver&) = delete;
    SatSolver& operator=(const SatSolver&) = delete;

    SatLiteral variable();
    void add(std::span<const SatLiteral> clause);
    void add(std::initializer_list<SatLiteral> clause) { add(std::span(clause.begin(), clause.size())); }
    /// Whether the clauses have a solution under the assumptions.
    bool solve(std::span<const SatLiteral> assumptions);
    /// After a solve() that found one.
    [[nodiscard]] bool value(SatLiteral literal) const;
    /// After a solve() that found none: assumptions that together exclude every solution.
    [[nodiscard]] const std::vector<SatLiteral>& core() const { return core_; }
    [[nodiscard]] std::uint64_t queries() const { return queries_; }

private:
    std::unique_ptr<CaDiCaL::Solver> solver_;
    SatLiteral last_variable_ = 0;
    std::vector<SatLiteral> core_;
    std::uint64_t queries_ = 0;
};

class Encoding {
public:
    Encoding(SatSolver& solver, const Circuit& circuit) : solver_(solver), circuit_(circuit) {}
    /// Puts these literals and all gates below them into the solver, as far as they are not there yet.
    void encode(std::span<const Literal> literals);
    /// The solver's literal for an input or gate, encoded if it has to be.
    SatLiteral literal(Literal literal);
    /// Gives an input a variable that exists already.
    void bind(Literal input, SatLiteral literal);

private:
    void encode_gate(Node node);
    SatSolver& solver_;
    const Circuit& circuit_;
    std::vector<SatLiteral> variables_;  ///< by node; 0: not yet
};

/// Whether some assignment of the inputs makes `goal` true, asked of a solver that knows nothing else.
[[nodiscard]] bool satisfiable(const Circuit& circuit, Literal goal);

}  // namespace imspect::symbolic
