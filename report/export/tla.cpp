#include "report/export/tla.h"

#include <algorithm>

#include <fmt/format.h>

#include "report/export/one_line.h"
#include "report/export/tla_rule.h"
#include "report/export/tla_tokens.h"

namespace imspect::exports {

using ir::ExprId;
using monitor::Observer;
using monitor::ObserverKind;

namespace {

std::vector<const Observer*> exported(const std::vector<Observer>& observers) {
    std::vector<const Observer*> result;
    for (const Observer& observer : observers) {
        if (observer.kind != ObserverKind::kAutomatic) result.push_back(&observer);
    }
    return result;
}

bool contains_word(const std::string& text, const std::string& word) {
    const auto part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !part(text[at - 1])) && (end == text.size() || !part(text[end]))) return true;
    }
    return false;
}

class Export {
public:
    Export(const ir::GroundSystem& system, const std::vector<Observer>& observers)
        : system_(system), observers_(exported(observers)), names_(system, observers_), expressions_(system, names_),
          rules_(system, names_, expressions_, observers_) {
        for (const Observer& observer : observers) {
            if (observer.kind == ObserverKind::kAutomatic) model_.notes.push_back(observer.id + ": the automatic checks have no formula; TLC looks for deadlocks by itself, and in its own sense");
        }
    }

    Result<TlaModel> run() {
        if (const std::string why = rules_.impossible(); !why.empty()) return Error{"export", why, {}, {}, {}};
        model_.module = names_.module;
        const std::string tokens = write_tla_tokens(system_, names_);
        const std::string behaviour = initial() + actions() + next() + specification();
        const std::string properties = formulas();
        const std::string state = type_ok();
        const std::string operators = definitions();
        const std::string declared = variables();
        const std::string body = declared + messages() + tokens + operators + behaviour + state + properties;
        model_.text = header() + "EXTENDS Integers, Sequences, FiniteSets\n\n" + domains(body) + body + std::string(77, '=') + "\n";
        return std::move(model_);
    }

private:
    std::string header() const {
        const std::string title = fmt::format(" MODULE {} ", names_.module);
        std::string text = std::string(30, '-') + title + std::string(30, '-') + "\n";
        text += fmt::format("\\* {}: written by imspect export --to tla. Save it as {}.tla.\n", one_line(system_.system->name), names_.module);
        text += "\\* One action a rule, over the rule's parameters. TLC finds as many distinct states as the system has.\n";
        text += "\\* For TLC: SPECIFICATION Spec, INVARIANT TypeOK, CHECK_DEADLOCK FALSE (a run may end). Formulas, and the properties:\n";
        for (const TlaFormula& formula : model_.formulas) {
            text += fmt::format("\\*   {} {}: {}{}\n", formula.temporal ? "PROPERTY" : "INVARIANT", formula.name, one_line(formula.id),
                                formula.wanted ? ", possible: it holds where TLC finds this violated" : "");
        }
        if (model_.formulas.empty()) text += "\\*   none\n";
        for (const std::string& note : model_.notes) text += "\\* Not exported: " + one_line(note) + "\n";
        return text;
    }

    std::string domains(const std::string& body) const {
        std::string text;
        for (ir::DomainId id = 0; id < names_.domains.size(); ++id) {
            const ir::Domain& domain = system_.system->domains[id];
            if (id == ir::kIntDomain || domain.kind == ir::DomainKind::kBool) continue;
            if (contains_word(body, names_.domains[id])) text += fmt::format("{} == {}\n", names_.domains[id], names_.set(id));
            if (!expressions_.ranked.contains(id)) continue;
            text += fmt::format("{}(value__) == CASE ", names_.ranks[id]);
            for (ir::Value value = domain.lo; value <= domain.hi; ++value) {
                text += fmt::format("{}value__ = {} -> {}", value == domain.lo ? "" : " [] ", names_.value(id, value), value < 0 ? "(-1)" : std::to_string(value));
            }
            text += "\n";
        }
        return text + "\n";
    }

    std::string variables() const {
        if (names_.variables.empty()) return "VARIABLE nothing__\nvars == <<nothing__>>\n\n";
        std::string text = "VARIABLES\n";
        std::string all;
        for (std::size_t i = 0; i < names_.variables.size(); ++i) {
            const TlaVariable& variable = names_.variables[i];
            const bool last = i + 1 == names_.variables.size();
            text += fmt::format("  {}{}{}\n", variable.name, last ? "" : ",", variable.about.empty() ? "" : "  \\* " + one_line(variable.about));
            all += fmt::format("{}{}", i == 0 ? "" : i % 8 == 0 ? ",\n          " : ", ", variable.name);
        }
        return text + fmt::format("\nvars == <<{}>>\n\n", all);
    }

    /// The message at a position of a channel, an empty one beyond its length.
    std::string messages() const {
        std::string text;
        for (const auto& [index, name] : names_.message_at) {
            std::string empty;
            for (const auto& [field, domain] : names_.variables[index].fields) {
                empty += fmt::format("{}{} |-> {}", empty.empty() ? "" : ", ", field, names_.value(domain, system_.system->domains[domain].lo));
            }
            text += fmt::format("{}(queue__, i__) == IF i__ <= Len(queue__) THEN queue__[i__] ELSE [{}]\n", name, empty);
        }
        text += fmt::format("{}(queue__, i__) == SubSeq(queue__, 1, (i__ - 1)) \\o SubSeq(queue__, (i__ + 1), Len(queue__))\n", names_.without);
        return text + fmt::format("{}(queue__, i__) == [queue__ EXCEPT ![i__] = queue__[(i__ + 1)], ![(i__ + 1)] = queue__[i__]]\n\n", names_.swapped);
    }

    /// An operator may be used only below where it is defined; definitions call those declared before or after them.
    std::string definitions() {
        std::vector<bool> done(names_.definitions.size(), false);
        std::string text;
        for (std::size_t i = 0; i < names_.definitions.size(); ++i) define(i, done, text);
        return text.empty() ? "" : text + "\n";
    }

    // NOLINTNEXTLINE(misc-no-recursion): definitions do not call each other in a circle
    void define(std::size_t index, std::vector<bool>& done, std::string& text) {
        if (done[index]) return;
        done[index] = true;
        const ir::Definition& definition = system_.system->definitions[index];
        std::vector<std::size_t> called;
        system_.pool().visit(definition.body, [&](ExprId, const ir::ExprNode& node) {
            if (node.op == ir::Op::kCall) called.push_back(static_cast<std::size_t>(node.a));
        });
        for (const std::size_t other : called) define(other, done, text);
        expressions_.open(definition.params);
        std::string params;
        for (const ir::ParamId param : definition.params) params += (params.empty() ? "" : ", ") + expressions_.parameter(param);
        if (!definition.about.empty()) text += "\\* " + one_line(definition.about) + "\n";
        text += fmt::format("{}{} == {}\n", names_.definitions[index], params.empty() ? "" : "(" + params + ")", expressions_.print(definition.body));
    }

    std::string initial() const {
        std::string text = "Init ==\n";
        if (names_.variables.empty()) return "Init == nothing__ = 0\n\n";
        for (const TlaVariable& variable : names_.variables) {
            const std::string value = variable.fields.empty() ? names_.value(variable.domain, variable.initial) : "<<>>";
            const TlaIndices indices(names_, variable);
            text += fmt::format("  /\\ {} = {}\n", variable.name, indices.function(value));
        }
        return text + "\n";
    }

    std::string actions() {
        std::string text;
        for (ir::RuleId rule = 0; rule < names_.rules.size(); ++rule) text += rules_.print(rule) + "\n";
        return text;
    }

    std::string next() {
        if (names_.rules.empty()) return "Next == FALSE /\\ UNCHANGED vars\n\n";
        std::string text = "Next ==\n";
        for (ir::RuleId rule = 0; rule < names_.rules.size(); ++rule) text += "  \\/ " + rules_.quantified(rule, "\\E", "", "") + "\n";
        return text + "\n";
    }

    std::string specification() {
        std::string fair;
        for (ir::RuleId rule = 0; rule < names_.rules.size(); ++rule) {
            if (system_.system->rules[rule].fair) fair += "  /\\ " + rules_.quantified(rule, "\\A", "WF_vars(", ")") + "\n";
        }
        if (fair.empty()) return "Spec == Init /\\ [][Next]_vars\n\n";
        return "Fairness ==\n" + fair + "\nSpec == Init /\\ [][Next]_vars /\\ Fairness\n\n";
    }

    std::string type_ok() const {
        std::string text = "\\* An error of the model, not a property of it, where this is violated.\nTypeOK ==\n";
        for (const TlaVariable& variable : names_.variables) {
            const TlaIndices indices(names_, variable);
            const std::string element = variable.name + indices.subscript();
            std::string condition;
            if (variable.fields.empty()) {
                condition = fmt::format("{} \\in {}", element, values(variable.domain));
            } else {
                condition = fmt::format("(Len({0}) <= {1}) /\\ (\\A j__ \\in 1..Len({0}) : ", element, variable.capacity);
                for (std::size_t f = 0; f < variable.fields.size(); ++f) {
                    condition += fmt::format("{}({}[j__].{} \\in {})", f == 0 ? "" : " /\\ ", element, variable.fields[f].first, values(variable.fields[f].second));
                }
                condition += ")";
            }
            text += "  /\\ " + indices.for_all(condition) + "\n";
        }
        return names_.variables.empty() ? "TypeOK == TRUE\n\n" : text + "\n";
    }

    std::string values(ir::DomainId domain) const {
        const bool wider = names_.is_token(domain) && names_.most[domain] != system_.system->domains[domain].hi;
        return wider ? fmt::format("0..{}", names_.most[domain]) : names_.domains[domain];
    }

    std::string formulas() {
        std::string text;
        for (const Observer* observer : observers_) {
            expressions_.open({});
            const bool possible = observer->kind == ObserverKind::kPossible;
            const bool temporal = observer->kind == ObserverKind::kLeadsTo;
            const std::string name = names_.unique((possible ? "Never_" : "") + observer->id);
            model_.formulas.push_back({observer->id, name, temporal, possible});
            text += fmt::format("\\* {}{}{}\n", one_line(observer->id), observer->meaning.empty() ? "" : ": " + one_line(observer->meaning),
                                observer->clauses.empty() ? "" : fmt::format(" [{}]", fmt::join(observer->clauses, ", ")));
            text += fmt::format("{} ==\n{}\n", name, temporal ? leads_to(*observer) : invariant(*observer));
        }
        return text;
    }

    std::string leads_to(const Observer& observer) {
        std::string text;
        for (const monitor::Obligation& obligation : observer.obligations) {
            text += fmt::format("  /\\ ({} ~> {}){}\n", expressions_.print(obligation.from), expressions_.print(obligation.to),
                                obligation.name.empty() ? "" : "  \\* " + one_line(obligation.name));
        }
        return text.empty() ? "  TRUE\n" : text;
    }

    std::string invariant(const Observer& observer) {
        const bool possible = observer.kind == ObserverKind::kPossible;
        const bool of_steps = !observer.step_formula.empty();
        if (of_steps && observer.holds_initially == possible) return "  FALSE  \\* by the initial state already\n";
        std::string text;
        if (observer.formula != ir::kNoExpr && observer.kind != ObserverKind::kStep) {
            text += fmt::format("  /\\ {}{}\n", possible ? "~" : "", expressions_.print(observer.formula));
        }
        for (std::size_t rule = 0; of_steps && rule < system_.rules.size(); ++rule) text += no_bad_step(observer, rule, possible);
        return text.empty() ? "  TRUE\n" : text;
    }

    /// Steps are functions of the state, so that a rule's step would be bad is a formula about the state.
    std::string no_bad_step(const Observer& observer, std::size_t rule, bool bad_when) {
        const ExprId formula = observer.step_formula[rule];
        if (formula == ir::kNoExpr || (bad_when ? system_.pool().is_false(formula) : system_.pool().is_true(formula))) return "";
        const ExprId before = TlaStep(system_, rule, observers_).before(formula);
        if (bad_when ? system_.pool().is_false(before) : system_.pool().is_true(before)) return "";
        std::string text = fmt::format("  /\\ ~({}", expressions_.print(system_.rules[rule].guard));
        expressions_.in_bound = true;
        for (const ir::Bound& bound : system_.rules[rule].bounds) text += " /\\ " + expressions_.print(bound.condition);
        expressions_.in_bound = false;
        return text + fmt::format(" /\\ {}{})  \\* {}\n", bad_when ? "" : "~", expressions_.print(before), one_line(system_.rules[rule].name));
    }

    const ir::GroundSystem& system_;
    std::vector<const Observer*> observers_;
    TlaNames names_;
    TlaExpressions expressions_;
    TlaRules rules_;
    TlaModel model_;
};

}  // namespace

Result<TlaModel> write_tla(const ir::GroundSystem& system, const std::vector<Observer>& observers) { return Export(system, observers).run(); }

}  // namespace imspect::exports
