// One step of a machine in a solver that looks only at what a question is about.
//
// The slice's relation is put into a ConeSat once. A question names literals of the circuit with about(): what is below
// them is admitted, and kept in an order of evaluation for whoever reads the solution off the circuit. Conjunctions that
// nobody else looks into are one clause, choices (if-then-else) four clauses, without variables within them.
// See Eén, Mishchenko, Sörensson, "Applying logic synthesis for speeding up SAT" (2007).
// Cost: about() visits what is below its literal. Thread-safety: one thread.
#pragma once

#include <vector>

#include "checker/symbolic/cone_sat.h"
#include "checker/symbolic/step_encoding.h"

namespace imspect::symbolic {

class ConeStep {
public:
    ConeStep(const Machine& machine, const Slice& slice);

    [[nodiscard]] ConeSat& solver() { return solver_; }
    [[nodiscard]] SatLiteral literal(Literal literal) const;
    [[nodiscard]] SatLiteral now(std::int32_t cube_literal) const { return signed_like(cube_literal, machine_.latches[latch_of(cube_literal)].now); }
    [[nodiscard]] SatLiteral next(std::int32_t cube_literal) const { return signed_like(cube_literal, machine_.latches[latch_of(cube_literal)].next); }

    void begin_question();
    void about(Literal literal);
    [[nodiscard]] const std::vector<Node>& below() const { return below_; }
    /// What the last solution says of the state and the rule; only latches that the question was about.
    [[nodiscard]] StateAndRule read() const;

private:
    void number_nodes(const std::vector<Literal>& roots);
    void encode(Node node);
    bool encode_choice(Node node);
    void gather(Literal literal, std::vector<SatLiteral>& operands) const;
    [[nodiscard]] SatLiteral signed_like(std::int32_t sign, Literal of) const { return sign > 0 ? literal(of) : -literal(of); }
    [[nodiscard]] bool inner(Literal literal) const { return variables_[node_of(literal)] == 0; }

    const Machine& machine_;
    ConeSat solver_;
    std::vector<SatLiteral> variables_;     ///< by node; 0: none, since its only reader's clauses do without
    std::vector<std::size_t> latch_at_;     ///< by node; behind the last latch: none
    std::vector<std::uint32_t> visited_;    ///< by node: the last question about it
    std::uint32_t question_ = 0;
    std::vector<Node> below_;
    std::vector<Node> open_;
};

}  // namespace imspect::symbolic
