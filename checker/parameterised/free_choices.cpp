#include "checker/parameterised/free_choices.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

namespace imspect::parameterised {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::Value;

namespace {

constexpr ir::SlotId kFirstFree = 0x40000000;  ///< above every slot of a system and every register

}  // namespace

FreeChoices::FreeChoices(const ir::GroundSystem& whole, Forgotten forgotten)
    : whole_(whole), next_free_(kFirstFree) {
    forgotten_ = [given = std::move(forgotten)](const ExprNode& node) {
        return is_slot(node) && (static_cast<ir::SlotId>(node.a) >= kFirstFree || given(node));
    };
}

bool FreeChoices::reads_forgotten(ExprId id) {
    bool reads = false;
    pool().visit(id, [&](ExprId, const ExprNode& node) { reads |= forgotten_(node); });
    return reads;
}

bool FreeChoices::pure(ExprId id) {
    bool reads = false;
    bool others = false;
    pool().visit(id, [&](ExprId, const ExprNode& node) {
        if (!node.kids.empty() || node.op == Op::kConst) return;
        (forgotten_(node) ? reads : others) = true;
    });
    return reads && !others;
}

void FreeChoices::substitute(std::vector<ExprId>& roots, ExprId from, ExprId to) {
    for (ExprId& root : roots) {
        if (root == ir::kNoExpr) continue;
        root = pool().rewrite(root, [&](const ExprNode&, ExprId id) { return id == from ? to : id; });
    }
}

/// What the guard says outright of a forgotten slot: that a Boolean one is true or false, that it equals something kept.
bool FreeChoices::settle_one(std::vector<ExprId>& roots) {
    const ExprNode guard = pool().node(roots[0]);
    const std::vector<ExprId> conjuncts = guard.op == Op::kAnd ? guard.kids : std::vector<ExprId>{roots[0]};
    for (const ExprId conjunct : conjuncts) {
        const ExprNode node = pool().node(conjunct);
        if (forgotten_(node)) return substitute(roots, conjunct, pool().boolean(true)), true;
        if (node.op == Op::kNot && forgotten(node.kids[0])) {
            return substitute(roots, node.kids[0], pool().boolean(false)), true;
        }
        if (node.op != Op::kEq) continue;
        for (const std::size_t side : {0U, 1U}) {
            if (!forgotten(node.kids[side]) || reads_forgotten(node.kids[1 - side])) continue;
            return substitute(roots, node.kids[side], node.kids[1 - side]), true;
        }
    }
    return false;
}

void FreeChoices::settle_equations(std::vector<ExprId>& roots) {
    while (settle_one(roots)) {
    }
}

/// Operands of a connective that read forgotten slots only are one condition.
ExprId FreeChoices::replace_conditions(ExprId root, const Replacement& replacement) {
    std::unordered_map<ExprId, ExprId> done;
    std::function<ExprId(ExprId)> go = [&](ExprId id) -> ExprId {
        if (const auto found = done.find(id); found != done.end()) return found->second;
        const ExprNode node = pool().node(id);
        ExprId result = id;
        if (node.domain == ir::kBoolDomain && pure(id)) {
            const ExprId instead = replacement(id);
            if (instead != ir::kNoExpr) result = instead;
        } else if (!node.kids.empty()) {
            std::vector<ExprId> together;
            std::vector<ExprId> kids;
            for (const ExprId kid : node.kids) {
                const bool joins = (node.op == Op::kAnd || node.op == Op::kOr) && pure(kid);
                if (joins) together.push_back(kid);
                else kids.push_back(go(kid));
            }
            if (!together.empty()) {
                kids.push_back(go(node.op == Op::kAnd ? pool().conjunction(together) : pool().disjunction(together)));
            }
            result = pool().rebuild(node, std::move(kids));
        }
        done[id] = result;
        return result;
    };
    return go(root);
}

void FreeChoices::free_conditions(std::vector<ExprId>& roots, bool all) {
    std::map<ExprId, std::set<ExprId>> conditions;  // with the forgotten leaves that they read
    std::map<ExprId, int> uses;                     // by leaf: conditions that read it, and what reads it beside them
    const ExprId stand_in = pool().old_slot(next_free_++, ir::kBoolDomain);
    for (const ExprId root : roots) {
        if (root == ir::kNoExpr) continue;
        const ExprId rest = replace_conditions(root, [&](ExprId condition) {
            std::set<ExprId>& leaves = conditions[condition];
            pool().visit(condition, [&](ExprId id, const ExprNode& node) { if (forgotten_(node)) leaves.insert(id); });
            return stand_in;
        });
        pool().visit(rest, [&](ExprId id, const ExprNode& node) { if (id != stand_in && forgotten_(node)) uses[id] += 2; });
    }
    for (const auto& [condition, leaves] : conditions) {
        for (const ExprId leaf : leaves) ++uses[leaf];
    }
    std::map<ExprId, ExprId> freed;
    for (const auto& [condition, leaves] : conditions) {
        const bool alone = std::all_of(leaves.begin(), leaves.end(), [&](ExprId leaf) { return uses[leaf] == 1; });
        if (all || alone) freed[condition] = pool().old_slot(next_free_++, ir::kBoolDomain);
    }
    for (ExprId& root : roots) {
        if (root == ir::kNoExpr) continue;
        root = replace_conditions(root, [&](ExprId condition) {
            const auto found = freed.find(condition);
            return found == freed.end() ? ir::kNoExpr : found->second;
        });
    }
}

void FreeChoices::list_choices(const std::vector<ExprId>& roots) {
    choices_.clear();
    std::set<ExprId> seen;
    for (const ExprId root : roots) {
        if (root == ir::kNoExpr) continue;
        pool().visit(root, [&](ExprId id, const ExprNode& node) {
            if (forgotten_(node) && seen.insert(id).second) choices_.push_back({id, node.domain});
        });
    }
}

double FreeChoices::combinations() const {
    double product = 1;
    for (const Choice& choice : choices_) product *= whole_.system->domains[choice.domain].size();
    return product;
}

void FreeChoices::make(std::vector<ExprId>& roots) {
    settle_equations(roots);
    free_conditions(roots, false);
    settle_equations(roots);
    list_choices(roots);
    if (combinations() <= kManyCombinations) return;
    free_conditions(roots, true);
    settle_equations(roots);
    list_choices(roots);
}

void FreeChoices::instances(const std::vector<ExprId>& roots, const Visit& visit) {
    std::vector<Value> values;
    instance(0, roots, values, visit);
}

void FreeChoices::instance(std::size_t at, const std::vector<ExprId>& roots, std::vector<Value>& values, const Visit& visit) {
    if (pool().is_false(roots[0])) return;
    if (at == choices_.size()) return visit(roots, values);
    const Choice& choice = choices_[at];
    const ir::Domain domain = whole_.system->domains[choice.domain];
    for (Value value = domain.lo; value <= domain.hi; ++value) {
        std::vector<ExprId> settled = roots;
        substitute(settled, choice.leaf, pool().constant(choice.domain, value));
        values.push_back(value);
        instance(at + 1, settled, values, visit);
        values.pop_back();
    }
}

}  // namespace imspect::parameterised
