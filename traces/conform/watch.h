// Properties watched along a machine's steps: a step that breaks one of them is not taken.
//
// So a walk over a watched machine finds the explanations that avoid every violation, and a property is violated for certain where
// no such explanation is left. The history before the walk is unknown (properties/monitor/unknown_history.h). An invariant is broken
// by the step that makes it false, not by the state a walk starts from, which it may have been in for long. A leads-to is broken by
// a state in which nothing more happens while something is owed.
// Thread-safety: const once attached.
#pragma once

#include <string>
#include <vector>

#include "model/exec/stepper.h"
#include "properties/language/language.h"
#include "properties/monitor/observer.h"

namespace imspect::conform {

class Watch {
public:
    /// Compiles the properties over the system, whose pool and domains grow.
    Watch(ir::GroundSystem& ground, const std::vector<const language::Property*>& properties);

    [[nodiscard]] const std::vector<exec::ExtraVariable>& registers() const { return registers_; }
    [[nodiscard]] bool renames() const { return token_registers_; }
    void attach(const ir::GroundSystem& ground, const exec::Layout& layout, exec::Code& code);

    /// Sets the registers of `to`, the raw successor of `from`; false: the step breaks a property.
    bool follow(const exec::Code& code, std::size_t rule, const exec::Word* from, exec::Word* to) const;

    /// Nothing is owed that the properties promise.
    bool kept(const exec::Code& code, const exec::Word* state) const;

private:
    struct Update {
        exec::Field to;
        exec::ProgramId program = 0;
    };
    struct OfRule {
        std::vector<Update> updates;
        std::vector<exec::ProgramId> steps;   ///< formulas of the step
        std::vector<exec::ProgramId> states;  ///< invariants that read something the rule writes
    };

    void attach_invariant(const ir::GroundSystem& ground, ir::ExprId formula, exec::ProgramId program);

    std::vector<monitor::Observer> observers_;
    std::vector<exec::ExtraVariable> registers_;
    std::vector<OfRule> rules_;
    std::vector<exec::ProgramId> promises_;  ///< of each leads-to: nothing is owed
    bool token_registers_ = false;
};

}  // namespace imspect::conform
