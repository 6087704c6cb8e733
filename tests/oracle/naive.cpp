#include "tests/oracle/naive.h"

#include <algorithm>
#include <numeric>

namespace imspect::oracle {

using namespace ir;
using monitor::ObserverKind;
using outcome::Verdict;

NaiveChecker::NaiveChecker(const GroundSystem& system, const monitor::Observer* observer)
    : naive_(system, observer), observer_(observer) {
    explore();
    if (!out_of_range_) rank();
}

std::size_t NaiveChecker::add(const Values& values) {
    const auto [entry, is_new] = index_.emplace(values, nodes_.size());
    if (is_new) {
        Node node;
        node.values = values;
        nodes_.push_back(std::move(node));
    }
    return entry->second;
}

void NaiveChecker::explore() {
    add(naive_.initial());
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        for (std::size_t rule = 0; rule < naive_.system().rules.size(); ++rule) {
            const auto step = naive_.step(rule, nodes_[n].values);
            if (step.kind == NaiveSystem::Kind::kDisabled) continue;
            nodes_[n].guarded.insert(rule);
            if (step.kind == NaiveSystem::Kind::kBounded) nodes_[n].bounded[rule] = step.false_bounds;
            if (step.kind == NaiveSystem::Kind::kOutOfRange) out_of_range_ = true;
            if (step.kind != NaiveSystem::Kind::kFired) continue;
            const std::size_t target = add(step.normalised);
            nodes_[n].edges.push_back({rule, target, step.raw});
        }
    }
}

/// Least distances by relaxation until nothing changes.
void NaiveChecker::rank() {
    const auto far = static_cast<std::size_t>(1'000'000'000);
    for (Node& node : nodes_) {
        node.length = far;
        node.faults_length = {far, far};
    }
    nodes_[0].length = 0;
    nodes_[0].faults_length = {0, 0};
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t n = 0; n < nodes_.size(); ++n) {
            for (const Edge& edge : nodes_[n].edges) {
                Node& target = nodes_[edge.target];
                const std::size_t cost = naive_.system().rule_of(edge.rule).fault_cost;
                const std::pair<std::size_t, std::size_t> via = {nodes_[n].faults_length.first + cost,
                                                                 nodes_[n].faults_length.second + 1};
                if (nodes_[n].length + 1 < target.length) {
                    target.length = nodes_[n].length + 1;
                    changed = true;
                }
                if (via < target.faults_length) {
                    target.faults_length = via;
                    changed = true;
                }
            }
        }
    }
}

std::size_t NaiveChecker::transitions() const {
    std::size_t total = 0;
    for (const Node& node : nodes_) total += node.edges.size();
    return total;
}

std::size_t NaiveChecker::depth() const {
    std::size_t most = 0;
    for (const Node& node : nodes_) most = std::max(most, node.length);
    return most;
}

std::set<std::string> NaiveChecker::bounds_reached() const {
    std::set<std::string> names;
    for (const Node& node : nodes_) {
        for (const auto& [rule, which] : node.bounded) {
            for (const std::size_t i : which) {
                const Bound& bound = naive_.system().rules[rule].bounds[i];
                if (!bound.environment) names.insert(bound.name);
            }
        }
    }
    return names;
}

std::set<std::string> NaiveChecker::rules_never_taken() const {
    std::set<std::string> names;
    for (const Rule& rule : naive_.system().system->rules) names.insert(rule.name);
    for (const Node& node : nodes_) {
        for (const Edge& edge : node.edges) names.erase(naive_.system().rule_of(edge.rule).name);
    }
    return names;
}

NaiveVerdict NaiveChecker::conclude(const Set& states, bool possible) const {
    NaiveVerdict result;
    for (const std::size_t n : states) {
        if (!result.length || nodes_[n].length < *result.length) result.length = nodes_[n].length;
        if (!result.faults_length || nodes_[n].faults_length < *result.faults_length) {
            result.faults_length = nodes_[n].faults_length;
        }
    }
    const bool hit = result.length.has_value();
    if (possible) {
        result.verdict = hit ? Verdict::kHolds : bounds_reached().empty() ? Verdict::kViolated : Verdict::kUnknown;
    } else {
        result.verdict = hit ? Verdict::kViolated : Verdict::kHolds;
    }
    return result;
}

NaiveVerdict NaiveChecker::judge() const {
    if (observer_->kind == ObserverKind::kLeadsTo) return judge_leads_to();
    const bool possible = observer_->kind == ObserverKind::kPossible;
    Set hits;
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        if (observer_->formula != kNoExpr && naive_.holds(observer_->formula, nodes_[n].values) == possible) hits.insert(n);
    }
    NaiveVerdict result = conclude(hits, possible);
    if (observer_->step_formula.empty()) return result;
    const auto better = [&](std::size_t length, std::pair<std::size_t, std::size_t> faults_length) {
        result.verdict = possible ? Verdict::kHolds : Verdict::kViolated;
        if (!result.length || length < *result.length) result.length = length;
        if (!result.faults_length || faults_length < *result.faults_length) result.faults_length = faults_length;
    };
    if (observer_->holds_initially == possible) better(0, {0, 0});
    for (const Node& node : nodes_) {
        for (const Edge& edge : node.edges) {
            if ((naive_.evaluate(observer_->step_formula[edge.rule], edge.raw, node.values) != 0) != possible) continue;
            const std::size_t cost = naive_.system().rule_of(edge.rule).fault_cost;
            better(node.length + 1, {node.faults_length.first + cost, node.faults_length.second + 1});
        }
    }
    return result;
}

bool NaiveChecker::of_node(std::size_t rule) const {
    const RuleKind kind = naive_.system().rule_of(rule).kind;
    return kind != RuleKind::kFault && kind != RuleKind::kAttacker;
}

bool NaiveChecker::spec_bound_false(const Node& node, std::size_t rule) const {
    const auto found = node.bounded.find(rule);
    if (found == node.bounded.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(),
                       [&](std::size_t i) { return !naive_.system().rules[rule].bounds[i].environment; });
}

NaiveVerdict NaiveChecker::deadlock() const {
    Set hits;
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        const Node& node = nodes_[n];
        bool saved = false;
        for (const Edge& edge : node.edges) saved |= of_node(edge.rule);
        for (const std::size_t rule : node.guarded) saved |= of_node(rule) && spec_bound_false(node, rule);
        bool due = false;
        for (const GroundChannel& channel : naive_.system().channels) due |= node.values[channel.length] > 0;
        for (const GroundWaiting& waiting : naive_.system().waiting) due |= naive_.holds(waiting.condition, node.values);
        if (!saved && due) hits.insert(n);
    }
    return conclude(hits, false);
}

NaiveVerdict NaiveChecker::unspecified() const {
    Set hits;
    const auto& channels = naive_.system().channels;
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        for (std::size_t c = 0; c < channels.size(); ++c) {
            if (nodes_[n].values[channels[c].length] == 0) continue;
            if (channels[c].deferred != kNoExpr && naive_.holds(channels[c].deferred, nodes_[n].values)) continue;
            bool taken = false;
            for (const std::size_t rule : nodes_[n].guarded) {
                const auto& consumes = naive_.system().rules[rule].consumes;
                taken |= std::find(consumes.begin(), consumes.end(), c) != consumes.end();
            }
            if (!taken) hits.insert(n);
        }
    }
    return conclude(hits, false);
}

/// States of `within` from which a step inside, or standing still, leads on a path inside to where `rule` is disabled or taken.
NaiveChecker::Set NaiveChecker::can_stay_fairly(const Set& within, std::size_t rule, bool by_guard) const {
    Set good;
    for (const std::size_t n : within) {
        bool enabled = by_guard && nodes_[n].guarded.contains(rule);
        bool taken = false;
        for (const Edge& edge : nodes_[n].edges) {
            if (edge.rule != rule) continue;
            enabled = true;
            taken |= within.contains(edge.target);
        }
        if (!enabled || taken) good.insert(n);
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (const std::size_t n : within) {
            if (good.contains(n)) continue;
            const bool leads = std::any_of(nodes_[n].edges.begin(), nodes_[n].edges.end(),
                                           [&](const Edge& edge) { return good.contains(edge.target); });
            if (!leads) continue;
            good.insert(n);
            changed = true;
        }
    }
    return good;
}

/// Greatest set of which every state starts a fair run inside it; standing still is a step that belongs to no rule.
NaiveChecker::Set NaiveChecker::fair_outside(const Set& region, bool by_guard) const {
    Set result = region;
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t rule = 0; rule < naive_.system().rules.size(); ++rule) {
            if (!is_fair(rule)) continue;
            Set kept = can_stay_fairly(result, rule, by_guard);
            changed |= kept.size() != result.size();
            result = std::move(kept);
        }
    }
    return result;
}

NaiveVerdict NaiveChecker::judge_leads_to() const {
    NaiveVerdict result{Verdict::kHolds, {}, {}};
    for (const auto& obligation : observer_->obligations) {
        Set outside;
        for (std::size_t n = 0; n < nodes_.size(); ++n) {
            if (!naive_.holds(obligation.to, nodes_[n].values)) outside.insert(n);
        }
        const auto broken = [&](bool by_guard) {
            const Set fair = fair_outside(outside, by_guard);
            return std::any_of(fair.begin(), fair.end(),
                               [&](std::size_t n) { return naive_.holds(obligation.from, nodes_[n].values); });
        };
        if (broken(true)) return {Verdict::kViolated, {}, {}};
        if (broken(false)) result.verdict = Verdict::kUnknown;
    }
    return result;
}

bool NaiveChecker::confirms(const outcome::Witness& witness) const {
    std::vector<Values> run = {naive_.initial()};
    Values last_raw = run[0];
    for (const std::uint32_t rule : witness.rules) {
        const auto step = naive_.step(rule, run.back());
        if (step.kind != NaiveSystem::Kind::kFired) return false;
        last_raw = step.raw;
        run.push_back(step.normalised);
    }
    if (observer_ == nullptr) return true;
    if (observer_->kind == ObserverKind::kLeadsTo) return confirms_leads_to(run, witness);
    const bool possible = observer_->kind == ObserverKind::kPossible;
    if (observer_->formula != kNoExpr && naive_.holds(observer_->formula, run.back()) == possible) return true;
    if (observer_->step_formula.empty()) return false;
    if (witness.rules.empty()) return observer_->holds_initially == possible;
    const int value = naive_.evaluate(observer_->step_formula[witness.rules.back()], last_raw, run[run.size() - 2]);
    return (value != 0) == possible;
}

bool NaiveChecker::confirms_leads_to(const std::vector<Values>& run, const outcome::Witness& witness) const {
    const std::size_t loop = witness.loop_start.value_or(run.size() - 1);
    if (!witness.stutters && (loop + 1 >= run.size() || run[loop] != run.back())) return false;
    for (std::size_t rule = 0; rule < naive_.system().rules.size(); ++rule) {
        if (!is_fair(rule)) continue;
        bool met = false;
        for (std::size_t i = loop; i < run.size(); ++i) {
            met |= !naive_.holds(naive_.system().rules[rule].guard, run[i]);
            met |= i < witness.rules.size() && witness.rules[i] == rule;
        }
        if (!met) return false;
    }
    return std::any_of(observer_->obligations.begin(), observer_->obligations.end(), [&](const auto& obligation) {
        for (std::size_t start = 0; start <= loop; ++start) {
            if (!naive_.holds(obligation.from, run[start])) continue;
            bool avoided = true;
            for (std::size_t i = start; i < run.size(); ++i) avoided &= !naive_.holds(obligation.to, run[i]);
            if (avoided) return true;
        }
        return false;
    });
}

std::size_t NaiveChecker::orbits() const {
    const GroundSystem& system = naive_.system();
    std::vector<std::vector<int>> images(system.system->domains.size());
    std::set<std::string> bases;  // one symmetric set of identities is enough for what is generated
    std::size_t count = 0;
    for (const Domain& domain : system.system->domains) {
        if (domain.kind != DomainKind::kIdentity || !domain.symmetric) continue;
        bases.insert(domain.names.empty() ? "" : domain.names[0]);
        count = static_cast<std::size_t>(domain.hi) + 1;
    }
    if (bases.size() != 1) return nodes_.size();
    const auto symmetric = [&](DomainId domain) {
        return system.system->domains[domain].kind == DomainKind::kIdentity && system.system->domains[domain].symmetric;
    };
    std::set<Values> least;
    for (const Node& node : nodes_) {
        std::vector<int> image(count);
        std::iota(image.begin(), image.end(), 0);
        Values best = node.values;
        do {
            Values moved = node.values;
            for (SlotId slot = 0; slot < system.variables.size(); ++slot) {
                const GroundVariable& v = system.variables[slot];
                std::vector<Value> indices = v.indices;
                for (std::size_t i = 0; i < indices.size(); ++i) {
                    const DomainId domain = system.system->variables[v.variable].indices[i];
                    if (symmetric(domain) && indices[i] >= 0) indices[i] = image[static_cast<std::size_t>(indices[i])];
                }
                int value = node.values[slot];
                if (symmetric(v.domain) && value >= 0) value = image[static_cast<std::size_t>(value)];
                moved[system.slot(v.variable, indices)] = value;
            }
            best = std::min(best, moved);
        } while (std::next_permutation(image.begin(), image.end()));
        least.insert(best);
    }
    return least.size();
}

}  // namespace imspect::oracle
