#include "checker/explicit/liveness.h"

#include <algorithm>

#include "checker/explicit/lasso.h"

namespace imspect::explore {

namespace {

using Bits = std::vector<std::uint64_t>;

void set(Bits& bits, std::uint32_t index) { bits[index / 64] |= std::uint64_t{1} << (index % 64); }
void intersect(Bits& bits, const Bits& other) {
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] &= other[i];
}
void remove(Bits& bits, const Bits& other) {
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] &= ~other[i];
}
bool none(const Bits& bits) {
    return std::all_of(bits.begin(), bits.end(), [](std::uint64_t word) { return word == 0; });
}

}  // namespace

Liveness::Liveness(const Exploration& exploration, const EdgeGraph& graph, const SearchOptions& options)
    : exploration_(exploration),
      product_(exploration.product()),
      graph_(graph),
      options_(options),
      code_(product_.system().pool(), product_.layout()),
      fair_index_(product_.system().rules.size(), kNoMember) {
    for (std::uint32_t rule = 0; rule < fair_index_.size(); ++rule) {
        if (!product_.system().rule_of(rule).fair) continue;
        fair_index_[rule] = static_cast<std::uint32_t>(fair_rules_.size());
        fair_rules_.push_back(rule);
    }
}

LivenessResult Liveness::check(const monitor::Observer& observer) {
    LivenessResult best;
    for (const monitor::Obligation& obligation : observer.obligations) {
        best.ended = decide(obligation, best);
        if (best.ended) break;
    }
    if (best.witness || best.ended) best.bound.reset();
    if (best.ended) best.faults = 0;  // an obligation not looked at may break with fewer
    return best;
}

std::optional<std::string> Liveness::decide(const monitor::Obligation& obligation, LivenessResult& best) {
    Task task;
    task.from = code_.compile(obligation.from);
    task.to = code_.compile(obligation.to);
    if (auto why = obstacle(graph_.vertices() * sizeof(std::uint32_t))) return why;
    collect_region(task);
    const std::uint64_t region_bytes =
        graph_.vertices() * sizeof(std::uint32_t) + task.region.members.size() * (sizeof(StateId) + kBytesAMember);
    if (auto why = obstacle(region_bytes)) return why;
    const bool broken = find_fair_ends(task);
    if (auto why = obstacle(region_bytes + (broken ? graph_.vertices() * LassoFinder::kBytesAVertex : 0))) return why;
    if (!broken) {
        if (!best.bound) best.bound = task.bound;
        return std::nullopt;
    }
    const auto lasso = LassoFinder(exploration_, graph_, options_, fair_rules_)
                           .find({task.region, task.seed, task.accept, task.terminal, task.components});
    if (!lasso) return kInterrupted;
    check_lasso(product_, lasso->witness, obligation.from, obligation.to);
    const auto size = [](const LivenessResult& result) {
        return rank_of(result.faults, static_cast<std::uint32_t>(result.witness->length()));
    };
    LivenessResult found{lasso->witness, lasso->faults, obligation.name, {}, {}};
    if (!best.witness || size(found) < size(best)) best = std::move(found);
    return std::nullopt;
}

/// What an interrupt left half done is never used: every step that looks for one is followed by this.
std::optional<std::string> Liveness::obstacle(std::uint64_t more_bytes) const {
    if (options_.interrupted()) return kInterrupted;
    if (options_.memory_bytes == 0 || exploration_.bytes() + graph_.bytes() + more_bytes <= options_.memory_bytes) return {};
    return "memory limit " + bytes_text(options_.memory_bytes);
}

bool Liveness::holds(exec::ProgramId program, StateId id) const {
    const Word* const state = exploration_.visited().state(id);
    return code_.evaluate(program, {state, state, nullptr}) != 0;
}

void Liveness::collect_region(Task& task) const {
    Region& region = task.region;
    region.member_of.assign(graph_.vertices(), kNoMember);
    for (std::uint64_t i = 0; i < graph_.vertices() && !options_.interrupted(); ++i) {
        const auto id = static_cast<StateId>(i);
        if (exploration_.visited().is_state(id) && holds(task.from, id) && !holds(task.to, id)) region.add(id);
    }
    task.seed.assign(region.members.size(), true);
    for (std::size_t m = 0; m < region.members.size() && !options_.interrupted(); ++m) {  // grows while it is walked
        const StateId id = region.members[m];
        for (std::uint64_t edge = graph_.begin(id); edge < graph_.end(id); ++edge) {
            const StateId target = graph_.target(edge);
            if (target != kNoState && !region.has(target) && !holds(task.to, target)) region.add(target);
        }
    }
    task.seed.resize(region.members.size(), false);
}

bool Liveness::find_fair_ends(Task& task) const {
    const std::size_t n = task.region.members.size();
    task.accept.assign(n, false);
    task.terminal.assign(n, false);
    bool found = false;
    for (std::uint32_t m = 0; m < n && !options_.interrupted(); ++m) found |= judge_terminal(task, m);
    auto components = strong_components_of(graph_, task.region, options_);
    if (!components) return false;
    task.components = std::move(*components);
    for (const auto& states : task.components.cyclic) found |= judge_component(task, states);
    return found;
}

Liveness::Bits Liveness::fired(StateId id) const {
    Bits bits(fair_rules_.size() / 64 + 1, 0);
    for (std::uint64_t edge = graph_.begin(id); edge < graph_.end(id); ++edge) {
        const std::uint32_t index = fair_index_[graph_.rule(edge)];
        if (index != kNoMember) set(bits, index);
    }
    return bits;
}

Liveness::Bits Liveness::guarded(StateId id) const {
    Bits bits(fair_rules_.size() / 64 + 1, 0);
    for (std::uint32_t i = 0; i < fair_rules_.size(); ++i) {
        if (product_.stepper().guard_holds(fair_rules_[i], exploration_.visited().state(id))) set(bits, i);
    }
    return bits;
}

/// The bound that holds back one of `rules`, whose guards are true in this state.
std::optional<std::string> Liveness::bound_at(StateId id, const Bits& rules) const {
    exec::State next(product_.words());
    for (std::uint32_t i = 0; i < fair_rules_.size(); ++i) {
        if (((rules[i / 64] >> (i % 64)) & 1U) == 0) continue;
        const exec::Step step = product_.stepper().step(fair_rules_[i], exploration_.visited().state(id), next.data());
        if (step.kind == exec::StepKind::kBounded) return product_.stepper().bound_of(fair_rules_[i], step).name;
    }
    return std::nullopt;
}

bool Liveness::judge_terminal(Task& task, std::uint32_t member) const {
    const StateId id = task.region.members[member];
    if (!none(fired(id))) return false;
    const Bits guards = guarded(id);
    if (none(guards)) {
        task.terminal[member] = true;
        return true;
    }
    if (!task.bound) task.bound = bound_at(id, guards);
    return false;
}

bool Liveness::judge_component(Task& task, const std::vector<StateId>& states) const {
    const std::uint32_t component = task.components.of(task.region, states[0]);
    Bits always = fired(states[0]);
    Bits taken(always.size(), 0);
    for (const StateId id : states) {
        if (options_.interrupted()) return false;
        intersect(always, fired(id));
        for (std::uint64_t edge = graph_.begin(id); edge < graph_.end(id); ++edge) {
            const StateId target = graph_.target(edge);
            const std::uint32_t index = fair_index_[graph_.rule(edge)];
            if (index != kNoMember && task.region.has(target) && task.components.of(task.region, target) == component) {
                set(taken, index);
            }
        }
    }
    remove(always, taken);
    if (!none(always)) return false;
    Bits wanting(always.size(), ~std::uint64_t{0});
    for (const StateId id : states) {
        if (options_.interrupted()) return false;
        intersect(wanting, guarded(id));
        remove(wanting, taken);
        if (none(wanting)) break;
    }
    if (none(wanting)) {
        for (const StateId id : states) task.accept[task.region.member_of[id]] = true;
        return true;
    }
    for (const StateId id : states) {
        if (task.bound || options_.interrupted()) break;
        task.bound = bound_at(id, wanting);
    }
    return false;
}

}  // namespace imspect::explore
