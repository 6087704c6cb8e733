#include "properties/monitor/observer_builder.h"

#include <algorithm>
#include <utility>

#include "model/result.h"

namespace imspect::monitor {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;

namespace {

// Slots of templates, beyond any system's: registers first, atoms behind them.
constexpr ir::Value kRegisterBase = 0x20000000;
constexpr ir::Value kAtomBase = 0x40000000;

bool is_atom(const ExprNode& node) { return node.op == Op::kSlot && node.a >= kAtomBase; }
bool is_register(const ExprNode& node) { return is_slot(node) && node.a >= kRegisterBase && node.a < kAtomBase; }
RegisterId register_of(const ExprNode& node) { return static_cast<RegisterId>(node.a - kRegisterBase); }

}  // namespace

ObserverBuilder::ObserverBuilder(ir::GroundSystem& ground, ir::SlotId first_register)
    : ground_(ground), first_register_(first_register) {
    IMSPECT_REQUIRE(first_register < static_cast<ir::SlotId>(kRegisterBase), "registers begin beyond the slots of any system");
}

// Atoms

ExprId ObserverBuilder::atom(Atom atom) {
    const auto [entry, is_new] = atom_ids_.emplace(atom, static_cast<std::uint32_t>(atoms_.size()));
    if (is_new) atoms_.push_back(std::move(atom));
    return pool().slot(static_cast<std::uint32_t>(kAtomBase) + entry->second, ir::kBoolDomain);
}

ExprId ObserverBuilder::event(ir::EventId event, const std::vector<ExprId>& arguments) {
    Atom result{Atom::Kind::kEvent, event, {}};
    for (const ExprId argument : arguments) result.arguments.push_back(argument == ir::kNoExpr ? argument : before(argument));
    return atom(std::move(result));
}

ExprId ObserverBuilder::taken(ir::RuleId rule, const std::vector<ExprId>& arguments) {
    Atom result{Atom::Kind::kTaken, rule, {}};
    for (const ExprId argument : arguments) result.arguments.push_back(argument == ir::kNoExpr ? argument : before(argument));
    return atom(std::move(result));
}

ExprId ObserverBuilder::initially() { return atom({Atom::Kind::kInitially, 0, {}}); }

// Registers

RegisterId ObserverBuilder::open(ir::DomainId domain, ir::Value before, ElementOf element) {
    Draft draft;
    draft.domain = domain;
    draft.before = before;
    draft.element = std::move(element);
    drafts_.push_back(std::move(draft));
    return static_cast<RegisterId>(drafts_.size() - 1);
}

void ObserverBuilder::close(RegisterId id, ExprId next) {
    IMSPECT_REQUIRE(drafts_[id].next == ir::kNoExpr, "a register is closed twice");
    drafts_[id].next = next;
    closed_.push_back(id);
}

ExprId ObserverBuilder::now(RegisterId id) {
    return pool().slot(static_cast<std::uint32_t>(kRegisterBase) + id, drafts_[id].domain);
}

ExprId ObserverBuilder::old(RegisterId id) {
    return pool().old_slot(static_cast<std::uint32_t>(kRegisterBase) + id, drafts_[id].domain);
}

/// r' = on ∨ (keep ∧ r)
ExprId ObserverBuilder::one_bit(bool before, ElementOf element, ExprId on, ExprId keep) {
    const RegisterId id = open(ir::kBoolDomain, before ? 1 : 0, std::move(element));
    close(id, pool().disjunction({on, pool().conjunction({keep, old(id)})}));
    return now(id);
}

ExprId ObserverBuilder::once(ExprId f, ElementOf element) {
    if (pool().is_const(f)) return f;
    return one_bit(false, std::move(element), f, pool().boolean(true));
}

ExprId ObserverBuilder::historically(ExprId f, ElementOf element) {
    if (pool().is_const(f)) return f;
    return one_bit(true, std::move(element), pool().boolean(false), f);
}

ExprId ObserverBuilder::since(ExprId f, ExprId g, ElementOf element) {
    if (pool().is_const(g)) return g;
    if (pool().is_false(f)) return g;
    return one_bit(false, std::move(element), g, f);
}

ExprId ObserverBuilder::pending(ExprId from, ExprId to, ElementOf element) {
    return one_bit(false, std::move(element), pool().conjunction({from, pool().negate(to)}), pool().negate(to));
}

ExprId ObserverBuilder::previously(ExprId f, ElementOf element) {
    if (is_state(f)) return pool().conjunction({pool().negate(initially()), before(f)});
    const RegisterId id = open(ir::kBoolDomain, 0, std::move(element));
    close(id, f);
    return old(id);
}

bool ObserverBuilder::is_state(ExprId expression) const {
    bool state = true;
    ground_.pool().visit(expression, [&](ExprId, const ExprNode& node) {
        if (node.op == Op::kOldSlot || is_atom(node)) state = false;
    });
    return state;
}

// From templates to formulas

ExprId ObserverBuilder::matches(const Atom& atom, const std::vector<ExprId>& actual) {
    std::vector<ExprId> all;
    for (std::size_t i = 0; i < atom.arguments.size(); ++i) {
        if (atom.arguments[i] != ir::kNoExpr) all.push_back(pool().equal(actual[i], atom.arguments[i]));
    }
    return pool().conjunction(std::move(all));
}

ExprId ObserverBuilder::occurs(const Atom& atom, const ir::GroundRule& rule) {
    if (atom.kind == Atom::Kind::kInitially) return pool().boolean(false);
    if (atom.kind == Atom::Kind::kTaken) {
        if (rule.rule != atom.target) return pool().boolean(false);
        std::vector<ExprId> actual;
        const std::vector<ir::ParamId>& params = ground_.system->rules[rule.rule].params;
        for (std::size_t i = 0; i < params.size(); ++i) {
            actual.push_back(pool().constant(ground_.system->params[params[i]].domain, rule.arguments[i]));
        }
        return matches(atom, actual);
    }
    std::vector<ExprId> any;
    for (const ir::GroundRaise& raise : rule.raises) {
        if (raise.event != atom.target) continue;
        std::vector<ExprId> actual;
        for (const ExprId argument : raise.arguments) actual.push_back(before_step(argument, rule));
        any.push_back(pool().conjunction({before_step(raise.condition, rule), matches(atom, actual)}));
    }
    return pool().disjunction(std::move(any));
}

/// What a rule raises is read before the step; a fresh token, which has no name there, where the rule puts it.
ExprId ObserverBuilder::before_step(ExprId expression, const ir::GroundRule& rule) {
    return pool().rewrite(before(expression), [&](const ExprNode& node, ExprId leaf) {
        if (node.op != Op::kFresh) return leaf;
        for (const ir::GroundAssignment& assignment : rule.assignments) {
            if (assignment.value == leaf) return pool().slot(assignment.slot, node.domain);
        }
        unobservable_ = rule.name;
        return pool().constant(node.domain, 0);
    });
}

void ObserverBuilder::group_rules() {
    const std::vector<ExprId> nothing(atoms_.size(), pool().boolean(false));
    std::map<std::vector<ExprId>, std::uint32_t> ids = {{nothing, 0}};
    variants_ = {nothing};
    for (const ir::GroundRule& rule : ground_.rules) {
        std::vector<ExprId> atoms;
        atoms.reserve(atoms_.size());
        for (const Atom& one : atoms_) atoms.push_back(occurs(one, rule));
        const auto [entry, is_new] = ids.emplace(atoms, static_cast<std::uint32_t>(variants_.size()));
        if (is_new) variants_.push_back(std::move(atoms));
        variant_of_rule_.push_back(entry->second);
    }
}

ExprId ObserverBuilder::specialise(ExprId expression, const std::vector<ExprId>& atoms) {
    return pool().rewrite(expression, [&](const ExprNode& node, ExprId id) {
        return is_atom(node) ? atoms[static_cast<std::size_t>(node.a - kAtomBase)] : id;
    });
}

/// The value at the initial position: nothing is raised, old and new are the initial state, registers were `before`.
ir::Value ObserverBuilder::at_start(ExprId expression) {
    const ExprId value = pool().rewrite(expression, [&](const ExprNode& node, ExprId id) {
        if (!is_slot(node)) return id;
        if (is_atom(node)) {
            const Atom& one = atoms_[static_cast<std::size_t>(node.a - kAtomBase)];
            return pool().boolean(one.kind == Atom::Kind::kInitially);
        }
        if (!is_register(node)) {
            return pool().constant(node.domain, ground_.variables[static_cast<std::size_t>(node.a)].initial);
        }
        const Draft& draft = drafts_[register_of(node)];
        return pool().constant(draft.domain, node.op == Op::kOldSlot ? draft.before : draft.initial);
    });
    IMSPECT_REQUIRE(pool().is_const(value), "a formula has no value at the initial position");
    return pool().const_value(value);
}

/// Whether no rule can move the register from its initial value: by induction over steps, assuming it has it.
bool ObserverBuilder::freeze(Draft& draft, RegisterId id) {
    const ExprId constant = pool().constant(draft.domain, draft.initial);
    for (const ExprId next : draft.variants) {
        const ExprId value = pool().rewrite(next, [&](const ExprNode& node, ExprId leaf) {
            const bool self = node.op == Op::kOldSlot && is_register(node) && register_of(node) == id;
            return self ? constant : leaf;
        });
        if (!pool().is_const(value) || pool().const_value(value) != draft.initial) return false;
    }
    draft.dropped = true;
    draft.replacement = constant;
    return true;
}

/// Joins registers that start alike and move alike, up to their own names.
bool ObserverBuilder::join() {
    const ExprId self = pool().old_slot(static_cast<std::uint32_t>(kAtomBase) - 1, ir::kIntDomain);
    std::map<std::pair<std::pair<ir::DomainId, ir::Value>, std::vector<ExprId>>, RegisterId> seen;
    bool joined = false;
    for (const RegisterId id : closed_) {
        Draft& draft = drafts_[id];
        if (draft.dropped) continue;
        std::vector<ExprId> shape;
        for (const ExprId next : draft.variants) {
            shape.push_back(pool().rewrite(next, [&](const ExprNode& node, ExprId leaf) {
                const bool own = node.op == Op::kOldSlot && is_register(node) && register_of(node) == id;
                return own ? self : leaf;
            }));
        }
        const auto [entry, is_new] = seen.emplace(std::pair(std::pair(draft.domain, draft.initial), std::move(shape)), id);
        if (is_new) continue;
        draft.dropped = true;
        draft.replacement = now(entry->second);
        joined = true;
    }
    return joined;
}

ExprId ObserverBuilder::replace(ExprId expression) {
    return pool().rewrite(expression, [&](const ExprNode& node, ExprId leaf) {
        if (!is_register(node) || register_of(node) >= drafts_.size()) return leaf;
        const Draft& draft = drafts_[register_of(node)];
        if (!draft.dropped) return leaf;
        return node.op == Op::kOldSlot ? before(draft.replacement) : draft.replacement;
    });
}

void ObserverBuilder::apply_replacements() {
    for (Draft& draft : drafts_) {
        if (draft.dropped) draft.replacement = replace(draft.replacement);
        for (ExprId& next : draft.variants) next = replace(next);
    }
    for (std::vector<ExprId>& root : roots_) {
        for (ExprId& variant : root) variant = replace(variant);
    }
}

void ObserverBuilder::settle() {
    bool changed = true;
    while (changed) {
        changed = false;
        for (const RegisterId id : closed_) {
            if (!drafts_[id].dropped && freeze(drafts_[id], id)) changed = true;
        }
        if (join()) changed = true;
        if (changed) apply_replacements();
    }
}

std::vector<bool> ObserverBuilder::used() const {
    std::vector<bool> reached(drafts_.size(), false);
    std::vector<RegisterId> pending;
    const auto reach = [&](ExprId expression) {
        ground_.pool().visit(expression, [&](ExprId, const ExprNode& node) {
            if (!is_register(node) || reached[register_of(node)]) return;
            reached[register_of(node)] = true;
            pending.push_back(register_of(node));
        });
    };
    for (const std::vector<ExprId>& root : roots_) {
        for (const ExprId variant : root) reach(variant);
    }
    while (!pending.empty()) {
        const RegisterId id = pending.back();
        pending.pop_back();
        for (const ExprId next : drafts_[id].variants) reach(next);
    }
    return reached;
}

ObserverBuilder::Finished ObserverBuilder::finish(const std::vector<ExprId>& roots) {
    IMSPECT_REQUIRE(closed_.size() == drafts_.size(), "a register is still open");
    group_rules();
    Finished result;
    for (const RegisterId id : closed_) drafts_[id].initial = at_start(drafts_[id].next);
    for (Draft& draft : drafts_) {
        for (const std::vector<ExprId>& atoms : variants_) draft.variants.push_back(specialise(draft.next, atoms));
    }
    for (const ExprId root : roots) {
        result.formulas.push_back({at_start(root) != 0, {}, ir::kNoExpr});
        roots_.emplace_back();
        for (const std::vector<ExprId>& atoms : variants_) roots_.back().push_back(specialise(root, atoms));
    }
    settle();

    const std::vector<bool> kept = used();
    std::vector<std::uint32_t> number(drafts_.size(), HistoryElement::kConstant);
    std::uint32_t count = 0;
    for (const RegisterId id : closed_) {
        if (kept[id]) number[id] = count++;
    }
    const auto numbered = [&](ExprId expression) {
        return pool().rewrite(expression, [&](const ExprNode& node, ExprId leaf) {
            if (!is_register(node)) return leaf;
            const ir::SlotId slot = first_register_ + number[register_of(node)];
            return node.op == Op::kOldSlot ? pool().old_slot(slot, node.domain) : pool().slot(slot, node.domain);
        });
    };
    for (const RegisterId id : closed_) {
        if (!kept[id]) continue;
        const Draft& draft = drafts_[id];
        Register made;
        made.variable = {draft.element.name, draft.domain, draft.initial, 0, draft.element.indices};
        std::vector<ExprId> next;
        for (const ExprId variant : draft.variants) next.push_back(variant == old(id) ? ir::kNoExpr : numbered(variant));
        for (const std::uint32_t variant : variant_of_rule_) made.next.push_back(next[variant]);
        result.registers.push_back(std::move(made));
    }
    for (std::size_t i = 0; i < roots_.size(); ++i) {
        std::vector<ExprId> variants;
        for (const ExprId variant : roots_[i]) variants.push_back(numbered(variant));
        result.formulas[i].elsewhere = variants[0];
        for (const std::uint32_t variant : variant_of_rule_) result.formulas[i].by_rule.push_back(variants[variant]);
    }
    for (RegisterId id = 0; id < drafts_.size(); ++id) {
        RegisterId stands_for = id;
        const Draft& draft = drafts_[id];
        if (draft.dropped && !pool().is_const(draft.replacement)) stands_for = register_of(pool().node(draft.replacement));
        const bool constant = draft.dropped && stands_for == id;
        result.history.push_back({draft.element.family, draft.element.index_domains, draft.element.indices,
                                  constant ? HistoryElement::kConstant : number[stands_for]});
    }
    return result;
}

}  // namespace imspect::monitor
