#include "checker/symbolic/second_opinion.h"

#include <string>
#include <vector>

#include <z3++.h>

#include "checker/symbolic/sat.h"

namespace imspect::symbolic {

namespace {

/// One formula, put as an assertion: what Z3 is only told to assume for a question it does not simplify by, and a thousand
/// small questions of that kind take it twenty times as long as this one.
bool ask_z3(const Circuit& circuit, Literal goal) {
    z3::context context;
    z3::solver solver(context, "QF_FD");
    std::vector<z3::expr> terms(circuit.size(), context.bool_val(false));
    const auto term = [&](Literal literal) { return is_negated(literal) ? !terms[node_of(literal)] : terms[node_of(literal)]; };
    const Literal roots[] = {goal};
    for (const Node node : circuit.cone(roots)) {
        if (circuit.is_gate(node)) {
            terms[node] = term(circuit.left(node)) && term(circuit.right(node));
        } else {
            terms[node] = context.constant(context.int_symbol(static_cast<int>(node)), context.bool_sort());
        }
    }
    solver.add(term(goal));
    const z3::check_result answer = solver.check();
    if (answer == z3::unknown) throw SolverFailure("Z3 gave no answer: " + solver.reason_unknown());
    return answer == z3::sat;
}

}  // namespace

bool has_model(const Circuit& circuit, Literal goal) {
    try {
        return ask_z3(circuit, goal);
    } catch (const z3::exception& failure) {
        throw SolverFailure(std::string("Z3: ") + failure.msg());
    }
}

}  // namespace imspect::symbolic
