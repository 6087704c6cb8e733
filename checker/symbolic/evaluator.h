// Ground expressions as numbers over a circuit: what exec::Code does on words, done on bits.
//
// An Environment says what Op::kSlot, Op::kOldSlot and Op::kFresh stand for, so the same expression can be taken over the
// state before a step, after it, or between two registers' updates. A result is remembered by expression; an evaluator
// whose environment changes has to be made anew.
// Cost: linear in the expression's distinct nodes. Thread-safety: as the circuit's.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "checker/symbolic/codes.h"
#include "checker/symbolic/relations.h"
#include "model/ir/ground.h"

namespace imspect::symbolic {

/// Slots by position: the system's, then registers, which have numbers of their own.
struct SlotNumbers {
    std::size_t of_system = 0;
    std::map<ir::SlotId, std::size_t> of_register;  ///< positions
    std::vector<Number> numbers;
    std::vector<std::vector<Literal>> bits;  ///< by position: the latches, and what they are the code of
    std::vector<Code> codes;
    std::vector<ir::Value> lo;

    [[nodiscard]] std::size_t position(ir::SlotId slot) const { return slot < of_system ? slot : of_register.at(slot); }
};

struct Environment {
    const SlotNumbers* now = nullptr;
    const SlotNumbers* before = nullptr;          ///< Op::kOldSlot
    const std::vector<Number>* fresh = nullptr;   ///< by domain: tokens in use, so the k-th fresh one is this + 1 + k
    TokenRelations* relations = nullptr;          ///< tokens have no numbers, where this is given
    std::optional<std::size_t> after_rule = std::nullopt;  ///< `relations`: `now` is the state after this rule's step, not before
};

class Evaluator {
public:
    Evaluator(Circuit& circuit, const ir::ExprPool& pool, Environment environment)
        : arithmetic_(circuit), circuit_(circuit), pool_(pool), environment_(environment) {}

    const Number& number(ir::ExprId id);
    Literal truth(ir::ExprId id) { return arithmetic_.literal(number(id)); }
    /// The number is at least, or is, the value; of a slot in order or direct code that is a latch.
    Literal at_least(ir::ExprId id, std::int64_t value);
    Literal is(ir::ExprId id, std::int64_t value);
    /// The bits of a code of the number; what is said of values that have none is of no use.
    std::vector<Literal> coded(ir::ExprId id, Code code, ir::Value lo, unsigned width);
    /// Where tokens are relations, an expression that is one.
    TokenTerm token(ir::ExprId id);
    /// Some sum needs more than 31 bits: exec wraps there, we do not, so the translation is not to be used.
    [[nodiscard]] bool too_wide() const { return too_wide_; }

private:
    Number compute(const ir::ExprNode& node);
    Number junction(const ir::ExprNode& node);
    Number comparison(const ir::ExprNode& node);
    Literal compute_at_least(ir::ExprId id, std::int64_t value);
    Literal compute_is(ir::ExprId id, std::int64_t value);
    /// What is asked of a choice, or of a sum with a constant, asked of its parts instead; nothing of other numbers.
    std::optional<Literal> ask_parts(const ir::ExprNode& node, std::int64_t value, Literal (Evaluator::*ask)(ir::ExprId, std::int64_t));
    [[nodiscard]] const SlotNumbers* slots_of(const ir::ExprNode& node) const;

    Arithmetic arithmetic_;
    Circuit& circuit_;
    const ir::ExprPool& pool_;
    Environment environment_;
    std::unordered_map<ir::ExprId, Number> known_;
    std::map<std::pair<ir::ExprId, std::int64_t>, Literal> at_least_;
    std::map<std::pair<ir::ExprId, std::int64_t>, Literal> is_;
    bool too_wide_ = false;
};

}  // namespace imspect::symbolic
