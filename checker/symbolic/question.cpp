#include "checker/symbolic/question.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "checker/explicit/product.h"
#include "checker/symbolic/bmc.h"
#include "checker/symbolic/certificate.h"
#include "checker/symbolic/ic3.h"
#include "checker/symbolic/induction.h"
#include "checker/symbolic/joint.h"
#include "checker/symbolic/spacer.h"

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
        case Method::kSpacer: return spacer(*question.machine, question.slice, engine, tell);
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
            const bool shown = question_.as_translated ? shown_by(rule, state) : hit && question_.target.at_step != kFalse;
            if (shown || holds_in(next)) {
                finding.kind = Finding::Kind::kReached;
                return;
            }
            state = std::move(next);
        }
        finding = {};
        finding.reason = question_.within_tokens ? "the run found needs more tokens at once than the bound allows"
                                                 : "the engine's run does not replay: a fault of this program, please report it";
    }

private:
    static std::vector<const monitor::Observer*> group_of(const SymbolicQuestion& question) {
        return question.observer == nullptr ? std::vector<const monitor::Observer*>{} : std::vector{question.observer};
    }

    bool holds_in(const exec::State& state) {
        if (question_.target.at_state == kFalse) return false;
        if (question_.observer != nullptr && !question_.as_translated) {
            bool hit = false;
            product_.check_state(state.data(), [](std::size_t) { return true; }, [&](std::size_t) { hit = true; });
            return hit;
        }
        // What no observer watches (deadlock, bounds, being held up) is defined by the machine; the state is still the stepper's.
        set_state(state);
        values_.propagate();
        return values_(question_.target.at_state, 0);
    }

    /// The same of a step that the stepper made.
    bool shown_by(std::uint32_t rule, const exec::State& state) {
        set_state(state);
        const std::vector<Literal>& choice = question_.machine->choice;
        for (std::size_t i = 0; i < choice.size(); ++i) values_.set_all(choice[i], ((rule >> i) & 1U) != 0);
        values_.propagate();
        return values_(question_.target.at_step, 0);
    }

    void set_state(const exec::State& state) {
        for (const Latch& latch : question_.machine->latches) {
            const MachineSlot& slot = question_.machine->slots[latch.slot];
            values_.set_all(latch.now, slot.relation ? related(*slot.relation, state)
                                                     : bit_of(slot.code, slot.lo, latch.bit, product_.layout().get(state.data(), slot.id)));
        }
    }

    [[nodiscard]] bool related(const TokenRelation& relation, const exec::State& state) const {
        const ir::Value left = relation.left ? product_.layout().get(state.data(), *relation.left) : 0;
        const ir::Value right = product_.layout().get(state.data(), relation.right);
        return relation.less ? left < right : left == right;
    }

    const SymbolicQuestion& question_;
    explore::Product product_;
    Valuation values_;
};

IsolationLimits limits_of(const ProofOptions& options) {
    return {options.memory_bytes, options.seconds, options.seconds, options.processes, options.interrupt, {}};
}

using Clock = std::chrono::steady_clock;

/// What is left of so many seconds, never nothing: 0 is no limit.
double left(double seconds, double used) {
    constexpr double kLeast = 0.01;
    return seconds == 0 ? 0 : std::max(kLeast, seconds - used);
}

void receive(CheckedFinding& result, const Ending& ending) {
    result.peak_bytes = std::max(result.peak_bytes, ending.peak_bytes);
    result.interrupted = ending.interrupted;
    if (ending.answer) {
        result.finding = unpack(*ending.answer);
        return;
    }
    result.finding.reason = ending.reason;
    if (ending.depth) {
        result.finding.depth = *ending.depth;
        result.finding.reason += fmt::format(", with {} done", *ending.depth);
    }
}

/// What fails of a certificate, as words; none if nothing does.
Words refuted(const Machine& machine, const Slice& slice, const Certificate& certificate) {
    Words words;
    for (const char c : refute(machine, slice, certificate).value_or("")) words.push_back(static_cast<unsigned char>(c));
    return words;
}

/// What becomes of a finding whose certificate was put to the second solver.
void settle(CheckedFinding& checked, const Ending& ending) {
    checked.peak_bytes = std::max(checked.peak_bytes, ending.peak_bytes);
    checked.interrupted = checked.interrupted || ending.interrupted;
    if (ending.answer && ending.answer->empty()) return;
    const std::string why = ending.answer ? std::string(ending.answer->begin(), ending.answer->end()) + " fails" : ending.reason;
    checked.finding = {};
    checked.finding.reason = ending.interrupted ? "interrupted before its certificate was proved again"
                                                : "THE CERTIFICATE WAS NOT PROVED AGAIN: " + why;
}

bool decided(const CheckedFinding& checked) { return checked.finding.kind != Finding::Kind::kUndecided; }

void replay(const ir::GroundSystem& system, const SymbolicQuestion& question, Finding& finding) {
    if (finding.kind != Finding::Kind::kReached && finding.kind != Finding::Kind::kOutOfRange) return;
    Replay(system, question).check(finding);
}

/// What is still open, put to a process for all of it at once.
class JointAttempt {
public:
    JointAttempt(const std::vector<SymbolicQuestion>& questions, const std::vector<CheckedFinding>& findings, const Machine& machine)
        : joint_{machine, {}} {
        for (std::size_t i = 0; i < questions.size(); ++i) {
            if (decided(findings[i])) continue;
            joint_.targets.push_back(questions[i].in_joint);
            of_.push_back(i);
        }
    }

    /// Whether the process saw all states.
    bool work(JointWork work, const ProofOptions& options, double seconds, std::vector<CheckedFinding>& findings) {
        IsolationLimits limits = limits_of(options);
        limits.seconds = seconds;
        const Ending ending = run_isolated({[&](const TellDepth&) { return work_jointly(joint_, work, limits.seconds); }}, limits).front();
        for (CheckedFinding& checked : findings) checked.peak_bytes = std::max(checked.peak_bytes, ending.peak_bytes);
        if (ending.answer) answer_ = unpack_joint(joint_, *ending.answer);
        return ending.answer && answer_.saw_all;
    }

    /// What the invariant learnt excludes is proved again in another process, all of it at once.
    void settle_all(const ir::GroundSystem& system, const std::vector<SymbolicQuestion>& questions, std::vector<CheckedFinding>& findings,
                    const ProofOptions& options) {
        if (answer_.findings.empty()) return;  // each question gets its own chance, and says then why it failed
        const auto unreachable = [](const Finding& finding) { return finding.kind == Finding::Kind::kUnreachable; };
        const auto one = std::find_if(answer_.findings.begin(), answer_.findings.end(), unreachable);
        Ending proof;
        if (one != answer_.findings.end()) {
            proof = run_isolated({[&](const TellDepth&) { return refuted(*answer_.machine, answer_.slice, one->certificate); }}, limits_of(options)).front();
        }
        for (std::size_t i = 0; i < of_.size(); ++i) {
            CheckedFinding& checked = findings[of_[i]];
            checked.finding = std::move(answer_.findings[i]);
            checked.machine = answer_.machine;
            checked.slice = std::move(answer_.slices[i]);
            if (unreachable(checked.finding)) settle(checked, proof);
            replay(system, questions[of_[i]], checked.finding);
        }
    }

private:
    JointQuestion joint_;
    std::vector<std::size_t> of_;  ///< number of the question, by target
    JointAnswer answer_;
};

/// In direct code, until that shows only what the bound on tokens prevents.
const SymbolicQuestion& as_asked(const SymbolicQuestion& question, const CheckedFinding& checked) {
    return checked.within_tokens ? *checked.within_tokens : question;
}

void ask_within_tokens(const SymbolicQuestion& question, CheckedFinding& checked) {
    Result<SymbolicQuestion> packed = question.within_tokens();
    if (packed) {
        checked.within_tokens = std::make_shared<const SymbolicQuestion>(std::move(packed).value());
    } else {
        checked.finding.reason = packed.error().message;
    }
}

void tell_answered(const SymbolicQuestion& question, const CheckedFinding& checked) {
    if (question.answered != nullptr && decided(checked)) question.answered->store(true);
}

/// Each question that is still open in a process of its own; every certificate is proved again in another, which starts
/// from nothing but machine and certificate, as soon as it is there.
void ask_one_by_one(const ir::GroundSystem& system, const std::vector<SymbolicQuestion>& questions, std::vector<CheckedFinding>& findings,
                    const ProofOptions& options, IsolationLimits limits) {
    std::vector<Task> tasks;
    std::vector<std::size_t> of;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (decided(findings[i])) continue;
        of.push_back(i);
        tasks.push_back([&question = as_asked(questions[i], findings[i]), &options](const TellDepth& tell) { return pack(run_engine(question, options, tell)); });
    }
    limits.needless = [&](std::size_t task) {
        const std::atomic<bool>* answered = questions[of[task]].answered;
        return answered != nullptr && answered->load();
    };
    // That every step keeps the shape of all states is the hardest claim, and most invariants do without: first without it.
    std::vector<bool> without_shape(tasks.size(), false);
    run_isolated(tasks, limits, [&](std::size_t task, const Ending& ending, bool followed) -> std::optional<Task> {
        CheckedFinding& checked = findings[of[task]];
        const SymbolicQuestion& question = as_asked(questions[of[task]], checked);
        const Task prove_again = [&checked](const TellDepth&) { return refuted(*checked.machine, checked.slice, checked.finding.certificate); };
        if (followed && without_shape[task] && !ending.interrupted && !(ending.answer && ending.answer->empty())) {
            without_shape[task] = false;
            checked.slice.shape = question.slice.shape;
            return prove_again;
        }
        if (followed) {
            settle(checked, ending);
        } else {
            receive(checked, ending);
            checked.machine = question.machine;
            checked.slice = question.slice;
            const bool ran = checked.finding.kind == Finding::Kind::kReached;
            replay(system, question, checked.finding);
            if (ran && !decided(checked) && question.within_tokens) ask_within_tokens(question, checked);
            if (checked.finding.kind == Finding::Kind::kUnreachable) {
                without_shape[task] = checked.finding.certificate.depth == 0 && !checked.slice.shape.empty();
                if (without_shape[task]) checked.slice.shape.clear();
                return prove_again;
            }
        }
        tell_answered(question, checked);
        return std::nullopt;
    });
}

/// And once more what turned out to need the bound on tokens.
void ask_until_settled(const ir::GroundSystem& system, const std::vector<SymbolicQuestion>& questions, std::vector<CheckedFinding>& findings,
                       const ProofOptions& options, const IsolationLimits& limits) {
    const auto beyond = [](const CheckedFinding& checked) { return checked.within_tokens != nullptr; };
    const auto before = std::count_if(findings.begin(), findings.end(), beyond);
    ask_one_by_one(system, questions, findings, options, limits);
    if (std::count_if(findings.begin(), findings.end(), beyond) != before) ask_one_by_one(system, questions, findings, options, limits);
}

}  // namespace

SymbolicQuestion make_question(std::string name, const monitor::Observer* observer, Machine machine, const Target& target, const Target& in_joint) {
    SymbolicQuestion question{std::move(name), observer, nullptr, target, slice_for(machine, target), in_joint, false, nullptr, nullptr};
    question.machine = std::make_shared<const Machine>(std::move(machine));
    return question;
}

std::function<Result<SymbolicQuestion>()> in_packed_code(const ir::GroundSystem& system, const SymbolicQuestion& question,
                                                         std::function<Target(const Machine&)> target_in) {
    return [&system, name = question.name, observer = question.observer, in_joint = question.in_joint,
            target_in = std::move(target_in)]() -> Result<SymbolicQuestion> {
        Result<Machine> packed = translate(system, observer);
        if (!packed) return packed.error();
        const Target target = target_in(packed.value());
        return make_question(name, observer, std::move(packed).value(), target, in_joint);
    };
}

std::vector<CheckedFinding> ask(const ir::GroundSystem& system, const std::vector<SymbolicQuestion>& questions, const Machine* joint,
                                const ProofOptions& options) {
    std::vector<CheckedFinding> findings(questions.size());
    IsolationLimits limits = limits_of(options);
    if (joint == nullptr || questions.empty()) {
        ask_until_settled(system, questions, findings, options, limits);
        return findings;
    }
    constexpr double kFirstTry = 1;  // for each question, alone
    constexpr double kShareOfFirstTry = 0.125;
    const double half = options.seconds / 2;
    double seconds = 0;  // of those that each question has
    const auto timed = [&](const auto& work) {
        const Clock::time_point started = Clock::now();
        work();
        seconds += std::chrono::duration<double>(Clock::now() - started).count();
    };
    auto attempt = std::make_unique<JointAttempt>(questions, findings, *joint);
    bool all = false;
    timed([&] {
        all = attempt->work(JointWork::kVisit, options, half == 0 ? options.few_states_take : std::min(options.few_states_take, half), findings);
        if (all) attempt->settle_all(system, questions, findings, options);
    });
    limits.seconds = options.seconds == 0 ? kFirstTry : std::min(kFirstTry, kShareOfFirstTry * options.seconds);
    ask_until_settled(system, questions, findings, options, limits);
    seconds += limits.seconds;
    if (std::all_of(findings.begin(), findings.end(), decided)) return findings;
    timed([&] {
        attempt = std::make_unique<JointAttempt>(questions, findings, *joint);
        all = all || attempt->work(JointWork::kVisit, options, left(half, seconds), findings);
    });
    timed([&] {
        if (all) attempt->work(JointWork::kLearn, options, left(half, seconds), findings);
        attempt->settle_all(system, questions, findings, options);
    });
    for (std::size_t i = 0; i < questions.size(); ++i) tell_answered(questions[i], findings[i]);
    limits.seconds = left(options.seconds, seconds);
    ask_until_settled(system, questions, findings, options, limits);
    return findings;
}

}  // namespace imspect::symbolic
