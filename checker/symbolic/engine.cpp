#include "checker/symbolic/engine.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "checker/explicit/resident.h"
#include "checker/explicit/verdicts.h"
#include "checker/symbolic/known_bounds.h"
#include "checker/symbolic/leads_to.h"
#include "checker/symbolic/lifted_counters.h"
#include "checker/symbolic/loop_search.h"
#include "checker/symbolic/question.h"
#include "checker/symbolic/response.h"
#include "checker/symbolic/smtlib.h"
#include "checker/symbolic/termination.h"

namespace imspect::symbolic {

using monitor::Observer;
using monitor::ObserverKind;
using outcome::PropertyOutcome;
using outcome::Verdict;

namespace {

constexpr const char* kNoLiveness = "engine {} decides safety; a leads-to needs bmc, kinduction, ic3 or the explicit engine";

class Prover {
public:
    Prover(const ir::GroundSystem& system, const std::vector<Observer>& observers, const ProofOptions& options)
        : system_(system), observers_(observers), options_(options), lifted_(system) {
        for (std::size_t i = 0; i < observers.size() + 2; ++i) answered_.push_back(options.answered != nullptr && options.answered[i].load());
        for (const Observer& observer : observers) answer_.answer.properties.push_back(named(explore::outcome_for(observer)));
        answer_.answer.properties.push_back(named(explore::built_in_outcome(
            "deadlock", "no state in which nothing can happen although a message is undelivered or a node waits")));
        answer_.answer.properties.push_back(
            named(explore::built_in_outcome("unspecified-reception", "every message that arrives has a rule that takes it")));
    }

    Result<ProofAnswer> run() {
        const auto started = std::chrono::steady_clock::now();
        make_stuck_observers();
        if (auto failure = show_termination()) return *failure;
        if (auto failure = make_questions()) return *failure;
        const std::vector<CheckedFinding> findings = ask(system_, questions_, joint_ ? &*joint_ : nullptr, options_);
        for (std::size_t i = 0; i < findings.size(); ++i) {
            if (findings[i].finding.kind == Finding::Kind::kOutOfRange) return Error{"model", findings[i].finding.reason, "", "", ""};
            note_cost(findings[i]);
            if (i >= of_property_.size()) bounds_.note(questions_[i].name, findings[i].finding);
        }
        answer_.answer.bounds_reached = bounds_.reached();
        for (std::size_t i = 0; i < of_property_.size(); ++i) {
            const bool leads_to = of_property_[i] < observers_.size() && stuck_[of_property_[i]];
            if (!leads_to) conclude(i, findings[i]);
        }
        for (LeadsToQuestions& asked : leads_to_) {
            if (options_.method == Method::kBmc && findings[*asked.stuck].finding.kind != Finding::Kind::kReached) look_for_loop(asked);
            conclude_leads_to(asked, findings);
        }
        judge_automatic_observers();
        answer_.answer.statistics.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        return std::move(answer_);
    }

private:
    struct LeadsToQuestions {
        std::size_t property = 0;
        std::optional<std::size_t> stuck;    ///< question; as the others where it was asked
        std::optional<std::size_t> held_up;
        std::optional<std::size_t> ranked;   ///< whether a ranking fails
        Response response;                   ///< what was found in visited states, or of a bounded search
    };

    PropertyOutcome named(PropertyOutcome property) const {
        property.engine = name_of(options_.method);
        return property;
    }
    PropertyOutcome& deadlock() { return answer_.answer.properties[observers_.size()]; }
    PropertyOutcome& unspecified() { return answer_.answer.properties[observers_.size() + 1]; }

    [[nodiscard]] bool decidable(std::size_t i) const {
        if (observers_[i].kind == ObserverKind::kLeadsTo && (!options_.leads_to || options_.method == Method::kSpacer)) return false;
        return observers_[i].kind != ObserverKind::kAutomatic && !answered_[i];
    }
    /// A leads-to is about the bounds on tokens too, of which the direct code knows nothing.
    [[nodiscard]] StateCode state_code() const { return options_.method == Method::kIc3 ? StateCode::kDirect : StateCode::kPacked; }
    /// What is asked about instead of a leads-to, and else the property.
    [[nodiscard]] const Observer& watched(std::size_t i) const { return stuck_[i] ? *stuck_[i] : observers_[i]; }

    void make_stuck_observers() {
        auto free = static_cast<ir::SlotId>(system_.variables.size());
        for (const Observer& observer : observers_) free = std::max(free, observer.first_register + static_cast<ir::SlotId>(observer.registers.size()));
        stuck_.resize(observers_.size());
        for (std::size_t i = 0; i < observers_.size(); ++i) {
            if (observers_[i].kind != ObserverKind::kLeadsTo || !decidable(i)) continue;
            stuck_[i] = stuck_observer(system_, observers_[i], free);
            free += static_cast<ir::SlotId>(stuck_[i]->registers.size());
        }
    }

    /// Where it decides something: bmc proves nothing, and where nothing is ever owed runs need not end.
    std::optional<Error> show_termination() {
        bool needed = false;
        for (std::size_t i = 0; i < observers_.size(); ++i) needed = needed || (stuck_[i] && !observers_[i].obligations.empty());
        if (!needed || options_.method == Method::kBmc) return std::nullopt;
        Result<Termination> shown = prove_termination(system_, options_);
        if (!shown) return shown.error();
        termination_ = std::move(shown).value();
        answer_.answer.statistics.peak_bytes = termination_.peak_bytes;
        if (termination_.interrupted) answer_.answer.ended = "interrupted";
        return std::nullopt;
    }
    [[nodiscard]] bool interrupted() const { return options_.interrupt != nullptr && options_.interrupt->load(); }
    [[nodiscard]] bool could_hold(std::size_t i) const { return termination_.measure || observers_[i].obligations.empty(); }

    std::optional<Error> make_joint() {
        if (options_.method != Method::kIc3 || options_.bound) return std::nullopt;
        std::vector<const Observer*> together;
        for (std::size_t i = 0; i < observers_.size(); ++i) {
            if (decidable(i)) together.push_back(&watched(i));
        }
        Result<Machine> joint = translate(system_, together);
        if (!joint) return joint.error();
        if (joint.value().latches.size() > options_.learn_beyond) joint_ = std::move(joint).value();
        return std::nullopt;
    }

    std::optional<Error> make_questions() {
        if (auto failure = make_joint()) return failure;
        std::size_t observed_in_joint = 0;
        for (std::size_t i = 0; i < observers_.size(); ++i) {
            if (observers_[i].kind == ObserverKind::kAutomatic) continue;
            if (!decidable(i)) {
                if (!answered_[i]) answer_.answer.properties[i].reason = fmt::format(fmt::runtime(kNoLiveness), name_of(options_.method));
                continue;
            }
            if (interrupted()) {
                answer_.answer.properties[i].reason = answer_.answer.ended = "interrupted";
                continue;
            }
            Result<Machine> machine = translate(system_, &watched(i), stuck_[i] ? StateCode::kPacked : state_code());
            if (!machine) return machine.error();
            const Target target = machine.value().observed[0];
            const Target in_joint = joint_ ? joint_->observed[observed_in_joint++] : Target{};
            if (stuck_[i]) {
                add_leads_to(i, std::move(machine).value(), target, in_joint);
                continue;
            }
            of_property_.push_back(i);
            questions_.push_back(make_question(observers_[i].id, &observers_[i], std::move(machine).value(), target, in_joint));
            share(i);
            ask_within_tokens([](const Machine& packed) { return packed.observed[0]; });
        }
        return add_built_in();
    }

    /// Whether it is stuck somewhere; and, if it could hold, whether it is held up. Neither by itself is the property's answer. Where runs
    /// need not end, whether a ranking of what is owed fails somewhere, if one was found.
    void add_leads_to(std::size_t i, Machine machine, const Target& stuck, const Target& in_joint) {
        LeadsToQuestions asked;
        asked.property = i;
        const std::size_t owed = observers_[i].obligations.size();
        const bool proving = options_.method != Method::kBmc;
        if (proving && !could_hold(i)) {
            asked.response = find_response(system_, *stuck_[i], machine, owed, options_);
            note_response(asked.response);
        }
        const std::vector<Ranking>& rankings = asked.response.rankings;
        if (asked.response.violation) {
            // Nothing is left to ask.
        } else if (!rankings.empty()) {
            asked.ranked = questions_.size();
            const Target fails = response_fails(machine, system_, *stuck_[i], rankings);
            ask_as_translated(i, std::move(machine), fails, joint_ ? response_fails(*joint_, system_, *stuck_[i], rankings) : Target{});
        } else {
            asked.stuck = questions_.size();
            of_property_.push_back(i);
            questions_.push_back(make_question(observers_[i].id, &*stuck_[i], machine, stuck, in_joint));
        }
        if (proving && could_hold(i)) {
            asked.held_up = questions_.size();
            const Target target = held_up(machine, system_, *stuck_[i], owed);
            ask_as_translated(i, std::move(machine), target, joint_ ? held_up(*joint_, system_, *stuck_[i], owed) : Target{});
        }
        leads_to_.push_back(std::move(asked));
    }

    void ask_as_translated(std::size_t i, Machine machine, const Target& target, const Target& in_joint) {
        of_property_.push_back(i);
        questions_.push_back(make_question(observers_[i].id, &*stuck_[i], std::move(machine), target, in_joint));
        questions_.back().as_translated = true;
    }

    std::optional<Error> add_built_in() {
        if (interrupted()) {
            deadlock().reason = unspecified().reason = answer_.answer.ended = "interrupted";
            return std::nullopt;
        }
        const Result<Machine> packed = translate(system_, nullptr);
        if (!packed) return packed.error();
        const Result<Machine> asked = state_code() == StateCode::kPacked ? packed : translate(system_, nullptr, StateCode::kDirect);
        if (!asked) return asked.error();
        add_built_in(asked.value(), packed.value());
        return std::nullopt;
    }

    void add_built_in(const Machine& machine, const Machine& packed) {
        const auto add = [&](std::size_t property, bool wanted, Target Machine::*target) {
            PropertyOutcome& outcome = answer_.answer.properties[property];
            outcome.reason = "not asked for";
            if (!wanted || answered_[property]) return;
            of_property_.push_back(property);
            questions_.push_back(make_question(outcome.id, nullptr, machine, machine.*target, joint_ ? (*joint_).*target : Target{}));
            share(property);
            ask_within_tokens([target](const Machine& within) { return within.*target; });
        };
        add(observers_.size(), options_.deadlock, &Machine::deadlock);
        add(observers_.size() + 1, options_.unspecified, &Machine::unspecified);
        if (options_.method != Method::kBmc && !of_property_.empty()) add_bounds(machine, packed);  // bmc says nothing that they would qualify
    }

    /// Those on tokens are bounds of the packed code only.
    void add_bounds(const Machine& machine, const Machine& packed) {
        for (std::size_t i = 0; i < packed.bounds.size(); ++i) {
            const BoundReached& bound = packed.bounds[i];
            if (bound.at_state == kFalse) continue;
            const BoundReached* const known = machine.bound(bound.name);
            const Target target{bound.at_state, kFalse, false};
            const Target in_joint{joint_ ? joint_->bounds[i].at_state : kFalse, kFalse, false};
            questions_.push_back(known != nullptr ? make_question(bound.name, nullptr, machine, {known->at_state, kFalse, false}, in_joint)
                                                  : make_question(bound.name, nullptr, packed, target, in_joint));
            if (known != nullptr) ask_within_tokens([i](const Machine& within) { return Target{within.bounds[i].at_state, kFalse, false}; });
        }
    }

    void ask_within_tokens(std::function<Target(const Machine&)> target_in) {
        if (state_code() == StateCode::kDirect) questions_.back().within_tokens = in_packed_code(system_, questions_.back(), std::move(target_in));
    }

    void share(std::size_t property) {
        if (options_.answered != nullptr) questions_.back().answered = options_.answered + property;
    }

    void note_cost(const CheckedFinding& checked) {
        outcome::Statistics& statistics = answer_.answer.statistics;
        statistics.peak_bytes = std::max({statistics.peak_bytes, checked.peak_bytes, explore::peak_resident_bytes()});
        statistics.depth = std::max<std::uint64_t>(statistics.depth, checked.finding.depth);
        if (checked.interrupted) answer_.answer.ended = "interrupted";
    }

    void conclude(std::size_t question, const CheckedFinding& checked) {
        const Finding& finding = checked.finding;
        const std::size_t index = of_property_[question];
        PropertyOutcome& property = answer_.answer.properties[index];
        const bool possible = index < observers_.size() && observers_[index].kind == ObserverKind::kPossible;
        property.reason.clear();
        if (finding.kind == Finding::Kind::kReached) {
            property.verdict = possible ? Verdict::kHolds : Verdict::kViolated;
            property.witness = outcome::Witness{finding.rules, {}, false};
        } else if (finding.kind == Finding::Kind::kUndecided) {
            property.reason = finding.reason;
            if (finding.depth > 0) property.bound = finding.depth;
        } else {
            property.bounds_reached = bounds_.reached_in(*checked.machine, possible);
            conclude_proved(property, checked, possible);
            if (property.verdict == Verdict::kHolds) note_lifted(property, checked, index < observers_.size() ? &observers_[index] : nullptr);
        }
    }

    void note_lifted(PropertyOutcome& property, const CheckedFinding& checked, const Observer* observer) {
        const std::string words = lifted_.words(*checked.machine, checked.finding.certificate, observer);
        property.certificate += words;
        if (options_.write_certificates && !words.empty()) answer_.certificates.back().text += "\n; The invariant proves it" + words + ".\n";
    }

    void note_response(const Response& response) {
        answer_.answer.statistics.peak_bytes = std::max(answer_.answer.statistics.peak_bytes, response.peak_bytes);
        if (response.interrupted) answer_.answer.ended = "interrupted";
    }

    void look_for_loop(LeadsToQuestions& asked) {
        const std::size_t i = asked.property;
        asked.response = find_loop(system_, *stuck_[i], *questions_[*asked.stuck].machine, observers_[i].obligations.size(), options_);
        note_response(asked.response);
    }

    void conclude_broken(PropertyOutcome& property, const BrokenObligation& broken) {
        property.verdict = Verdict::kViolated;
        property.witness = broken.witness;
        if (!broken.name.empty()) property.reason = "for " + broken.name;
    }

    void conclude_leads_to(const LeadsToQuestions& asked, const std::vector<CheckedFinding>& findings) {
        PropertyOutcome& property = answer_.answer.properties[asked.property];
        const Observer& observer = observers_[asked.property];
        const auto finding = [&](const std::optional<std::size_t>& question) { return question ? &findings[*question] : nullptr; };
        const auto is = [](const CheckedFinding* checked, Finding::Kind kind) { return checked != nullptr && checked->finding.kind == kind; };
        const CheckedFinding* const stuck = finding(asked.stuck);
        const CheckedFinding* const held_up = finding(asked.held_up);
        const CheckedFinding* const ranked = finding(asked.ranked);
        property.reason.clear();
        if (asked.response.violation) {
            conclude_broken(property, broken_obligation(system_, observer, asked.response.violated, *asked.response.violation));
        } else if (is(stuck, Finding::Kind::kReached)) {
            conclude_broken(property, stuttering_witness(system_, observer, *stuck_[asked.property], stuck->finding.rules));
        } else if (is(held_up, Finding::Kind::kUnreachable) || is(ranked, Finding::Kind::kUnreachable)) {
            const CheckedFinding& proved = held_up != nullptr ? *held_up : *ranked;
            property.bounds_reached = bounds_.reached_in(*proved.machine, false);
            conclude_proved(property, proved, false);
            if (ranked != nullptr) note_rankings(property, asked, *ranked);
            else if (termination_.measure) note_measure(property);
        } else {
            const Finding& open = (stuck != nullptr ? stuck : ranked)->finding;
            property.reason = ranked != nullptr ? why_unranked(open) : why_open(asked, open, held_up);
            if (stuck != nullptr && open.kind == Finding::Kind::kUndecided && open.depth > 0) property.bound = open.depth;
        }
    }

    void note_rankings(PropertyOutcome& property, const LeadsToQuestions& asked, const CheckedFinding& checked) {
        const RankingWords words = words_of(asked.response.rankings, observers_[asked.property].obligations, system_, *checked.machine);
        property.certificate += words.summary;
        if (options_.write_certificates) answer_.certificates.back().text += words.text;
    }

    /// A ranking was found, and not that it fails nowhere.
    [[nodiscard]] static std::string why_unranked(const Finding& finding) {
        if (finding.kind == Finding::Kind::kReached) return "a ranking by fairness, found in the first states, fails in others";
        return "fairness brings what is owed by a ranking of which it stayed open whether it holds: " + finding.reason;
    }

    void note_measure(PropertyOutcome& property) {
        property.certificate += fmt::format(", and a measure of {} weights that every step decreases", termination_.measure->weights());
        if (options_.write_certificates) answer_.certificates.back().text += as_smtlib(system_, *termination_.machine, *termination_.measure);
    }

    /// Of a leads-to: which part stayed open.
    [[nodiscard]] std::string why_open(const LeadsToQuestions& asked, const Finding& stuck, const CheckedFinding* held_up) const {
        if (options_.method == Method::kBmc) return fmt::format("{}; {}", stuck.reason, asked.response.reason);
        const bool never_stuck = stuck.kind == Finding::Kind::kUnreachable;
        const std::string safety = never_stuck ? "no run ends with something owed" : "whether a run ends with something owed: " + stuck.reason;
        if (held_up == nullptr) {
            return fmt::format("{}; that every run ends was not proved: {}; nor that fairness brings what is owed: {}", safety, termination_.reason,
                               asked.response.reason);
        }
        if (!never_stuck) return safety;
        if (held_up->finding.kind == Finding::Kind::kUndecided) return "whether bounds hold back what is owed: " + held_up->finding.reason;
        return "fails only because a bound holds back every fair rule";
    }

    void conclude_proved(PropertyOutcome& property, const CheckedFinding& checked, bool possible) {
        const Certificate& certificate = checked.finding.certificate;
        const std::string limits = bounds_.within(*checked.machine, possible);
        property.certificate = certificate.depth > 0 ? fmt::format("induction over {} steps", certificate.depth)
                                                     : fmt::format("inductive invariant of {} clauses", certificate.excluded.size());
        property.verdict = !possible ? Verdict::kHolds : limits.empty() ? Verdict::kViolated : Verdict::kUnknown;
        property.reason = !possible ? limits : limits.empty() ? "no reachable state or step does this" : "not found " + limits;
        if (!options_.write_certificates) return;
        answer_.certificates.push_back({property.id, as_smtlib(*checked.machine, checked.slice, certificate, *system_.system, property.id)});
    }

    void judge_automatic_observers() {
        for (std::size_t i = 0; i < observers_.size(); ++i) {
            if (observers_[i].kind == ObserverKind::kAutomatic) explore::judge_automatic(answer_.answer.properties[i], deadlock(), unspecified());
        }
    }

    const ir::GroundSystem& system_;
    const std::vector<Observer>& observers_;
    const ProofOptions& options_;
    LiftedCounters lifted_;
    std::vector<SymbolicQuestion> questions_;  ///< of the properties first, then one a bound
    std::vector<std::size_t> of_property_;
    std::vector<bool> answered_;               ///< by property, before anything was asked
    std::vector<std::optional<Observer>> stuck_;  ///< by property: of a leads-to that is asked about
    std::vector<LeadsToQuestions> leads_to_;
    Termination termination_;                  ///< without a measure and reason where nobody asked
    std::optional<Machine> joint_;             ///< with the registers of all observers that are asked about; where IC3 is to try them together
    KnownBounds bounds_;
    ProofAnswer answer_;
};

}  // namespace

const char* name_of(Method method) {
    switch (method) {
        case Method::kBmc: return "bmc";
        case Method::kInduction: return "kinduction";
        case Method::kSpacer: return "spacer";
        case Method::kIc3: break;
    }
    return "ic3";
}

Result<ProofAnswer> prove(const ir::GroundSystem& system, const std::vector<Observer>& observers, const ProofOptions& options) {
    return Prover(system, observers, options).run();
}

}  // namespace imspect::symbolic
