// Qualities of properties, taken apart by the messages that end them.
//
// "More" that loses one is one or more, and who is left may be of another kind than in truth. Counted apart, those whose quality
// ends by one message are not mistaken for those whose ends by another (docs/proofs.md tells it of P2).
#include <algorithm>

#include <fmt/format.h>

#include "checker/parameterised/aggregates.h"

namespace imspect::parameterised {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::SlotId;

namespace {

bool is_slot(const ExprNode& node) { return node.op == Op::kSlot || node.op == Op::kOldSlot; }

}  // namespace

/// The conditions on the first message of a word, each alone, that the guard states.
std::set<ExprId> Aggregates::messages_taken(ExprId guard) {
    std::set<ExprId> conditions;
    const ExprNode node = pool().node(guard);
    for (const ExprId conjunct : node.op == Op::kAnd ? node.kids : std::vector<ExprId>{guard}) {
        bool reads = false;
        bool others = false;
        pool().visit(conjunct, [&](ExprId, const ExprNode& below) {
            if (!is_slot(below)) return;
            const Owner& who = owner(below);
            (who.kind == Owner::Kind::kWord && who.part == Owner::Part::kField && who.position == 0 ? reads : others) = true;
        });
        if (reads && !others) conditions.insert(conjunct);
    }
    return conditions;
}

/// Which messages end the quality of a replica whose slot has the value.
std::set<ExprId> Aggregates::endings(const Aggregate& aggregate, SlotId slot, ExprId value) {
    const auto settle = [&](ExprId expression, const std::map<SlotId, ExprId>& known) {
        return pool().rewrite(expression, [&](const ExprNode& node, ExprId leaf) {
            const auto found = is_slot(node) ? known.find(static_cast<SlotId>(node.a)) : known.end();
            return found == known.end() ? leaf : found->second;
        });
    };
    std::set<ExprId> found;
    for (const ir::GroundRule& rule : localised_.ground.rules) {
        const ExprId guard = settle(rule.guard, {{slot, value}});
        if (pool().is_false(guard)) continue;
        std::map<SlotId, ExprId> after = {{slot, value}};
        for (const ir::GroundAssignment& assignment : rule.assignments) after[assignment.slot] = settle(assignment.value, {{slot, value}});
        if (pool().is_true(settle(aggregate.of[0], after)) || settle(aggregate.of[0], after) == settle(aggregate.of[0], {{slot, value}})) continue;
        found.merge(messages_taken(guard));
    }
    return found;
}

void Aggregates::split() {
    std::vector<Aggregate> parts;
    for (Aggregate& whole : found_) {
        if (whole.asked_by(Asker::kRule)) continue;
        whole.most = 1;
        std::map<SlotId, ir::DomainId> enumerated;
        pool().visit(whole.of[0], [&](ExprId, const ExprNode& node) {
            if (!is_slot(node) || owner(node).kind != Owner::Kind::kOwn) return;
            if (localised_.ground.system->domains[node.domain].kind == ir::DomainKind::kEnum) enumerated[static_cast<SlotId>(node.a)] = node.domain;
        });
        if (enumerated.size() == 1) split_one(whole, enumerated.begin()->first, enumerated.begin()->second, parts);
    }
    std::erase_if(found_, [&](const Aggregate& whole) { return parts_of_.contains(whole.outside); });
    parts_ = parts.size();
    for (Aggregate& part : parts) found_.push_back(std::move(part));
}

void Aggregates::split_one(const Aggregate& whole, SlotId slot, ir::DomainId domain_id, std::vector<Aggregate>& parts) {
    std::map<std::set<ExprId>, std::vector<ExprId>> alike;  // by what ends the quality
    const ir::Domain& domain = localised_.ground.system->domains[domain_id];
    for (ir::Value value = domain.lo; value <= domain.hi; ++value) {
        const ExprId constant = pool().constant(domain_id, value);
        const ExprId there = pool().rewrite(whole.of[0], [&](const ExprNode& node, ExprId leaf) {
            return is_slot(node) && static_cast<SlotId>(node.a) == slot ? constant : leaf;
        });
        if (pool().is_false(there)) continue;
        alike[endings(whole, slot, constant)].push_back(pool().conjunction({there, pool().equal(pool().slot(slot, domain_id), constant)}));
    }
    if (alike.size() < 2) return;
    std::vector<ExprId>& answers = parts_of_[whole.outside];
    for (const auto& [how, values] : alike) {
        Aggregate part = whole;
        part.of.clear();
        for (std::uint32_t r = 0; r < shape_.replicas; ++r) part.of.push_back(as_replica(pool().disjunction(values), r));
        part.outside = add_register(fmt::format("outside.part.{}", parts.size()));
        answers.push_back(pool().slot(part.outside, ir::kBoolDomain));
        parts.push_back(std::move(part));
    }
}

/// Somebody outside has a quality where somebody there has one of its parts.
void Aggregates::answer_by_parts() {
    const auto by_parts = [&](ExprId& expression) {
        if (expression == ir::kNoExpr) return;
        expression = pool().rewrite(expression, [&](const ExprNode& node, ExprId leaf) {
            const auto whole = is_slot(node) ? parts_of_.find(static_cast<SlotId>(node.a)) : parts_of_.end();
            if (whole == parts_of_.end()) return leaf;
            const ExprId some = pool().disjunction(whole->second);
            return node.op == Op::kSlot ? some : pool().rewrite(some, [&](const ExprNode& part, ExprId) {
                return pool().old_slot(static_cast<SlotId>(part.a), part.domain);
            });
        });
    };
    for (monitor::Observer& observer : localised_.observers) {
        by_parts(observer.formula);
        for (ExprId& formula : observer.step_formula) by_parts(formula);
        for (monitor::Register& reg : observer.registers) {
            for (ExprId& next : reg.next) by_parts(next);
        }
    }
}

}  // namespace imspect::parameterised
