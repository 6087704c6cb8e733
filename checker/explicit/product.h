// The system together with a group of observers: product states and what is watched in them.
//
// A product state is the system's slots and the registers of the group, packed by one exec::Stepper. A *watch* is one
// thing to look for: a state in which an invariant is false, a step that breaks a step formula, a state or step that makes
// something possible. Watches have numbers; searching remembers the best hit of each. A step is evaluated in the order
// that properties/monitor/observer.h prescribes: raw successor, registers, step formulas, renaming of tokens.
// Thread-safety: const after construction.
#pragma once

#include <memory>
#include <vector>

#include "model/exec/stepper.h"
#include "properties/monitor/observer.h"

namespace imspect::explore {

using exec::Word;

class Product {
public:
    Product(const ir::GroundSystem& system, std::vector<const monitor::Observer*> group);

    [[nodiscard]] const ir::GroundSystem& system() const { return stepper_->system(); }
    [[nodiscard]] const exec::Stepper& stepper() const { return *stepper_; }
    [[nodiscard]] const exec::Layout& layout() const { return stepper_->layout(); }
    [[nodiscard]] const std::vector<const monitor::Observer*>& observers() const { return group_; }
    [[nodiscard]] const std::vector<exec::ExtraVariable>& registers() const { return registers_; }
    [[nodiscard]] std::size_t words() const { return stepper_->words(); }
    [[nodiscard]] exec::State initial() const { return stepper_->initial(); }

    /// One step of the product. `wanted(watch)` is asked before a step formula is evaluated, `hit(watch)` told.
    template <typename Wanted, typename Hit>
    exec::Step successor(std::size_t rule, const Word* from, Word* to, Wanted&& wanted, Hit&& hit) const {
        const exec::Step step = stepper_->step(rule, from, to);
        if (step.kind != exec::StepKind::kFired) return step;
        const RuleProgram& program = rules_[rule];
        for (const Update& update : program.updates) update_register(update, from, to);
        for (const StepWatch& watch : program.watches) {
            if (wanted(watch.watch) && (code_->evaluate(watch.program, {to, from, nullptr}) != 0) == watch.hit_when) {
                hit(watch.watch);
            }
        }
        if (token_registers_ || stepper_->touches_tokens(rule)) stepper_->normalise(to);
        return step;
    }
    exec::Step successor(std::size_t rule, const Word* from, Word* to) const {
        return successor(rule, from, to, [](std::size_t) { return false; }, [](std::size_t) {});
    }

    /// Watches are numbered like the observers of the group; observers without one never hit.
    template <typename Wanted, typename Hit>
    void check_state(const Word* state, Wanted&& wanted, Hit&& hit) const {
        for (const StateWatch& watch : state_watches_) {
            if (wanted(watch.watch) && (code_->evaluate(watch.program, {state, state, nullptr}) != 0) == watch.hit_when) {
                hit(watch.watch);
            }
        }
    }
    /// Watches that hit at the initial position without looking at a state.
    [[nodiscard]] const std::vector<std::size_t>& initial_hits() const { return initial_hits_; }

private:
    struct Update {
        exec::Field to;
        exec::ProgramId program = 0;
    };
    struct StepWatch {
        std::size_t watch = 0;
        exec::ProgramId program = 0;
        bool hit_when = false;
    };
    struct StateWatch {
        std::size_t watch = 0;
        exec::ProgramId program = 0;
        bool hit_when = false;
    };
    struct RuleProgram {
        std::vector<Update> updates;
        std::vector<StepWatch> watches;
    };

    void add_registers(const monitor::Observer& observer);
    void add_watches(std::size_t watch, const monitor::Observer& observer);
    void update_register(const Update& update, const Word* from, Word* to) const;

    std::vector<const monitor::Observer*> group_;
    std::vector<exec::ExtraVariable> registers_;
    std::unique_ptr<exec::Stepper> stepper_;
    std::unique_ptr<exec::Code> code_;
    std::vector<RuleProgram> rules_;
    std::vector<StateWatch> state_watches_;
    std::vector<std::size_t> initial_hits_;
    bool token_registers_ = false;
};

}  // namespace imspect::explore
