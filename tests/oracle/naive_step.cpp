#include <algorithm>

#include "tests/oracle/naive.h"
#include "tests/support/naive_eval.h"

namespace imspect::oracle {

using namespace ir;

NaiveSystem::NaiveSystem(const GroundSystem& system, const monitor::Observer* observer)
    : system_(system), observer_(observer), slots_(system.variables.size()) {}

const GroundVariable& NaiveSystem::variable(std::size_t index) const {
    return index < slots_ ? system_.variables[index] : observer_->registers[index - slots_].variable;
}

std::size_t NaiveSystem::index_of(SlotId slot) const {
    return slot < slots_ ? slot : slots_ + (slot - observer_->first_register);
}

Values NaiveSystem::initial() const {
    Values values;
    for (const GroundVariable& v : system_.variables) values.push_back(v.initial);
    if (observer_ != nullptr) {
        for (const auto& r : observer_->registers) values.push_back(r.variable.initial);
    }
    return normalise(values);
}

Values NaiveSystem::normalise(Values state) const {
    for (DomainId domain = 0; domain < system_.system->domains.size(); ++domain) {
        if (system_.system->domains[domain].kind != DomainKind::kToken) continue;
        std::set<int> used;
        for (std::size_t i = 0; i < state.size(); ++i) {
            if (variable(i).domain == domain && state[i] != 0) used.insert(state[i]);
        }
        for (std::size_t i = 0; i < state.size(); ++i) {
            if (variable(i).domain != domain || state[i] == 0) continue;
            state[i] = 1 + static_cast<int>(std::distance(used.begin(), used.find(state[i])));
        }
    }
    return state;
}

/// Different tokens that the first `count` variables hold; in a normalised state that is also the greatest of all.
int NaiveSystem::fresh_base(DomainId domain, const Values& state, std::size_t count) const {
    std::set<int> used;
    for (std::size_t i = 0; i < count; ++i) {
        if (variable(i).domain == domain && state[i] != 0) used.insert(state[i]);
    }
    return static_cast<int>(used.size());
}

int NaiveSystem::evaluate(ExprId expression, const Values& now, const Values& before) const {
    return evaluate(expression, now, before, now.size());
}

int NaiveSystem::evaluate(ExprId expression, const Values& now, const Values& before, std::size_t token_slots) const {
    struct Source {
        const NaiveSystem& system;
        const Values& after;
        const Values& earlier;
        std::size_t token_slots;
        int now(SlotId slot) const { return after[system.index_of(slot)]; }
        int old(SlotId slot) const { return earlier[system.index_of(slot)]; }
        int newest(DomainId domain) const { return system.fresh_base(domain, after, token_slots); }
    };
    return naive::evaluate(system_.pool(), expression, Source{*this, now, before, token_slots});
}

NaiveSystem::Step NaiveSystem::step(std::size_t rule, const Values& from) const {
    const GroundRule& ground = system_.rules[rule];
    Step step;
    if (evaluate(ground.guard, from, from) == 0) return step;
    for (std::size_t i = 0; i < ground.bounds.size(); ++i) {
        if (evaluate(ground.bounds[i].condition, from, from, slots_) == 0) step.false_bounds.push_back(i);
    }
    step.kind = Kind::kBounded;
    if (!step.false_bounds.empty()) return step;
    step.kind = Kind::kFired;
    step.raw = from;
    for (const GroundAssignment& assignment : ground.assignments) {
        const int value = evaluate(assignment.value, from, from);
        const Domain& domain = system_.domain_of(assignment.slot);
        // A bound keeps tokens in range; registers may keep more alive than the system's own domain has.
        const bool inside = value >= domain.lo && (value <= domain.hi || domain.kind == DomainKind::kToken);
        if (!inside) step.kind = Kind::kOutOfRange;
        step.raw[assignment.slot] = value;
    }
    if (step.kind == Kind::kOutOfRange) return step;
    if (observer_ != nullptr) {
        for (std::size_t i = 0; i < observer_->registers.size(); ++i) {
            const ExprId next = observer_->registers[i].next[rule];
            if (next != kNoExpr) step.raw[slots_ + i] = evaluate(next, step.raw, from);
        }
    }
    step.normalised = normalise(step.raw);
    return step;
}

}  // namespace imspect::oracle
