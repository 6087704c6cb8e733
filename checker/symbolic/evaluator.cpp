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
TokenTerm Evaluator::token(ir::ExprId id) {
    const ir::ExprNode& node = pool_.node(id);
    const auto position = [&](const SlotNumbers* slots) { return slots->position(static_cast<ir::SlotId>(node.a)); };
    switch (node.op) {
        case ir::Op::kConst:
            IMSPECT_REQUIRE(node.a == 0, "a token is named");
            return TokenRelations::of({});
        case ir::Op::kSlot: return environment_.relations->held(position(environment_.now), environment_.after_rule);
        case ir::Op::kOldSlot: return environment_.relations->held(position(environment_.before), std::nullopt);
        case ir::Op::kFresh: return TokenRelations::of({TokenSource::Kind::kFresh, static_cast<std::size_t>(node.a)});
        case ir::Op::kIte: return environment_.relations->choose(truth(node.kids[0]), token(node.kids[1]), token(node.kids[2]));
        default: fail_invariant("an expression that is no token reached the translation of tokens", __FILE__, __LINE__);
    }
}

// NOLINTNEXTLINE(misc-no-recursion): see number
Number Evaluator::comparison(const ir::ExprNode& node) {
    TokenRelations* const relations = environment_.relations;
    if (relations != nullptr && relations->is_token(pool_.node(node.kids[0]).domain)) {
        if (node.op == ir::Op::kEq) return Arithmetic::truth(relations->equal(token(node.kids[0]), token(node.kids[1])));
        if (node.op == ir::Op::kLt) return Arithmetic::truth(relations->less(token(node.kids[0]), token(node.kids[1])));
        // Grounding's bound on tokens in use compares a fresh one with a number: there is room for any number here.
        if (pool_.node(node.kids[0]).op == ir::Op::kFresh) return Arithmetic::constant(1);
        return Arithmetic::truth(negate(relations->less(token(node.kids[1]), token(node.kids[0]))));
    }
    const ir::ExprNode& first = pool_.node(node.kids[0]);
    const ir::ExprNode& second = pool_.node(node.kids[1]);
    if (node.op == ir::Op::kEq && second.op == ir::Op::kConst) return Arithmetic::truth(is(node.kids[0], second.a));
    if (node.op == ir::Op::kEq && first.op == ir::Op::kConst) return Arithmetic::truth(is(node.kids[1], first.a));
    const std::int64_t beyond = node.op == ir::Op::kLt ? 1 : 0;
    if (node.op != ir::Op::kEq && first.op == ir::Op::kConst) return Arithmetic::truth(at_least(node.kids[1], first.a + beyond));
    if (node.op != ir::Op::kEq && second.op == ir::Op::kConst) return Arithmetic::truth(negate(at_least(node.kids[0], second.a + 1 - beyond)));
    const Number& left = number(node.kids[0]);  // stays where it is, whatever is added to the map
    const Number& right = number(node.kids[1]);
    if (node.op == ir::Op::kEq) return Arithmetic::truth(arithmetic_.equal(left, right));
    return Arithmetic::truth(node.op == ir::Op::kLt ? arithmetic_.less(left, right) : arithmetic_.less_equal(left, right));
}

const SlotNumbers* Evaluator::slots_of(const ir::ExprNode& node) const {
    if (node.op == ir::Op::kSlot) return environment_.now;
    return node.op == ir::Op::kOldSlot ? environment_.before : nullptr;
}

// NOLINTNEXTLINE(misc-no-recursion): see number
Literal Evaluator::at_least(ir::ExprId id, std::int64_t value) {
    if (const auto known = at_least_.find({id, value}); known != at_least_.end()) return known->second;
    const Literal result = compute_at_least(id, value);
    at_least_.emplace(std::pair(id, value), result);
    return result;
}

// NOLINTNEXTLINE(misc-no-recursion): see number
Literal Evaluator::is(ir::ExprId id, std::int64_t value) {
    if (const auto known = is_.find({id, value}); known != is_.end()) return known->second;
    const Literal result = compute_is(id, value);
    is_.emplace(std::pair(id, value), result);
    return result;
}

// NOLINTNEXTLINE(misc-no-recursion): see number
std::optional<Literal> Evaluator::ask_parts(const ir::ExprNode& node, std::int64_t value, Literal (Evaluator::*ask)(ir::ExprId, std::int64_t)) {
    if (node.op == ir::Op::kIte) {
        return circuit_.choose(truth(node.kids[0]), (this->*ask)(node.kids[1], value), (this->*ask)(node.kids[2], value));
    }
    if ((node.op != ir::Op::kAdd && node.op != ir::Op::kSub) || pool_.node(node.kids[1]).op != ir::Op::kConst) return std::nullopt;
    const std::int64_t constant = pool_.node(node.kids[1]).a;
    return (this->*ask)(node.kids[0], node.op == ir::Op::kAdd ? value - constant : value + constant);
}

// NOLINTNEXTLINE(misc-no-recursion): see number
Literal Evaluator::compute_at_least(ir::ExprId id, std::int64_t value) {
    const ir::ExprNode& node = pool_.node(id);
    if (const SlotNumbers* const slots = slots_of(node)) {
        const std::size_t position = slots->position(static_cast<ir::SlotId>(node.a));
        const std::int64_t offset = value - slots->lo[position];
        if (slots->codes[position] == Code::kOrder) {
            if (offset <= 0) return kTrue;
            return offset > static_cast<std::int64_t>(slots->bits[position].size()) ? kFalse : slots->bits[position][static_cast<std::size_t>(offset - 1)];
        }
    }
    if (const std::optional<Literal> said = ask_parts(node, value, &Evaluator::at_least)) return *said;
    return arithmetic_.less_equal(Arithmetic::constant(value), number(id));
}

// NOLINTNEXTLINE(misc-no-recursion): see number
Literal Evaluator::compute_is(ir::ExprId id, std::int64_t value) {
    const ir::ExprNode& node = pool_.node(id);
    if (const SlotNumbers* const slots = slots_of(node)) {
        const std::size_t position = slots->position(static_cast<ir::SlotId>(node.a));
        const std::int64_t offset = value - slots->lo[position];
        if (slots->codes[position] == Code::kOrder) return circuit_.conjunction(at_least(id, value), negate(at_least(id, value + 1)));
        if (slots->codes[position] == Code::kDirect) {
            return offset < 0 || offset >= static_cast<std::int64_t>(slots->bits[position].size()) ? kFalse : slots->bits[position][static_cast<std::size_t>(offset)];
        }
    }
    if (const std::optional<Literal> said = ask_parts(node, value, &Evaluator::is)) return *said;
    return arithmetic_.equal(number(id), Arithmetic::constant(value));
}

std::vector<Literal> Evaluator::coded(ir::ExprId id, Code code, ir::Value lo, unsigned width) {
    if (code == Code::kPacked) return arithmetic_.packed(number(id), lo, width);
    std::vector<Literal> bits;
    for (unsigned bit = 0; bit < width; ++bit) {
        const std::int64_t value = std::int64_t{lo} + bit;
        bits.push_back(code == Code::kOrder ? at_least(id, value + 1) : is(id, value));
    }
    return bits;
}

// NOLINTNEXTLINE(misc-no-recursion): see number
Number Evaluator::compute(const ir::ExprNode& node) {
    const auto kid = [&](std::size_t i) -> Number { return number(node.kids[i]); };
    const auto slot = [&](const SlotNumbers* slots) {
        IMSPECT_REQUIRE(slots != nullptr, "an expression reads a state that is not there");
        IMSPECT_REQUIRE(environment_.relations == nullptr || !environment_.relations->is_token(node.domain), "a token is read as a number");
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
        case ir::Op::kEq:
        case ir::Op::kLt:
        case ir::Op::kLe: return comparison(node);
        case ir::Op::kAdd: return arithmetic_.add(kid(0), kid(1));
        case ir::Op::kSub: return arithmetic_.subtract(kid(0), kid(1));
        case ir::Op::kIte: return arithmetic_.choose(truth(node.kids[0]), kid(1), kid(2));
        default: fail_invariant("an expression that is not ground reached the translation", __FILE__, __LINE__);
    }
}

}  // namespace imspect::symbolic
