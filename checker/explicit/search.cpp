// The groups one after the other, and the answer put together. Cost: the plain search visits every state of the system
// once; a group with registers visits every product state. Time goes into stepping (some 200 ns a transition) and the
// visited set's cache misses; memory is 8 bytes a word of the state, 4 for its parent, 11 to 21 of table.
#include "checker/explicit/search.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "checker/explicit/grouping.h"
#include "checker/explicit/liveness.h"
#include "checker/explicit/resident.h"
#include "checker/explicit/verdicts.h"

namespace imspect::explore {

using monitor::Observer;
using monitor::ObserverKind;
using outcome::CheckAnswer;
using outcome::PropertyOutcome;

namespace {

/// States on which a declared symmetry is tried out before it is believed; fewer where a trial costs more.
StateId symmetry_samples(std::uint64_t orbits) { return static_cast<StateId>(std::max<std::uint64_t>(8, 1024 / orbits)); }

class Search {
public:
    Search(const ir::GroundSystem& system, const std::vector<Observer>& observers, const SearchOptions& options)
        : system_(system), observers_(observers), options_(options) {
        for (const Observer& observer : observers) answer_.properties.push_back(outcome_for(observer));
    }

    Result<CheckAnswer> run() {
        const auto started = std::chrono::steady_clock::now();
        const auto groups = group_observers(system_, observers_);
        answer_.statistics.complete = true;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            if (interrupted_) {
                leave_out(groups[g]);
                continue;
            }
            if (auto error = explore(groups[g], g == 0)) return *error;
        }
        judge_automatic_observers();
        answer_.properties.push_back(deadlock_);
        answer_.properties.push_back(unspecified_);
        answer_.statistics.peak_bytes = peak_resident_bytes();
        answer_.statistics.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        return std::move(answer_);
    }

private:
    std::optional<Error> explore(const std::vector<std::size_t>& group, bool plain) {
        std::vector<const Observer*> observers;
        for (const std::size_t i : group) observers.push_back(&observers_[i]);
        Product product(system_, std::move(observers));
        bool reduce = options_.symmetry;
        for (const Observer* observer : product.observers()) {
            reduce = reduce && observer->identity_free && observer->kind != ObserverKind::kLeadsTo;
        }
        while (true) {
            const Symmetry symmetry(product, reduce);
            const std::uint64_t base = resident_bytes();
            Exploration exploration(product, symmetry, options_, plain, base);
            if (options_.memory_bytes != 0 && exploration.bytes() > options_.memory_bytes) {
                return Error{"memory", fmt::format("a memory limit of {} is too small to start: {} bytes are in use before "
                                                   "the first state", bytes_text(options_.memory_bytes), exploration.bytes()),
                             "", "", ""};
            }
            exploration.run();
            if (exploration.model_error()) return Error{"model", *exploration.model_error(), "", "", ""};
            if (!is_symmetric(exploration)) {
                reduce = false;
                continue;
            }
            conclude(exploration, group, plain);
            return std::nullopt;
        }
    }

    static bool is_symmetric(const Exploration& exploration) {
        if (exploration.symmetry().trivial()) return true;
        for (StateId id = 0; id < symmetry_samples(exploration.symmetry().orbits()); ++id) {
            if (!exploration.visited().is_state(id)) break;
            if (!exploration.symmetry().agrees(exploration.visited().state(id))) return false;
        }
        return true;
    }

    void conclude(const Exploration& exploration, const std::vector<std::size_t>& group, bool plain) {
        note_statistics(exploration, plain);
        for (std::size_t i = 0; i < group.size(); ++i) {
            const Observer& observer = observers_[group[i]];
            PropertyOutcome& property = answer_.properties[group[i]];
            if (observer.kind == ObserverKind::kAutomatic) continue;  // judged when both built-in checks are
            if (observer.kind == ObserverKind::kLeadsTo) continue;
            judge(property, exploration, i, observer.kind == ObserverKind::kPossible, options_.witness);
        }
        conclude_leads_to(exploration, group);
        if (!plain) return;
        judge(deadlock_, exploration, exploration.built_in().deadlock, false, options_.witness);
        judge(unspecified_, exploration, exploration.built_in().unspecified, false, options_.witness);
        if (exploration.complete()) note_rules_never_taken(exploration);
    }

    void conclude_leads_to(const Exploration& exploration, const std::vector<std::size_t>& group) {
        std::vector<std::size_t> wanted;
        for (const std::size_t i : group) {
            if (observers_[i].kind == ObserverKind::kLeadsTo) wanted.push_back(i);
        }
        if (wanted.empty()) return;
        EdgeGraph graph;
        if (const auto failure = EdgeGraph::build(graph, exploration, options_)) {
            for (const std::size_t i : wanted) answer_.properties[i].reason = "liveness was not decided: " + *failure;
            return note_end(*failure);
        }
        auto& per_edge = answer_.statistics.bytes_per_edge;
        per_edge = std::max(per_edge, graph.bytes() / std::max<std::uint64_t>(1, graph.edges()));
        Liveness liveness(exploration, graph, options_);
        for (const std::size_t i : wanted) {
            if (options_.progress && !options_.interrupted()) {
                options_.progress({exploration.states(), 0, exploration.depth(), 0, exploration.bytes() + graph.bytes(),
                                   "liveness " + observers_[i].id});
            }
            const LivenessResult result = liveness.check(observers_[i]);
            judge_leads_to(answer_.properties[i], exploration, result, options_.witness);
            if (result.ended) note_end(*result.ended);
        }
    }

    void note_end(const std::string& why) {
        if (answer_.ended.empty() || why == kInterrupted) answer_.ended = why;
        interrupted_ = interrupted_ || why == kInterrupted;
    }

    void note_statistics(const Exploration& exploration, bool plain) {
        outcome::Statistics& statistics = answer_.statistics;
        statistics.product_states += exploration.states();
        ++statistics.groups;
        statistics.complete = statistics.complete && exploration.complete();
        interrupted_ = interrupted_ || exploration.interrupted();
        if (answer_.ended.empty()) answer_.ended = exploration.ended();
        for (const std::string& name : bounds_reached(exploration)) {
            auto& all = answer_.bounds_reached;
            if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
        }
        if (!plain) return;
        statistics.states = exploration.states();
        statistics.transitions = exploration.transitions();
        statistics.depth = exploration.depth();
        statistics.bytes_per_state = exploration.visited().bytes() / std::max<std::uint64_t>(1, exploration.states());
        statistics.symmetry_orbits = exploration.symmetry().orbits();
    }

    void note_rules_never_taken(const Exploration& exploration) {
        std::vector<bool> taken(system_.system->rules.size(), false);
        for (std::size_t r = 0; r < system_.rules.size(); ++r) {
            if (exploration.taken(r)) taken[system_.rules[r].rule] = true;
        }
        for (std::size_t rule = 0; rule < taken.size(); ++rule) {
            if (!taken[rule]) answer_.rules_never_taken.push_back(system_.system->rules[rule].name);
        }
    }

    void leave_out(const std::vector<std::size_t>& group) {
        answer_.statistics.complete = false;
        for (const std::size_t i : group) answer_.properties[i].reason = "interrupted before its search began";
    }

    void judge_automatic_observers() {
        for (std::size_t i = 0; i < observers_.size(); ++i) {
            if (observers_[i].kind == ObserverKind::kAutomatic) {
                judge_automatic(answer_.properties[i], deadlock_, unspecified_);
            }
        }
    }

    const ir::GroundSystem& system_;
    const std::vector<Observer>& observers_;
    const SearchOptions& options_;
    CheckAnswer answer_;
    PropertyOutcome deadlock_ = built_in_outcome(
        "deadlock", "no state in which nothing can happen although a message is undelivered or a node waits");
    PropertyOutcome unspecified_ =
        built_in_outcome("unspecified-reception", "every message that arrives has a rule that takes it");
    bool interrupted_ = false;
};

}  // namespace

Result<CheckAnswer> search(const ir::GroundSystem& system, const std::vector<Observer>& observers,
                           const SearchOptions& options) {
    if (options.threads == 0) return Error{"threads", "at least one thread is needed", "", "", ""};
    return Search(system, observers, options).run();
}

}  // namespace imspect::explore
