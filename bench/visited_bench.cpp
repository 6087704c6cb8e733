// How fast the visited set takes states: new ones, and ones that it has already. One thread.
//
// States are of as many words as the argument says (`single` has a handful) and scattered, so that a lookup misses the
// cache as it does in a search; a set of the second argument's size is built anew for each iteration.
#include <benchmark/benchmark.h>

#include "checker/explicit/visited.h"

using namespace imspect::explore;

namespace {

/// Different states for different numbers: the number itself is one word.
void make_state(std::uint64_t number, std::vector<Word>& state) {
    std::uint64_t mixed = number * 0x9e3779b97f4a7c15U;
    for (Word& word : state) {
        word = static_cast<Word>(mixed);
        mixed ^= mixed >> 29;
        mixed *= 0xbf58476d1ce4e5b9U;
    }
    state[0] = static_cast<Word>(number);
}

void fill(VisitedSet& visited, std::uint64_t count, std::vector<Word>& state) {
    VisitedSet::Block block;
    for (std::uint64_t i = 0; i < count; ++i) {
        if (visited.needs_growth()) visited.grow();
        make_state(i, state);
        benchmark::DoNotOptimize(visited.insert(state.data(), hash_state(state.data(), state.size()), kNoState, block));
    }
    visited.retire(block);
}

void insert_new(benchmark::State& run) {
    std::vector<Word> state(static_cast<std::size_t>(run.range(0)));
    const auto count = static_cast<std::uint64_t>(run.range(1));
    for ([[maybe_unused]] auto _ : run) {
        VisitedSet visited(state.size(), 1);
        fill(visited, count, state);
    }
    run.SetItemsProcessed(run.iterations() * run.range(1));
}
BENCHMARK(insert_new)->ArgsProduct({{4, 8, 16}, {100'000, 2'000'000}})->Unit(benchmark::kMillisecond);

void insert_known(benchmark::State& run) {
    std::vector<Word> state(static_cast<std::size_t>(run.range(0)));
    const auto count = static_cast<std::uint64_t>(run.range(1));
    VisitedSet visited(state.size(), 1);
    fill(visited, count, state);
    VisitedSet::Block block;
    std::uint64_t number = 0;
    for ([[maybe_unused]] auto _ : run) {
        number = (number + 7919) % count;
        make_state(number, state);
        benchmark::DoNotOptimize(visited.insert(state.data(), hash_state(state.data(), state.size()), kNoState, block));
    }
    visited.retire(block);
    run.SetItemsProcessed(run.iterations());
}
BENCHMARK(insert_known)->ArgsProduct({{4, 8, 16}, {100'000, 2'000'000}});

}  // namespace
