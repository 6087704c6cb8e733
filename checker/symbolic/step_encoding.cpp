#include "checker/symbolic/step_encoding.h"

namespace imspect::symbolic {

EncodedStep encode_step(const Machine& machine, const Slice& slice, SatSolver& solver, bool with_shape) {
    Encoding encoding(solver, machine.circuit);
    std::vector<Literal> roots = machine.choice;
    for (const std::size_t latch : slice.latches) {
        roots.push_back(machine.latches[latch].now);
        roots.push_back(machine.latches[latch].next);
    }
    roots.push_back(slice.bad);
    if (with_shape) roots.insert(roots.end(), slice.shape.begin(), slice.shape.end());
    encoding.encode(roots);
    EncodedStep result;
    result.now.resize(machine.latches.size(), 0);
    result.next.resize(machine.latches.size(), 0);
    for (const std::size_t latch : slice.latches) {
        result.now[latch] = encoding.literal(machine.latches[latch].now);
        result.next[latch] = encoding.literal(machine.latches[latch].next);
    }
    for (const Literal choice : machine.choice) result.choice.push_back(encoding.literal(choice));
    result.bad = encoding.literal(slice.bad);
    if (!with_shape) return result;
    for (const Literal condition : slice.shape) solver.add({encoding.literal(condition)});
    return result;
}

StateAndRule read_step(const Machine& machine, const Slice& slice, const SatSolver& solver, const EncodedStep& step) {
    StateAndRule result;
    for (const std::size_t latch : slice.latches) {
        const auto number = static_cast<std::int32_t>(latch + 1);
        result.state.push_back(solver.value(step.now[latch]) ? number : -number);
    }
    std::vector<bool> bits;
    for (const SatLiteral choice : step.choice) bits.push_back(solver.value(choice));
    result.rule = static_cast<std::uint32_t>(machine.chosen_rule(bits));
    return result;
}

}  // namespace imspect::symbolic
