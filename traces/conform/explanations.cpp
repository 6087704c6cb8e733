#include "traces/conform/explanations.h"

#include <algorithm>
#include <bit>

namespace imspect::conform {

namespace {

void keep(StateSet& set, State&& state, std::uint8_t cost) {
    const auto [at, fresh] = set.try_emplace(std::move(state), cost);
    if (!fresh) at->second = std::min(at->second, cost);
}

/// A repetition on a captured hop shows; a timer needs its time, unless a message shows that it has fired.
bool believable(const Machine& machine, const RuleFacts& facts, const Moment& moment, bool seen) {
    if (facts.restarts && machine.shape().restarts) return moment.restarting == facts.scscf;
    const bool tapped = facts.hop != HopId::kNone && moment.tapped[static_cast<std::size_t>(facts.hop)];
    if (facts.loses_on && *facts.loses_on != HopId::kNone && moment.lossless[static_cast<std::size_t>(*facts.loses_on)]) return false;
    if (facts.repeats && tapped) return moment.allowance > 0 && !moment.repeated[static_cast<std::size_t>(facts.hop)].empty();
    if (facts.timer == TimerId::kAwait && !seen) return moment.await_over;
    if (facts.timer == TimerId::kDiameter) return moment.diameter_over;
    if (facts.timer == TimerId::kQuery) return moment.query_over;
    return true;
}

/// A message that equals one already seen, whose repetitions the capture shows (they were counted to that event).
bool seen_before(const Machine& machine, std::size_t rule, const Word* after, const Moment& moment) {
    const RuleFacts& facts = machine.facts(rule);
    const auto& kinds = moment.repeated[static_cast<std::size_t>(facts.hop)];
    if (moment.allowance == 0 || kinds.empty()) return false;
    return std::find(kinds.begin(), kinds.end(), machine.last_name(after, facts.channel, "kind")) != kinds.end();
}

/// Repetitions start at the first hop that shows one, else where the capture does; one more message at a time is enough.
bool one_repetition(const Machine& machine, std::size_t rule, const Word* after, const Moment& moment) {
    const RuleFacts& facts = machine.facts(rule);
    for (std::size_t hop = 0; hop < static_cast<std::size_t>(HopId::kCxIh); ++hop) {
        if (!moment.tapped[hop] || moment.repeated[hop].empty()) continue;
        return static_cast<std::size_t>(facts.hop) == hop && machine.length(after, facts.channel) <= 2;
    }
    for (const HopId first : {HopId::kGmUp, HopId::kMwPi, HopId::kMwIs}) {
        if (!moment.tapped[static_cast<std::size_t>(first)]) continue;
        return facts.hop == first && machine.length(after, facts.channel) <= 2;
    }
    return machine.length(after, facts.channel) <= 2;
}

bool held_back(const Machine& machine, std::size_t rule, const Moment& moment) {
    if (moment.only_ue < 0 || machine.ground().system->nodes[machine.rule(rule).node] != "UE") return false;
    return machine.ground().rules[rule].arguments[0] != moment.only_ue;
}

template <typename Wanted>
void fire(const Machine& machine, const State& from, std::uint8_t cost, const Wanted& wanted, const Firing& firing) {
    const exec::Stepper& stepper = machine.stepper();
    std::vector<std::uint32_t> rules(stepper.rule_count());
    rules.resize(stepper.candidates(from.data(), rules.data()));
    State after(stepper.words());
    for (const std::uint32_t rule : rules) {
        if (!wanted(machine.facts(rule))) continue;
        if (!machine.successor(rule, from.data(), after.data())) continue;
        State next = after;
        const RuleFacts& facts = machine.facts(rule);
        const bool restarts = facts.restarts && machine.shape().restarts;  // which shows later: nobody has to believe in it
        machine.refill(next.data(), restarts || machine.restarted(from.data()));
        firing(rule, from, std::move(next), static_cast<std::uint8_t>(cost + (restarts ? 0 : facts.cost)));
    }
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
    return machine.last_has_message(after, facts.channel);
}

void fire_all(const Machine& machine, const State& from, std::uint8_t cost, const Firing& firing) {
    fire(machine, from, cost, [](const RuleFacts&) { return true; }, firing);
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
    const auto may_hide = [&](const RuleFacts& facts) {
        if (!believable(machine, facts, moment, false)) return false;
        const bool tapped = facts.hop != HopId::kNone && moment.tapped[static_cast<std::size_t>(facts.hop)];
        return !tapped || facts.repeats || facts.hop >= HopId::kCxSh || !moment.repeated[static_cast<std::size_t>(facts.hop)].empty();
    };
    while (!todo.empty()) {
        if (closure.states.size() > moment.cap) {
            closure.overflown = true;
            return closure;
        }
        const State state = std::move(todo.back().first);
        const std::uint8_t cost = todo.back().second;
        todo.pop_back();
        fire(machine, state, cost, may_hide, [&](std::size_t rule, const State&, State&& after, std::uint8_t total) {
            const RuleFacts& facts = machine.facts(rule);
            if (facts.repeats && moment.tapped[static_cast<std::size_t>(facts.hop)]) total = cost;  // it was seen
            if (total > moment.allowance || (facts.repeats && !one_repetition(machine, rule, after.data(), moment))) return;
            if (held_back(machine, rule, moment)) return;
            if (visible(machine, rule, after.data(), moment) && !seen_before(machine, rule, after.data(), moment)) return;
            reach(std::move(after), total);
        });
    }
    return closure;
}

Match match(const Machine& machine, const StateSet& closed, const Observation& seen, const Moment& moment) {
    Match best;
    best.soft = ~0U;
    const auto could_show = [&](const RuleFacts& facts) {
        return facts.hop == seen.hop && !facts.repeats && believable(machine, facts, moment, true);
    };
    for (const auto& [state, cost] : closed) {
        const std::uint8_t known = cost;
        fire(machine, state, 0, could_show, [&](std::size_t rule, const State& before, State&& after, std::uint8_t) {
            const RuleFacts& facts = machine.facts(rule);
            if (!machine.last_has_message(after.data(), facts.channel)) return;
            const auto soft = disagreement(machine, seen, rule, before.data(), after.data());
            if (!soft || std::popcount(*soft) > std::popcount(best.soft)) return;
            if (std::popcount(*soft) < std::popcount(best.soft)) best = {{}, *soft, {}};
            if (std::find(best.rules.begin(), best.rules.end(), rule) == best.rules.end()) best.rules.push_back(rule);
            if (seen.lost) machine.lose_last(after.data(), facts.channel);
            keep(best.states, std::move(after), known);
        });
    }
    if (best.states.empty()) best.soft = 0;
    return best;
}

std::unordered_map<std::uint32_t, StateSet> unseen_step(const Machine& machine, const StateSet& closed, const Moment& moment) {
    std::unordered_map<std::uint32_t, StateSet> by_channel;
    for (const auto& [state, cost] : closed) {
        const std::uint8_t known = cost;
        fire_all(machine, state, 0, [&](std::size_t rule, const State&, State&& after, std::uint8_t) {
            const RuleFacts& facts = machine.facts(rule);
            if (facts.repeats || !believable(machine, facts, moment, false) || !visible(machine, rule, after.data(), moment)) return;
            if (moment.lossless[static_cast<std::size_t>(facts.hop)]) return;  // two captures would have lost it
            keep(by_channel[facts.channel], std::move(after), known);
        });
    }
    return by_channel;
}

std::vector<Possible> possible_next(const Machine& machine, const StateSet& closed, const Moment& moment) {
    std::vector<Possible> all;
    for (const auto& [state, cost] : closed) {
        fire_all(machine, state, 0, [&](std::size_t rule, const State& before, State&& after, std::uint8_t) {
            if (machine.rule(rule).fault_cost > 0 || !visible(machine, rule, after.data(), moment)) return;
            if (!believable(machine, machine.facts(rule), moment, false)) return;
            Possible next{machine.label(rule, before.data()), machine.ground().system->nodes[machine.rule(rule).node],
                          machine.rule(rule).clauses, rule};
            const bool known = std::any_of(all.begin(), all.end(), [&](const Possible& p) { return p.rule == rule && p.label == next.label; });
            if (!known && !next.label.empty()) all.push_back(std::move(next));
        });
    }
    return all;
}

}  // namespace imspect::conform
