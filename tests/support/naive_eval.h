// The slow, obviously right semantics of ground expressions and steps: recursion over the expression, states as vectors.
//
// Shares nothing with model/exec, so that tests can compare the two. A state holds a value for every slot, registers
// behind the system's slots. Tokens keep the names they have; `normalise` renames them as exec::Stepper does.
// Cost: exponential in the worst case, and nobody minds. Thread-safety: pure.
#pragma once

#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"

namespace imspect::naive {

using State = std::vector<ir::Value>;

/// The value of a ground expression. What it reads is up to the caller: `source.now(slot)` after the step,
/// `source.old(slot)` before it, and `source.newest(domain)`, the token that Op::kFresh counts from.
template <typename Source>
ir::Value evaluate(const ir::ExprPool& pool, ir::ExprId expression, const Source& source) {
    const ir::ExprNode& node = pool.node(expression);
    const auto kid = [&](std::size_t i) { return evaluate(pool, node.kids[i], source); };
    switch (node.op) {
        case ir::Op::kConst: return node.a;
        case ir::Op::kSlot: return source.now(static_cast<ir::SlotId>(node.a));
        case ir::Op::kOldSlot: return source.old(static_cast<ir::SlotId>(node.a));
        case ir::Op::kNot: return kid(0) == 0 ? 1 : 0;
        case ir::Op::kAnd:
            for (std::size_t i = 0; i < node.kids.size(); ++i) {
                if (kid(i) == 0) return 0;
            }
            return 1;
        case ir::Op::kOr:
            for (std::size_t i = 0; i < node.kids.size(); ++i) {
                if (kid(i) != 0) return 1;
            }
            return 0;
        case ir::Op::kEq: return kid(0) == kid(1) ? 1 : 0;
        case ir::Op::kLt: return kid(0) < kid(1) ? 1 : 0;
        case ir::Op::kLe: return kid(0) <= kid(1) ? 1 : 0;
        case ir::Op::kAdd: return kid(0) + kid(1);
        case ir::Op::kSub: return kid(0) - kid(1);
        case ir::Op::kIte: return kid(0) != 0 ? kid(1) : kid(2);
        case ir::Op::kFresh: return source.newest(node.domain) + 1 + node.a;
        default: break;
    }
    fail_invariant("an expression that is not ground", __FILE__, __LINE__);
}

/// What an expression may read: the state after the step, the state before it, the token that Op::kFresh counts from.
struct Reading {
    const State& after;
    const State& before;
    ir::Value newest_token = 0;

    [[nodiscard]] ir::Value now(ir::SlotId slot) const { return after.at(slot); }
    [[nodiscard]] ir::Value old(ir::SlotId slot) const { return before.at(slot); }
    [[nodiscard]] ir::Value newest(ir::DomainId) const { return newest_token; }
};

inline ir::Value evaluate(const ir::GroundSystem& ground, ir::ExprId expression, const Reading& reading) {
    return evaluate(ground.pool(), expression, reading);
}

State initial(const ir::GroundSystem& ground);
/// The guard and every bound hold. Fresh tokens of any domain are counted from `newest_token`.
bool enabled(const ir::GroundSystem& ground, std::size_t rule, const State& state, ir::Value newest_token);
/// The raw successor of an enabled rule; values beyond the system's slots are kept.
State step(const ir::GroundSystem& ground, std::size_t rule, const State& state, ir::Value newest_token);
/// Renames the tokens of each token domain to 1..k in their order. `domains` is by slot.
void normalise(const ir::GroundSystem& ground, const std::vector<ir::DomainId>& domains, State& state);

}  // namespace imspect::naive
