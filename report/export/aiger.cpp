#include "report/export/aiger.h"

#include <fmt/format.h>

#include <algorithm>

#include "checker/symbolic/machine.h"

namespace imspect::exports {

namespace {

using monitor::ObserverKind;
using symbolic::Literal;
using symbolic::Machine;

/// One property's machine with its bad literal.
struct Part {
    std::string id;
    Machine machine;
    Literal bad = symbolic::kFalse;
};

class AigerWriter {
public:
    explicit AigerWriter(const std::vector<Part>& parts) : parts_(parts) {}

    std::string run() {
        inputs_ = parts_.empty() ? 0 : parts_[0].machine.choice.size();
        for (const Part& part : parts_) latches_ += part.machine.latches.size();
        next_variable_ = 1 + inputs_ + latches_;
        std::size_t first_latch = 1 + inputs_;
        for (const Part& part : parts_) {
            add_part(part, first_latch);
            first_latch += part.machine.latches.size();
        }
        return fmt::format("aig {} {} {} {} {}\n", next_variable_ - 1, inputs_, latches_, parts_.size(), next_variable_ - 1 - inputs_ - latches_) +
               next_lines_ + output_lines_ + gates_ + symbols();
    }

private:
    void add_part(const Part& part, std::size_t first_latch) {
        const Machine& machine = part.machine;
        std::vector<std::size_t> literals(machine.circuit.size(), 0);  // AIGER's, by node
        for (std::size_t i = 0; i < machine.choice.size(); ++i) literals[symbolic::node_of(machine.choice[i])] = 2 * (1 + i);
        for (std::size_t i = 0; i < machine.latches.size(); ++i) {
            literals[symbolic::node_of(machine.latches[i].now)] = 2 * (first_latch + i) + (machine.latches[i].initial ? 1 : 0);
        }
        const auto of = [&](Literal literal) { return literals[symbolic::node_of(literal)] ^ (symbolic::is_negated(literal) ? 1U : 0U); };
        std::vector<Literal> roots = {part.bad};
        for (const symbolic::Latch& latch : machine.latches) roots.push_back(latch.next);
        for (const symbolic::Node node : machine.circuit.cone(roots)) {
            if (!machine.circuit.is_gate(node)) continue;
            literals[node] = 2 * next_variable_++;
            add_gate(literals[node], of(machine.circuit.left(node)), of(machine.circuit.right(node)));
        }
        for (const symbolic::Latch& latch : machine.latches) next_lines_ += fmt::format("{}\n", of(latch.next) ^ (latch.initial ? 1U : 0U));
        output_lines_ += fmt::format("{}\n", of(part.bad));
    }

    void add_gate(std::size_t gate, std::size_t left, std::size_t right) {
        const std::size_t larger = std::max(left, right);
        add_delta(gate - larger);
        add_delta(larger - std::min(left, right));
    }

    /// Seven bits a byte, least significant first; the highest bit says that more follow.
    void add_delta(std::size_t delta) {
        for (; delta >= 0x80; delta >>= 7U) gates_ += static_cast<char>((delta & 0x7fU) | 0x80U);
        gates_ += static_cast<char>(delta);
    }

    std::string symbols() const {
        std::string text;
        for (std::size_t i = 0; i < inputs_; ++i) text += fmt::format("i{} choice.{}\n", i, i);
        std::size_t number = 0;
        for (const Part& part : parts_) {
            for (const symbolic::Latch& latch : part.machine.latches) {
                text += fmt::format("l{} {}:{}.{}\n", number++, part.id, part.machine.slots[latch.slot].name, latch.bit);
            }
        }
        for (std::size_t i = 0; i < parts_.size(); ++i) text += fmt::format("o{} {}\n", i, parts_[i].id);
        return text;
    }

    const std::vector<Part>& parts_;
    std::size_t inputs_ = 0;
    std::size_t latches_ = 0;
    std::size_t next_variable_ = 1;
    std::string next_lines_;
    std::string output_lines_;
    std::string gates_;
};

}  // namespace

Result<AigerModel> write_aiger(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers) {
    AigerModel model;
    std::vector<Part> parts;
    for (const monitor::Observer& observer : observers) {
        if (observer.kind != ObserverKind::kState && observer.kind != ObserverKind::kStep) {
            model.notes.push_back(observer.id + ": only what is always so has an output");
            continue;
        }
        Result<Machine> machine = symbolic::translate(system, &observer);
        if (!machine) return machine.error();
        Part part{observer.id, std::move(machine).value(), symbolic::kFalse};
        const symbolic::Target& target = part.machine.observed[0];
        part.bad = target.initially ? symbolic::kTrue
                                    : part.machine.circuit.any(std::vector<Literal>{target.at_state, target.at_step, part.machine.out_of_range});
        parts.push_back(std::move(part));
    }
    model.content = AigerWriter(parts).run();
    return model;
}

}  // namespace imspect::exports
