// How fast successors are made: every rule of `single` tried on states of that scenario, as the search does it.
//
// The states are the first ones of a breadth-first walk, so the mix of enabled rules is that of an early search. Rates are
// of one thread; "successors" counts rules that fired, "states" states expanded.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <set>

#include "model/exec/stepper.h"
#include "model/ims/scenario.h"

using namespace imspect;

namespace {

constexpr std::size_t kStates = 20'000;

template <typename T>
T or_exit(Result<T> result) {
    if (result.ok()) return std::move(result).value();
    std::cerr << result.error().text() << "\n";
    std::exit(2);
}

const exec::Stepper& single() {
    static const ir::GroundSystem system = or_exit(ir::ground(or_exit(ims::build(or_exit(ims::shipped_scenario("single"))))));
    static const exec::Stepper stepper(system);
    return stepper;
}

/// The first states of a breadth-first walk.
std::vector<exec::State> walk(const exec::Stepper& stepper) {
    std::set<exec::State> seen = {stepper.initial()};
    std::vector<exec::State> states = {stepper.initial()};
    exec::State next(stepper.words());
    for (std::size_t i = 0; i < states.size() && states.size() < kStates; ++i) {
        for (std::size_t rule = 0; rule < stepper.system().rules.size(); ++rule) {
            if (stepper.step(rule, states[i].data(), next.data()).kind != exec::StepKind::kFired) continue;
            stepper.normalise(next.data());
            if (seen.insert(next).second) states.push_back(next);
        }
    }
    return states;
}

void successors_of_single(benchmark::State& run) {
    const exec::Stepper& stepper = single();
    const std::vector<exec::State> states = walk(stepper);
    exec::State next(stepper.words());
    std::vector<std::uint32_t> candidates(stepper.system().rules.size());
    std::size_t at = 0;
    std::uint64_t fired = 0;
    for ([[maybe_unused]] auto _ : run) {
        const exec::Word* const from = states[at].data();
        at = at + 1 == states.size() ? 0 : at + 1;
        const std::size_t count = stepper.candidates(from, candidates.data());
        for (std::size_t c = 0; c < count; ++c) {
            if (stepper.step(candidates[c], from, next.data()).kind != exec::StepKind::kFired) continue;
            if (stepper.touches_tokens(candidates[c])) stepper.normalise(next.data());
            benchmark::DoNotOptimize(next.data());
            ++fired;
        }
    }
    run.SetItemsProcessed(run.iterations());
    run.SetLabel("items are states");
    run.counters["successors"] = benchmark::Counter(static_cast<double>(fired), benchmark::Counter::kIsRate);
}
BENCHMARK(successors_of_single);

}  // namespace
