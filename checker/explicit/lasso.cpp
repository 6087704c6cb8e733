#include "checker/explicit/lasso.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <set>

#include "checker/explicit/witness.h"
#include "model/result.h"

namespace imspect::explore {

namespace {

/// One search for a stem, over nodes state (before `from`) and state + n (after it, outside `to`).
class StemSearch {
public:
    StemSearch(const Exploration& exploration, const EdgeGraph& graph, const SearchOptions& options, const LassoGoal& goal)
        : exploration_(exploration), graph_(graph), options_(options), goal_(goal), n_(graph.vertices()) {
        rank_.assign(2 * n_, kNoRank);
        came_from_.assign(2 * n_, 0);
        edge_.assign(2 * n_, kNoEdge);
    }

    /// The node in the second copy where the best stem ends; nothing if it was interrupted.
    std::optional<std::uint64_t> run() {
        reach(0, rank_of(0, 0), 0, kNoEdge);
        while (!queue_.empty()) {
            if (options_.interrupted()) return std::nullopt;
            const auto [rank, node] = queue_.top();
            queue_.pop();
            if (rank != rank_[node]) continue;
            if (node >= n_ && accepted(static_cast<StateId>(node - n_))) return node;
            relax(node, rank);
        }
        fail_invariant("a fair end that is not reachable", __FILE__, __LINE__);
    }

    [[nodiscard]] Rank rank(std::uint64_t node) const { return rank_[node]; }
    [[nodiscard]] std::vector<std::uint32_t> rules_to(std::uint64_t node) const {
        std::vector<std::uint32_t> rules;
        for (; node != 0; node = came_from_[node]) {
            if (edge_[node] != kNoEdge) rules.push_back(graph_.rule(edge_[node]));
        }
        std::reverse(rules.begin(), rules.end());
        return rules;
    }

private:
    static constexpr std::uint64_t kNoEdge = ~std::uint64_t{0};

    [[nodiscard]] bool accepted(StateId id) const {
        const std::uint32_t member = goal_.region.member_of[id];
        return goal_.accept[member] || goal_.terminal[member];
    }

    void reach(std::uint64_t node, Rank rank, std::uint64_t from, std::uint64_t edge) {
        if (rank >= rank_[node]) return;
        rank_[node] = rank;
        came_from_[node] = from;
        edge_[node] = edge;
        queue_.push({rank, node});
    }

    void relax(std::uint64_t node, Rank rank) {
        const bool second = node >= n_;
        const auto id = static_cast<StateId>(second ? node - n_ : node);
        if (!second && goal_.region.has(id) && goal_.seed[goal_.region.member_of[id]]) reach(node + n_, rank, node, kNoEdge);
        for (std::uint64_t edge = graph_.begin(id); edge < graph_.end(id); ++edge) {
            const StateId target = graph_.target(edge);
            if (target == kNoState || (second && !goal_.region.has(target))) continue;
            const std::uint32_t cost = exploration_.product().system().rule_of(graph_.rule(edge)).fault_cost;
            reach(target + (second ? n_ : 0), rank_after(rank, cost, options_.witness), node, edge);
        }
    }

    const Exploration& exploration_;
    const EdgeGraph& graph_;
    const SearchOptions& options_;
    const LassoGoal& goal_;
    std::uint64_t n_;
    std::vector<Rank> rank_;
    std::vector<std::uint64_t> came_from_;
    std::vector<std::uint64_t> edge_;
    using Item = std::pair<Rank, std::uint64_t>;
    std::priority_queue<Item, std::vector<Item>, std::greater<>> queue_;
};

/// Walks inside one component, collecting what fairness needs.
class LoopWalk {
public:
    LoopWalk(const Exploration& exploration, const EdgeGraph& graph, const SearchOptions& options, const LassoGoal& goal,
             StateId entry, const std::vector<std::uint32_t>& fair_rules)
        : exploration_(exploration), graph_(graph), options_(options), goal_(goal), component_(goal.components.of(goal.region, entry)),
          at_(entry), needed_(fair_rules.begin(), fair_rules.end()) {
        satisfy_by_state(entry);
    }

    /// Nothing if it was interrupted.
    std::optional<std::vector<std::uint32_t>> run(StateId entry) {
        while (!needed_.empty()) {
            if (!walk([&](std::uint64_t edge) { return useful(edge); })) return std::nullopt;
        }
        if (rules_.empty() || at_ != entry) {
            if (!walk([&](std::uint64_t edge) { return graph_.target(edge) == entry; })) return std::nullopt;
        }
        return rules_;
    }

private:
    [[nodiscard]] bool inside(std::uint64_t edge) const {
        const StateId target = graph_.target(edge);
        return goal_.region.has(target) && goal_.components.of(goal_.region, target) == component_;
    }

    [[nodiscard]] bool disabled(std::uint32_t rule, StateId id) const {
        return !exploration_.product().stepper().guard_holds(rule, exploration_.visited().state(id));
    }

    void satisfy_by_state(StateId id) {
        std::erase_if(needed_, [&](std::uint32_t rule) { return disabled(rule, id); });
    }

    [[nodiscard]] bool useful(std::uint64_t edge) const {
        return needed_.contains(graph_.rule(edge)) ||
               std::any_of(needed_.begin(), needed_.end(),
                           [&](std::uint32_t rule) { return disabled(rule, graph_.target(edge)); });
    }

    /// Goes by a shortest path from at_ over the first edge that `goal` accepts; false if it was interrupted.
    bool walk(const std::function<bool(std::uint64_t)>& goal) {
        constexpr std::uint64_t kUnseen = ~std::uint64_t{0};
        std::vector<std::uint64_t> by(goal_.region.members.size(), kUnseen);  // edge that led to the member
        std::vector<StateId> queue = {at_};
        std::vector<StateId> parent(goal_.region.members.size(), kNoState);
        for (std::size_t q = 0; q < queue.size(); ++q) {
            if (options_.interrupted()) return false;
            const StateId id = queue[q];
            for (std::uint64_t edge = graph_.begin(id); edge < graph_.end(id); ++edge) {
                if (!inside(edge)) continue;
                if (goal(edge)) {
                    take(id, edge, by, parent);
                    return true;
                }
                const std::uint32_t member = goal_.region.member_of[graph_.target(edge)];
                if (by[member] != kUnseen || graph_.target(edge) == at_) continue;
                by[member] = edge;
                parent[member] = id;
                queue.push_back(graph_.target(edge));
            }
        }
        fail_invariant("a fair component without what fairness needs", __FILE__, __LINE__);
    }

    void take(StateId last, std::uint64_t edge, const std::vector<std::uint64_t>& by, const std::vector<StateId>& parent) {
        std::vector<std::uint64_t> path = {edge};
        for (StateId id = last; id != at_; id = parent[goal_.region.member_of[id]]) {
            path.push_back(by[goal_.region.member_of[id]]);
        }
        std::reverse(path.begin(), path.end());
        for (const std::uint64_t step : path) {
            needed_.erase(graph_.rule(step));
            rules_.push_back(graph_.rule(step));
            at_ = graph_.target(step);
            satisfy_by_state(at_);
        }
    }

    const Exploration& exploration_;
    const EdgeGraph& graph_;
    const SearchOptions& options_;
    const LassoGoal& goal_;
    std::uint32_t component_;
    StateId at_;
    std::set<std::uint32_t> needed_;
    std::vector<std::uint32_t> rules_;
};

}  // namespace

std::optional<Lasso> LassoFinder::find(const LassoGoal& goal) const {
    StemSearch search(exploration_, graph_, options_, goal);
    const auto end = search.run();
    if (!end) return std::nullopt;
    const auto id = static_cast<StateId>(*end - graph_.vertices());
    Lasso lasso;
    lasso.witness.rules = search.rules_to(*end);
    lasso.faults = faults_of(search.rank(*end));
    if (goal.terminal[goal.region.member_of[id]]) {
        lasso.witness.stutters = true;
        return lasso;
    }
    lasso.witness.loop_start = lasso.witness.rules.size();
    const auto loop = LoopWalk(exploration_, graph_, options_, goal, id, fair_rules_).run(id);
    if (!loop) return std::nullopt;
    lasso.witness.rules.insert(lasso.witness.rules.end(), loop->begin(), loop->end());
    return lasso;
}

void check_lasso(const Product& product, const outcome::Witness& witness, ir::ExprId from, ir::ExprId to) {
    const auto states = replay_product(product, witness.rules);
    const ir::GroundSystem& system = product.system();
    exec::Code code(system.pool(), product.layout());
    const exec::ProgramId from_program = code.compile(from);
    const exec::ProgramId to_program = code.compile(to);
    const auto holds = [&](exec::ProgramId program, std::size_t i) {
        return code.evaluate(program, {states[i].data(), states[i].data(), nullptr}) != 0;
    };
    const std::size_t loop = witness.loop_start.value_or(states.size() - 1);
    IMSPECT_REQUIRE(witness.stutters != witness.loop_start.has_value(), "a lasso loops or stutters");
    IMSPECT_REQUIRE(witness.stutters || (loop < witness.rules.size() && states[loop] == states.back()),
                    "a lasso does not return to the state it left");
    std::size_t outside = states.size();
    while (outside > 0 && !holds(to_program, outside - 1)) --outside;
    IMSPECT_REQUIRE(outside <= loop, "a lasso meets what it should avoid");
    bool due = false;
    for (std::size_t i = outside; i <= loop; ++i) due |= holds(from_program, i);
    IMSPECT_REQUIRE(due, "a lasso of which nothing is due");
    for (std::uint32_t rule = 0; rule < system.rules.size(); ++rule) {
        if (!system.rule_of(rule).fair) continue;
        bool met = std::find(witness.rules.begin() + static_cast<std::ptrdiff_t>(std::min(loop, witness.rules.size())),
                             witness.rules.end(), rule) != witness.rules.end();
        for (std::size_t i = loop; i < states.size(); ++i) met |= !product.stepper().guard_holds(rule, states[i].data());
        IMSPECT_REQUIRE(met, "a lasso that is not fair");
    }
}

}  // namespace imspect::explore
