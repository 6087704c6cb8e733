// One ground rule as one d_step.
//
// All assignments of a rule are simultaneous. They are ordered so that a slot is overwritten only when no later one
// reads it; a cycle is broken by a temporary. Subexpressions that occur more than once go to temporaries too: what is a
// DAG for us would be an exponential text for SPIN. Temporaries are hidden and set back to 0.
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

/// What a property adds behind every step: statements, and the registers they write.
struct StepHook {
    std::vector<std::pair<ir::SlotId, ir::ExprId>> registers;  ///< in order; kSlot reads the state after the step
    std::vector<std::pair<std::string, ir::ExprId>> assertions;  ///< comment, formula
    std::vector<std::pair<std::string, ir::ExprId>> bits;        ///< global bit, value after the step
};

class PromelaRules {
public:
    PromelaRules(const ir::GroundSystem& system, const PromelaSlots& slots) : system_(system), slots_(slots) {}

    /// `:: d_step { … }`.
    [[nodiscard]] std::string print(const ir::GroundRule& rule, const StepHook& hook);
    /// How many temporaries the rules printed so far need: t0_, t1_, …
    [[nodiscard]] std::size_t temporaries() const { return most_temporaries_; }

private:
    std::string guard(const ir::GroundRule& rule) const;
    void share(const ir::GroundRule& rule);
    void save_old(const ir::GroundRule& rule, const StepHook& hook);
    void assign(const ir::GroundRule& rule);
    void watch(const StepHook& hook);
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
    PromelaExpressions* expressions_ = nullptr;
    std::map<ir::SlotId, std::string> saved_;
};

}  // namespace imspect::exports
