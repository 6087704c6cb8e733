#include "checker/symbolic/sat.h"

#include <optional>
#include <string>
#include <unordered_map>

#include <z3++.h>

namespace imspect::symbolic {

struct SatSolver::Z3 {
    z3::context context;
    z3::solver solver{context, "QF_FD"};
    std::vector<z3::expr> positive;  ///< by variable; the first is the constant true
    std::vector<z3::expr> negative;
    std::optional<z3::model> model;
    std::unordered_map<unsigned, SatLiteral> by_id;  ///< of Z3's expressions, for cores

    [[nodiscard]] const z3::expr& of(SatLiteral literal) const {
        return literal > 0 ? positive[static_cast<std::size_t>(literal)] : negative[static_cast<std::size_t>(-literal)];
    }
};

namespace {

template <typename Act>
auto guarded(Act&& act) {
    try {
        return act();
    } catch (const z3::exception& failure) {
        throw SolverFailure(std::string("Z3: ") + failure.msg());
    }
}

}  // namespace

SatSolver::SatSolver() {
    guarded([&] {
        z3_ = std::make_unique<Z3>();
        z3_->positive.push_back(z3_->context.bool_val(true));
        z3_->negative.push_back(z3_->context.bool_val(false));
    });
}

SatSolver::~SatSolver() = default;

SatLiteral SatSolver::variable() {
    return guarded([&] {
        const auto number = static_cast<SatLiteral>(z3_->positive.size());
        z3_->positive.push_back(z3_->context.constant(z3_->context.int_symbol(number), z3_->context.bool_sort()));
        z3_->negative.push_back(!z3_->positive.back());
        z3_->by_id.emplace(z3_->positive.back().id(), number);
        z3_->by_id.emplace(z3_->negative.back().id(), -number);
        return number;
    });
}

void SatSolver::add(std::span<const SatLiteral> clause) {
    guarded([&] {
        if (clause.size() == 1) return z3_->solver.add(z3_->of(clause[0]));
        z3::expr_vector literals(z3_->context);
        for (const SatLiteral literal : clause) literals.push_back(z3_->of(literal));
        z3_->solver.add(z3::mk_or(literals));
    });
}

bool SatSolver::solve(std::span<const SatLiteral> assumptions) {
    return guarded([&] {
        ++queries_;
        core_.clear();
        z3_->model.reset();
        z3::expr_vector assumed(z3_->context);
        for (const SatLiteral literal : assumptions) assumed.push_back(z3_->of(literal));
        const z3::check_result answer = z3_->solver.check(assumed);
        if (answer == z3::sat) {
            z3_->model.emplace(z3_->solver.get_model());
            return true;
        }
        if (answer == z3::unknown) throw SolverFailure("Z3 gave no answer: " + z3_->solver.reason_unknown());
        const z3::expr_vector core = z3_->solver.unsat_core();
        for (unsigned i = 0; i < core.size(); ++i) core_.push_back(z3_->by_id.at(core[static_cast<int>(i)].id()));
        return false;
    });
}

bool SatSolver::value(SatLiteral literal) const {
    return guarded([&] { return z3_->model->eval(z3_->of(literal), true).is_true(); });
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

}  // namespace imspect::symbolic
