// Builds the registers and formulas of an observer from templates.
//
// A template is a ground expression that may also read *atoms* (an event raised, a rule taken, initially) and registers
// that have no slots yet; both are slots with numbers out of the system's reach. Past-time operators become registers as
// in Havelund and Roşu, "Synthesizing monitors for safety properties" (TACAS 2002): `once f` is r' = f ∨ r, `f since g` is
// r' = g ∨ (f ∧ r). `finish` then
//   1. replaces the atoms for every ground rule; rules that raise the same atoms share one *variant*, so that the cost is
//      that of the variants and not of the rules;
//   2. evaluates everything at the initial position, where a register reads its `before` value as old;
//   3. drops registers that no rule can move from their initial value, and joins those that behave alike, until
//      nothing changes (dropping one may freeze another);
//   4. drops what no formula reads, and numbers the rest so that a register reads new values only of those before it.
// Invariant: a register is closed after every register whose new value its template reads.
// Thread-safety: one builder, one thread; it extends the ground system's pool.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "properties/monitor/observer.h"

namespace imspect::monitor {

using RegisterId = std::uint32_t;

/// A register's family and indices; see HistoryElement.
struct ElementOf {
    std::uint32_t family = 0;
    std::vector<ir::DomainId> index_domains;
    std::vector<ir::Value> indices;
    std::string name;  ///< of the register, for people
};

class ObserverBuilder {
public:
    ObserverBuilder(ir::GroundSystem& ground, ir::SlotId first_register);

    /// The step raised the event with these arguments (kNoExpr: any), which are read before the step.
    ir::ExprId event(ir::EventId event, const std::vector<ir::ExprId>& arguments);
    /// The step was by the rule, with these parameters (kNoExpr: any; none: whatever they are).
    ir::ExprId taken(ir::RuleId rule, const std::vector<ir::ExprId>& arguments);
    ir::ExprId initially();
    /// A template without atoms, read before the step.
    ir::ExprId before(ir::ExprId state) { return ir::as_old(pool(), state); }

    ir::ExprId once(ir::ExprId f, ElementOf element);
    ir::ExprId historically(ir::ExprId f, ElementOf element);
    ir::ExprId since(ir::ExprId f, ir::ExprId g, ElementOf element);
    ir::ExprId previously(ir::ExprId f, ElementOf element);
    /// `from` held, and `to` has not held since: the obligation that leads-to leaves open.
    ir::ExprId pending(ir::ExprId from, ir::ExprId to, ElementOf element);

    /// A register that another part defines: opened, read with `now` and `old`, and closed with its new value.
    RegisterId open(ir::DomainId domain, ir::Value before, ElementOf element);
    void close(RegisterId id, ir::ExprId next);
    ir::ExprId now(RegisterId id);
    ir::ExprId old(RegisterId id);
    [[nodiscard]] std::size_t registers() const { return drafts_.size(); }

    /// A variable over tokens, while its quantifier's body is made into a template. Tokens have no fixed names, so such a
    /// variable is not tried with constants: it is replaced by each expression that the body compares it with, by none,
    /// and by "some other token" that equals nothing. Exact as long as it is compared by = only (or as an argument).
    ir::ExprId token_variable(ir::DomainId tokens);
    /// What the body compares the variable with, arguments that rules raise included; false if it is used otherwise.
    bool comparands(ir::ExprId body, ir::ExprId variable, std::vector<ir::ExprId>& into);
    ir::ExprId with_token(ir::ExprId body, ir::ExprId variable, ir::ExprId value);
    ir::ExprId with_other_token(ir::ExprId body, ir::ExprId variable);

    /// Names a rule whose event carries a fresh token that no variable is set to: that cannot be observed. Else empty.
    [[nodiscard]] const std::string& unobservable() const { return unobservable_; }

    /// Whether a template reads nothing but the state after the step and registers.
    [[nodiscard]] bool is_state(ir::ExprId expression) const;

    struct Formula {
        bool initially = false;             ///< its value at the initial position
        std::vector<ir::ExprId> by_rule;
        ir::ExprId elsewhere = ir::kNoExpr; ///< for a step that raises nothing the observer reads; a state formula itself
    };
    struct Finished {
        std::vector<Register> registers;
        std::vector<HistoryElement> history;
        std::vector<Formula> formulas;      ///< one for each root
    };
    /// The registers and formulas for templates of conditions. Call once, at the end.
    Finished finish(const std::vector<ir::ExprId>& roots);

private:
    struct Atom {
        enum class Kind : std::uint8_t { kEvent, kTaken, kInitially } kind = Kind::kInitially;
        std::uint32_t target = 0;
        std::vector<ir::ExprId> arguments;
        auto operator<=>(const Atom&) const = default;
    };
    struct Draft {
        ir::DomainId domain = ir::kBoolDomain;
        ir::Value before = 0;
        ElementOf element;
        ir::ExprId next = ir::kNoExpr;        ///< template
        ir::Value initial = 0;
        std::vector<ir::ExprId> variants;     ///< next, by variant
        bool dropped = false;
        ir::ExprId replacement = ir::kNoExpr; ///< of a dropped one's slot: a constant, or another's slot
    };

    ir::ExprPool& pool() { return ground_.pool(); }
    ir::ExprId atom(Atom atom);
    ir::ExprId one_bit(bool before, ElementOf element, ir::ExprId on, ir::ExprId keep);

    void group_rules();
    ir::ExprId occurs(const Atom& atom, const ir::GroundRule& rule);
    ir::ExprId before_step(ir::ExprId expression, const ir::GroundRule& rule);
    [[nodiscard]] bool mentions(const Atom& atom, ir::ExprId variable) const;
    ir::ExprId matches(const Atom& atom, const std::vector<ir::ExprId>& actual);
    ir::ExprId specialise(ir::ExprId expression, const std::vector<ir::ExprId>& atoms);
    ir::Value at_start(ir::ExprId expression);
    void settle();
    bool freeze(Draft& draft, RegisterId id);
    bool join();
    void apply_replacements();
    ir::ExprId replace(ir::ExprId expression);
    std::vector<bool> used() const;

    ir::GroundSystem& ground_;
    ir::SlotId first_register_;
    std::vector<Draft> drafts_;
    std::vector<RegisterId> closed_;   ///< in order of closing
    std::vector<Atom> atoms_;
    std::map<Atom, std::uint32_t> atom_ids_;
    std::vector<std::vector<ir::ExprId>> variants_;   ///< what each atom is, by variant; the first: nothing happens
    std::vector<std::uint32_t> variant_of_rule_;
    std::vector<std::vector<ir::ExprId>> roots_;      ///< by root and variant
    ir::Value token_variables_ = 0;
    std::string unobservable_;
};

}  // namespace imspect::monitor
