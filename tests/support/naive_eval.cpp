#include "tests/support/naive_eval.h"

#include <algorithm>
#include <map>
#include <set>

#include "model/result.h"

namespace imspect::naive {

using ir::Op;

ir::Value evaluate(const ir::GroundSystem& ground, ir::ExprId expression, const Reading& reading) {
    const ir::ExprNode& node = ground.pool().node(expression);
    const auto kid = [&](std::size_t i) { return evaluate(ground, node.kids[i], reading); };
    switch (node.op) {
        case Op::kConst: return node.a;
        case Op::kSlot: return reading.now.at(static_cast<std::size_t>(node.a));
        case Op::kOldSlot: return reading.old.at(static_cast<std::size_t>(node.a));
        case Op::kNot: return kid(0) == 0 ? 1 : 0;
        case Op::kAnd:
            for (std::size_t i = 0; i < node.kids.size(); ++i) {
                if (kid(i) == 0) return 0;
            }
            return 1;
        case Op::kOr:
            for (std::size_t i = 0; i < node.kids.size(); ++i) {
                if (kid(i) != 0) return 1;
            }
            return 0;
        case Op::kEq: return kid(0) == kid(1) ? 1 : 0;
        case Op::kLt: return kid(0) < kid(1) ? 1 : 0;
        case Op::kLe: return kid(0) <= kid(1) ? 1 : 0;
        case Op::kAdd: return kid(0) + kid(1);
        case Op::kSub: return kid(0) - kid(1);
        case Op::kIte: return kid(0) != 0 ? kid(1) : kid(2);
        case Op::kFresh: return reading.newest_token + 1 + node.a;
        default: break;
    }
    fail_invariant("an expression that is not ground", __FILE__, __LINE__);
}

State initial(const ir::GroundSystem& ground) {
    State state;
    for (const ir::GroundVariable& variable : ground.variables) state.push_back(variable.initial);
    return state;
}

bool enabled(const ir::GroundSystem& ground, std::size_t rule, const State& state, ir::Value newest_token) {
    const Reading reading{state, state, newest_token};
    const ir::GroundRule& taken = ground.rules[rule];
    if (evaluate(ground, taken.guard, reading) == 0) return false;
    return std::all_of(taken.bounds.begin(), taken.bounds.end(),
                       [&](const ir::Bound& bound) { return evaluate(ground, bound.condition, reading) != 0; });
}

State step(const ir::GroundSystem& ground, std::size_t rule, const State& state, ir::Value newest_token) {
    State next = state;
    for (const ir::GroundAssignment& assignment : ground.rules[rule].assignments) {
        next.at(assignment.slot) = evaluate(ground, assignment.value, {state, state, newest_token});
    }
    return next;
}

void normalise(const ir::GroundSystem& ground, const std::vector<ir::DomainId>& domains, State& state) {
    std::map<ir::DomainId, std::set<ir::Value>> used;
    const auto is_token = [&](std::size_t slot) {
        return ground.system->domains[domains[slot]].kind == ir::DomainKind::kToken && state[slot] != 0;
    };
    for (std::size_t slot = 0; slot < state.size(); ++slot) {
        if (is_token(slot)) used[domains[slot]].insert(state[slot]);
    }
    for (std::size_t slot = 0; slot < state.size(); ++slot) {
        if (!is_token(slot)) continue;
        const std::set<ir::Value>& names = used[domains[slot]];
        state[slot] = static_cast<ir::Value>(std::distance(names.begin(), names.find(state[slot]))) + 1;
    }
}

}  // namespace imspect::naive
