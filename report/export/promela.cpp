#include "report/export/promela.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "model/result.h"
#include "report/export/promela_rule.h"
#include "report/export/promela_slots.h"

namespace imspect::exports {

using ir::ExprId;
using ir::ExprNode;
using ir::Op;
using ir::SlotId;
using monitor::Observer;
using monitor::ObserverKind;

namespace {

constexpr std::size_t kMostProcesses = 250;  // SPIN allows 255

/// Names come from models, and models come from anywhere.
std::string comment(std::string text) {
    for (char& c : text) {
        if (c == '*' || static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    return text;
}

std::string word(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        out += plain ? c : '_';
    }
    return out;
}

/// A bit that follows the state (or, where sticky, remembers) for LTL formulas to speak of.
struct Bit {
    std::string name;
    ExprId state = ir::kNoExpr;
    const Observer* step = nullptr;  ///< sticky: set by a step that satisfies step_formula, or a state formula
    bool initially = false;
};

class Export {
public:
    Export(const ir::GroundSystem& system, const std::vector<Observer>& observers, const PromelaOptions& options)
        : system_(system), slots_(system, chosen(observers, options)), rules_(system, slots_) {
        if (options.properties) select(observers);
    }

    PromelaModel run() {
        std::string processes = fair_processes() ? separate_processes() : one_process();
        model_.text = header() + slots_.declarations();
        for (const Bit& bit : bits_) model_.text += fmt::format("bit {} = {};  /* follows the state */\n", bit.name, bit.initially ? 1 : 0);
        model_.text += "\nhidden int i_;\nhidden int k_;\n";
        for (std::size_t i = 0; i < rules_.temporaries(); ++i) model_.text += fmt::format("hidden int t{}_;\n", i);
        model_.text += "\n" + processes + ltl_;
        return std::move(model_);
    }

private:
    static std::vector<const Observer*> chosen(const std::vector<Observer>& observers, const PromelaOptions& options) {
        std::vector<const Observer*> out;
        for (const Observer& observer : observers) {
            if (options.properties) out.push_back(&observer);
        }
        return out;
    }

    void note(const Observer& observer, const std::string& what) { model_.notes.push_back(fmt::format("{}: {}", observer.id, what)); }

    void select(const std::vector<Observer>& observers) {
        for (const Observer& observer : observers) {
            switch (observer.kind) {
                case ObserverKind::kState:
                    if (!holds_initially(observer, observer.formula)) broken_initially_.push_back(observer.id);
                    assertions_.push_back(&observer);
                    break;
                case ObserverKind::kStep:
                    if (!observer.holds_initially) broken_initially_.push_back(observer.id);
                    assertions_.push_back(&observer);
                    break;
                case ObserverKind::kPossible: add_possible(observer); break;
                case ObserverKind::kLeadsTo: add_leads_to(observer); break;
                case ObserverKind::kAutomatic: automatic_ = &observer; break;
            }
            observers_.push_back(&observer);
        }
        for (const Observer* observer : assertions_) model_.assertions.push_back(observer->id);
        if (automatic_ == nullptr) return;
        note(*automatic_, "unspecified reception is not exported");
        if (fair_processes()) note(*automatic_, "deadlock is not exported together with leads-to; export it alone");
        else model_.assertions.push_back(automatic_->id);
    }

    /// The formula with every slot and register at its initial value; it folds to a constant.
    bool holds_initially(const Observer& observer, ExprId formula) {
        const ExprId folded = system_.pool().rewrite(formula, [&](const ExprNode& node, ExprId id) {
            if (node.op != Op::kSlot && node.op != Op::kOldSlot) return id;
            const auto slot = static_cast<SlotId>(node.a);
            const bool is_register = slot >= observer.first_register && slot < observer.first_register + observer.registers.size();
            const ir::Value value = is_register ? observer.registers[slot - observer.first_register].variable.initial
                                                : system_.variables[slot].initial;
            return system_.pool().constant(node.domain, value);
        });
        IMSPECT_REQUIRE(system_.pool().is_const(folded), "a state formula that does not fold in the initial state");
        return system_.pool().is_true(folded);
    }

    void add_possible(const Observer& observer) {
        Bit bit{"q_" + word(observer.id), observer.formula, &observer, observer.holds_initially};
        if (observer.formula != ir::kNoExpr) bit.initially = bit.initially || holds_initially(observer, observer.formula);
        add_ltl("never_" + word(observer.id), fmt::format("[] !{}", bit.name),
                fmt::format("{}: possible. SPIN's counterexample is the run wanted: an error means that it holds", observer.id));
        bits_.push_back(std::move(bit));
    }

    void add_leads_to(const Observer& observer) {
        needs_fairness_ = true;
        for (std::size_t i = 0; i < observer.obligations.size(); ++i) {
            const monitor::Obligation& obligation = observer.obligations[i];
            const std::string name = observer.obligations.size() == 1 ? word(observer.id) : fmt::format("{}_{}", word(observer.id), i + 1);
            bits_.push_back({"from_" + name, obligation.from, nullptr, holds_initially(observer, obligation.from)});
            bits_.push_back({"to_" + name, obligation.to, nullptr, holds_initially(observer, obligation.to)});
            add_ltl("p_" + name, fmt::format("[] (from_{0} -> <> to_{0})", name),
                    fmt::format("{}{}{}", observer.id, obligation.name.empty() ? "" : " for ", obligation.name));
        }
    }

    void add_ltl(const std::string& name, const std::string& formula, const std::string& about) {
        ltl_ += fmt::format("\n/* {} */\nltl {} {{ {} }}\n", comment(about), name, formula);
        model_.ltl.push_back(name);
    }

    bool fair_processes() const { return needs_fairness_; }

    std::string header() const {
        std::string text = fmt::format(
            "/* {}: written by imspect export --to promela.\n"
            " * One d_step a rule of the model, guard and bounds first; values that do not matter have their unused form.\n"
            " * States: spin -o1 -o2 -o3 -a, cc -O2 -DNOREDUCE -DSAFETY pan.c, pan{} stores one state for each state of\n"
            " * the system, the initial one included.{} Without -o1 -o2 -o3 SPIN takes variables for dead and counts fewer.\n",
            comment(system_.system->name), model_.ltl.empty() ? "" : " -noclaim",
            observers_.empty() ? "" : " Registers of properties (history) multiply them.");
        if (!model_.assertions.empty()) text += fmt::format(" * Assertions: {}.\n", comment(fmt::format("{}", fmt::join(model_.assertions, ", "))));
        if (!model_.ltl.empty()) {
            text += fmt::format(" * LTL, one at a time, compiled without -DSAFETY: pan -a -f -N {}.\n", fmt::join(model_.ltl, ", "));
        }
        for (const std::string& entry : model_.notes) text += " * Not exported: " + comment(entry) + "\n";
        return text + " */\n\n";
    }

    StepHook hook(std::size_t rule) const {
        StepHook hook;
        for (const Observer* observer : observers_) {
            for (std::size_t i = 0; i < observer->registers.size(); ++i) {
                const ExprId next = observer->registers[i].next[rule];
                if (next != ir::kNoExpr) hook.registers.emplace_back(observer->first_register + static_cast<SlotId>(i), next);
            }
        }
        for (const Observer* observer : assertions_) {
            const ExprId formula = observer->kind == ObserverKind::kState ? observer->formula : observer->step_formula[rule];
            if (!system_.pool().is_true(formula)) hook.assertions.emplace_back(comment(observer->id), formula);
        }
        for (const Bit& bit : bits_) hook.bits.emplace_back(bit.name, bit_value(bit, rule));
        return hook;
    }

    ExprId bit_value(const Bit& bit, std::size_t rule) const {
        if (bit.step == nullptr || bit.step->step_formula.empty()) return bit.state;
        const ExprId step = bit.step->step_formula[rule];
        return bit.state == ir::kNoExpr ? step : system_.pool().disjunction({bit.state, step});
    }

    /// A property that fails before the first step needs no search.
    std::string start() const {
        std::string text;
        for (const std::string& id : broken_initially_) text += fmt::format("    assert(false);  /* {} does not hold initially */\n", comment(id));
        return text;
    }

    std::string rule_text(std::size_t rule) {
        ir::GroundRule copy = system_.rules[rule];
        copy.name = comment(copy.name);
        return rules_.print(copy, hook(rule));
    }

    std::string one_process() {
        std::string text = "active proctype system_() {\n" + start() + "end_:\n    do\n";
        for (std::size_t rule = 0; rule < system_.rules.size(); ++rule) text += rule_text(rule);
        if (automatic_ != nullptr) text += deadlock();
        if (system_.rules.empty() && automatic_ == nullptr) text += "    :: false -> skip\n";
        return text + "    od\n}\n";
    }

    /// Where nothing can happen any more: no message undelivered, no node waiting. `timeout` is true exactly there.
    std::string deadlock() const {
        PromelaExpressions expressions(slots_, system_.pool());
        std::string quiescent = "true";
        for (const ir::GroundChannel& channel : system_.channels) quiescent += fmt::format(" && {} == 0", slots_.read(channel.length));
        for (const ir::GroundWaiting& waiting : system_.waiting) quiescent += " && !" + expressions.print(waiting.condition);
        return fmt::format("    :: d_step {{  /* {}: no deadlock */\n        timeout;\n        assert({})\n    }}\n", comment(automatic_->id), quiescent);
    }

    /// Every weakly fair rule is a process of its own; the rest may idle, so that -f forces none of it.
    std::string separate_processes() {
        std::string rest;
        std::string fair;
        std::size_t count = 1;
        for (std::size_t rule = 0; rule < system_.rules.size(); ++rule) {
            const bool own = system_.rule_of(rule).fair && count < kMostProcesses;
            if (system_.rule_of(rule).fair && !own) model_.notes.push_back("fairness of " + system_.rules[rule].name + ": SPIN has too few processes");
            if (!own) {
                rest += rule_text(rule);
                continue;
            }
            fair += fmt::format("\nactive proctype fair_{}() {{\nend_:\n    do\n{}    od\n}}\n", count++, rule_text(rule));
        }
        return "active proctype system_() {\n" + start() + "end_:\n    do\n" + rest +
               "    :: d_step { true; skip }  /* nothing need happen here */\n    od\n}\n" + fair;
    }

    const ir::GroundSystem& system_;
    PromelaSlots slots_;
    PromelaRules rules_;
    PromelaModel model_;
    std::vector<const Observer*> observers_;
    std::vector<const Observer*> assertions_;
    std::vector<std::string> broken_initially_;
    const Observer* automatic_ = nullptr;
    std::vector<Bit> bits_;
    std::string ltl_;
    bool needs_fairness_ = false;
};

}  // namespace

PromelaModel write_promela(const ir::GroundSystem& system, const std::vector<Observer>& observers, const PromelaOptions& options) {
    return Export(system, observers, options).run();
}

}  // namespace imspect::exports
