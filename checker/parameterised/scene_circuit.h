// What a scene shows, as circuits: the view function of views.h over the numbers that a state's slots hold.
//
// `numbers` may be a machine's latches, what they become in a step, or constants; so the same circuit is the view before a
// step, after it, and of the initial state. Fields come in the order of ViewForm. Words are restricted to the messages of
// the UEs seen; tokens are named UE by UE in the order in which the view shows them, or by rank where their order matters.
// Invariant: for the numbers of a state, view() has the values that Views::view writes (tests compare).
// Cost: slots times messages, plus tokens shown squared. Thread-safety: extends the circuit, one thread.
#pragma once

#include <vector>

#include "checker/parameterised/cutoff.h"
#include "checker/parameterised/localise.h"
#include "checker/parameterised/view_cover.h"
#include "checker/symbolic/evaluator.h"

namespace imspect::parameterised {

class SceneCircuit {
public:
    using Number = symbolic::Number;
    using Literal = symbolic::Literal;

    SceneCircuit(symbolic::Circuit& circuit, const symbolic::SlotNumbers& numbers, const Localised& localised, const Shape& shape,
                 const Cutoff& cutoff);

    struct Token {
        std::size_t field = 0;        ///< of the view
        ir::DomainId domain = 0;
        std::vector<Literal> of;      ///< by replica seen: it is its
        bool operator==(const Token&) const = default;
    };
    struct Shown {
        std::vector<Number> fields;
        std::vector<Token> tokens;
    };
    /// The fields of the view of these replicas, in this order, tokens as they are.
    Shown shown_as_is(const ViewForm& form, const std::vector<std::uint32_t>& replicas, const std::vector<Number>& counts);
    /// The view. `named`: what was shown of these replicas where every token had its name already, as before a step; those that come
    /// before the first change keep it.
    std::vector<Number> view(const ViewForm& form, const std::vector<std::uint32_t>& replicas, const std::vector<Number>& counts,
                             const Shown* named = nullptr);
    /// Whether the replica has the quality of the aggregate.
    Literal has(std::size_t aggregate, std::uint32_t replica) { return evaluator_.truth(cutoff_.aggregates[aggregate].of[replica]); }
    Number shown(std::size_t aggregate, std::uint32_t replicas);
    Literal truth(ir::ExprId formula) { return evaluator_.truth(formula); }
    /// No replica has more than so many messages in a channel.
    Literal within(std::uint32_t messages);
    const Number& slot(ir::SlotId slot) const { return numbers_.numbers[numbers_.position(slot)]; }
    /// The position of a word holds a message.
    Literal there(std::size_t channel, std::size_t position);
    Literal owned_by(std::size_t channel, std::size_t position, std::uint32_t replica);
    /// By channel and position: the slot that says whose the message is.
    [[nodiscard]] ir::SlotId owner_slot(std::size_t channel, std::size_t position) const { return owner_slots_[channel][position]; }
    /// No sum was too wide for the circuit.
    [[nodiscard]] bool sound() const { return !evaluator_.too_wide(); }

private:
    /// A message of the view, or none.
    struct Message {
        std::vector<Literal> of;      ///< by replica seen: it is its; none is true where there is no message
        std::vector<Number> fields;
    };

    std::vector<Message> messages(std::size_t channel, std::size_t most, const std::vector<std::uint32_t>& replicas, Number& length);
    void name_tokens(Shown& shown, std::size_t replicas, const Shown* named);
    void name_in_order(std::vector<Number>& fields, const std::vector<Token>& tokens, std::size_t replicas, std::size_t named);
    void name_by_rank(std::vector<Number>& fields, const std::vector<Token>& tokens, std::size_t replicas);

    symbolic::Circuit& circuit_;
    symbolic::Arithmetic arithmetic_;
    const symbolic::SlotNumbers& numbers_;
    const Localised& localised_;
    const Shape& shape_;
    const Cutoff& cutoff_;
    symbolic::Evaluator evaluator_;
    std::vector<ir::SlotId> length_slots_;
    std::vector<std::vector<ir::SlotId>> owner_slots_;
};

}  // namespace imspect::parameterised
