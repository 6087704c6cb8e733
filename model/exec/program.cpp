#include "model/exec/program.h"

#include <algorithm>
#include <array>

#include "model/result.h"

namespace imspect::exec {

namespace {

constexpr std::size_t kInlineStack = 256;
/// A tree of more nodes than this is compiled with its shared subexpressions computed first.
constexpr std::uint64_t kLargeTree = 400;

bool is_large_tree(const ir::ExprPool& pool, ir::ExprId root) {
    std::vector<ir::ExprId> pending = {root};
    for (std::uint64_t nodes = 0; nodes <= kLargeTree; ++nodes) {
        if (pending.empty()) return false;
        const std::vector<ir::ExprId>& kids = pool.node(pending.back()).kids;
        pending.pop_back();
        pending.insert(pending.end(), kids.begin(), kids.end());
    }
    return true;
}

/// The nodes with several parents, children first.
std::vector<ir::ExprId> shared_below(const ir::ExprPool& pool, ir::ExprId root) {
    std::unordered_map<ir::ExprId, std::uint32_t> parents;
    std::vector<ir::ExprId> order;
    pool.visit(root, [&](ir::ExprId id, const ir::ExprNode& node) {
        for (const ir::ExprId kid : node.kids) ++parents[kid];
        if (!node.kids.empty()) order.push_back(id);
    });
    std::erase_if(order, [&](ir::ExprId id) { return parents[id] <= 1; });
    return order;
}

/// Arithmetic that wraps: a model from outside may nest sums beyond int, and that must not be undefined.
Value wrap(Value left, char operation, Value right) {
    const auto l = static_cast<std::uint32_t>(left);
    const auto r = static_cast<std::uint32_t>(right);
    return static_cast<Value>(operation == '+' ? l + r : l - r);
}

}  // namespace

ProgramId Code::compile(ir::ExprId expression) {
    IMSPECT_REQUIRE(expression != ir::kNoExpr, "compiling no expression");
    const auto start = static_cast<ProgramId>(code_.size());
    Shape shape;
    if (is_large_tree(*pool_, expression)) {
        for (const ir::ExprId id : shared_below(*pool_, expression)) {
            emit_fresh_node(id, shape, 0);
            const auto temp = static_cast<std::uint32_t>(shape.temps.size());
            Instruction store;
            store.op = Op::kStoreTemp;
            store.a = static_cast<std::int32_t>(temp);
            push(store);
            shape.temps.emplace(id, temp);
        }
        most_temps_ = std::max(most_temps_, shape.temps.size());
    }
    emit(expression, shape, 0);
    push({});
    return start;
}

std::size_t Code::push(Instruction instruction) {
    code_.push_back(instruction);
    return code_.size() - 1;
}

Code::Instruction Code::with_field(Op op, SlotId slot) const {
    const Field& field = layout_->field(slot);
    return {op, field.shift, field.word, field.mask, field.lo, 0};
}

// NOLINTNEXTLINE(misc-no-recursion): depth is limited by validation
void Code::emit(ir::ExprId id, const Shape& shape, std::size_t depth) {
    if (const auto found = shape.temps.find(id); found != shape.temps.end()) {
        Instruction load;
        load.op = Op::kPushTemp;
        load.a = static_cast<std::int32_t>(found->second);
        push(load);
        most_stack_ = std::max(most_stack_, depth + 1);
        return;
    }
    emit_fresh_node(id, shape, depth);
}

// NOLINTNEXTLINE(misc-no-recursion): see emit
void Code::emit_fresh_node(ir::ExprId id, const Shape& shape, std::size_t depth) {
    const ir::ExprNode& node = pool_->node(id);
    most_stack_ = std::max(most_stack_, depth + 1);
    const auto binary = [&](Op op) {
        emit(node.kids[0], shape, depth);
        emit(node.kids[1], shape, depth + 1);
        push({op, 0, 0, 0, 0, 0});
    };
    switch (node.op) {
        case ir::Op::kConst: push({Op::kPushConst, 0, 0, 0, node.a, 0}); return;
        case ir::Op::kSlot: push(with_field(Op::kPushNow, static_cast<SlotId>(node.a))); return;
        case ir::Op::kOldSlot: push(with_field(Op::kPushOld, static_cast<SlotId>(node.a))); return;
        case ir::Op::kFresh: push({Op::kPushFresh, 0, 0, 0, static_cast<std::int32_t>(node.domain), node.a}); return;
        case ir::Op::kNot:
            emit(node.kids[0], shape, depth);
            push({Op::kNot, 0, 0, 0, 0, 0});
            return;
        case ir::Op::kAnd:
        case ir::Op::kOr: emit_connective(node, shape, depth); return;
        case ir::Op::kEq:
            if (!emit_slot_equality(node)) binary(Op::kEq);
            return;
        case ir::Op::kLt: binary(Op::kLt); return;
        case ir::Op::kLe: binary(Op::kLe); return;
        case ir::Op::kAdd: binary(Op::kAdd); return;
        case ir::Op::kSub: binary(Op::kSub); return;
        case ir::Op::kIte: emit_choice(node, shape, depth); return;
        default: fail_invariant("an expression that is not ground reached the evaluator", __FILE__, __LINE__);
    }
}

bool Code::emit_slot_equality(const ir::ExprNode& node) {
    const ir::ExprNode& left = pool_->node(node.kids[0]);
    const ir::ExprNode& right = pool_->node(node.kids[1]);
    if (left.op != ir::Op::kSlot) return false;
    if (right.op == ir::Op::kConst) {
        Instruction test = with_field(Op::kNowIsConst, static_cast<SlotId>(left.a));
        test.b = right.a;
        push(test);
        return true;
    }
    if (right.op != ir::Op::kSlot) return false;
    Instruction test = with_field(Op::kNowIsNow, static_cast<SlotId>(left.a));
    test.b = static_cast<std::int32_t>(second_.size());
    second_.push_back(layout_->field(static_cast<SlotId>(right.a)));
    push(test);
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): see emit
void Code::emit_connective(const ir::ExprNode& node, const Shape& shape, std::size_t depth) {
    const Op keep = node.op == ir::Op::kAnd ? Op::kKeepIfFalse : Op::kKeepIfTrue;
    std::vector<std::size_t> jumps;
    for (std::size_t i = 0; i < node.kids.size(); ++i) {
        emit(node.kids[i], shape, depth);
        if (i + 1 < node.kids.size()) jumps.push_back(push({keep, 0, 0, 0, 0, 0}));
    }
    for (const std::size_t jump : jumps) code_[jump].a = static_cast<std::int32_t>(code_.size());
}

// NOLINTNEXTLINE(misc-no-recursion): see emit
void Code::emit_choice(const ir::ExprNode& node, const Shape& shape, std::size_t depth) {
    emit(node.kids[0], shape, depth);
    const std::size_t to_else = push({Op::kJumpIfFalse, 0, 0, 0, 0, 0});
    emit(node.kids[1], shape, depth);
    const std::size_t to_end = push({Op::kJump, 0, 0, 0, 0, 0});
    code_[to_else].a = static_cast<std::int32_t>(code_.size());
    emit(node.kids[2], shape, depth);
    code_[to_end].a = static_cast<std::int32_t>(code_.size());
}

Value Code::evaluate(ProgramId program, const View& view) const {
    const std::size_t need = most_temps_ + most_stack_ + 1;
    if (need <= kInlineStack) {
        std::array<Value, kInlineStack> stack;  // NOLINT: written before it is read
        return run(program, view, stack.data());
    }
    std::vector<Value> stack(need);
    return run(program, view, stack.data());
}

Value Code::run(ProgramId program, const View& view, Value* stack) const {
    const Instruction* const code = code_.data();
    const Instruction* at = code + program;
    Value* const temps = stack;
    Value* top = stack + most_temps_;  // one beyond the topmost value
    const auto load = [](const Instruction& i, const Word* state) {
        return static_cast<Value>((state[i.word] >> i.shift) & i.mask) + i.a;
    };
    while (true) {
        const Instruction& i = *at++;
        switch (i.op) {
            case Op::kPushConst: *top++ = i.a; break;
            case Op::kPushNow: *top++ = load(i, view.now); break;
            case Op::kPushOld: *top++ = load(i, view.before); break;
            case Op::kPushFresh: *top++ = view.fresh_base[i.a] + 1 + i.b; break;
            case Op::kPushTemp: *top++ = temps[i.a]; break;
            case Op::kStoreTemp: temps[i.a] = *--top; break;
            case Op::kNowIsConst: *top++ = load(i, view.now) == i.b ? 1 : 0; break;
            case Op::kNowIsNow:
                *top++ = load(i, view.now) == second_[static_cast<std::size_t>(i.b)].get(view.now) ? 1 : 0;
                break;
            case Op::kNot: top[-1] = top[-1] == 0 ? 1 : 0; break;
            case Op::kEq: --top; top[-1] = top[-1] == top[0] ? 1 : 0; break;
            case Op::kLt: --top; top[-1] = top[-1] < top[0] ? 1 : 0; break;
            case Op::kLe: --top; top[-1] = top[-1] <= top[0] ? 1 : 0; break;
            case Op::kAdd: --top; top[-1] = wrap(top[-1], '+', top[0]); break;
            case Op::kSub: --top; top[-1] = wrap(top[-1], '-', top[0]); break;
            case Op::kKeepIfFalse:
                if (top[-1] == 0) at = code + i.a;
                else --top;
                break;
            case Op::kKeepIfTrue:
                if (top[-1] != 0) at = code + i.a;
                else --top;
                break;
            case Op::kJumpIfFalse:
                if (*--top == 0) at = code + i.a;
                break;
            case Op::kJump: at = code + i.a; break;
            case Op::kReturn: return top[-1];
        }
    }
}

}  // namespace imspect::exec
