#include "checker/parameterised/view_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <functional>

#include <fmt/format.h>

namespace imspect::parameterised {

namespace {

constexpr std::array<std::uint8_t, 2> kFirst = {0, 1};

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

using Messages = std::vector<Scene::Message>;

void merge_into(const Messages& left, std::size_t l, const Messages& right, std::size_t r, const std::vector<std::uint8_t>& common,
                Messages& so_far, std::vector<Messages>& all) {
    if (l == left.size() && r == right.size()) return all.push_back(so_far);
    const auto shared = [&](const Scene::Message& message) {
        return std::find(common.begin(), common.end(), message.owner) != common.end();
    };
    const bool left_waits = l < left.size() && shared(left[l]);
    const bool right_waits = r < right.size() && shared(right[r]);
    const auto take = [&](const Scene::Message& message, std::size_t next_l, std::size_t next_r) {
        so_far.push_back(message);
        merge_into(left, next_l, right, next_r, common, so_far, all);
        so_far.pop_back();
    };
    if (l < left.size() && !left_waits) take(left[l], l + 1, r);
    if (r < right.size() && !right_waits) take(right[r], l, r + 1);
    if (left_waits && right_waits && left[l].owner == right[r].owner) take(left[l], l + 1, r + 1);
}

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

std::vector<Messages> merges(const Messages& left, const Messages& right, const std::vector<std::uint8_t>& common) {
    std::vector<Messages> all;
    Messages so_far;
    merge_into(left, 0, right, 0, common, so_far, all);
    return all;
}

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
    IMSPECT_REQUIRE(qualities_.size() <= 8, "more than eight aggregates");
    prepare_stand_in();
    find_interfering();
}

/// For every set of qualities, values of the last replica's own slots that give it just these, where there are some.
void ViewSearch::prepare_stand_in() {
    std::set<ir::SlotId> slots;
    for (const Aggregate& aggregate : cutoff_.aggregates) {
        localised_.ground.pool().visit(aggregate.of[k_ + 1], [&](ir::ExprId, const ir::ExprNode& node) {
            if (node.op == ir::Op::kSlot) slots.insert(static_cast<ir::SlotId>(node.a));
        });
    }
    std::vector<exec::Field> fields;
    std::vector<std::uint32_t> twins;
    for (const ir::SlotId slot : slots) {
        fields.push_back(product_.layout().field(slot));
        twins.push_back(shape_.owners[slot].twin);
    }
    stand_in_.resize(std::size_t{1} << qualities_.size());
    exec::State state = blank_;
    std::function<void(std::size_t)> fill = [&](std::size_t at) {
        if (at < fields.size()) {
            for (Value value = fields[at].lo; value <= fields[at].hi; ++value) {
                fields[at].set(state.data(), value);
                fill(at + 1);
            }
            return;
        }
        std::size_t set = 0;
        for (std::size_t i = 0; i < qualities_.size(); ++i) set |= std::size_t{stand_in_has(i, state.data())} << i;
        if (stand_in_[set]) return;
        stand_in_[set].emplace();
        for (std::size_t i = 0; i < fields.size(); ++i) stand_in_[set]->emplace_back(twins[i], fields[i].get(state.data()));
    };
    fill(0);
}

std::uint8_t ViewSearch::shown(std::size_t aggregate, std::size_t replicas, const Word* state) const {
    std::uint8_t count = 0;
    for (std::size_t r = 0; r < replicas; ++r) {
        if (programs_.evaluate(qualities_[aggregate][r], {state, state, nullptr}) != 0) ++count;
    }
    return count;
}

void ViewSearch::find_interfering() {
    std::set<ir::SlotId> read;
    for (const Aggregate& aggregate : cutoff_.aggregates) {
        for (const ir::ExprId of : aggregate.of) {
            localised_.ground.pool().visit(of, [&](ir::ExprId, const ir::ExprNode& node) {
                if (node.op == ir::Op::kSlot) read.insert(static_cast<ir::SlotId>(node.a));
            });
        }
    }
    const auto seen = [&](ir::SlotId slot) { return shape_.owners[slot].kind == Owner::Kind::kShared || read.contains(slot); };
    for (std::size_t rule = 0; rule < localised_.ground.rules.size(); ++rule) {
        const auto& assignments = localised_.ground.rules[rule].assignments;
        bool others_see = std::any_of(assignments.begin(), assignments.end(), [&](const auto& assignment) { return seen(assignment.slot); });
        others_see = others_see || cutoff_.concerns_others[rule];
        for (const monitor::Observer& observer : localised_.observers) {
            for (std::size_t i = 0; i < observer.registers.size(); ++i) {
                others_see = others_see || (observer.registers[i].next[rule] != ir::kNoExpr && seen(observer.first_register + static_cast<ir::SlotId>(i)));
            }
        }
        seen_by_others_.push_back(others_see);
    }
}

bool ViewSearch::stand_in_has(std::size_t aggregate, const Word* state) const {
    return programs_.evaluate(qualities_[aggregate][k_ + 1], {state, state, nullptr}) != 0;
}

/// How many outside the scene may have a quality (2: two or more), where `some` says whether any does.
std::vector<std::uint8_t> ViewSearch::outsiders(std::uint8_t count, std::uint8_t seen, bool some) const {
    std::vector<std::uint8_t> possible;
    for (std::uint8_t outside = 0; outside <= 2; ++outside) {
        const bool fits = count < 2 ? seen + outside == count : seen + outside >= 2;
        if (fits && (outside > 0) == some) possible.push_back(outside);
    }
    return possible;
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
    const auto [entry, is_new] = known_.try_emplace(code_, scenes_.size());
    if (!is_new) return;
    scenes_.push_back(views_.decode(code_, k_, qualities_.size()));
    interferes_.push_back(0);
}

void ViewSearch::break_by(std::string what) {
    if (answer_.kind == ViewAnswer::Kind::kBroken) return;
    answer_.kind = ViewAnswer::Kind::kBroken;
    answer_.broken_by = std::move(what);
    ended_ = true;
}

ViewAnswer ViewSearch::run() {
    const double start = now();
    deadline_ = start + limits_.seconds;
    if (!product_.initial_hits().empty()) break_by("the initial state");
    // Initially every replica is like every other: none has a quality, or all have it.
    Counts counts;
    for (std::size_t i = 0; i < qualities_.size(); ++i) counts.push_back(stand_in_has(i, blank_.data()) ? 2 : 0);
    add(blank_.data(), counts, kFirst.data());
    for (std::size_t view = 0; view < scenes_.size() && !out_of_time(); ++view) scenes_of(view);
    answer_.views = scenes_.size();
    answer_.seconds = now() - start;
    if (ended_) return answer_;
    answer_.kind = ViewAnswer::Kind::kInductive;
    for (const auto& [code, index] : known_) answer_.codes.push_back(code);
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

/// Calls `fire(rule, outside)` for every rule that may fire in the scene, under every guess at who is outside it.
template <typename Fire>
void ViewSearch::with_outsiders(const Scene& scene, Fire&& fire_rule) {
    for (std::uint32_t outside = 0; outside < stand_in_.size(); ++outside) {
        bool possible = stand_in_[outside].has_value();
        for (std::size_t i = 0; i < qualities_.size() && possible; ++i) {
            possible = !outsiders(scene.counts[i], shown(i, scene.replicas(), from_.data()), ((outside >> i) & 1U) != 0).empty();
        }
        if (!possible) continue;
        // Replicas that the scene does not show have the qualities of those outside, all of them.
        for (const auto& [twin, value] : *stand_in_[outside]) {
            for (std::size_t r = scene.replicas(); r < shape_.replicas; ++r) shape_.own[r][twin].field.set(from_.data(), value);
        }
        product_.check_state(from_.data(), [](std::size_t) { return true; }, [&](std::size_t) { break_by("a state"); });
        const std::size_t count = product_.stepper().candidates(from_.data(), candidates_.data());
        for (std::size_t i = 0; i < count && !ended_; ++i) {
            const std::uint32_t rule = candidates_[i];
            const std::uint32_t actor = cutoff_.actors[rule];
            if ((actor == kNobody || actor < scene.replicas()) && !skips(rule, from_.data())) fire_rule(rule, outside);
        }
    }
}

/// Steps that a view's own replicas take, or nobody in particular.
void ViewSearch::step_alone(std::size_t view) {
    const Scene scene = scenes_[view];
    from_ = blank_;
    if (!views_.write(scene, from_.data())) return;
    ++answer_.scenes;
    with_outsiders(scene, [&](std::uint32_t rule, std::uint32_t outside) {
        if (!fire(rule)) return;
        const std::uint32_t actor = cutoff_.actors[rule];
        if (seen_by_others_[rule]) interferes_[view] |= static_cast<std::uint8_t>(actor == kNobody ? 3U : 1U << actor);
        for (const Counts& counts : counts_after(scene, outside)) add(to_.data(), counts, kFirst.data());
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
    static constexpr std::array<std::array<std::uint8_t, 2>, 3> kOthersOfThree = {{{1, 2}, {0, 2}, {0, 1}}};
    static constexpr std::array<std::array<std::uint8_t, 2>, 2> kOthersOfTwo = {{{1, 0}, {0, 0}}};
    with_outsiders(scene, [&](std::uint32_t rule, std::uint32_t outside) {
        if (!seen_by_others_[rule] || !fire(rule)) return;
        const std::uint32_t actor = cutoff_.actors[rule];
        for (const Counts& counts : counts_after(scene, outside)) {
            for (std::uint32_t left_out = 0; left_out <= k_; ++left_out) {
                if (actor != kNobody && actor != left_out) continue;
                add(to_.data(), counts, k_ == 1 ? kOthersOfTwo[left_out].data() : kOthersOfThree[left_out].data());
            }
        }
    });
}

/// Whether the rule fires to something else, in to_.
bool ViewSearch::fire(std::uint32_t rule) {
    const exec::Step taken = product_.successor(rule, from_.data(), to_.data(), [](std::size_t) { return true; },
                                                [&](std::size_t) { break_by(localised_.ground.rules[rule].name); });
    if (taken.kind == exec::StepKind::kBounded) {
        const ir::Bound& bound = product_.stepper().bound_of(rule, taken);
        if (!bound.environment) answer_.bounds_reached.insert(bound.name);
    }
    return taken.kind == exec::StepKind::kFired && to_ != from_ && !too_many_messages(to_.data());
}

std::vector<Counts> ViewSearch::counts_after(const Scene& scene, std::uint32_t outside) const {
    std::vector<Counts> next = {{}};
    for (std::size_t i = 0; i < qualities_.size(); ++i) {
        const bool some = ((outside >> i) & 1U) != 0;
        const bool still = stand_in_has(i, to_.data());
        std::vector<std::uint8_t> left = outsiders(scene.counts[i], shown(i, scene.replicas(), from_.data()), some);
        if (some != still) left = still ? std::vector<std::uint8_t>{0, 1, 2} : std::vector<std::uint8_t>{0};
        const std::uint8_t seen = shown(i, scene.replicas(), to_.data());
        std::set<std::uint8_t> sums;
        for (const std::uint8_t others : left) sums.insert(static_cast<std::uint8_t>(std::min(2, seen + others)));
        std::vector<Counts> extended;
        for (const Counts& so_far : next) {
            for (const std::uint8_t sum : sums) {
                extended.push_back(so_far);
                extended.back().push_back(sum);
            }
        }
        next = std::move(extended);
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
