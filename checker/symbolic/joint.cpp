#include "checker/symbolic/joint.h"

#include <chrono>

#include "checker/symbolic/learning.h"

namespace imspect::symbolic {

namespace {

using Clock = std::chrono::steady_clock;

/// Of the time there is, what the process that is cut off then may take: it has to answer before that.
constexpr double kShareOfTime = 0.95;

/// Everything that no run was found to.
Target not_reached(Machine& machine, const std::vector<Target>& targets, const std::vector<Finding>& findings) {
    std::vector<Literal> wanted;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (findings[i].kind == Finding::Kind::kReached) continue;
        wanted.push_back(targets[i].at_state);
        wanted.push_back(targets[i].at_step);
    }
    Target target;
    target.at_step = machine.circuit.any(wanted);
    return target;
}

Words packed(const std::vector<Finding>& findings) {
    Words words;
    for (const Finding& finding : findings) {
        const Words one = pack(finding);
        words.push_back(static_cast<std::uint32_t>(one.size()));
        words.insert(words.end(), one.begin(), one.end());
    }
    return words;
}

}  // namespace

Words work_jointly(const JointQuestion& question, JointWork work, double seconds) {
    const auto started = Clock::now();
    const auto stop = [&] { return seconds > 0 && std::chrono::duration<double>(Clock::now() - started).count() > kShareOfTime * seconds; };
    Machine machine = question.machine;
    std::vector<Finding> findings(question.targets.size() + 1);
    VisitedStates states(machine, slice_for(machine, not_reached(machine, question.targets, findings)).latches);
    const bool all = states.visit(question.targets, kMostStates, stop);
    for (std::size_t i = 0; i < question.targets.size(); ++i) {
        if (!states.runs()[i]) continue;
        findings[i].kind = Finding::Kind::kReached;
        findings[i].rules = *states.runs()[i];
    }
    if (!all) findings.back().reason = "too many states";
    if (!all || work == JointWork::kVisit) return packed(findings);
    const Slice slice = slice_for(machine, not_reached(machine, question.targets, findings));
    if (auto learnt = learnt_invariant(machine, slice, states, stop)) {
        findings.back().kind = Finding::Kind::kUnreachable;
        findings.back().certificate.excluded = std::move(*learnt);
    }
    return packed(findings);
}

JointAnswer unpack_joint(const JointQuestion& question, const Words& words) {
    JointAnswer answer;
    for (auto at = words.begin(); at != words.end();) {
        const auto length = static_cast<std::ptrdiff_t>(*at++);
        answer.findings.push_back(unpack(Words(at, at + length)));
        at += length;
    }
    const Finding all = std::move(answer.findings.back());
    answer.findings.pop_back();
    answer.saw_all = all.reason.empty();
    Machine machine = question.machine;
    answer.slice = slice_for(machine, not_reached(machine, question.targets, answer.findings));
    for (std::size_t i = 0; i < answer.findings.size(); ++i) {
        answer.slices.push_back(answer.slice);
        const Target& target = question.targets[i];
        answer.slices[i].bad = machine.circuit.any(std::vector<Literal>{target.at_state, target.at_step, machine.out_of_range});
        if (answer.findings[i].kind != Finding::Kind::kReached && all.kind == Finding::Kind::kUnreachable) answer.findings[i] = all;
    }
    answer.machine = std::make_shared<const Machine>(std::move(machine));
    return answer;
}

}  // namespace imspect::symbolic
