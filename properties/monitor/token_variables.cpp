// Quantifiers over tokens, by substitution of what a variable is compared with.
//
// Rivals: constants 0..k would name tokens of one state only, and registers of other observers in the same search make
// names beyond the domain's bound; all slots that hold tokens would be right too, but are tens of instances where the
// formula names one or two.
#include <algorithm>
#include <map>

#include "model/result.h"
#include "properties/monitor/observer_builder.h"

namespace imspect::monitor {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;

namespace {

constexpr ir::Value kFirst = 0x40000000;  // ordinals of Op::kFresh, beyond any rule's
constexpr ir::Value kAtomBase = 0x40000000;

bool is_atom(const ExprNode& node) { return node.op == Op::kSlot && node.a >= kAtomBase; }

void add_once(std::vector<ExprId>& into, ExprId expression) {
    if (std::find(into.begin(), into.end(), expression) == into.end()) into.push_back(expression);
}

}  // namespace

ExprId ObserverBuilder::token_variable(ir::DomainId tokens) { return pool().fresh(tokens, kFirst + token_variables_++); }

bool ObserverBuilder::mentions(const Atom& atom, ExprId variable) const {
    return std::find(atom.arguments.begin(), atom.arguments.end(), variable) != atom.arguments.end();
}

bool ObserverBuilder::comparands(ExprId body, ExprId variable, std::vector<ExprId>& into) {
    bool plain = body != variable;
    std::vector<Atom> raised;
    pool().visit(body, [&](ExprId, const ExprNode& node) {
        if (is_atom(node)) {
            const Atom& one = atoms_[static_cast<std::size_t>(node.a - kAtomBase)];
            if (mentions(one, variable)) raised.push_back(one);
            for (const ExprId argument : one.arguments) {
                if (argument == ir::kNoExpr || argument == variable) continue;
                pool().visit(argument, [&](ExprId id, const ExprNode&) { plain = plain && id != variable; });
            }
            return;
        }
        if (std::find(node.kids.begin(), node.kids.end(), variable) == node.kids.end()) return;
        if (node.op != Op::kEq) plain = false;
        else add_once(into, node.kids[0] == variable ? node.kids[1] : node.kids[0]);
    });
    for (const Atom& one : raised) {
        for (const ir::GroundRule& rule : ground_.rules) {
            for (const ir::GroundRaise& raise : rule.raises) {
                if (one.kind != Atom::Kind::kEvent || raise.event != one.target) continue;
                for (std::size_t i = 0; i < one.arguments.size(); ++i) {
                    if (one.arguments[i] == variable) add_once(into, before_step(raise.arguments[i], rule));
                }
            }
        }
    }
    return plain;
}

ExprId ObserverBuilder::with_token(ExprId body, ExprId variable, ExprId value) {
    return pool().rewrite(body, [&](const ExprNode& node, ExprId leaf) {
        if (leaf == variable) return value;
        if (!is_atom(node)) return leaf;
        Atom one = atoms_[static_cast<std::size_t>(node.a - kAtomBase)];
        if (!mentions(one, variable)) return leaf;
        std::replace(one.arguments.begin(), one.arguments.end(), variable, value);
        return atom(std::move(one));
    });
}

ExprId ObserverBuilder::with_other_token(ExprId body, ExprId variable) {
    std::vector<ExprId> order;
    pool().visit(body, [&](ExprId id, const ExprNode&) { order.push_back(id); });
    std::map<ExprId, ExprId> done;
    for (const ExprId id : order) {
        const ExprNode node = pool().node(id);
        const bool compares = std::find(node.kids.begin(), node.kids.end(), variable) != node.kids.end();
        const bool raised = is_atom(node) && mentions(atoms_[static_cast<std::size_t>(node.a - kAtomBase)], variable);
        if (compares || raised) {
            done[id] = pool().boolean(false);
        } else if (node.kids.empty()) {
            done[id] = id;
        } else {
            std::vector<ExprId> kids;
            for (const ExprId kid : node.kids) kids.push_back(done.at(kid));
            done[id] = pool().rebuild(node, std::move(kids));
        }
    }
    return done.at(body);
}

}  // namespace imspect::monitor
