#include "checker/symbolic/pending_graph.h"

#include <algorithm>
#include <set>

#include "model/result.h"

namespace imspect::symbolic {

namespace {

constexpr std::uint32_t kNone = 0xffffffff;

/// Strongly connected components, by Tarjan's algorithm without recursion: by member a number.
class Components {
public:
    explicit Components(const PendingGraph& graph) : graph_(graph), of_(graph.states.size(), kNone), index_(graph.states.size(), kNone), low_(graph.states.size(), 0) {
        for (std::uint32_t member = 0; member < graph.states.size(); ++member) {
            if (index_[member] == kNone) search(member);
        }
    }
    [[nodiscard]] std::uint32_t of(std::uint32_t member) const { return of_[member]; }
    [[nodiscard]] std::uint32_t count() const { return count_; }

private:
    struct Frame {
        std::uint32_t member;
        std::size_t step;
    };

    void enter(std::uint32_t member) {
        index_[member] = low_[member] = next_++;
        open_.push_back(member);
        frames_.push_back({member, graph_.first[member]});
    }
    void search(std::uint32_t root) {
        enter(root);
        while (!frames_.empty()) {
            const std::uint32_t member = frames_.back().member;
            if (frames_.back().step < graph_.first[member + 1]) {
                const std::uint32_t to = graph_.steps[frames_.back().step++].to;
                if (to == PendingGraph::kOutside) continue;
                if (index_[to] == kNone) enter(to);
                else if (of_[to] == kNone) low_[member] = std::min(low_[member], index_[to]);
                continue;
            }
            frames_.pop_back();
            if (!frames_.empty()) low_[frames_.back().member] = std::min(low_[frames_.back().member], low_[member]);
            if (low_[member] == index_[member]) close(member);
        }
    }
    void close(std::uint32_t root) {
        while (true) {
            const std::uint32_t member = open_.back();
            open_.pop_back();
            of_[member] = count_;
            if (member == root) break;
        }
        ++count_;
    }

    const PendingGraph& graph_;
    std::vector<std::uint32_t> of_, index_, low_, open_;
    std::vector<Frame> frames_;
    std::uint32_t next_ = 0;
    std::uint32_t count_ = 0;
};

/// A loop through one component that has what fairness needs, the nearest first.
class Loop {
public:
    Loop(const PendingGraph& graph, const Components& components, std::vector<std::uint32_t> fair, const std::vector<std::vector<bool>>& guards,
         const std::vector<std::uint32_t>& row_of, std::uint32_t entry)
        : graph_(graph), components_(components), guards_(guards), row_of_(row_of), entry_(entry), at_(entry), needed_(fair.begin(), fair.end()) {
        drop_disabled();
    }

    std::vector<std::uint32_t> run() {
        while (!needed_.empty()) {
            walk([&](const PendingGraph::Step& step) {
                return needed_.contains(step.rule) || std::any_of(needed_.begin(), needed_.end(), [&](std::uint32_t rule) { return !guards_[row_of_[step.to]][rule]; });
            });
        }
        if (rules_.empty() || at_ != entry_) walk([&](const PendingGraph::Step& step) { return step.to == entry_; });
        return rules_;
    }

private:
    void drop_disabled() {
        std::erase_if(needed_, [&](std::uint32_t rule) { return !guards_[row_of_[at_]][rule]; });
    }

    template <typename Goal>
    void walk(const Goal& goal) {
        std::vector<std::uint32_t> queue = {at_};
        std::vector<std::size_t> by(graph_.states.size(), graph_.steps.size());
        for (std::size_t next = 0; next < queue.size(); ++next) {
            for (std::size_t i = graph_.first[queue[next]]; i < graph_.first[queue[next] + 1]; ++i) {
                const PendingGraph::Step& step = graph_.steps[i];
                if (step.to == PendingGraph::kOutside || components_.of(step.to) != components_.of(entry_)) continue;
                if (goal(step)) return take(i, by);
                if (by[step.to] != graph_.steps.size() || step.to == at_) continue;
                by[step.to] = i;
                queue.push_back(step.to);
            }
        }
        fail_invariant("a fair component without what fairness needs", __FILE__, __LINE__);
    }

    void take(std::size_t last, const std::vector<std::size_t>& by) {
        std::vector<std::size_t> path = {last};
        while (graph_.steps[path.back()].from != at_) path.push_back(by[graph_.steps[path.back()].from]);
        for (auto step = path.rbegin(); step != path.rend(); ++step) {
            rules_.push_back(graph_.steps[*step].rule);
            needed_.erase(graph_.steps[*step].rule);
            at_ = graph_.steps[*step].to;
            drop_disabled();
        }
    }

    const PendingGraph& graph_;
    const Components& components_;
    const std::vector<std::vector<bool>>& guards_;
    const std::vector<std::uint32_t>& row_of_;
    std::uint32_t entry_;
    std::uint32_t at_;
    std::set<std::uint32_t> needed_;
    std::vector<std::uint32_t> rules_;
};

class FairSearch {
public:
    FairSearch(const PendingGraph& graph, const VisitedStates& states, const ir::GroundSystem& system, const Machine& machine)
        : graph_(graph), states_(states), machine_(machine), components_(graph), members_(components_.count()), row_of_(graph.states.size(), 0) {
        for (std::uint32_t rule = 0; rule < system.rules.size(); ++rule) {
            if (system.rule_of(rule).fair) fair_.push_back(rule);
        }
        for (std::uint32_t member = 0; member < graph.states.size(); ++member) members_[components_.of(member)].push_back(member);
    }

    FairEnds run() {
        FairEnds result;
        for (const std::vector<std::uint32_t>& members : members_) {
            if (!fair(members, false)) continue;
            result.by_enabled = true;
            read_guards(members);
            if (!fair(members, true)) continue;
            const std::uint32_t entry = members.front();
            outcome::Witness witness{states_.run_to(graph_.states[entry]), {}, !cyclic(members)};
            if (result.by_guards && witness.rules.size() >= result.by_guards->rules.size()) continue;
            if (!witness.stutters) {
                witness.loop_start = witness.rules.size();
                const auto loop = Loop(graph_, components_, fair_, guards_, row_of_, entry).run();
                witness.rules.insert(witness.rules.end(), loop.begin(), loop.end());
            }
            if (!result.by_guards || witness.rules.size() < result.by_guards->rules.size()) result.by_guards = std::move(witness);
        }
        return result;
    }

private:
    template <typename Each>
    void steps_of(std::uint32_t member, const Each& each) const {
        for (std::size_t i = graph_.first[member]; i < graph_.first[member + 1]; ++i) each(graph_.steps[i]);
    }
    [[nodiscard]] bool inside(const PendingGraph::Step& step) const {
        return step.to != PendingGraph::kOutside && components_.of(step.to) == components_.of(step.from);
    }
    [[nodiscard]] bool cyclic(const std::vector<std::uint32_t>& members) const {
        bool some = false;
        for (const std::uint32_t member : members) steps_of(member, [&](const PendingGraph::Step& step) { some = some || inside(step); });
        return some;
    }

    /// Whether every fair rule is taken inside or, somewhere, not to be taken: for want of its guard, or of being enabled.
    [[nodiscard]] bool fair(const std::vector<std::uint32_t>& members, bool by_guards) const {
        std::set<std::uint32_t> wanting(fair_.begin(), fair_.end());
        for (const std::uint32_t member : members) {
            std::set<std::uint32_t> enabled;
            steps_of(member, [&](const PendingGraph::Step& step) {
                enabled.insert(step.rule);
                if (inside(step)) wanting.erase(step.rule);
            });
            std::erase_if(wanting, [&](std::uint32_t rule) { return by_guards ? !guards_[row_of_[member]][rule] : !enabled.contains(rule); });
            if (wanting.empty()) return true;
        }
        return wanting.empty();
    }

    void read_guards(const std::vector<std::uint32_t>& members) {
        std::vector<std::uint32_t> numbers;
        for (std::size_t i = 0; i < members.size(); ++i) {
            row_of_[members[i]] = static_cast<std::uint32_t>(i);
            numbers.push_back(graph_.states[members[i]]);
        }
        guards_ = states_.values_in(numbers, machine_.guards);
    }

    const PendingGraph& graph_;
    const VisitedStates& states_;
    const Machine& machine_;
    Components components_;
    std::vector<std::vector<std::uint32_t>> members_;  ///< by component
    std::vector<std::uint32_t> fair_;
    std::vector<std::vector<bool>> guards_;  ///< of one component's members, by rule
    std::vector<std::uint32_t> row_of_;      ///< by member
};

}  // namespace

PendingGraph pending_graph(VisitedStates& states, std::size_t pending) {
    PendingGraph graph;
    std::vector<std::uint32_t> member_of(states.size(), kNone);
    for (std::uint32_t state = 0; state < states.size(); ++state) {
        if (!states.bit(state, pending)) continue;
        member_of[state] = static_cast<std::uint32_t>(graph.states.size());
        graph.states.push_back(state);
    }
    states.steps_from(graph.states, [&](std::uint32_t from, std::uint32_t rule, std::uint32_t to) {
        graph.steps.push_back({member_of[from], rule, to == VisitedStates::kUnseen || member_of[to] == kNone ? PendingGraph::kOutside : member_of[to]});
    });
    for (std::size_t member = 0, step = 0; member <= graph.states.size(); ++member) {
        while (step < graph.steps.size() && graph.steps[step].from < member) ++step;
        graph.first.push_back(step);
    }
    return graph;
}

FairEnds fair_ends(const PendingGraph& graph, const VisitedStates& states, const ir::GroundSystem& system, const Machine& machine) {
    return FairSearch(graph, states, system, machine).run();
}

}  // namespace imspect::symbolic
