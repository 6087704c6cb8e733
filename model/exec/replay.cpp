#include "model/exec/replay.h"

#include <fmt/format.h>

namespace imspect::exec {

Result<std::vector<State>> replay(const Stepper& stepper, std::span<const std::uint32_t> rules) {
    std::vector<State> states = {stepper.initial()};
    const auto fail = [&](const std::string& what) {
        return Error{"replay", fmt::format("step {} of the run: {}", states.size(), what), "", "", ""};
    };
    for (const std::uint32_t rule : rules) {
        if (rule >= stepper.rule_count()) return fail(fmt::format("there is no ground rule {}", rule));
        const std::string& name = stepper.system().rules[rule].name;
        State next(stepper.words());
        const Step step = stepper.successor(rule, states.back().data(), next.data());
        switch (step.kind) {
            case StepKind::kDisabled: return fail(fmt::format("rule {} is not enabled here", name));
            case StepKind::kBounded:
                return fail(fmt::format("rule {} is held back by the bound {}", name, stepper.bound_of(rule, step).name));
            case StepKind::kOutOfRange: return fail(stepper.describe(rule, step));
            case StepKind::kFired: break;
        }
        states.push_back(std::move(next));
    }
    return states;
}

Result<std::vector<State>> replay(const ir::GroundSystem& system, std::span<const std::uint32_t> rules) {
    const Stepper stepper(system);
    return replay(stepper, rules);
}

}  // namespace imspect::exec
