// How a Machine is put together, one idea a function; internal to machine*.cpp.
//
// Order: slots and latches, tokens in use, rules, the raw successor, registers, the observers' targets, renaming, latches'
// next values. Thread-safety: one thread.
#pragma once

#include <map>
#include <memory>

#include "checker/symbolic/evaluator.h"
#include "checker/symbolic/machine.h"
#include "checker/symbolic/tokens.h"

namespace imspect::symbolic {

class MachineBuilder {
public:
    MachineBuilder(const ir::GroundSystem& system, std::vector<const monitor::Observer*> observers, StateCode code);
    Result<Machine> run();

private:
    /// The values that one slot is assigned, and by which rules.
    struct Writes {
        std::vector<Literal> by;
        std::vector<std::vector<Literal>> values;  ///< in the slot's code
    };

    void declare_slots();
    void add_slot(const ir::GroundVariable& variable, ir::SlotId id, ir::Value widening);
    [[nodiscard]] std::vector<ir::Value> initial_values() const;
    void set_initial(const std::vector<ir::Value>& values);
    void relate_tokens(std::vector<ir::Value> initial);
    void count_tokens();
    void make_choice();
    void add_rules();
    void add_rule(std::size_t rule, Evaluator& values, Evaluator& bounds);
    Literal note_bounds(const ir::GroundRule& rule, Literal guard, Evaluator& bounds);
    void make_raw_successor();
    void update_registers();
    void update_register(const monitor::Register& declared, ir::SlotId id);
    Target watch(const monitor::Observer& observer);
    Literal watched_steps(const monitor::Observer& observer, bool hit_when);
    /// Expressions over the state after a step and the one before it.
    [[nodiscard]] Environment after_step(std::size_t rule);
    void assign(std::size_t rule, const ir::GroundAssignment& assignment, Evaluator& values);
    void make_built_in(Evaluator& here);
    void finish_latches();
    void state_shape();

    [[nodiscard]] std::vector<std::size_t> token_slots(ir::DomainId domain) const;
    [[nodiscard]] const ir::Domain& domain(const MachineSlot& slot) const { return system_.system->domains[slot.domain]; }
    [[nodiscard]] bool is_token(const MachineSlot& slot) const { return domain(slot).kind == ir::DomainKind::kToken; }
    [[nodiscard]] bool is_related(const MachineSlot& slot) const { return relations_ && is_token(slot); }
    [[nodiscard]] bool of_node(std::size_t rule) const;
    [[nodiscard]] Code code_of(const ir::Domain& domain) const;
    std::vector<Literal> coded(Evaluator& values, ir::ExprId value, const MachineSlot& slot);
    std::vector<Literal> merged(const Writes& writes, const std::vector<Literal>& otherwise);
    void set_raw(std::size_t position, const Writes& writes);
    void use(const Evaluator& evaluator) { too_wide_ = too_wide_ || evaluator.too_wide(); }

    const ir::GroundSystem& system_;
    std::vector<const monitor::Observer*> observers_;
    StateCode state_code_;
    Machine machine_;
    std::optional<TokenRelations> relations_;
    Arithmetic arithmetic_;
    SlotNumbers now_;
    SlotNumbers raw_;                   ///< after the step, before tokens are renamed; rules merged
    std::vector<Number> fresh_;         ///< by domain: tokens in use
    std::vector<Number> bound_fresh_;   ///< by domain: those that the system uses
    std::vector<Writes> writes_;        ///< by slot of the system
    std::vector<Literal> chosen_;
    std::vector<Literal> limited_;      ///< by rule: a bound of the specification is in its way
    std::map<std::string, std::vector<Literal>> reached_;
    std::vector<Literal> out_of_range_;
    bool too_wide_ = false;
};

}  // namespace imspect::symbolic
