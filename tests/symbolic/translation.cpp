#include "tests/symbolic/translation.h"

#include <algorithm>
#include <deque>
#include <random>
#include <set>

#include <fmt/format.h>

namespace imspect::symbolic_tests {

using exec::State;
using exec::StepKind;
using symbolic::Machine;
using symbolic::Valuation;

namespace {

bool bit_of(const Machine& machine, const exec::Layout& layout, const State& state, const symbolic::Latch& latch) {
    const symbolic::MachineSlot& slot = machine.slots[latch.slot];
    if (slot.relation) {
        const ir::Value left = slot.relation->left ? layout.get(state.data(), *slot.relation->left) : 0;
        const ir::Value right = layout.get(state.data(), slot.relation->right);
        return slot.relation->less ? left < right : left == right;
    }
    return symbolic::bit_of(slot.code, slot.lo, latch.bit, layout.get(state.data(), slot.id));
}

struct Judge {
    /// The rule draws fresh tokens, so there is a bound on them.
    bool bound_on_tokens(std::size_t rule) const {
        const auto& bounds = product.system().rules[rule].bounds;
        return std::any_of(bounds.begin(), bounds.end(), [](const ir::Bound& bound) { return bound.name.rfind("tokens ", 0) == 0; });
    }

    const Machine& machine;
    const explore::Product& product;
    const State& state;
    Compared& done;
    symbolic::StateCode code;

    std::optional<std::string> at_state(const Valuation& values) const {
        std::vector<bool> hit(machine.observed.size(), false);
        product.check_state(state.data(), [](std::size_t) { return true; }, [&](std::size_t watch) { hit.at(watch) = true; });
        for (std::size_t i = 0; i < hit.size(); ++i) {
            if (values(machine.observed[i].at_state, 0) != hit[i]) return fmt::format("target {} in the state", i);
            done.hits += hit[i] ? 1 : 0;
        }
        for (const symbolic::Literal condition : machine.shape) {
            if (!values(condition, 0)) return "a reachable state has not the shape of one";
        }
        return std::nullopt;
    }

    std::optional<std::string> step(const Valuation& values, std::size_t rule, unsigned lane) const {
        State raw(product.words());
        const exec::Step plain = product.stepper().step(rule, state.data(), raw.data());
        State next = state;
        std::vector<bool> hit(machine.observed.size(), false);
        State to(product.words());
        const exec::Step got = product.successor(rule, state.data(), to.data(), [](std::size_t) { return true; },
                                                 [&](std::size_t watch) { hit.at(watch) = true; });
        const bool fired = got.kind == StepKind::kFired;
        if (fired) next = to;
        if (code == symbolic::StateCode::kDirect && !fired && values(machine.fired, lane)) {  // for a bound on tokens only
            ++done.beyond_tokens;
            return plain.kind == StepKind::kFired || !bound_on_tokens(rule) ? std::optional<std::string>(fmt::format("rule {} fires", rule)) : std::nullopt;
        }
        if (values(machine.fired, lane) != fired) return fmt::format("whether rule {} fires", rule);
        if (values(machine.fires[rule], lane) != fired) return fmt::format("whether rule {} itself fires", rule);
        if (values(machine.enabled[rule], lane) != fired) return fmt::format("whether rule {} is enabled", rule);
        if (values(machine.out_of_range, lane) != (got.kind == StepKind::kOutOfRange)) return "leaving the domain";
        for (std::size_t i = 0; i < hit.size(); ++i) {
            if (values(machine.observed[i].at_step, lane) != (fired && hit[i])) return fmt::format("target {} in the step", i);
            done.hits += fired && hit[i] ? 1 : 0;
        }
        for (const symbolic::Latch& latch : machine.latches) {
            if (values(latch.next, lane) != bit_of(machine, product.layout(), next, latch)) {
                return fmt::format("bit {} of {} after rule {}", latch.bit, machine.slots[latch.slot].name, rule);
            }
        }
        done.fired += fired ? 1 : 0;
        done.renamed += fired && product.registers().empty() && raw != to ? 1 : 0;
        done.out_of_range += plain.kind == StepKind::kOutOfRange ? 1 : 0;
        return std::nullopt;
    }
};

}  // namespace

std::optional<std::string> difference(const Machine& machine, const explore::Product& product, const State& state, Compared& done,
                                      symbolic::StateCode code) {
    ++done.states;
    const Judge judge{machine, product, state, done, code};
    Valuation values(machine.circuit);
    for (const symbolic::Latch& latch : machine.latches) {
        values.set_all(latch.now, bit_of(machine, product.layout(), state, latch));
    }
    const std::size_t rules = machine.fires.size();
    for (std::size_t first = 0; first < std::max<std::size_t>(rules, 1); first += 64) {
        for (std::size_t i = 0; i < machine.choice.size(); ++i) {
            Valuation::Lanes lanes = 0;
            for (unsigned lane = 0; lane < 64; ++lane) lanes |= (((first + lane) >> i) & Valuation::Lanes{1}) << lane;
            values.set(machine.choice[i], lanes);
        }
        values.propagate();
        if (first == 0) {
            if (auto wrong = judge.at_state(values)) return wrong;
        }
        for (std::size_t rule = first; rule < std::min(rules, first + 64); ++rule) {
            if (auto wrong = judge.step(values, rule, static_cast<unsigned>(rule - first))) return wrong;
        }
    }
    return std::nullopt;
}

std::optional<std::string> difference_in_reachable(const Machine& machine, const explore::Product& product, std::size_t most,
                                                   Compared& done, symbolic::StateCode code) {
    const State initial = product.initial();
    for (const symbolic::Latch& latch : machine.latches) {
        if (latch.initial != bit_of(machine, product.layout(), initial, latch)) return "the initial state";
    }
    std::set<State> seen = {initial};
    std::deque<State> queue = {initial};
    std::mt19937 random(7);
    for (std::size_t visited = 0; visited < most && !queue.empty(); ++visited) {
        // Half breadth first, half along the newest state: near the start and far from it.
        const bool newest = visited % 2 != 0;
        if (newest && queue.size() > 2) std::swap(queue.back(), queue[queue.size() - 1 - random() % 3]);
        const State state = newest ? queue.back() : queue.front();
        newest ? queue.pop_back() : queue.pop_front();
        if (auto wrong = difference(machine, product, state, done, code)) return wrong;
        for (std::size_t rule = 0; rule < product.system().rules.size(); ++rule) {
            State next(product.words());
            if (product.successor(rule, state.data(), next.data()).kind != StepKind::kFired) continue;
            if (seen.insert(next).second) queue.push_back(std::move(next));
        }
    }
    return std::nullopt;
}

}  // namespace imspect::symbolic_tests
