#include "model/exec/guard.h"

#include <algorithm>
#include <bit>
#include <optional>

namespace imspect::exec {

namespace {

/// The one slot that an expression reads, if it reads nothing else.
std::optional<SlotId> only_slot(const ir::ExprPool& pool, ir::ExprId expression) {
    std::optional<SlotId> slot;
    bool single = true;
    pool.visit(expression, [&](ir::ExprId, const ir::ExprNode& node) {
        if (node.op == ir::Op::kOldSlot || node.op == ir::Op::kFresh) single = false;
        if (node.op != ir::Op::kSlot) return;
        const auto read = static_cast<SlotId>(node.a);
        if (slot && *slot != read) single = false;
        slot = read;
    });
    return single ? slot : std::nullopt;
}

}  // namespace

void Guard::prefer_failing_in(const Word* state) {
    std::stable_partition(members_.begin(), members_.end(), [&](const Member& test) { return !test.passes(state); });
}

Guard GuardCompiler::compile(ir::ExprId condition) {
    Guard guard;
    add(guard, condition, false);
    std::stable_sort(guard.masked_.begin(), guard.masked_.end(), [](const Guard::Masked& a, const Guard::Masked& b) {
        return std::popcount(a.mask) > std::popcount(b.mask);
    });
    return guard;
}

// NOLINTNEXTLINE(misc-no-recursion): depth is limited by validation
void GuardCompiler::add(Guard& guard, ir::ExprId conjunct, bool negated) {
    const ir::ExprNode node = pool_.node(conjunct);
    if (!negated && pool_.is_true(conjunct)) return;
    if (node.op == ir::Op::kNot) return add(guard, node.kids[0], !negated);
    if (node.op == (negated ? ir::Op::kOr : ir::Op::kAnd)) {
        for (const ir::ExprId kid : node.kids) add(guard, kid, negated);
        return;
    }
    if (add_single_slot(guard, conjunct, negated)) return;
    guard.programs_.push_back(code_.compile(negated ? pool_.negate(conjunct) : conjunct));
}

bool GuardCompiler::add_single_slot(Guard& guard, ir::ExprId conjunct, bool negated) {
    const auto slot = only_slot(pool_, conjunct);
    if (!slot) return false;
    const Field& field = layout_.field(*slot);
    if (field.mask == 0 || field.mask > 63) return false;
    // Tabulate the conjunct over the slot's values, in a state where only this slot matters.
    Code scratch(pool_, layout_);
    const ProgramId program = scratch.compile(conjunct);
    State state(layout_.words(), 0);
    std::uint64_t allowed = 0;
    for (Value value = field.lo; value <= field.hi; ++value) {
        field.set(state.data(), value);
        const bool holds = scratch.evaluate(program, {state.data(), nullptr, nullptr}) != 0;
        if (holds != negated) allowed |= std::uint64_t{1} << static_cast<unsigned>(value - field.lo);
    }
    if (std::popcount(allowed) == 1) {
        require_bits(guard, field, field.lo + std::countr_zero(allowed));
    } else {
        guard.members_.push_back({field.word, field.shift, field.mask, allowed});
    }
    return true;
}

void GuardCompiler::require_bits(Guard& guard, const Field& field, Value value) {
    const Word mask = static_cast<Word>(field.mask) << field.shift;
    const Word bits = static_cast<Word>(static_cast<std::uint32_t>(value - field.lo)) << field.shift;
    for (auto& test : guard.masked_) {
        // Two different values required of one slot can't be merged; the second test then just fails.
        if (test.word != field.word || (test.mask & mask) != 0) continue;
        test.mask |= mask;
        test.value |= bits;
        return;
    }
    guard.masked_.push_back({field.word, mask, bits});
}

}  // namespace imspect::exec
