#include "checker/explicit/witness.h"

#include <algorithm>

#include "model/exec/replay.h"
#include "model/result.h"

namespace imspect::explore {

using exec::State;
using exec::StepKind;

namespace {

class Concretiser {
public:
    explicit Concretiser(const Exploration& exploration)
        : exploration_(exploration), product_(exploration.product()), scratch_(2 * product_.words()) {}

    outcome::Witness run(std::size_t watch, const Hit& hit) {
        outcome::Witness witness;
        State now = product_.initial();
        if (hit.state == kNoState) return witness;
        const auto path = path_to(exploration_.visited(), hit.state);
        for (std::size_t i = 1; i < path.size(); ++i) {
            witness.rules.push_back(step_to(now, exploration_.visited().state(path[i])));
        }
        if (hit.rule) witness.rules.push_back(step_hitting(now, watch));
        return witness;
    }

private:
    /// The cheapest rule that leads from `now` to the stored state; `now` moves there.
    std::uint32_t step_to(State& now, const Word* stored) {
        return cheapest(now, [&](std::uint32_t rule, State& next) {
            if (product_.successor(rule, now.data(), next.data()).kind != StepKind::kFired) return false;
            State canonical = next;
            if (!exploration_.symmetry().trivial()) {
                exploration_.symmetry().canonicalise(canonical.data(), scratch_.data());
            }
            return std::equal(canonical.begin(), canonical.end(), stored);
        });
    }

    std::uint32_t step_hitting(State& now, std::size_t watch) {
        return cheapest(now, [&](std::uint32_t rule, State& next) {
            bool hit = false;
            product_.successor(
                rule, now.data(), next.data(), [&](std::size_t asked) { return asked == watch; },
                [&](std::size_t) { hit = true; });
            return hit;
        });
    }

    template <typename Leads>
    std::uint32_t cheapest(State& now, Leads&& leads) {
        const auto& rules = product_.system().rules;
        std::optional<std::uint32_t> best;
        State best_next;
        State next(product_.words());
        for (std::uint32_t rule = 0; rule < rules.size(); ++rule) {
            if (best && product_.system().rule_of(rule).fault_cost >= product_.system().rule_of(*best).fault_cost) continue;
            if (!leads(rule, next)) continue;
            best = rule;
            best_next = next;
        }
        IMSPECT_REQUIRE(best.has_value(), "no rule leads from a stored state to its child");
        now = best_next;
        return *best;
    }

    const Exploration& exploration_;
    const Product& product_;
    std::vector<Word> scratch_;
};

/// What the run is a witness of holds at its end.
void check_end(const Exploration& exploration, std::size_t watch, const Hit& hit, const outcome::Witness& witness) {
    const Product& product = exploration.product();
    const auto states = replay_product(product, witness.rules);
    if (hit.state == kNoState || watch >= product.observers().size()) return;
    bool found = false;
    const auto asked = [&](std::size_t other) { return other == watch; };
    const auto note = [&](std::size_t) { found = true; };
    if (hit.rule) {
        State next(product.words());
        product.successor(witness.rules.back(), states[states.size() - 2].data(), next.data(), asked, note);
    } else {
        product.check_state(states.back().data(), asked, note);
    }
    IMSPECT_REQUIRE(found, "a witness does not end in what it is a witness of");
}

}  // namespace

std::vector<StateId> path_to(const VisitedSet& visited, StateId id) {
    std::vector<StateId> path;
    for (; id != kNoState; id = visited.parent(id)) path.push_back(id);
    std::reverse(path.begin(), path.end());
    return path;
}

std::vector<State> replay_product(const Product& product, const std::vector<std::uint32_t>& rules) {
    const auto plain = exec::replay(product.system(), rules);
    IMSPECT_REQUIRE(plain.ok(), "a witness does not replay");
    std::vector<State> states = {product.initial()};
    for (const std::uint32_t rule : rules) {
        State next(product.words());
        const exec::Step step = product.successor(rule, states.back().data(), next.data());
        IMSPECT_REQUIRE(step.kind == StepKind::kFired, "a witness does not replay with its registers");
        states.push_back(std::move(next));
    }
    return states;
}

outcome::Witness witness_of(const Exploration& exploration, std::size_t watch, const Hit& hit) {
    outcome::Witness witness = Concretiser(exploration).run(watch, hit);
    check_end(exploration, watch, hit, witness);
    return witness;
}

}  // namespace imspect::explore
