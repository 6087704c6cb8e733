// Ground expressions compiled to a compact bytecode with short circuit.
//
// One Code holds many programs one behind the other; a program is its offset. Instructions carry the packed position of
// the slots they read, so evaluation touches nothing but the code and the state. Connectives and choices jump; where an
// expression shares subexpressions so much that its tree would explode, the shared ones are computed once beforehand.
// Cost: some 2 ns an instruction. Thread-safety: evaluation is const; compile from one thread.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "model/exec/layout.h"

namespace imspect::exec {

/// What an expression is evaluated over. `before` is needed by Op::kOldSlot only; `fresh_base[d]` is the number such that
/// the k-th fresh token of domain d is fresh_base[d] + 1 + k, needed by Op::kFresh only.
struct View {
    const Word* now = nullptr;
    const Word* before = nullptr;
    const Value* fresh_base = nullptr;
};

using ProgramId = std::uint32_t;

class Code {
public:
    Code(const ir::ExprPool& pool, const Layout& layout) : pool_(&pool), layout_(&layout) {}

    ProgramId compile(ir::ExprId expression);
    [[nodiscard]] Value evaluate(ProgramId program, const View& view) const;

private:
    enum class Op : std::uint8_t {
        kPushConst, kPushNow, kPushOld, kPushFresh, kPushTemp, kStoreTemp, kNowIsConst, kNowIsNow,
        kNot, kEq, kLt, kLe, kAdd, kSub, kKeepIfFalse, kKeepIfTrue, kJumpIfFalse, kJump, kReturn,
    };
    struct Instruction {
        Op op = Op::kReturn;
        std::uint8_t shift = 0;
        std::uint16_t word = 0;
        std::uint32_t mask = 0;
        std::int32_t a = 0;
        std::int32_t b = 0;
    };
    struct Shape {  ///< of the expression being compiled
        std::unordered_map<ir::ExprId, std::uint32_t> temps;
    };

    void emit(ir::ExprId id, const Shape& shape, std::size_t depth);
    void emit_fresh_node(ir::ExprId id, const Shape& shape, std::size_t depth);
    void emit_connective(const ir::ExprNode& node, const Shape& shape, std::size_t depth);
    void emit_choice(const ir::ExprNode& node, const Shape& shape, std::size_t depth);
    bool emit_slot_equality(const ir::ExprNode& node);
    Instruction with_field(Op op, SlotId slot) const;
    std::size_t push(Instruction instruction);
    Value run(ProgramId program, const View& view, Value* stack) const;

    const ir::ExprPool* pool_;
    const Layout* layout_;
    std::vector<Instruction> code_;
    std::vector<Field> second_;  ///< the other field of kNowIsNow
    std::size_t most_stack_ = 0;
    std::size_t most_temps_ = 0;
};

}  // namespace imspect::exec
