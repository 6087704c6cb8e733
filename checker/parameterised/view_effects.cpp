// What a step of one replica does to another, of views of one replica: without a scene of both.
//
// A rule with an actor changes of others what is shared, and counts. Both follow from the actor's view, the guess at who else
// has which quality, and which qualities the other has; so views that agree in shared slots, counts and qualities are
// changed alike. Rules that write others, or are nobody's, are left to scenes of two.
#include <algorithm>
#include <utility>

#include "checker/parameterised/view_search.h"

namespace imspect::parameterised {

/// By rule: it has an actor, and of other replicas neither a rule nor a formula says anything.
void ViewSearch::find_plain() {
    const auto spares_others = [&](ir::SlotId slot, std::uint32_t actor) {
        if (slot >= shape_.owners.size()) return false;  // what a restart makes of everybody
        return shape_.owners[slot].kind != Owner::Kind::kOwn || shape_.owners[slot].replica == actor;
    };
    for (std::size_t rule = 0; rule < localised_.ground.rules.size(); ++rule) {
        const std::uint32_t actor = cutoff_.actors[rule];
        bool plain = actor != kNobody && !cutoff_.concerns_others[rule];
        for (const ir::GroundAssignment& assignment : localised_.ground.rules[rule].assignments) plain = plain && spares_others(assignment.slot, actor);
        for (const monitor::Observer& observer : localised_.observers) {
            for (std::size_t i = 0; i < observer.registers.size(); ++i) {
                plain = plain && (observer.registers[i].next[rule] == ir::kNoExpr || spares_others(observer.first_register + static_cast<ir::SlotId>(i), actor));
            }
        }
        plain_.push_back(plain);
        needs_scenes_of_two_ = needs_scenes_of_two_ || (!plain && seen_by_others_[rule]);
    }
}

/// The view, from_ showing it, is one that others' steps change from now on; those known do at once.
void ViewSearch::lie_beside(std::size_t view) {
    Beside& group = beside_[pivot_of(view, 0)][qualities_of_first(from_.data())];
    group.views.push_back(view);
    for (std::size_t i = 0; i < group.changes.size(); ++i) change(view, group.changes[i].first, group.changes[i].second);
}

std::uint32_t ViewSearch::qualities_of_first(const Word* state) const {
    std::uint32_t set = 0;
    for (std::size_t i = 0; i < qualities_.size(); ++i) set |= static_cast<std::uint32_t>(shown(i, 1, state)) << i;
    return set;
}

/// Counts and shared slots of the view become those of `prefix`.
void ViewSearch::change(std::size_t view, const ViewCode& prefix, std::uint32_t rule) {
    ViewCode changed = prefix;
    changed.append(*codes_[view], prefix.size(), ViewCode::npos);
    if (known_.contains(changed)) return;
    if (portraits_ != nullptr) {  // a step that is taken was looked at when it fired (view_search.cpp)
        exec::State state = blank_;
        if (!views_.write(views_.decode(changed, k_, qualities_.size()), state.data()) || !admitted(state.data(), k_)) return;
    }
    const Origin step = std::exchange(step_, {static_cast<std::uint32_t>(view), rule});
    add(changed);
    step_ = step;
}

/// The step from from_ to to_ by the view's replica, under the guess: what it makes of views beside it.
void ViewSearch::change_others(const ViewCode& pivot, const Scene& scene, const Guess& guess) {
    views_.view(to_.data(), scene.counts, kFirstReplica.data(), 1, code_);
    const ViewCode shared = code_.substr(qualities_.size(), shape_.shared.size());
    const std::uint32_t before = qualities_of_first(from_.data());
    const std::uint32_t after = qualities_of_first(to_.data());
    ViewCode signature = pivot + shared;
    for (const std::uint32_t set : {before, after}) signature += static_cast<char>(set & 0xffU), signature += static_cast<char>(set >> 8U);
    for (std::size_t i = 0; i < qualities_.size(); ++i) signature += static_cast<char>(i < guess.size() && guess[i] ? 1 + static_cast<int>(*guess[i]) : 0);
    if (!steps_known_.insert(std::move(signature)).second) return;
    for (std::uint32_t other = 0; other < (std::uint32_t{1} << qualities_.size()); ++other) {
        std::vector<ViewCode> counts = {{}};
        for (std::size_t i = 0; i < qualities_.size(); ++i) {
            const std::uint8_t most = cutoff_.aggregates[i].most;
            const std::uint8_t has = (other >> i) & 1U;
            std::set<char> sums;
            const std::optional<bool> some = i < guess.size() ? guess[i] : std::nullopt;
            for (const std::uint8_t others : outsiders(i, scene.counts[i], (before >> i) & 1U, some)) {
                if (others >= has) sums.insert(static_cast<char>(std::min<std::uint32_t>(most, ((after >> i) & 1U) + others)));
            }
            std::vector<ViewCode> extended;
            for (const ViewCode& so_far : counts) {
                for (const char sum : sums) extended.push_back(so_far + sum);
            }
            counts = std::move(extended);
        }
        if (counts.empty()) continue;
        Beside& group = beside_[pivot][other];
        for (const ViewCode& count : counts) {
            ViewCode prefix = count + shared;
            const bool known = std::any_of(group.changes.begin(), group.changes.end(), [&](const auto& change) { return change.first == prefix; });
            if (known) continue;
            group.changes.emplace_back(prefix, step_.rule);
            for (std::size_t i = 0; i < group.views.size(); ++i) change(group.views[i], prefix, step_.rule);
        }
    }
}

}  // namespace imspect::parameterised
