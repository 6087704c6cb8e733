// A measure of states that every step makes smaller: where there is one, every run ends.
//
// A component is a sum of what values weigh: of variables, and of one field of every message in a channel. A step by a
// ground rule makes the component of that rule less and those before it no greater; so it makes the measure less in the
// lexicographic order, and there are finitely many states. Tokens weigh nothing. The claim is about every assignment of
// the latches, reachable or not, in a slot's domain or not: no invariant is needed, nor the shape of states.
// Paper: Alias, Darte, Feautrier, Gonnord, "Multi-dimensional rankings, program termination, and complexity bounds of
// flowchart programs" (2010), on lexicographic linear measures; the claim of each rule is a circuit here.
// Cost: a copy of what one rule does, for each rule. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/symbolic/certificate.h"
#include "checker/symbolic/number.h"
#include "checker/symbolic/isolation.h"
#include "model/ir/ground.h"

namespace imspect::symbolic {

/// Where a value is looked up: a slot, and for a message's field whether there is such a message.
struct Cell {
    static constexpr std::size_t kAlways = static_cast<std::size_t>(-1);
    std::size_t slot = 0;             ///< position in Machine::slots
    std::size_t length = kAlways;     ///< slot with the number of messages in the channel
    std::uint32_t position = 0;       ///< of the message; the cell counts where length > position
};

struct Measure {
    /// A variable, or one field of all messages in a channel: the cells weigh alike.
    struct Term {
        std::vector<Cell> cells;
        std::vector<std::int64_t> weights;  ///< by packed value
    };
    std::vector<std::vector<Term>> components;
    std::vector<std::uint32_t> component_of;  ///< by ground rule: the one that a step by it makes less
    [[nodiscard]] std::size_t weights() const;  ///< that are not 0, of all components
};

[[nodiscard]] Words pack(const Measure& measure);
[[nodiscard]] Measure unpack_measure(const Words& words);

/// What one rule does to the slots that a measure may weigh, in a circuit of its own.
struct RuleStep {
    Circuit circuit;
    Literal enabled = kFalse;
    std::vector<std::vector<Literal>> now, next;  ///< by slot and bit, `next` where the rule is enabled; none of tokens

    [[nodiscard]] bool changes(const Cell& cell) const;
    [[nodiscard]] static Literal present(Arithmetic& arithmetic, const std::vector<std::vector<Literal>>& state, const Cell& cell);
};

/// Copies of what the rules do.
class RuleSteps {
public:
    RuleSteps(const Machine& machine, const ir::System& system);
    [[nodiscard]] RuleStep of(std::size_t rule) const;
    /// The same within a circuit that begins as the machine's: what the slots become where the rule is chosen, by slot and bit.
    [[nodiscard]] std::vector<std::vector<Literal>> next_within(Circuit& circuit, std::size_t rule) const;
    /// What the slots are, by slot and bit, in the machine's circuit.
    [[nodiscard]] std::vector<std::vector<Literal>> now() const;

private:
    void copy(std::size_t rule, Circuit& circuit, std::vector<Literal>& values) const;
    [[nodiscard]] std::vector<std::vector<Literal>> by_slot(const std::vector<Literal>& values, bool next) const;

    const Machine& machine_;
    std::vector<bool> weighable_;  ///< by slot
    std::vector<Node> nodes_;
};

/// How a component changes between two states, which are given by slot and bit.
struct Change {
    Literal less = kFalse;
    Literal equal = kFalse;
};
[[nodiscard]] Change change_of(Circuit& circuit, const std::vector<std::vector<Literal>>& now, const std::vector<std::vector<Literal>>& next,
                               const std::vector<Measure::Term>& component);

/// Whether some step by the rule fails to make the component less, or, where it is not to, makes it greater.
[[nodiscard]] Literal fails_to_decrease(RuleStep& step, const std::vector<Measure::Term>& component, bool strictly);

/// One for each rule; the names name the rules.
[[nodiscard]] std::vector<Refutation> decrease_obligations(const ir::GroundSystem& system, const Machine& machine, const Measure& measure);

/// What does not hold of the measure, or nothing. Throws SolverFailure.
[[nodiscard]] std::optional<std::string> refute(const ir::GroundSystem& system, const Machine& machine, const Measure& measure);

/// A line a term, in the model's names and values.
[[nodiscard]] std::vector<std::string> for_people(const ir::GroundSystem& system, const Machine& machine, const std::vector<Measure::Term>& component);
[[nodiscard]] std::vector<std::string> for_people(const ir::GroundSystem& system, const Machine& machine, const Measure& measure);

}  // namespace imspect::symbolic
