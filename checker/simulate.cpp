#include "checker/simulate.h"

#include <random>
#include <vector>

#include "model/exec/stepper.h"

namespace imspect::checker {
namespace {

/// The standard's distributions differ between libraries; this does not.
std::size_t below(std::mt19937_64& random, std::size_t limit) {
    const std::uint64_t range = limit;
    const std::uint64_t accepted = std::mt19937_64::max() - std::mt19937_64::max() % range;
    std::uint64_t drawn = random();
    while (drawn >= accepted) drawn = random();
    return static_cast<std::size_t>(drawn % range);
}

}  // namespace

Result<SimulatedRun> simulate(const ir::GroundSystem& ground, std::uint64_t seed, std::uint64_t steps) {
    const exec::Stepper stepper(ground);
    std::mt19937_64 random(seed);
    exec::State state = stepper.initial();
    exec::State next(stepper.words());
    SimulatedRun result;
    std::vector<std::uint32_t> enabled;
    for (std::uint64_t i = 0; i < steps; ++i) {
        enabled.clear();
        for (std::uint32_t rule = 0; rule < stepper.rule_count(); ++rule) {
            const exec::Step step = stepper.step(rule, state.data(), next.data());
            if (step.kind == exec::StepKind::kOutOfRange) return Error{"model", stepper.describe(rule, step), {}, {}, {}};
            if (step.kind == exec::StepKind::kFired) enabled.push_back(rule);
        }
        if (enabled.empty()) {
            result.quiescent = true;
            break;
        }
        const std::uint32_t taken = enabled[below(random, enabled.size())];
        stepper.successor(taken, state.data(), next.data());
        state.swap(next);
        result.run.rules.push_back(taken);
    }
    return result;
}

}  // namespace imspect::checker
