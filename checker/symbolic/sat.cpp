#include "checker/symbolic/sat.h"

#include <cadical.hpp>

namespace imspect::symbolic {

SatSolver::SatSolver(Questions questions) : solver_(std::make_unique<CaDiCaL::Solver>()) {
    solver_->set("quiet", 1);  // it would print that a clause added is false already ("found falsified original clause"), which only means: no solution
    // Simplifying between questions pays off where one question takes longer than that.
    if (questions == Questions::kManySmall) solver_->configure("plain");
}

SatSolver::~SatSolver() = default;

SatLiteral SatSolver::variable() { return ++last_variable_; }

void SatSolver::add(std::span<const SatLiteral> clause) {
    for (const SatLiteral literal : clause) solver_->add(literal);
    solver_->add(0);
}

bool SatSolver::solve(std::span<const SatLiteral> assumptions) {
    constexpr int kSatisfiable = 10;
    constexpr int kUnsatisfiable = 20;
    ++queries_;
    core_.clear();
    for (const SatLiteral literal : assumptions) solver_->assume(literal);
    const int answer = solver_->solve();
    if (answer == kSatisfiable) return true;
    if (answer != kUnsatisfiable) throw SolverFailure("the SAT solver gave no answer");
    for (const SatLiteral literal : assumptions) {
        if (solver_->failed(literal)) core_.push_back(literal);
    }
    return false;
}

bool SatSolver::value(SatLiteral literal) const {
    const int value = solver_->val(literal > 0 ? literal : -literal);
    return (value > 0) == (literal > 0);
}

void Encoding::bind(Literal input, SatLiteral literal) {
    if (variables_.size() < circuit_.size()) variables_.resize(circuit_.size(), 0);
    variables_[node_of(input)] = literal;
}

void Encoding::encode_gate(Node node) {
    const auto operand = [&](Literal of) { return is_negated(of) ? -variables_[node_of(of)] : variables_[node_of(of)]; };
    const SatLiteral gate = variables_[node];
    const SatLiteral left = operand(circuit_.left(node));
    const SatLiteral right = operand(circuit_.right(node));
    solver_.add({-gate, left});
    solver_.add({-gate, right});
    solver_.add({gate, -left, -right});
}

void Encoding::encode(std::span<const Literal> literals) {
    variables_.resize(circuit_.size(), 0);
    if (variables_[0] == 0) {
        variables_[0] = solver_.variable();
        solver_.add({-variables_[0]});
    }
    for (const Node node : circuit_.cone(literals)) {
        if (variables_[node] != 0) continue;
        variables_[node] = solver_.variable();
        if (circuit_.is_gate(node)) encode_gate(node);
    }
}

SatLiteral Encoding::literal(Literal literal) {
    if (node_of(literal) >= variables_.size() || variables_[node_of(literal)] == 0) {
        const Literal roots[] = {literal};
        encode(roots);
    }
    const SatLiteral variable = variables_[node_of(literal)];
    return is_negated(literal) ? -variable : variable;
}

bool satisfiable(const Circuit& circuit, Literal goal) {
    SatSolver solver(Questions::kFewHard);
    Encoding encoding(solver, circuit);
    return solver.solve(std::vector<SatLiteral>{encoding.literal(goal)});
}

}  // namespace imspect::symbolic
