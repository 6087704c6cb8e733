// One rule as one TLA+ action over the rule's parameters.
//
// Guard and bounds, then the new values, all of the state before: variables that hold no tokens are assigned, those that do
// go through Renamed, which names the tokens in use 1..k after the step. Registers of properties are ground, so their new
// values are told apart by the parameters' values.
// Private to report/export. Thread-safety: extends the system's pool; one thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/ir/ground.h"
#include "properties/monitor/observer.h"
#include "report/export/tla_expressions.h"
#include "report/export/tla_names.h"

namespace imspect::exports {

/// What formulas of observers about the step of one ground rule become as formulas about the state before it.
class TlaStep {
public:
    TlaStep(const ir::GroundSystem& system, std::size_t rule, const std::vector<const monitor::Observer*>& observers);
    [[nodiscard]] ir::ExprId before(ir::ExprId formula) const;
    /// Registers that the step may change, with their new values.
    [[nodiscard]] const std::map<ir::SlotId, ir::ExprId>& registers() const { return registers_; }

private:
    const ir::GroundSystem& system_;
    std::map<ir::SlotId, ir::ExprId> new_values_;
    std::map<ir::SlotId, ir::ExprId> registers_;
};

class TlaRules {
public:
    TlaRules(const ir::GroundSystem& system, const TlaNames& names, TlaExpressions& expressions, std::vector<const monitor::Observer*> observers);

    /// The rule that TLA+ sequences cannot express, and why; empty: none.
    [[nodiscard]] std::string impossible() const;
    [[nodiscard]] std::string print(ir::RuleId rule);
    /// "\E u \in UE : starts(u)", or with \A around WF_vars.
    [[nodiscard]] std::string quantified(ir::RuleId rule, const std::string& quantifier, const std::string& before, const std::string& after);

private:
    /// Changes of one variable, in order: where ("[u]" or nothing) and the new value, "@" being the old one.
    using Changes = std::vector<std::pair<std::string, std::string>>;

    std::size_t least_length(const ir::Rule& rule, ir::ChannelId channel, const std::vector<ir::ExprId>& indices) const;
    std::string comment(const ir::Rule& rule) const;
    std::string head(ir::RuleId rule);
    std::string conditions(ir::RuleId rule);
    std::string room(const ir::Rule& rule, std::size_t step);
    std::string fresh_bounds(ir::RuleId rule);
    void assignments(const ir::Rule& rule);
    void messages(const ir::Rule& rule);
    void registers(ir::RuleId rule);
    std::string updates();
    std::string message(const ir::ChannelStep& step);
    void change(std::size_t variable, const std::string& where, const std::string& value);
    /// `texts` by ground rule of this rule; one text where all are equal.
    std::string by_instance(ir::RuleId rule, const std::map<std::size_t, std::string>& texts, const std::string& otherwise);

    const ir::GroundSystem& system_;
    const TlaNames& names_;
    TlaExpressions& expressions_;
    std::vector<const monitor::Observer*> observers_;
    std::vector<std::vector<std::size_t>> instances_;  ///< ground rules, by RuleId
    std::map<std::size_t, Changes> changes_;           ///< of the rule being printed
};

}  // namespace imspect::exports
