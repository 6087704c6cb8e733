#include "traces/conform/explanations.h"

#include <algorithm>
#include <bit>

namespace imspect::conform {

namespace {

/// Put(pending) has no message of its own: MAR carries it.
bool without_message(const Machine& machine, HopId hop, std::uint32_t channel, const Word* after) {
    if (hop != HopId::kCxSh && hop != HopId::kCxHs) return false;
    const std::string kind = machine.last_name(after, channel, "kind");
    return kind == "pending" || kind == "pending_ack";
}

void keep(StateSet& set, State&& state, std::uint8_t cost) {
    const auto [at, fresh] = set.try_emplace(std::move(state), cost);
    if (!fresh) at->second = std::min(at->second, cost);
}

/// A repetition on a captured hop shows; a timer needs its time, unless a message shows that it has fired.
bool believable(const RuleFacts& facts, const Moment& moment, bool seen) {
    const bool tapped = facts.hop != HopId::kNone && moment.tapped[static_cast<std::size_t>(facts.hop)];
    if (facts.repeats && tapped) return false;
    if (facts.timer == TimerId::kAwait && !seen) return moment.await_over;
    if (facts.timer == TimerId::kDiameter) return moment.diameter_over;
    return true;
}

bool held_back(const Machine& machine, std::size_t rule, const Moment& moment) {
    if (moment.only_ue < 0 || machine.ground().system->nodes[machine.rule(rule).node] != "UE") return false;
    return machine.ground().rules[rule].arguments[0] != moment.only_ue;
}

}  // namespace

std::size_t StateHash::operator()(const State& state) const {
    std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
    for (const Word word : state) hash = std::rotl((hash ^ word) * 0xff51afd7ed558ccdULL, 29);
    return static_cast<std::size_t>(hash ^ (hash >> 32));
}

bool visible(const Machine& machine, std::size_t rule, const Word* after, const Moment& moment) {
    const RuleFacts& facts = machine.facts(rule);
    if (facts.hop == HopId::kNone || !moment.tapped[static_cast<std::size_t>(facts.hop)]) return false;
    return !without_message(machine, facts.hop, facts.channel, after);
}

void fire_all(const Machine& machine, const State& from, std::uint8_t cost, const Firing& firing) {
    const exec::Stepper& stepper = machine.stepper();
    std::vector<std::uint32_t> rules(stepper.rule_count());
    rules.resize(stepper.candidates(from.data(), rules.data()));
    State after(stepper.words());
    for (const std::uint32_t rule : rules) {
        if (stepper.successor(rule, from.data(), after.data()).kind != exec::StepKind::kFired) continue;
        State next = after;
        machine.refill(next.data());
        firing(rule, from, std::move(next), static_cast<std::uint8_t>(cost + machine.facts(rule).cost));
    }
}

Closure close(const Machine& machine, const StateSet& from, const Moment& moment) {
    Closure closure;
    std::vector<std::pair<State, std::uint8_t>> todo;
    const auto reach = [&](State&& state, std::uint8_t cost) {
        const auto [at, fresh] = closure.states.try_emplace(state, cost);
        if (!fresh && at->second <= cost) return;
        at->second = cost;
        todo.emplace_back(std::move(state), cost);
    };
    for (const auto& [state, cost] : from) {
        if (cost <= moment.allowance) reach(State(state), cost);
    }
    while (!todo.empty()) {
        if (closure.states.size() > moment.cap) {
            closure.overflown = true;
            return closure;
        }
        const auto [state, cost] = std::move(todo.back());
        todo.pop_back();
        fire_all(machine, state, cost, [&](std::size_t rule, const State&, State&& after, std::uint8_t total) {
            if (total > moment.allowance || !believable(machine.facts(rule), moment, false)) return;
            if (visible(machine, rule, after.data(), moment) || held_back(machine, rule, moment)) return;
            reach(std::move(after), total);
        });
    }
    return closure;
}

Match match(const Machine& machine, const StateSet& closed, const Observation& seen, const Moment& moment) {
    Match best;
    best.soft = ~0U;
    for (const auto& [state, cost] : closed) {
        const std::uint8_t known = cost;
        fire_all(machine, state, 0, [&](std::size_t rule, const State& before, State&& after, std::uint8_t) {
            const RuleFacts& facts = machine.facts(rule);
            if (facts.hop != seen.hop || facts.repeats || !believable(facts, moment, true)) return;
            if (without_message(machine, facts.hop, facts.channel, after.data())) return;
            const auto soft = disagreement(machine, seen, rule, before.data(), after.data());
            if (!soft || std::popcount(*soft) > std::popcount(best.soft)) return;
            if (std::popcount(*soft) < std::popcount(best.soft)) best = {{}, *soft, {}};
            if (std::find(best.rules.begin(), best.rules.end(), rule) == best.rules.end()) best.rules.push_back(rule);
            keep(best.states, std::move(after), known);
        });
    }
    if (best.states.empty()) best.soft = 0;
    if (!seen.repeated || moment.allowance == 0) return best;
    const StateSet once = best.states;
    for (const auto& [state, cost] : once) {
        const std::uint8_t known = cost;
        fire_all(machine, state, known, [&](std::size_t rule, const State&, State&& after, std::uint8_t total) {
            if (machine.facts(rule).repeats && machine.facts(rule).hop == seen.hop && total <= moment.allowance)
                keep(best.states, std::move(after), total);
        });
    }
    return best;
}

std::unordered_map<std::uint32_t, StateSet> unseen_step(const Machine& machine, const StateSet& closed, const Moment& moment) {
    std::unordered_map<std::uint32_t, StateSet> by_channel;
    for (const auto& [state, cost] : closed) {
        const std::uint8_t known = cost;
        fire_all(machine, state, 0, [&](std::size_t rule, const State&, State&& after, std::uint8_t) {
            const RuleFacts& facts = machine.facts(rule);
            if (facts.repeats || !believable(facts, moment, false) || !visible(machine, rule, after.data(), moment)) return;
            keep(by_channel[facts.channel], std::move(after), known);
        });
    }
    return by_channel;
}

std::vector<Possible> possible_next(const Machine& machine, const StateSet& closed, const Moment& moment) {
    std::vector<Possible> all;
    for (const auto& [state, cost] : closed) {
        fire_all(machine, state, 0, [&](std::size_t rule, const State& before, State&& after, std::uint8_t) {
            if (machine.facts(rule).repeats || !visible(machine, rule, after.data(), moment)) return;
            if (!believable(machine.facts(rule), moment, false)) return;
            Possible next{machine.label(rule, before.data()), machine.ground().system->nodes[machine.rule(rule).node],
                          machine.rule(rule).clauses, rule};
            const bool known = std::any_of(all.begin(), all.end(), [&](const Possible& p) { return p.rule == rule && p.label == next.label; });
            if (!known && !next.label.empty()) all.push_back(std::move(next));
        });
    }
    return all;
}

}  // namespace imspect::conform
