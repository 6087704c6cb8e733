// One ground rule as one d_step.
//
// All assignments of a rule are simultaneous. They are ordered so that a slot is overwritten only when no later one
// reads it; a cycle is broken by a temporary. Subexpressions that occur more than once go to temporaries too: what is a
// DAG for us would be an exponential text for SPIN. Temporaries are hidden and set back to 0. Guards and bounds decide
// whether the d_step runs at all, so nothing can be computed before them: they stay trees, and `too_large` says which
// rule's would be too long a text.
// Private to report/export. Thread-safety: reads only.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/ir/ground.h"
#include "report/export/promela_slots.h"

namespace imspect::exports {

/// Expressions in C's notation; what slots of the state before the step are called is the caller's business.
class PromelaExpressions {
public:
    PromelaExpressions(const PromelaSlots& slots, const ir::ExprPool& pool) : slots_(slots), pool_(pool) {}

    std::map<ir::SlotId, std::string> old_names;               ///< kOldSlot, where it differs from the slot itself
    std::unordered_map<ir::ExprId, std::string> temporaries;   ///< expressions that were computed before
    bool in_bound = false;                                     ///< a fresh token counts the system's tokens only

    [[nodiscard]] std::string print(ir::ExprId id) const;

private:
    std::string joined(const ir::ExprNode& node, const char* op) const;
    const PromelaSlots& slots_;
    const ir::ExprPool& pool_;
};

/// `name` is a variable of the model, set to the formula's value (or its opposite).
struct Judgement {
    std::string name;
    ir::ExprId formula = ir::kNoExpr;
    bool negated = false;
};

/// What a property adds behind every step: statements, and the registers they write.
struct StepHook {
    std::vector<std::pair<ir::SlotId, ir::ExprId>> registers;  ///< in order; kSlot reads the state after the step
    std::vector<Judgement> assertions;                         ///< hidden bits, 1 between steps
    std::vector<Judgement> bits;                               ///< part of the state
};

/// What is asserted of every state.
struct StateChecks {
    std::vector<Judgement> assertions;
    std::string deadlock;     ///< hidden bit; empty: not looked for
    std::string unspecified;  ///< the same for unspecified reception
};

class PromelaRules {
public:
    PromelaRules(const ir::GroundSystem& system, const PromelaSlots& slots) : system_(system), slots_(slots) {}

    /// `:: d_step { … }`.
    [[nodiscard]] std::string print(const ir::GroundRule& rule, const StepHook& hook);
    /// The d_step that every state offers and that changes nothing: it judges the state.
    [[nodiscard]] std::string print(const StateChecks& checks);
    /// The first rule whose guard or bounds are too long as text; nullptr: none.
    [[nodiscard]] const ir::GroundRule* too_large() const;
    /// How many temporaries the rules printed so far need: t0_, t1_, …
    [[nodiscard]] std::size_t temporaries() const { return most_temporaries_; }

private:
    void begin();
    std::string finish(const std::string& comment, const std::string& first);
    std::string guard(const ir::GroundRule& rule) const;
    std::string moves_or_is_limited(const ir::GroundRule& rule, PromelaExpressions& expressions) const;
    void share(const std::vector<ir::ExprId>& roots, PromelaExpressions& expressions, bool beside_bounds = false);
    void save_old(const ir::GroundRule& rule, const StepHook& hook);
    void assign(const ir::GroundRule& rule, PromelaExpressions& expressions);
    void watch(const StepHook& hook);
    void judge(const Judgement& judgement, const PromelaExpressions& expressions);
    void judge_deadlock(const std::string& name, PromelaExpressions& expressions);
    void judge_reception(const std::string& name, const PromelaExpressions& expressions);
    void assertion(const std::string& name);
    void rename(const ir::GroundRule& rule, const StepHook& hook);
    void statement(const std::string& text) { body_ += ";\n        " + text; }
    std::string temporary();
    /// The slots that printing this expression now would read.
    std::set<ir::SlotId> reads(ir::ExprId id, const PromelaExpressions& expressions) const;

    const ir::GroundSystem& system_;
    const PromelaSlots& slots_;
    std::size_t most_temporaries_ = 0;

    // Of the rule being printed:
    std::string body_;
    std::size_t used_temporaries_ = 0;
    std::map<ir::SlotId, std::string> saved_;
};

}  // namespace imspect::exports
