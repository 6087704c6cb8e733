#include "report/export/dot.h"

#include <map>
#include <vector>

#include <fmt/format.h>

#include "model/exec/stepper.h"

namespace imspect::exports {

namespace {

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out;
}

std::string state_label(const ir::GroundSystem& system, const exec::Layout& layout, const exec::State& state, const exec::State& initial) {
    std::string text;
    for (ir::SlotId slot = 0; slot < system.variables.size(); ++slot) {
        const ir::Value value = layout.get(state.data(), slot);
        if (value == layout.get(initial.data(), slot)) continue;
        text += escaped(system.variables[slot].name + " = " + system.domain_of(slot).value_name(value)) + "\\l";
    }
    return text.empty() ? "initial" : text;
}

}  // namespace

Result<std::string> write_dot(const ir::GroundSystem& system, std::size_t most) {
    const exec::Stepper stepper(system);
    const exec::State initial = stepper.initial();
    std::map<exec::State, std::size_t> numbers = {{initial, 0}};
    std::vector<exec::State> states = {initial};
    exec::State next(stepper.words());
    std::string edges;
    std::string nodes;
    for (std::size_t from = 0; from < states.size(); ++from) {
        const exec::State state = states[from];
        bool terminal = true;
        for (std::size_t rule = 0; rule < stepper.rule_count(); ++rule) {
            const exec::Step step = stepper.successor(rule, state.data(), next.data());
            if (step.kind == exec::StepKind::kOutOfRange) return Error{"model", stepper.describe(rule, step), {}, {}, {}};
            if (step.kind != exec::StepKind::kFired) continue;
            terminal = false;
            const auto [entry, is_new] = numbers.emplace(next, states.size());
            if (is_new) states.push_back(next);
            if (states.size() > most) {
                return Error{"too-large", fmt::format("the system '{}' has more than {} states, too many to draw; --to promela and --to json have no limit",
                                                      system.system->name, most), {}, {}, {}};
            }
            edges += fmt::format("  s{} -> s{} [label=\"{}\"];\n", from, entry->second, escaped(system.rules[rule].name));
        }
        nodes += fmt::format("  s{} [label=\"{}\"{}];\n", from, state_label(system, stepper.layout(), state, initial), terminal ? ", peripheries=2" : "");
    }
    return fmt::format("digraph \"{}\" {{\n  node [shape=box, fontname=\"monospace\"];\n{}{}}}\n", escaped(system.system->name), nodes, edges);
}

}  // namespace imspect::exports
