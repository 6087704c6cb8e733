#include "report/export/promela.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

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
constexpr ir::Value kMostTokens = 255;       // of one domain: a byte names them

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

class Export {
public:
    Export(const ir::GroundSystem& system, const std::vector<Observer>& observers, const PromelaOptions& options)
        : system_(system), slots_(system, chosen(observers, options)), rules_(system, slots_) {
        if (!options.properties) return;
        for (const Observer& observer : observers) select(observer);
    }

    Result<PromelaModel> run() {
        if (const ir::GroundRule* rule = rules_.too_large()) {
            return Error{"export", fmt::format("rule {}: its guard is too large for Promela, which has no shared subexpressions there", rule->name), {}, {}, {}};
        }
        const std::string processes = obligations_.empty() ? one_process() : separate_processes();
        model_.text = header() + slots_.declarations();
        for (const Judgement& bit : bits_) {
            model_.text += fmt::format("bit {} = {};  /* follows the state */\n", bit.name, holds_initially(*observer_of_.at(bit.name), bit.formula) ? 1 : 0);
        }
        model_.text += "\nhidden int i_;\nhidden int k_;\n";
        if (!broken_initially_.empty()) model_.text += "hidden byte started_;\n";
        for (const PromelaAssertion& assertion : model_.assertions) model_.text += fmt::format("hidden byte {} = 1;\n", assertion.name);
        for (std::size_t i = 0; i < rules_.temporaries(); ++i) model_.text += fmt::format("hidden int t{}_;\n", i);
        model_.text += "\n" + processes + formulas();
        return std::move(model_);
    }

private:
    /// What is asserted of steps; a property may have a formula for states too, in checks_.
    struct StepAssertion {
        const Observer* observer;
        std::string name;
        bool negated;
    };

    struct Formula {
        std::string name;
        std::string text;
        std::string about;
    };

    static std::vector<const Observer*> chosen(const std::vector<Observer>& observers, const PromelaOptions& options) {
        std::vector<const Observer*> out;
        for (const Observer& observer : observers) {
            if (options.properties) out.push_back(&observer);
        }
        return out;
    }

    /// Different ids may be the same word.
    std::string unique(const std::string& name) {
        const int count = ++names_[name];
        return count == 1 ? name : unique(fmt::format("{}_{}", name, count));
    }

    std::string add_assertion(const std::string& prefix, const std::string& id, bool wanted) {
        model_.assertions.push_back({id, unique(prefix + word(id)), wanted});
        return model_.assertions.back().name;
    }

    void select(const Observer& observer) {
        observers_.push_back(&observer);
        switch (observer.kind) {
            case ObserverKind::kState:
                checks_.assertions.push_back({add_assertion("ok_", observer.id, false), observer.formula, false});
                break;
            case ObserverKind::kStep: {
                const std::string name = add_assertion("ok_", observer.id, false);
                steps_.push_back({&observer, name, false});
                if (!observer.holds_initially) broken_initially_.push_back(name);
                break;
            }
            case ObserverKind::kPossible: {
                const std::string name = add_assertion("unseen_", observer.id, true);
                if (!observer.step_formula.empty()) steps_.push_back({&observer, name, true});
                if (observer.formula != ir::kNoExpr) checks_.assertions.push_back({name, observer.formula, true});
                if (observer.holds_initially) broken_initially_.push_back(name);
                break;
            }
            case ObserverKind::kLeadsTo: add_leads_to(observer); break;
            case ObserverKind::kAutomatic:
                if (!checks_.deadlock.empty()) break;  // all automatic ones are the same
                checks_.deadlock = add_assertion("ok_", "deadlock", false);
                checks_.unspecified = add_assertion("ok_", "unspecified-reception", false);
                break;
        }
    }

    void add_leads_to(const Observer& observer) {
        for (std::size_t i = 0; i < observer.obligations.size(); ++i) {
            const monitor::Obligation& obligation = observer.obligations[i];
            const std::string name = unique("p_" + word(observer.id) + (observer.obligations.size() == 1 ? "" : fmt::format("_{}", i + 1)));
            for (const auto& [prefix, formula] : {std::pair{"from_", obligation.from}, std::pair{"to_", obligation.to}}) {
                bits_.push_back({prefix + name, formula, false});
                observer_of_[prefix + name] = &observer;
            }
            obligations_.push_back({name, fmt::format("[] (from_{0} -> <> to_{0})", name),
                                    fmt::format("{}{}{}", observer.id, obligation.name.empty() ? "" : " for ", obligation.name)});
            model_.ltl.push_back({observer.id, name});
        }
    }

    /// The formula with every slot and register at its initial value; it folds to a constant.
    bool holds_initially(const Observer& observer, ExprId formula) const {
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

    std::string header() const {
        std::string text = fmt::format(
            "/* {}: written by imspect export --to promela.\n"
            " * One d_step a rule of the model, guard and bounds first; values that do not matter have their unused form.\n"
            " * States: spin -o1 -o2 -o3 -a, cc -O2 -DNOREDUCE -DSAFETY{} pan.c, pan stores one state for each state of\n"
            " * the system, the initial one included.{} With its optimisations -o1, -o2, -o3 on, SPIN takes variables for\n"
            " * dead and counts fewer.\n",
            comment(system_.system->name), model_.ltl.empty() ? "" : " -DNOCLAIM",
            observers_.empty() ? "" : " Registers of properties (history) multiply them.");
        if (!model_.assertions.empty()) {
            text += " * pan -c0 goes on after a violation and names them all. Assertions on, and the properties they stand for\n"
                    " * (possible: some run reaches it, so the property holds where the assertion is violated):\n";
        }
        for (const PromelaAssertion& assertion : model_.assertions) {
            text += fmt::format(" *   {}{}: {}\n", assertion.name, assertion.wanted ? ", possible" : "", comment(assertion.id));
        }
        if (!model_.ltl.empty()) text += " * LTL, one at a time, compiled with -DNFAIR=64 and without -DSAFETY: pan -a -A -f -N NAME. Names, and the properties:\n";
        for (const PromelaFormula& formula : model_.ltl) text += fmt::format(" *   {}: {}\n", formula.name, comment(formula.id));
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
        for (const StepAssertion& step : steps_) {
            const ExprId formula = step.observer->step_formula[rule];
            const bool trivial = step.negated ? system_.pool().is_false(formula) : system_.pool().is_true(formula);
            if (!trivial) hook.assertions.push_back({step.name, formula, step.negated});
        }
        hook.bits = bits_;
        return hook;
    }

    /// What is judged of states, and, once, of the first position.
    std::string judgements() {
        std::string text;
        if (!broken_initially_.empty()) {
            text += "    :: d_step {  /* what the initial state decides */\n        !started_;\n        started_ = 1";
            for (const std::string& name : broken_initially_) text += fmt::format(";\n        {0} = 0;\n        assert({0});\n        {0} = 1", name);
            text += "\n    }\n";
        }
        if (!checks_.assertions.empty() || !checks_.deadlock.empty()) text += rules_.print(checks_);
        return text;
    }

    std::string rule_text(std::size_t rule) {
        ir::GroundRule copy = system_.rules[rule];
        copy.name = comment(copy.name);
        return rules_.print(copy, hook(rule));
    }

    std::string one_process() {
        std::string body = judgements();
        for (std::size_t rule = 0; rule < system_.rules.size(); ++rule) body += rule_text(rule);
        if (body.empty()) body = "    :: false -> skip\n";
        return "active proctype system_() {\nend_:\n    do\n" + body + "    od\n}\n";
    }

    /// Every weakly fair rule is a process of its own; the rest may idle, so that -f forces none of it.
    std::string separate_processes() {
        std::string rest = judgements();
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
        return "active proctype system_() {\nend_:\n    do\n" + rest +
               "    :: d_step { true; skip }  /* nothing need happen here */\n    od\n}\n" + fair;
    }

    std::string formulas() const {
        std::string text;
        for (const Formula& formula : obligations_) text += fmt::format("\n/* {} */\nltl {} {{ {} }}\n", comment(formula.about), formula.name, formula.text);
        return text;
    }

    const ir::GroundSystem& system_;
    PromelaSlots slots_;
    PromelaRules rules_;
    PromelaModel model_;
    std::vector<const Observer*> observers_;
    std::vector<StepAssertion> steps_;
    StateChecks checks_;
    std::vector<std::string> broken_initially_;
    std::vector<Judgement> bits_;
    std::map<std::string, const Observer*> observer_of_;  ///< by name of a bit
    std::vector<Formula> obligations_;
    std::map<std::string, int> names_;
};

/// The first token domain with more names than a byte has, registers counted; nullptr: none.
const ir::Domain* too_many_tokens(const ir::GroundSystem& system, const std::vector<Observer>& observers) {
    std::map<ir::DomainId, ir::Value> most;
    const auto& domains = system.system->domains;
    for (ir::DomainId id = 0; id < domains.size(); ++id) {
        if (domains[id].kind == ir::DomainKind::kToken) most[id] = domains[id].hi;
    }
    for (const Observer& observer : observers) {
        for (const monitor::Register& entry : observer.registers) {
            if (const auto found = most.find(entry.variable.domain); found != most.end()) ++found->second;
        }
    }
    const auto found = std::find_if(most.begin(), most.end(), [](const auto& entry) { return entry.second > kMostTokens; });
    return found == most.end() ? nullptr : &domains[found->first];
}

}  // namespace

Result<PromelaModel> write_promela(const ir::GroundSystem& system, const std::vector<Observer>& observers, const PromelaOptions& options) {
    if (const ir::Domain* domain = too_many_tokens(system, options.properties ? observers : std::vector<Observer>{})) {
        return Error{"export", fmt::format("domain {}: more than {} tokens, which Promela's byte cannot name", domain->name, kMostTokens), {}, {}, {}};
    }
    return Export(system, observers, options).run();
}

}  // namespace imspect::exports
