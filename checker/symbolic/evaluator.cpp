#include "checker/symbolic/evaluator.h"

#include "model/result.h"

namespace imspect::symbolic {

namespace {

constexpr std::int64_t kWidest = std::int64_t{1} << 31;

}  // namespace

// NOLINTNEXTLINE(misc-no-recursion): depth is limited by validation
const Number& Evaluator::number(ir::ExprId id) {
    if (const auto found = known_.find(id); found != known_.end()) return found->second;
    Number result = compute(pool_.node(id));
    if (result.lo < -kWidest || result.most() >= kWidest) {
        too_wide_ = true;
        result = Arithmetic::constant(0);
    }
    return known_.emplace(id, std::move(result)).first->second;
}

// NOLINTNEXTLINE(misc-no-recursion): see number
Number Evaluator::junction(const ir::ExprNode& node) {
    std::vector<Literal> kids;
    for (const ir::ExprId kid : node.kids) kids.push_back(truth(kid));
    return Arithmetic::truth(node.op == ir::Op::kAnd ? circuit_.all(kids) : circuit_.any(kids));
}

// NOLINTNEXTLINE(misc-no-recursion): see number
Number Evaluator::compute(const ir::ExprNode& node) {
    const auto kid = [&](std::size_t i) -> Number { return number(node.kids[i]); };
    const auto slot = [&](const SlotNumbers* slots) {
        IMSPECT_REQUIRE(slots != nullptr, "an expression reads a state that is not there");
        return slots->numbers.at(slots->position(static_cast<ir::SlotId>(node.a)));
    };
    switch (node.op) {
        case ir::Op::kConst: return Arithmetic::constant(node.a);
        case ir::Op::kSlot: return slot(environment_.now);
        case ir::Op::kOldSlot: return slot(environment_.before);
        case ir::Op::kFresh:
            IMSPECT_REQUIRE(environment_.fresh != nullptr, "a fresh token where none may be made");
            return arithmetic_.add(environment_.fresh->at(node.domain), Arithmetic::constant(std::int64_t{1} + node.a));
        case ir::Op::kNot: return Arithmetic::truth(negate(truth(node.kids[0])));
        case ir::Op::kAnd:
        case ir::Op::kOr: return junction(node);
        case ir::Op::kEq: return Arithmetic::truth(arithmetic_.equal(kid(0), kid(1)));
        case ir::Op::kLt: return Arithmetic::truth(arithmetic_.less(kid(0), kid(1)));
        case ir::Op::kLe: return Arithmetic::truth(arithmetic_.less_equal(kid(0), kid(1)));
        case ir::Op::kAdd: return arithmetic_.add(kid(0), kid(1));
        case ir::Op::kSub: return arithmetic_.subtract(kid(0), kid(1));
        case ir::Op::kIte: return arithmetic_.choose(truth(node.kids[0]), kid(1), kid(2));
        default: fail_invariant("an expression that is not ground reached the translation", __FILE__, __LINE__);
    }
}

}  // namespace imspect::symbolic
