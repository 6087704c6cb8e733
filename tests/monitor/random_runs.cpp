#include "tests/monitor/random_runs.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace imspect::tests {

using monitor::Observer;
using naive::State;

std::vector<ir::DomainId> domains_of(const ir::GroundSystem& ground, const std::vector<monitor::Register>& registers) {
    std::vector<ir::DomainId> domains;
    for (const ir::GroundVariable& variable : ground.variables) domains.push_back(variable.domain);
    for (const monitor::Register& one : registers) domains.push_back(one.variable.domain);
    return domains;
}

ir::Value newest_token(const ir::GroundSystem& ground, const std::vector<ir::DomainId>& domains, const State& state) {
    ir::Value newest = 0;
    for (std::size_t slot = 0; slot < state.size(); ++slot) {
        if (ground.system->domains[domains[slot]].kind == ir::DomainKind::kToken) newest = std::max(newest, state[slot]);
    }
    return newest;
}

std::vector<std::size_t> random_run(const ir::GroundSystem& ground, std::mt19937& random, std::size_t steps) {
    const std::vector<ir::DomainId> domains = domains_of(ground, {});
    std::vector<std::size_t> run;
    State state = naive::initial(ground);
    while (run.size() < steps) {
        const ir::Value newest = newest_token(ground, domains, state);
        std::vector<std::size_t> enabled;
        for (std::size_t rule = 0; rule < ground.rules.size(); ++rule) {
            if (naive::enabled(ground, rule, state, newest)) enabled.push_back(rule);
        }
        REQUIRE_FALSE(enabled.empty());
        run.push_back(enabled[random() % enabled.size()]);
        state = naive::step(ground, run.back(), state, newest);
        naive::normalise(ground, domains, state);
    }
    return run;
}

std::vector<naive::Position> positions_of(const ir::GroundSystem& ground, const std::vector<std::size_t>& run) {
    const std::vector<ir::DomainId> domains = domains_of(ground, {});
    State state = naive::initial(ground);
    std::vector<naive::Position> positions = {{state, state, 0, 0}};
    ir::Value newest = 0;
    for (const std::size_t rule : run) {
        const State next = naive::step(ground, rule, state, newest);
        positions.push_back({next, state, rule, newest});
        newest = std::max(newest, newest_token(ground, domains, next));
        state = next;
    }
    return positions;
}

Compiled compiled(ir::GroundSystem ground, const std::string& text) {
    INFO(text);
    const auto parsed = language::parse(text, "random.props");
    if (!parsed) FAIL(parsed.error().text());
    const auto slots = static_cast<ir::SlotId>(ground.variables.size());
    const auto observer = language::compile(parsed.value().at(0), ground, slots);
    if (!observer) FAIL(observer.error().text());
    return {std::move(ground), parsed.value().at(0), observer.value()};
}

}  // namespace imspect::tests
