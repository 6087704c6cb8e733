#include "checker/parameterised/view_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <functional>

#include <fmt/format.h>

#include "checker/parameterised/merges.h"
#include "checker/parameterised/portraits.h"

namespace imspect::parameterised {

namespace {

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

using Messages = std::vector<Scene::Message>;

/// Calls `visit` with one choice of each list.
template <typename Visit>
void for_each_choice(const std::vector<std::vector<Messages>>& lists, std::vector<Messages>& chosen, Visit&& visit) {
    if (chosen.size() == lists.size()) return visit(chosen);
    for (const Messages& one : lists[chosen.size()]) {
        chosen.push_back(one);
        for_each_choice(lists, chosen, visit);
        chosen.pop_back();
    }
}

}  // namespace

ViewSearch::ViewSearch(const explore::Product& product, const Localised& localised, const Shape& shape, const Cutoff& cutoff,
                       std::uint32_t k, const ViewLimits& limits)
    : product_(product), localised_(localised), shape_(shape), cutoff_(cutoff), views_(shape, localised.ordered),
      programs_(localised.ground.pool(), product.layout()), k_(k), limits_(limits), blank_(product.initial()),
      from_(product.words()), to_(product.words()), candidates_(product.stepper().rule_count()) {
    IMSPECT_REQUIRE((k == 1 || k == 2) && shape.replicas == k + 2, "views of one or two replicas, scenes of one more, one to stand in");
    for (const Aggregate& aggregate : cutoff.aggregates) {
        qualities_.emplace_back();
        for (const ir::ExprId of : aggregate.of) qualities_.back().push_back(programs_.compile(of));
    }
    IMSPECT_REQUIRE(qualities_.size() <= kMostAggregates, "more aggregates than are counted");
    find_interfering();
    find_plain();
}

void ViewSearch::admit_only(Portraits& portraits) { portraits_ = &portraits; }

bool ViewSearch::admitted(const Word* state, std::size_t replicas) {
    if (portraits_ == nullptr) return true;
    for (std::size_t r = 0; r < replicas; ++r) {
        if (!portraits_->admit(state, static_cast<std::uint8_t>(r))) return false;
    }
    return true;
}

std::uint8_t ViewSearch::shown(std::size_t aggregate, std::size_t replicas, const Word* state) const {
    std::uint8_t count = 0;
    for (std::size_t r = 0; r < replicas; ++r) {
        if (programs_.evaluate(qualities_[aggregate][r], {state, state, nullptr}) != 0) ++count;
    }
    return count;
}

/// By rule, the aggregates whose counts it may change, and whether others notice it.
void ViewSearch::find_interfering() {
    std::vector<std::set<ir::SlotId>> read(cutoff_.aggregates.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
        for (const ir::ExprId of : cutoff_.aggregates[i].of) {
            localised_.ground.pool().visit(of, [&](ir::ExprId, const ir::ExprNode& node) {
                if (node.op == ir::Op::kSlot) read[i].insert(static_cast<ir::SlotId>(node.a));
            });
        }
    }
    for (std::size_t rule = 0; rule < localised_.ground.rules.size(); ++rule) {
        std::set<ir::SlotId> written;
        for (const ir::GroundAssignment& assignment : localised_.ground.rules[rule].assignments) written.insert(assignment.slot);
        for (const monitor::Observer& observer : localised_.observers) {
            for (std::size_t i = 0; i < observer.registers.size(); ++i) {
                if (observer.registers[i].next[rule] != ir::kNoExpr) written.insert(observer.first_register + static_cast<ir::SlotId>(i));
            }
        }
        std::vector<std::uint32_t> touched;
        for (std::uint32_t i = 0; i < read.size(); ++i) {
            const bool touches = std::any_of(written.begin(), written.end(), [&](ir::SlotId slot) { return read[i].contains(slot); });
            if (touches) touched.push_back(i);
        }
        const bool shared = std::any_of(written.begin(), written.end(), [&](ir::SlotId slot) {
            return slot >= shape_.owners.size() || shape_.owners[slot].kind == Owner::Kind::kShared;
        });
        seen_by_others_.push_back(shared || !touched.empty() || cutoff_.concerns_others[rule]);
        touched_.push_back(std::move(touched));
    }
}

std::vector<std::uint8_t> ViewSearch::outsiders(std::size_t aggregate, std::uint8_t count, std::uint8_t seen, std::optional<bool> some) const {
    const std::uint8_t most = cutoff_.aggregates[aggregate].most;
    std::vector<std::uint8_t> possible;
    for (std::uint8_t outside = 0; outside <= most; ++outside) {
        const bool fits = count < most ? seen + outside == count : seen + outside >= most;
        if (fits && (!some || (outside > 0) == *some)) possible.push_back(outside);
    }
    return possible;
}

/// Calls `visit` with every guess, as a set of aggregates, at which of those that somebody in `askers` asks somebody outside has.
/// They are written into from_. Not at all where the scene does not fit its counts.
template <typename Visit>
void ViewSearch::for_each_guess(const Scene& scene, std::uint8_t askers, Visit&& visit) {
    Guess guess;
    const std::function<void(std::size_t)> decide = [&](std::size_t at) {
        if (at == qualities_.size()) return visit(guess);
        const std::uint8_t seen = shown(at, scene.replicas(), from_.data());
        if ((cutoff_.aggregates[at].askers & askers) == 0) {
            if (!outsiders(at, scene.counts[at], seen, std::nullopt).empty()) decide(at + 1);
            return;
        }
        for (const bool some : {false, true}) {
            if (outsiders(at, scene.counts[at], seen, some).empty()) continue;
            guess.resize(at, std::nullopt);
            guess.push_back(some);
            product_.layout().field(cutoff_.aggregates[at].outside).set(from_.data(), some ? 1 : 0);
            decide(at + 1);
        }
        guess.resize(at);
    };
    decide(0);
}

bool ViewSearch::out_of_time() {
    if (ended_) return true;
    if (limits_.interrupt != nullptr && limits_.interrupt->load()) answer_.limit = "interrupted";
    else if (now() > deadline_) answer_.limit = fmt::format("time limit {} s", limits_.seconds);
    else if (scenes_.size() > limits_.most_views) answer_.limit = fmt::format("{} views", limits_.most_views);
    ended_ = !answer_.limit.empty();
    return ended_;
}

void ViewSearch::add(const Word* state, const Counts& counts, const std::uint8_t* replicas) {
    views_.canonical(state, counts, replicas, k_, code_);
    add(code_);
}

void ViewSearch::add(const ViewCode& code) {
    const auto [entry, is_new] = known_.try_emplace(code, scenes_.size());
    if (!is_new) return;
    codes_.push_back(&entry->first);
    scenes_.push_back(views_.decode(code, k_, qualities_.size()));
    origins_.push_back(step_);
    interferes_.push_back(0);
}

void ViewSearch::break_by(std::string what) {
    if (answer_.kind == ViewAnswer::Kind::kBroken) return;
    answer_.kind = ViewAnswer::Kind::kBroken;
    answer_.broken_by = std::move(what);
    for (Origin step = step_; step.view != kNobody; step = origins_[step.view]) {
        if (step.rule != kNobody) answer_.broken_along.push_back(step.rule);
    }
    ended_ = true;
}

ViewAnswer ViewSearch::run() {
    const double start = now();
    deadline_ = start + limits_.seconds;
    if (!product_.initial_hits().empty()) break_by("the initial state");
    // Initially every replica is like every other: none has a quality, or all have it.
    Counts counts;
    for (std::size_t i = 0; i < qualities_.size(); ++i) {
        counts.push_back(shown(i, 1, blank_.data()) != 0 ? cutoff_.aggregates[i].most : std::uint8_t{0});
    }
    add(blank_.data(), counts, kFirstReplica.data());
    for (std::size_t view = 0; view < scenes_.size() && !out_of_time(); ++view) scenes_of(view);
    answer_.views = scenes_.size();
    answer_.seconds = now() - start;
    if (ended_) return answer_;
    answer_.kind = ViewAnswer::Kind::kInductive;
    for (const ViewCode* code : codes_) answer_.codes.push_back(*code);
    std::sort(answer_.codes.begin(), answer_.codes.end());
    return answer_;
}

/// What two views must agree in to be parts of one scene: the shared slots, and of views of two one replica too.
ViewCode ViewSearch::pivot_of(std::size_t view, std::uint8_t pivot) {
    const Scene& scene = scenes_[view];
    ViewCode code;
    for (const std::uint8_t count : scene.counts) code += static_cast<char>(count);
    for (const Value value : scene.shared) code += static_cast<char>(value);
    if (k_ == 1) return code;
    for (const Value value : scene.own[pivot]) code += static_cast<char>(value);
    for (const Messages& word : scene.words) {
        for (const Scene::Message& message : word) {
            if (message.owner != pivot) continue;
            for (const Value value : message.fields) code += static_cast<char>(value);
            code += '\x7e';
        }
        code += '\x7f';
    }
    return code;
}

void ViewSearch::scenes_of(std::size_t view) {
    step_alone(view);
    if (k_ == 1 && !needs_scenes_of_two_) return;
    for (std::uint8_t pivot = 0; pivot < k_; ++pivot) by_pivot_[pivot_of(view, pivot)].emplace_back(view, pivot);
    const auto partners = by_pivot_[pivot_of(view, 0)];
    for (const auto& [other_view, pivot] : partners) {
        if (out_of_time()) return;
        const std::uint8_t third = k_ == 1 || pivot == 1 ? 0 : 1;
        if (interferes_[view] == 0 && ((interferes_[other_view] >> third) & 1U) == 0) continue;
        Scene scene = scenes_[view];
        const Scene other = scenes_[other_view];
        scene.own.push_back(other.own[third]);
        std::vector<std::vector<Messages>> lists;
        for (std::size_t c = 0; c < scene.words.size(); ++c) {
            Messages word = other.words[c];
            for (Scene::Message& message : word) message.owner = message.owner == third ? static_cast<std::uint8_t>(k_) : std::uint8_t{0};
            lists.push_back(merges(scene.words[c], word, k_ == 1 ? std::vector<std::uint8_t>{} : std::vector<std::uint8_t>{0}));
        }
        std::vector<Messages> chosen;
        for_each_choice(lists, chosen, [&](const std::vector<Messages>& words) {
            scene.words = words;
            step_beside(scene, view);
        });
    }
}

bool ViewSearch::skips(std::size_t rule, const Word* state) const {
    for (const TokenChoice& choice : localised_.token_choices[rule]) {
        if (choice.in_use == 0) continue;
        for (const exec::Layout::Tokens& tokens : product_.layout().tokens()) {
            if (tokens.domain != choice.domain) continue;
            std::uint64_t used = 0;
            for (const exec::Field& field : tokens.fields) used |= std::uint64_t{1} << static_cast<unsigned>(field.get(state));
            if (std::popcount(used & ~std::uint64_t{1}) < choice.in_use) return true;
        }
    }
    return false;
}

/// Says in from_ whom the scene shows, and looks at the formulas over states.
void ViewSearch::show(const Scene& scene, bool look) {
    for (std::size_t r = 0; r < cutoff_.shown.size(); ++r) {
        product_.layout().field(cutoff_.shown[r]).set(from_.data(), r < scene.replicas() ? 1 : 0);
    }
    if (!look) return;
    for_each_guess(scene, static_cast<std::uint8_t>(Asker::kState), [&](const Guess&) {
        product_.check_state(from_.data(), [](std::size_t) { return true; }, [&](std::size_t) { break_by("a state"); });
    });
}

/// Calls `fire(rule, guess)` for every rule that may fire in the scene, under every guess at who is outside it.
template <typename Fire>
void ViewSearch::with_outsiders(const Scene& scene, Fire&& fire_rule) {
    for_each_guess(scene, static_cast<std::uint8_t>(Asker::kRule) | static_cast<std::uint8_t>(Asker::kStep), [&](const Guess& guess) {
        const std::size_t count = product_.stepper().candidates(from_.data(), candidates_.data());
        for (std::size_t i = 0; i < count && !ended_; ++i) {
            const std::uint32_t rule = candidates_[i];
            const std::uint32_t actor = cutoff_.actors[rule];
            if ((actor == kNobody || actor < scene.replicas()) && !skips(rule, from_.data())) fire_rule(rule, guess);
        }
    });
}

/// Steps that a view's own replicas take, or nobody in particular.
void ViewSearch::step_alone(std::size_t view) {
    const Scene scene = scenes_[view];
    from_ = blank_;
    if (!views_.write(scene, from_.data())) return;
    ++answer_.scenes;
    step_ = {static_cast<std::uint32_t>(view), kNobody};
    show(scene, true);
    const ViewCode pivot = k_ == 1 ? pivot_of(view, 0) : ViewCode{};
    if (k_ == 1) lie_beside(view);
    with_outsiders(scene, [&](std::uint32_t rule, const Guess& guess) {
        if (!fire(rule, scene.replicas())) return;
        const std::uint32_t actor = cutoff_.actors[rule];
        const bool looked_up = k_ == 1 && plain_[rule];
        if (seen_by_others_[rule] && looked_up) change_others(pivot, scene, guess);
        if (seen_by_others_[rule] && !looked_up) interferes_[view] |= static_cast<std::uint8_t>(actor == kNobody ? 3U : 1U << actor);
        for (const Counts& counts : counts_after(scene, rule, guess)) add(to_.data(), counts, kFirstReplica.data());
    });
}

/// What steps of the third make of two, in a scene of two views that agree (and, of three replicas, a third one).
void ViewSearch::step_beside(const Scene& scene, std::size_t newest) {
    if (ended_) return;
    from_ = blank_;
    if (!views_.write(scene, from_.data())) return;
    if (k_ == 2) {
        static constexpr std::array<std::uint8_t, 2> kLast = {1, 2};
        views_.canonical(from_.data(), scene.counts, kLast.data(), 2, code_);
        const auto last = known_.find(code_);
        if (last == known_.end() || last->second > newest) return;
    }
    ++answer_.scenes;
    step_ = {static_cast<std::uint32_t>(newest), kNobody};
    static constexpr std::array<std::array<std::uint8_t, 2>, 3> kOthersOfThree = {{{1, 2}, {0, 2}, {0, 1}}};
    static constexpr std::array<std::array<std::uint8_t, 2>, 2> kOthersOfTwo = {{{1, 0}, {0, 0}}};
    show(scene, cutoff_.state_reads_messages);  // else it is a matter of one view
    with_outsiders(scene, [&](std::uint32_t rule, const Guess& guess) {
        if (!seen_by_others_[rule] || (k_ == 1 && plain_[rule]) || !fire(rule, scene.replicas())) return;
        const std::uint32_t actor = cutoff_.actors[rule];
        for (const Counts& counts : counts_after(scene, rule, guess)) {
            for (std::uint32_t left_out = 0; left_out <= k_; ++left_out) {
                if (actor != kNobody && actor != left_out) continue;
                add(to_.data(), counts, k_ == 1 ? kOthersOfTwo[left_out].data() : kOthersOfThree[left_out].data());
            }
        }
    });
}

/// Whether the rule fires to something else, in to_, that is not left out.
bool ViewSearch::fire(std::uint32_t rule, std::size_t replicas) {
    step_.rule = rule;
    bool breaks = false;
    const exec::Step taken = product_.successor(rule, from_.data(), to_.data(), [](std::size_t) { return true; },
                                                [&](std::size_t) { breaks = true; });
    if (taken.kind == exec::StepKind::kFired && !admitted(to_.data(), replicas)) return false;
    if (breaks) break_by(localised_.ground.rules[rule].name);
    if (taken.kind == exec::StepKind::kBounded) {
        const ir::Bound& bound = product_.stepper().bound_of(rule, taken);
        if (!bound.environment) answer_.bounds_reached.insert(bound.name);
    }
    return taken.kind == exec::StepKind::kFired && to_ != from_ && !too_many_messages(to_.data());
}

std::vector<Counts> ViewSearch::counts_after(const Scene& scene, std::uint32_t rule, const Guess& guess) const {
    std::vector<Counts> next = {scene.counts};
    for (const std::uint32_t i : touched_[rule]) {
        const std::uint8_t most = cutoff_.aggregates[i].most;
        const std::optional<bool> some = i < guess.size() ? guess[i] : std::nullopt;
        std::uint32_t sums = 0;  // bits
        const std::uint8_t seen = shown(i, scene.replicas(), to_.data());
        if (cutoff_.takes_away[rule][i]) sums = 1U << std::min(most, seen);
        else {
            for (const std::uint8_t others : outsiders(i, scene.counts[i], shown(i, scene.replicas(), from_.data()), some)) {
                sums |= 1U << std::min(most, static_cast<std::uint8_t>(seen + others));
            }
        }
        const std::size_t so_far = next.size();
        bool first = true;
        for (std::uint8_t sum = 0; sum <= most; ++sum) {
            if (((sums >> sum) & 1U) == 0) continue;
            for (std::size_t n = 0; n < so_far; ++n) {
                if (!first) next.push_back(next[n]);
                (first ? next[n] : next.back())[i] = sum;
            }
            first = false;
        }
    }
    return next;
}

bool ViewSearch::too_many_messages(const Word* state) {
    for (std::size_t c = 0; c < shape_.channels.size(); ++c) {
        if (views_.most_messages(state, c) <= limits_.messages) continue;
        answer_.bounds_reached.insert(fmt::format("messages of one {} in {} ({})",
                                                  product_.system().system->domains[shape_.replica_domain].name,
                                                  shape_.channels[c].name, limits_.messages));
        return true;
    }
    return false;
}

}  // namespace imspect::parameterised
