#include "checker/symbolic/smtlib.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include <fmt/format.h>

namespace imspect::symbolic {

namespace {

/// What a cube says of one slot: the values that agree with its bits.
std::string slot_condition(const Machine& machine, const ir::System& system, std::size_t slot, const std::map<unsigned, bool>& bits) {
    const MachineSlot& declared = machine.slots[slot];
    if (declared.relation) return bits.at(0) ? declared.name : fmt::format("not ({})", declared.name);
    const ir::Domain& domain = system.domains[declared.domain];
    std::vector<std::string> values;
    std::vector<std::string> others;
    for (ir::Value value = declared.lo; value <= declared.hi; ++value) {
        const bool fits = std::all_of(bits.begin(), bits.end(), [&](const auto& bit) {
            return bit_of(declared.code, declared.lo, bit.first, value) == bit.second;
        });
        (fits ? values : others).push_back(domain.value_name(value));
    }
    if (values.size() == 1) return fmt::format("{} = {}", declared.name, values[0]);
    if (others.size() == 1) return fmt::format("{} != {}", declared.name, others[0]);
    return fmt::format("{} in {{{}}}", declared.name, fmt::join(values, ", "));
}

std::string clause_for_people(const Machine& machine, const ir::System& system, const Cube& cube) {
    std::map<std::size_t, std::map<unsigned, bool>> by_slot;
    for (const std::int32_t literal : cube) {
        const Latch& latch = machine.latches[static_cast<std::size_t>(std::abs(literal)) - 1];
        by_slot[latch.slot][latch.bit] = literal > 0;
    }
    std::vector<std::string> conditions;
    for (const auto& [slot, bits] : by_slot) conditions.push_back(slot_condition(machine, system, slot, bits));
    return fmt::format("not ({})", fmt::join(conditions, " and "));
}

void write_obligation(std::string& text, const Refutation& refutation) {
    text += fmt::format("\n; {}\n(reset)\n(set-logic QF_UF)\n", refutation.name);
    const Literal roots[] = {refutation.goal};
    append_gates(text, refutation.circuit, roots);
    text += fmt::format("(assert {})\n(check-sat)\n", name_in_smtlib(refutation.goal));
}

}  // namespace

std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

std::string name_in_smtlib(Literal literal) {
    if (literal == kTrue) return "true";
    if (literal == kFalse) return "false";
    return is_negated(literal) ? fmt::format("(not n{})", node_of(literal)) : fmt::format("n{}", node_of(literal));
}

void append_gates(std::string& text, const Circuit& circuit, std::span<const Literal> roots) {
    for (const Node node : circuit.cone(roots)) {
        if (circuit.is_gate(node)) {
            text += fmt::format("(define-fun n{} () Bool (and {} {}))\n", node, name_in_smtlib(circuit.left(node)), name_in_smtlib(circuit.right(node)));
        } else {
            text += fmt::format("(declare-const n{} Bool)\n", node);
        }
    }
}

std::string as_smtlib(const Machine& machine, const Slice& slice, const Certificate& certificate, const ir::System& system,
                      const std::string& property) {
    std::string text = one_line(fmt::format("; {} of {}: every (check-sat) must answer unsat.", property, system.name)) + "\n";
    if (certificate.depth > 0) {
        text += fmt::format("; Induction over {} steps{}: no bad state in the first {}, none after as many good ones.\n", certificate.depth,
                            certificate.simple_path ? ", on paths without a repeated state" : "", certificate.depth);
    } else {
        text += slice.shape.empty() ? "; The invariant:\n" : "; The invariant: every slot lies in its domain, the tokens in use are 1..k, and\n";
        for (const Cube& cube : certificate.excluded) text += ";   " + one_line(clause_for_people(machine, system, cube)) + "\n";
    }
    for (const Refutation& refutation : obligations(machine, slice, certificate)) write_obligation(text, refutation);
    return text;
}

std::string as_smtlib(const ir::GroundSystem& system, const Machine& machine, const Measure& measure) {
    std::string text = "\n; Every run ends: each step makes this measure of states smaller, whatever the state. What weighs, and how much:\n";
    for (const std::string& line : for_people(system, machine, measure)) text += ";   " + one_line(line) + "\n";
    for (const Refutation& refutation : decrease_obligations(system, machine, measure)) write_obligation(text, refutation);
    return text;
}

}  // namespace imspect::symbolic
