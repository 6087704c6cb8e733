#include "report/export/smtlib.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "checker/symbolic/slice.h"
#include "report/export/one_line.h"

namespace imspect::exports {

namespace {

using monitor::ObserverKind;
using symbolic::Circuit;
using symbolic::Literal;
using symbolic::Machine;
using symbolic::Node;
using symbolic::Slice;

/// Names in bars may hold anything but bars and backslashes.
std::string in_bars(std::string text) {
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '|' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }, '_');
    return "|" + text + "|";
}

class HornWriter {
public:
    HornWriter(const Machine& machine, const Slice& slice) : machine_(machine), slice_(slice) {
        for (const std::size_t latch : slice.latches) {
            const symbolic::Latch& declared = machine.latches[latch];
            const std::string name = fmt::format("{}.{}", machine.slots[declared.slot].name, declared.bit);
            names_[symbolic::node_of(declared.now)] = unique(in_bars(name));
            next_names_.push_back(unique(in_bars(name + "'")));
        }
        for (std::size_t i = 0; i < machine.choice.size(); ++i) names_[symbolic::node_of(machine.choice[i])] = unique(fmt::format("|choice.{}|", i));
    }

    std::string run() const {
        const std::size_t arity = slice_.latches.size();
        std::string sorts;
        for (std::size_t i = 0; i < arity; ++i) sorts += i == 0 ? "Bool" : " Bool";
        return fmt::format("(set-logic HORN)\n(declare-fun Inv ({}) Bool)\n\n; the initial state\n{}\n; a step\n{}\n; what must not be\n{}\n(check-sat)\n",
                           sorts, clause(now_names(), initial(), atom(now_names())), step(), query());
    }

private:
    std::string unique(const std::string& name) {
        std::string result = name;
        for (int i = 2; !taken_.insert(result).second; ++i) result = fmt::format("{}#{}|", name.substr(0, name.size() - 1), i);
        return result;
    }

    std::vector<std::string> now_names() const {
        std::vector<std::string> names;
        for (const std::size_t latch : slice_.latches) names.push_back(names_.at(symbolic::node_of(machine_.latches[latch].now)));
        return names;
    }

    static std::string atom(const std::vector<std::string>& arguments) {
        return arguments.empty() ? "Inv" : fmt::format("(Inv {})", fmt::join(arguments, " "));
    }

    static std::string clause(const std::vector<std::string>& variables, const std::string& body, const std::string& head) {
        std::string declared;
        for (const std::string& name : variables) declared += fmt::format("({} Bool) ", name);
        if (!declared.empty()) declared.pop_back();
        const std::string implication = fmt::format("(=> {}\n    {})", body, head);
        return variables.empty() ? fmt::format("(assert {})\n", implication) : fmt::format("(assert (forall ({})\n  {}))\n", declared, implication);
    }

    std::string initial() const {
        std::string text = "(and true";
        for (const std::size_t latch : slice_.latches) {
            const std::string& name = names_.at(symbolic::node_of(machine_.latches[latch].now));
            text += machine_.latches[latch].initial ? " " + name : fmt::format(" (not {})", name);
        }
        return text + ")";
    }

    std::string step() const {
        std::vector<Literal> roots;
        for (const std::size_t latch : slice_.latches) roots.push_back(machine_.latches[latch].next);
        std::string equations = "(and true";
        for (std::size_t i = 0; i < roots.size(); ++i) equations += fmt::format(" (= {} {})", next_names_[i], operand(roots[i]));
        std::vector<std::string> variables = with_choice(roots);
        variables.insert(variables.end(), next_names_.begin(), next_names_.end());
        return clause(variables, fmt::format("(and {} {})", atom(now_names()), with_gates(roots, equations + ")")), atom(next_names_));
    }

    std::string query() const {
        const std::vector<Literal> roots = {slice_.bad};
        return clause(with_choice(roots), fmt::format("(and {} {})", atom(now_names()), with_gates(roots, operand(slice_.bad))), "false");
    }

    /// The state's bits, and those of the choice that matter.
    std::vector<std::string> with_choice(const std::vector<Literal>& roots) const {
        std::vector<std::string> variables = now_names();
        const std::vector<Node> cone = machine_.circuit.cone(roots);
        for (const Literal bit : machine_.choice) {
            if (std::binary_search(cone.begin(), cone.end(), symbolic::node_of(bit))) variables.push_back(names_.at(symbolic::node_of(bit)));
        }
        return variables;
    }

    std::string operand(Literal literal) const {
        if (literal == symbolic::kTrue) return "true";
        if (literal == symbolic::kFalse) return "false";
        const Node node = symbolic::node_of(literal);
        const std::string name = machine_.circuit.is_gate(node) ? fmt::format("n{}", node) : names_.at(node);
        return symbolic::is_negated(literal) ? fmt::format("(not {})", name) : name;
    }

    /// Gates as lets, those of one depth side by side: as deep as the circuit, not as long as the list of its gates.
    std::string with_gates(const std::vector<Literal>& roots, const std::string& body) const {
        const Circuit& circuit = machine_.circuit;
        std::map<Node, std::size_t> depths;
        std::vector<std::string> levels;
        for (const Node node : circuit.cone(roots)) {
            if (!circuit.is_gate(node)) continue;
            const auto depth_of = [&](Literal literal) {
                const auto found = depths.find(symbolic::node_of(literal));
                return found == depths.end() ? std::size_t{0} : found->second;
            };
            const std::size_t depth = 1 + std::max(depth_of(circuit.left(node)), depth_of(circuit.right(node)));
            depths[node] = depth;
            if (levels.size() < depth) levels.resize(depth);
            levels[depth - 1] += fmt::format(" (n{} (and {} {}))", node, operand(circuit.left(node)), operand(circuit.right(node)));
        }
        std::string text;
        for (const std::string& level : levels) text += fmt::format("\n    (let ({})", level.substr(1));
        return text + (levels.empty() ? "" : "\n    ") + body + std::string(levels.size(), ')');
    }

    const Machine& machine_;
    const Slice& slice_;
    std::map<Node, std::string> names_;    ///< of latches and choices
    std::vector<std::string> next_names_;  ///< by position in the slice
    std::set<std::string> taken_;
};

}  // namespace

Result<SmtlibModel> write_smtlib(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers) {
    SmtlibModel model;
    std::string blocks;
    for (const monitor::Observer& observer : observers) {
        if (observer.kind != ObserverKind::kState && observer.kind != ObserverKind::kStep) {
            model.notes.push_back(observer.id + ": only what is always so is a Horn query");
            continue;
        }
        Result<Machine> translated = symbolic::translate(system, &observer);
        if (!translated) return translated.error();
        Machine machine = std::move(translated).value();
        Slice slice = symbolic::slice_for(machine, machine.observed[0]);
        if (machine.observed[0].initially) slice = {symbolic::kTrue, {}, {}};
        blocks += fmt::format("{}\n; {}{}: {} of {} bits of the state matter\n{}", blocks.empty() ? "" : "\n(reset)", one_line(observer.id),
                              observer.meaning.empty() ? "" : ", " + one_line(observer.meaning), slice.latches.size(), machine.latches.size(),
                              HornWriter(machine, slice).run());
    }
    model.text = fmt::format("; {}: constrained Horn clauses, written by imspect export --to smtlib.\n"
                             "; One (check-sat) a property. sat: the property holds. unsat: it is violated, or a step leaves a domain.\n",
                             one_line(system.system->name));
    for (const std::string& note : model.notes) model.text += "; Not exported: " + one_line(note) + "\n";
    model.text += blocks;
    return model;
}

}  // namespace imspect::exports
