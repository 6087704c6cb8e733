#include "checker/symbolic/justice_search.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "checker/symbolic/linear_ranking.h"
#include "checker/symbolic/measure_search.h"

namespace imspect::symbolic {

namespace {

class Search {
public:
    Search(const ir::GroundSystem& system, const Machine& machine, const VisitedStates& states, const PendingGraph& graph,
           const std::function<bool()>& stop)
        : system_(system), machine_(machine), states_(states), graph_(graph), stop_(stop), terms_(possible_terms(system, machine)),
          open_(graph.states.size(), true) {
        for (std::size_t i = 0; i < graph.steps.size(); ++i) {
            if (graph.steps[i].to != PendingGraph::kOutside) left_.push_back(i);
        }
        features_.push_back(0);
        for (const auto& cells : terms_) features_.push_back(features_.back() + (std::uint32_t{1} << machine.slots[cells[0].slot].bits));
    }

    RankingSearch run() {
        while (!stop_()) {
            take_helpful();
            if (std::find(open_.begin(), open_.end(), true) == open_.end()) return {std::move(ranking_), ""};
            if (!take_measure()) return {std::nullopt, reason()};
        }
        return {std::nullopt, "time limit"};
    }

private:
    [[nodiscard]] std::string reason() const {
        if (stop_()) return "time limit";
        std::map<std::uint32_t, bool> rules;
        for (const std::size_t step : left_) rules[graph_.steps[step].rule] = true;
        std::vector<std::string> names;
        for (const auto& [rule, known] : rules) {
            if (names.size() < 3) names.push_back(system_.rules[rule].name);
        }
        return fmt::format("no ranking was found of {} of {} states in which something is owed; left are steps by {}{}",
                           std::count(open_.begin(), open_.end(), true), open_.size(), fmt::join(names, ", "),
                           rules.size() > names.size() ? fmt::format(" and {} more rules", rules.size() - names.size()) : "");
    }

    void forget_steps_of_closed() {
        std::erase_if(left_, [&](std::size_t step) { return !open_[graph_.steps[step].from] || !open_[graph_.steps[step].to]; });
    }

    [[nodiscard]] bool enabled(std::uint32_t member, std::uint32_t rule) const {
        for (std::size_t i = graph_.first[member]; i < graph_.first[member + 1]; ++i) {
            if (graph_.steps[i].rule == rule) return true;
        }
        return false;
    }

    /// In how many open states each fair rule can fire; 0 where some step that is left disables it, or is its own.
    [[nodiscard]] std::vector<std::size_t> steady() const {
        std::vector<bool> fails(system_.rules.size(), false);
        for (const std::size_t step : left_) {
            const PendingGraph::Step& taken = graph_.steps[step];
            fails[taken.rule] = true;
            // Both lists are in the order of rules.
            std::size_t there = graph_.first[taken.to];
            for (std::size_t here = graph_.first[taken.from]; here < graph_.first[taken.from + 1]; ++here) {
                while (there < graph_.first[taken.to + 1] && graph_.steps[there].rule < graph_.steps[here].rule) ++there;
                if (there == graph_.first[taken.to + 1] || graph_.steps[there].rule != graph_.steps[here].rule) fails[graph_.steps[here].rule] = true;
            }
        }
        std::vector<std::size_t> helps(system_.rules.size(), 0);
        for (const PendingGraph::Step& step : graph_.steps) {
            if (open_[step.from] && !fails[step.rule] && system_.rule_of(step.rule).fair) ++helps[step.rule];
        }
        return helps;
    }

    void take_helpful() {
        Ranking::Stage stage;
        if (measured_) {
            stage.measure = std::move(*measured_);
            measured_.reset();
        }
        while (!stop_()) {
            const std::vector<std::size_t> helps = steady();
            const auto most = std::max_element(helps.begin(), helps.end());
            if (*most == 0) break;
            const auto rule = static_cast<std::uint32_t>(most - helps.begin());
            stage.helpful.push_back(rule);
            for (std::uint32_t member = 0; member < open_.size(); ++member) {
                if (open_[member] && enabled(member, rule)) open_[member] = false;
            }
            forget_steps_of_closed();
        }
        if (!stage.helpful.empty() || !stage.measure.empty()) ranking_.stages.push_back(std::move(stage));
    }

    [[nodiscard]] std::uint32_t packed(std::uint32_t member, std::size_t slot) const {
        const MachineSlot& declared = machine_.slots[slot];
        std::uint32_t value = 0;
        for (unsigned bit = 0; bit < declared.bits; ++bit) {
            value |= static_cast<std::uint32_t>(states_.bit(graph_.states[member], declared.first_latch + bit)) << bit;
        }
        return value;
    }

    void count(std::uint32_t member, std::int32_t by, std::map<std::uint32_t, std::int32_t>& change) const {
        for (std::size_t term = 0; term < terms_.size(); ++term) {
            for (const Cell& cell : terms_[term]) {
                if (cell.length != Cell::kAlways && packed(member, cell.length) + static_cast<std::uint32_t>(machine_.slots[cell.length].lo) <= cell.position) continue;
                change[features_[term] + packed(member, cell.slot)] += by;
            }
        }
    }

    /// How the step changes what the terms hold.
    [[nodiscard]] FeatureChange change_by(const PendingGraph::Step& step) const {
        std::map<std::uint32_t, std::int32_t> change;
        count(step.from, -1, change);
        count(step.to, 1, change);
        FeatureChange result;
        for (const auto& [feature, by] : change) {
            if (by != 0) result.emplace_back(feature, by);
        }
        return result;
    }

    bool take_measure() {
        std::map<FeatureChange, std::vector<std::size_t>> by_change;
        for (const std::size_t step : left_) by_change[change_by(graph_.steps[step])].push_back(step);
        by_change.erase(FeatureChange{});
        std::vector<FeatureChange> changes;
        for (const auto& [change, steps] : by_change) changes.push_back(change);
        const auto found = rank_changes(changes, stop_);
        if (!found || std::find(found->loses.begin(), found->loses.end(), true) == found->loses.end()) return false;
        std::vector<bool> done(graph_.steps.size(), false);
        for (std::size_t i = 0; i < changes.size(); ++i) {
            if (!found->loses[i]) continue;
            for (const std::size_t step : by_change.at(changes[i])) done[step] = true;
        }
        std::erase_if(left_, [&](std::size_t step) { return done[step]; });
        measured_ = terms_of(found->weights);
        return true;
    }

    [[nodiscard]] std::vector<Measure::Term> terms_of(const std::map<std::uint32_t, std::int64_t>& weights) const {
        std::vector<Measure::Term> terms;
        for (std::size_t term = 0; term < terms_.size(); ++term) {
            Measure::Term made{terms_[term], std::vector<std::int64_t>(features_[term + 1] - features_[term], 0)};
            bool some = false;
            for (std::size_t value = 0; value < made.weights.size(); ++value) {
                const auto found = weights.find(features_[term] + static_cast<std::uint32_t>(value));
                if (found == weights.end()) continue;
                made.weights[value] = found->second;
                some = true;
            }
            if (some) terms.push_back(std::move(made));
        }
        return terms;
    }

    const ir::GroundSystem& system_;
    const Machine& machine_;
    const VisitedStates& states_;
    const PendingGraph& graph_;
    const std::function<bool()>& stop_;
    std::vector<std::vector<Cell>> terms_;
    std::vector<std::uint32_t> features_;  ///< by term: its first
    std::vector<bool> open_;               ///< by member: nothing helps there yet
    std::vector<std::size_t> left_;        ///< steps between open members that no measure makes less
    std::optional<std::vector<Measure::Term>> measured_;  ///< the next stage's
    Ranking ranking_;
};

}  // namespace

RankingSearch find_ranking(const ir::GroundSystem& system, const Machine& machine, const VisitedStates& states, const PendingGraph& graph,
                           const std::function<bool()>& stop) {
    return Search(system, machine, states, graph, stop).run();
}

}  // namespace imspect::symbolic
