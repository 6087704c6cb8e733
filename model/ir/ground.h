// The flat form of a system: every array, parameter, quantifier, definition and channel step expanded.
//
// A ground system is a list of slots (scalar variables) and a list of ground rules whose guards and assignments speak
// of slots only (Op::kSlot). It is what engines execute, translate and export; it remembers which rule and parameter
// values each ground rule comes from, so answers speak of the model. Grounding order is deterministic: declarations in
// order, parameter values in lexicographic order.
// Invariant: a ground rule assigns each slot at most once; slots not assigned keep their value; a rule whose guard folds
// to false is dropped. Cost: linear in the size of the expansion.
// Thread-safety: read by any number of threads once built; the pool may be extended by one thread (observers do that).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/ir/system.h"
#include "model/result.h"

namespace imspect::ir {

using SlotId = std::uint32_t;

struct GroundVariable {
    std::string name;  ///< "hss.flag[impu1]", "gm_up.0.kind[ue1]"
    DomainId domain = kBoolDomain;
    Value initial = 0;
    VarId variable = 0;
    std::vector<Value> indices;
};

struct GroundAssignment {
    SlotId slot = 0;
    ExprId value = kNoExpr;
    bool needs_range_check = true;  ///< false where the value's interval lies inside the slot's domain
};

struct GroundChannel {
    ChannelId channel = 0;
    std::vector<Value> indices;
    std::string name;
    SlotId length = 0;
    std::vector<std::vector<SlotId>> slots;  ///< [position][field]
    ExprId deferred = kNoExpr;               ///< kNoExpr: never
};

struct GroundRaise {
    EventId event = 0;
    ExprId condition = kNoExpr;
    std::vector<ExprId> arguments;
};

struct GroundRule {
    std::string name;  ///< "hss.applies_clear(ue1, impu1)"
    RuleId rule = 0;
    std::vector<Value> arguments;
    ExprId guard = kNoExpr;
    std::vector<Bound> bounds;
    std::vector<GroundAssignment> assignments;
    std::vector<Label> labels;
    std::vector<GroundRaise> raises;
    std::vector<std::uint32_t> consumes;  ///< ground channels whose head this rule reads away (not faults)
};

struct GroundWaiting {
    std::string name;
    ExprId condition = kNoExpr;
};

struct GroundSystem {
    std::shared_ptr<System> system;  ///< declarations, domains; its pool holds all expressions below
    std::vector<GroundVariable> variables;
    std::vector<GroundChannel> channels;
    std::vector<GroundRule> rules;
    std::vector<GroundWaiting> waiting;

    [[nodiscard]] ExprPool& pool() const { return system->pool; }
    [[nodiscard]] const Domain& domain_of(SlotId slot) const { return system->domains[variables[slot].domain]; }
    [[nodiscard]] const Rule& rule_of(std::size_t ground_rule) const { return system->rules[rules[ground_rule].rule]; }
    /// The slot of a variable's element; indices are values of its index domains.
    [[nodiscard]] SlotId slot(VarId variable, std::span<const Value> indices) const;

    std::vector<SlotId> first_slot;  ///< by VarId; elements follow in row-major order
};

/// Parameter values for an instantiation: (parameter, value) pairs.
using Binding = std::vector<std::pair<ParamId, Value>>;

/// Flattens a validated system. Errors: more than `max_rules` ground rules (a model too large to be meant).
Result<GroundSystem> ground(std::shared_ptr<System> system, std::size_t max_rules = 1'000'000);

/// Grounds one expression of the system (properties use this): parameters by `binding`, definitions and quantifiers
/// expanded, variables to slots; below Op::kOld to old slots. Free parameters are a broken invariant.
ExprId ground_expression(const GroundSystem& ground, ExprId expression, const Binding& binding);

/// The same expression, read before the step: every kSlot becomes kOldSlot (for guards and event arguments in observers).
ExprId as_old(ExprPool& pool, ExprId expression);

/// The interval of values a ground expression can take, by its operators and domains.
struct Interval {
    std::int64_t lo = 0;
    std::int64_t hi = 0;
};
Interval interval_of(const System& system, ExprId expression);

}  // namespace imspect::ir
