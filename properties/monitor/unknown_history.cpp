#include "properties/monitor/unknown_history.h"

#include <unordered_map>
#include <utility>

#include "model/result.h"

namespace imspect::monitor {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;

namespace {

class Kleene {
public:
    Kleene(const Observer& observer, ir::GroundSystem& ground) : observer_(observer), pool_(ground.pool()) {}

    /// Certainly true, possibly true.
    struct Truth {
        ExprId lo = ir::kNoExpr, hi = ir::kNoExpr;
    };
    struct Valued {
        ExprId value = ir::kNoExpr, known = ir::kNoExpr;
    };

    // NOLINTNEXTLINE(misc-no-recursion): as deep as the formula, which the parser bounded
    Truth truth(ExprId id) {
        if (const auto done = truths_.find(id); done != truths_.end()) return done->second;
        const Truth made = make_truth(id);
        truths_.emplace(id, made);
        return made;
    }

    // NOLINTNEXTLINE(misc-no-recursion)
    Valued valued(ExprId id) {
        if (const auto done = values_.find(id); done != values_.end()) return done->second;
        const Valued made = make_valued(id);
        values_.emplace(id, made);
        return made;
    }

private:
    /// Slots of the pair that stands for a register, read now or before the step as the node does.
    std::pair<ExprId, ExprId> pair_of(const ExprNode& node) {
        const std::uint32_t first = observer_.first_register + 2 * (static_cast<std::uint32_t>(node.a) - observer_.first_register);
        if (node.op == Op::kOldSlot) return {pool_.old_slot(first, node.domain), pool_.old_slot(first + 1, ir::kBoolDomain)};
        return {pool_.slot(first, node.domain), pool_.slot(first + 1, ir::kBoolDomain)};
    }
    [[nodiscard]] bool is_register(const ExprNode& node) const {
        if (node.op != Op::kSlot && node.op != Op::kOldSlot) return false;
        return static_cast<std::uint32_t>(node.a) >= observer_.first_register;
    }
    ExprId both(ExprId one, ExprId other) { return pool_.conjunction({one, other}); }
    ExprId either(ExprId one, ExprId other) { return pool_.disjunction({one, other}); }

    // NOLINTNEXTLINE(misc-no-recursion)
    Truth make_truth(ExprId id) {
        const ExprNode node = pool_.node(id);  // a copy: the pool grows meanwhile
        if (is_register(node)) {
            const auto [lo, hi] = pair_of(node);
            return {lo, hi};
        }
        switch (node.op) {
            case Op::kNot: {
                const Truth kid = truth(node.kids[0]);
                return {pool_.negate(kid.hi), pool_.negate(kid.lo)};
            }
            case Op::kAnd:
            case Op::kOr: {
                std::vector<ExprId> lo, hi;
                for (const ExprId one : node.kids) {
                    const Truth kid = truth(one);
                    lo.push_back(kid.lo);
                    hi.push_back(kid.hi);
                }
                return {pool_.rebuild(node, std::move(lo)), pool_.rebuild(node, std::move(hi))};
            }
            case Op::kIte: {
                const Truth condition = truth(node.kids[0]), yes = truth(node.kids[1]), no = truth(node.kids[2]);
                return {either(both(condition.lo, yes.lo), both(pool_.negate(condition.hi), no.lo)),
                        either(both(condition.hi, yes.hi), both(pool_.negate(condition.lo), no.hi))};
            }
            case Op::kEq:
            case Op::kLt:
            case Op::kLe: {
                const Valued one = valued(node.kids[0]), other = valued(node.kids[1]);
                const ExprId known = both(one.known, other.known);
                const ExprId compared = pool_.rebuild(node, {one.value, other.value});
                return {both(known, compared), either(pool_.negate(known), compared)};
            }
            default: return {id, id};
        }
    }

    // NOLINTNEXTLINE(misc-no-recursion)
    Valued make_valued(ExprId id) {
        const ExprNode node = pool_.node(id);
        if (node.domain == ir::kBoolDomain) {
            const Truth one = truth(id);
            return {one.lo, one.lo == one.hi ? pool_.boolean(true) : either(one.lo, pool_.negate(one.hi))};
        }
        if (is_register(node)) {
            const auto [value, known] = pair_of(node);
            return {value, known};
        }
        if (node.op == Op::kIte) {
            const Truth condition = truth(node.kids[0]);
            const Valued yes = valued(node.kids[1]), no = valued(node.kids[2]);
            if (condition.lo == condition.hi) {
                return {pool_.ite(condition.lo, yes.value, no.value), pool_.ite(condition.lo, yes.known, no.known)};
            }
            return {pool_.ite(condition.lo, yes.value, no.value),
                    either(both(condition.lo, yes.known), both(pool_.negate(condition.hi), no.known))};
        }
        if (node.kids.empty()) return {id, pool_.boolean(true)};
        IMSPECT_REQUIRE(node.op == Op::kAdd || node.op == Op::kSub, "a ground expression of a kind that has no history");
        std::vector<ExprId> values, known;
        for (const ExprId one : node.kids) {
            const Valued kid = valued(one);
            values.push_back(kid.value);
            known.push_back(kid.known);
        }
        return {pool_.rebuild(node, std::move(values)), pool_.conjunction(std::move(known))};
    }

    const Observer& observer_;
    ir::ExprPool& pool_;
    std::unordered_map<ExprId, Truth> truths_;
    std::unordered_map<ExprId, Valued> values_;
};

/// The pair of registers for one: unknown to begin with. What is not known always holds the same value, so that states merge.
void add_pair(const Register& one, Kleene& kleene, ir::GroundSystem& ground, std::vector<Register>& into) {
    ir::ExprPool& pool = ground.pool();
    const bool boolean = one.variable.domain == ir::kBoolDomain;
    const ir::Value nothing = ground.system->domains[one.variable.domain].lo;
    Register first{one.variable, {}}, second{one.variable, {}};
    first.variable.name += boolean ? " certainly" : "";
    first.variable.initial = nothing;
    second.variable.name += boolean ? " possibly" : " is known";
    second.variable.domain = ir::kBoolDomain;
    second.variable.initial = boolean ? 1 : 0;
    for (const ExprId next : one.next) {
        if (next == ir::kNoExpr) {
            first.next.push_back(next);
            second.next.push_back(next);
        } else if (boolean) {
            const auto truth = kleene.truth(next);
            first.next.push_back(truth.lo);
            second.next.push_back(truth.hi);
        } else {
            const auto valued = kleene.valued(next);
            first.next.push_back(pool.ite(valued.known, valued.value, pool.constant(one.variable.domain, nothing)));
            second.next.push_back(valued.known);
        }
    }
    into.push_back(std::move(first));
    into.push_back(std::move(second));
}

}  // namespace

namespace {

/// No obligation is open.
ExprId nothing_owed(const Observer& observer, ir::ExprPool& pool) {
    std::vector<ExprId> kept;
    for (const Obligation& one : observer.obligations) kept.push_back(pool.implies(one.from, one.to));
    return pool.conjunction(std::move(kept));
}

}  // namespace

Observer with_unknown_history(const Observer& observer, ir::GroundSystem& ground) {
    const bool owes = observer.kind == ObserverKind::kLeadsTo;
    IMSPECT_REQUIRE(owes || observer.kind == ObserverKind::kState || observer.kind == ObserverKind::kStep, "an invariant, a past-time property or a leads-to");
    Kleene kleene(observer, ground);
    Observer result = observer;
    result.registers.clear();
    result.history.clear();
    result.obligations.clear();
    result.holds_initially = true;
    for (const Register& one : observer.registers) add_pair(one, kleene, ground, result.registers);
    if (owes) result.formula = kleene.truth(nothing_owed(observer, ground.pool())).hi;
    if (observer.formula != ir::kNoExpr) result.formula = kleene.truth(observer.formula).hi;
    for (ExprId& formula : result.step_formula) {
        if (formula != ir::kNoExpr) formula = kleene.truth(formula).hi;
    }
    return result;
}

}  // namespace imspect::monitor
