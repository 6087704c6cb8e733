#include "checker/symbolic/question.h"

#include <fmt/format.h>

#include "checker/explicit/product.h"
#include "checker/symbolic/bmc.h"
#include "checker/symbolic/certificate.h"
#include "checker/symbolic/ic3.h"
#include "checker/symbolic/induction.h"

namespace imspect::symbolic {

namespace {

Finding run_engine(const SymbolicQuestion& question, const ProofOptions& options, const TellDepth& tell) {
    if (question.target.initially) {  // a property of the initial position: no state and no step shows it
        Finding finding;
        finding.kind = Finding::Kind::kReached;
        return finding;
    }
    EngineOptions engine;
    engine.bound = options.bound;
    switch (options.method) {
        case Method::kBmc:
            if (!engine.bound) engine.bound = kDefaultSteps;
            return bounded_search(*question.machine, question.target, engine, tell);
        case Method::kInduction: return k_induction(*question.machine, question.slice, engine, tell);
        case Method::kIc3: break;
    }
    return ic3(*question.machine, question.slice, engine, tell);
}

/// Replays a run as far as it goes, and looks for the target with the step semantics, not with the translation.
class Replay {
public:
    Replay(const ir::GroundSystem& system, const SymbolicQuestion& question)
        : question_(question), product_(system, group_of(question)), values_(question.machine->circuit) {}

    /// Cuts the run where it first shows the target; undecided if it never does.
    void check(Finding& finding) {
        exec::State state = product_.initial();
        const std::vector<std::uint32_t> rules = std::move(finding.rules);
        finding.rules.clear();
        if (question_.target.initially || holds_in(state)) return;
        for (const std::uint32_t rule : rules) {
            exec::State next(product_.words());
            bool hit = false;
            const exec::Step step = rule >= product_.system().rules.size()
                                        ? exec::Step{}
                                        : product_.successor(rule, state.data(), next.data(), [](std::size_t) { return true; },
                                                             [&](std::size_t) { hit = true; });
            if (step.kind == exec::StepKind::kOutOfRange) {
                finding.kind = Finding::Kind::kOutOfRange;
                finding.reason = product_.stepper().describe(rule, step);
                return;
            }
            if (step.kind != exec::StepKind::kFired) break;
            finding.rules.push_back(rule);
            if ((hit && question_.target.at_step != kFalse) || holds_in(next)) {
                finding.kind = Finding::Kind::kReached;
                return;
            }
            state = std::move(next);
        }
        finding = {};
        finding.reason = "the engine's run does not replay: a fault of this program, please report it";
    }

private:
    static std::vector<const monitor::Observer*> group_of(const SymbolicQuestion& question) {
        return question.observer == nullptr ? std::vector<const monitor::Observer*>{} : std::vector{question.observer};
    }

    bool holds_in(const exec::State& state) {
        if (question_.target.at_state == kFalse) return false;
        if (question_.observer != nullptr) {
            bool hit = false;
            product_.check_state(state.data(), [](std::size_t) { return true; }, [&](std::size_t) { hit = true; });
            return hit;
        }
        // What has no observer (deadlock, bounds) is defined by the machine; the state is still the stepper's.
        for (const Latch& latch : question_.machine->latches) {
            const MachineSlot& slot = question_.machine->slots[latch.slot];
            const auto packed = static_cast<std::uint32_t>(product_.layout().get(state.data(), slot.id) - slot.lo);
            values_.set_all(latch.now, ((packed >> latch.bit) & 1U) != 0);
        }
        values_.propagate();
        return values_(question_.target.at_state, 0);
    }

    const SymbolicQuestion& question_;
    explore::Product product_;
    Valuation values_;
};

IsolationLimits limits_of(const ProofOptions& options) {
    return {options.memory_bytes, options.seconds, options.processes, options.interrupt};
}

CheckedFinding received(Ending& ending) {
    CheckedFinding result;
    result.peak_bytes = ending.peak_bytes;
    result.interrupted = ending.interrupted;
    if (ending.answer) {
        result.finding = unpack(*ending.answer);
        return result;
    }
    result.finding.reason = std::move(ending.reason);
    if (ending.depth) {
        result.finding.depth = *ending.depth;
        result.finding.reason += fmt::format(", with {} done", *ending.depth);
    }
    return result;
}

/// Proves every certificate again, in processes that start from nothing but machine and certificate.
void prove_again(const std::vector<SymbolicQuestion>& questions, std::vector<CheckedFinding>& findings, const ProofOptions& options) {
    std::vector<Task> tasks;
    std::vector<std::size_t> of;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        if (findings[i].finding.kind != Finding::Kind::kUnreachable) continue;
        of.push_back(i);
        tasks.push_back([&question = questions[i], &finding = findings[i].finding](const TellDepth&) {
            const auto wrong = question.target.initially ? std::optional<std::string>("the initial position")
                                                         : refute(*question.machine, question.slice, finding.certificate);
            Words words;
            for (const char c : wrong.value_or("")) words.push_back(static_cast<unsigned char>(c));
            return words;
        });
    }
    const std::vector<Ending> endings = run_isolated(tasks, limits_of(options));
    for (std::size_t i = 0; i < endings.size(); ++i) {
        CheckedFinding& checked = findings[of[i]];
        checked.interrupted = checked.interrupted || endings[i].interrupted;
        if (endings[i].answer && endings[i].answer->empty()) continue;
        const std::string why = endings[i].answer ? std::string(endings[i].answer->begin(), endings[i].answer->end()) + " fails" : endings[i].reason;
        checked.finding = {};
        checked.finding.reason = "THE CERTIFICATE WAS NOT PROVED AGAIN: " + why;
    }
}

}  // namespace

SymbolicQuestion make_question(std::string name, const monitor::Observer* observer, Machine machine, const Target& target) {
    SymbolicQuestion question{std::move(name), observer, nullptr, target, slice_for(machine, target)};
    question.machine = std::make_shared<const Machine>(std::move(machine));
    return question;
}

std::vector<CheckedFinding> ask(const ir::GroundSystem& system, const std::vector<SymbolicQuestion>& questions, const ProofOptions& options) {
    std::vector<Task> tasks;
    for (const SymbolicQuestion& question : questions) {
        tasks.push_back([&question, &options](const TellDepth& tell) { return pack(run_engine(question, options, tell)); });
    }
    std::vector<CheckedFinding> findings;
    for (Ending& ending : run_isolated(tasks, limits_of(options))) findings.push_back(received(ending));
    for (std::size_t i = 0; i < findings.size(); ++i) {
        Finding& finding = findings[i].finding;
        if (finding.kind == Finding::Kind::kReached || finding.kind == Finding::Kind::kOutOfRange) Replay(system, questions[i]).check(finding);
    }
    prove_again(questions, findings, options);
    return findings;
}

}  // namespace imspect::symbolic
