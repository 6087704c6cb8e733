#include "tests/parameterised/concrete.h"

#include <algorithm>
#include <array>
#include <deque>
#include <random>
#include <set>

#include <catch2/catch.hpp>

#include "tests/support/sanitized.h"

namespace imspect::tests {

using namespace parameterised;

Counts counts_of(const Pipeline& made, const exec::Word* state) {
    exec::Code programs(made.localised.ground.pool(), made.all->layout());
    Counts counts;
    for (const Aggregate& aggregate : made.cutoff.aggregates) {
        std::uint8_t count = 0;
        for (const ir::ExprId of : aggregate.of) {
            if (programs.evaluate(programs.compile(of), {state, state, nullptr}) != 0) ++count;
        }
        counts.push_back(std::min(count, aggregate.most));
    }
    return counts;
}

std::vector<exec::State> states_of(const Pipeline& made, std::uint32_t messages, std::size_t most) {
    Views views(made.shape, made.localised.ordered);
    std::set<exec::State> seen = {made.all->initial()};
    std::deque<exec::State> frontier(seen.begin(), seen.end());
    exec::State next(made.all->words());
    while (!frontier.empty() && seen.size() < most) {
        const exec::State state = frontier.front();
        frontier.pop_front();
        for (std::size_t rule = 0; rule < made.all->stepper().rule_count(); ++rule) {
            if (made.all->successor(rule, state.data(), next.data()).kind != exec::StepKind::kFired) continue;
            bool fits = true;
            for (std::size_t channel = 0; channel < made.shape.channels.size(); ++channel) fits = fits && views.most_messages(next.data(), channel) <= messages;
            if (fits && seen.insert(next).second) frontier.push_back(next);
        }
    }
    return {seen.begin(), seen.end()};
}

std::vector<exec::State> states_on_walks(const Pipeline& made, unsigned walks, unsigned steps) {
    std::mt19937 random(7);
    std::set<exec::State> seen;
    exec::State next(made.all->words());
    for (unsigned walk = 0; walk < walks; ++walk) {
        exec::State state = made.all->initial();
        for (unsigned step = 0; step < steps; ++step) {
            std::vector<exec::State> successors;
            for (std::size_t rule = 0; rule < made.all->stepper().rule_count(); ++rule) {
                if (made.all->successor(rule, state.data(), next.data()).kind == exec::StepKind::kFired) successors.push_back(next);
            }
            if (successors.empty()) break;
            state = successors[random() % successors.size()];
            seen.insert(state);
        }
    }
    return {seen.begin(), seen.end()};
}

std::size_t expect_views_known(const Pipeline& made, std::uint32_t seen, unsigned states) {
    const ViewAnswer answer = made.search(seen, 2);
    REQUIRE(answer.kind == ViewAnswer::Kind::kInductive);
    const std::set<ViewCode> known(answer.codes.begin(), answer.codes.end());
    Views views(made.shape, made.localised.ordered);
    std::size_t looked_at = 0;
    for (const exec::State& state : states_of(made, 2, cases(states, 20))) {
        const Counts counts = counts_of(made, state.data());
        for (std::uint8_t a = 0; a < seen + 2; ++a) {
            for (std::uint8_t b = 0; b < seen + 2; ++b) {
                if (a == b) continue;
                const std::array<std::uint8_t, 2> pair = {a, b};
                ViewCode code;
                views.canonical(state.data(), counts, pair.data(), seen, code);
                ++looked_at;
                if (!known.contains(code)) FAIL("a view that is not among those found, after " << looked_at);
            }
        }
    }
    return looked_at;
}

}  // namespace imspect::tests
