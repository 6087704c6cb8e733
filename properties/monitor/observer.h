// Observers: a property compiled against one ground system, ready for any engine.
//
// A *position* of a run is a state together with the step that led to it. A formula at a position reads the state after
// the step (Op::kSlot), the state before it (Op::kOldSlot) and the events the step raised; at the initial position
// nothing was raised and both states are the initial one. The history that past-time operators need lives in registers:
// extra slots numbered behind the system's, never part of the model. Events are compiled away: every formula exists once
// for every ground rule.
//
// How an engine evaluates a step by ground rule r from state s: (1) compute the raw successor t (tokens of s and t have
// the same names); (2) for each register in order, new value = next[r] over (old = s, new = t); an expression may read
// the new value of registers before it; (3) evaluate step formulas; (4) rename tokens of t and of the registers together.
// Thread-safety: read-only once compiled.
#pragma once

#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "properties/outcome/outcome.h"

namespace imspect::monitor {

enum class ObserverKind : std::uint8_t {
    kState,      ///< `formula` holds in every reachable state
    kStep,       ///< `step_formula[r]` holds at every step by rule r, and initially
    kPossible,   ///< some reachable state satisfies `formula`, or some step by r satisfies `step_formula[r]`
    kLeadsTo,    ///< for every obligation: whenever `from` holds in a state, `to` holds there or later, under the
                 ///< rules' weak fairness
    kAutomatic,  ///< no deadlock and no unspecified reception: what the engine finds without being asked
};

struct Register {
    ir::GroundVariable variable;     ///< name for people, domain, initial value
    std::vector<ir::ExprId> next;    ///< by ground rule; kNoExpr: unchanged
};

/// An element of a family of registers: `once f(u)` has one for each u. Symmetry needs it: a permutation of identities
/// takes the register of one element to that of the element with permuted indices (and permutes the value inside).
struct HistoryElement {
    static constexpr std::uint32_t kConstant = 0xffffffffU;  ///< never changes, or nobody reads it: no register
    std::uint32_t family = 0;
    std::vector<ir::DomainId> index_domains;
    std::vector<ir::Value> indices;
    std::uint32_t reg = kConstant;  ///< index into Observer::registers; elements that behave alike share one
};

/// One instance of `forall x. from leads to to`: state formulas over slots and registers.
struct Obligation {
    ir::ExprId from = ir::kNoExpr;
    ir::ExprId to = ir::kNoExpr;
    std::string name;  ///< which instance, for people: "p = impu1"; empty without quantifiers
};

struct Observer {
    std::string id;
    std::string meaning;
    std::vector<std::string> clauses;
    outcome::Modality modality = outcome::Modality::kShall;
    ObserverKind kind = ObserverKind::kState;
    ir::SlotId first_register = 0;           ///< registers occupy slots first_register, first_register + 1, ...
    std::vector<Register> registers;
    std::vector<HistoryElement> history;     ///< what the registers stand for
    ir::ExprId formula = ir::kNoExpr;        ///< kState, kPossible (kNoExpr: only step formulas)
    std::vector<ir::ExprId> step_formula;    ///< kStep, kPossible: by ground rule; constant true/false where the rule is irrelevant
    bool holds_initially = true;             ///< kStep: the formula at the initial position; kPossible: satisfied there
    std::vector<Obligation> obligations;     ///< kLeadsTo: the property holds if every obligation does
    std::string text;                        ///< the property's source text, for reports
    bool identity_free = true;               ///< names no particular identity: symmetry may be used
};

}  // namespace imspect::monitor
