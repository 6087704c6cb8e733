#include "checker/symbolic/measure_search.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>
#include <z3++.h>

#include "checker/symbolic/rule_effects.h"
#include "model/result.h"

namespace imspect::symbolic {

namespace {

constexpr std::size_t kMostEffects = 200;

/// A term, by its number, and a packed value.
using Feature = std::pair<std::size_t, std::size_t>;
/// What a rule can do: by term all its effects.
using Effects = std::map<std::size_t, std::vector<Effect>>;

/// Inequalities between the weights of one component.
class Weights {
public:
    explicit Weights(std::size_t rules) : solver_(context_, "QF_LRA"), strict_(rules, false) {}

    void let_be_strict(std::size_t rule) { strict_[rule] = true; }
    [[nodiscard]] bool strict(std::size_t rule) const { return strict_[rule]; }

    void add(std::size_t rule, const Effects& effects) {
        z3::expr sum = context_.real_val(0);
        for (const auto& [term, all] : effects) {
            if (all.size() == 1) {
                sum = sum + more(term, all[0]);
                continue;
            }
            const std::string worst_name = fmt::format("m{}_{}", rule, term);
            const z3::expr worst = context_.real_const(worst_name.c_str());
            for (const Effect& effect : all) solver_.add(worst >= more(term, effect));
            sum = sum + worst;
        }
        solver_.add(sum <= 0);
        solver_.add(z3::implies(name(rule), sum <= -1));
    }

    /// Gives up strictness of rules that can't be strict; true while some rule is.
    bool solve() {
        while (std::find(strict_.begin(), strict_.end(), true) != strict_.end()) {
            z3::expr_vector wanted(context_);
            for (std::size_t rule = 0; rule < strict_.size(); ++rule) {
                if (strict_[rule]) wanted.push_back(name(rule));
            }
            if (check(wanted)) return true;
            const z3::expr_vector core = solver_.unsat_core();
            std::vector<std::string> names;
            for (const z3::expr& one : core) names.push_back(one.decl().name().str());
            drop_impossible(names);
        }
        return false;
    }

    /// The last solution, as whole numbers; nothing where they are too large.
    std::optional<std::map<Feature, std::int64_t>> solution() {
        constexpr std::int64_t kMost = std::int64_t{1} << 40;
        std::map<Feature, std::pair<std::int64_t, std::int64_t>> fractions;
        std::int64_t scale = 1;
        const z3::model model = solver_.get_model();
        for (const auto& [feature, variable] : weights_) {
            const z3::expr value = model.eval(variable, true);
            std::int64_t above = 0;
            std::int64_t below = 0;
            if (!value.numerator().is_numeral_i64(above) || !value.denominator().is_numeral_i64(below)) return std::nullopt;
            if (std::abs(above) > kMost || below > kMost) return std::nullopt;
            fractions[feature] = {above, below};
            scale = std::lcm(scale, below);
            if (scale > kMost) return std::nullopt;
        }
        std::map<Feature, std::int64_t> whole;
        for (const auto& [feature, fraction] : fractions) {
            std::int64_t scaled = 0;
            if (__builtin_mul_overflow(fraction.first, scale / fraction.second, &scaled) || std::abs(scaled) > kMost) return std::nullopt;
            whole[feature] = scaled;
        }
        return whole;
    }

private:
    z3::expr name(std::size_t rule) { return context_.bool_const(std::to_string(rule).c_str()); }
    z3::expr more(std::size_t term, const Effect& effect) {
        z3::expr sum = context_.real_val(0);
        for (const auto& [value, times] : effect) sum = sum + context_.real_val(times) * weight({term, value});
        return sum;
    }
    z3::expr weight(const Feature& feature) {
        const auto known = weights_.find(feature);
        if (known != weights_.end()) return known->second;
        const std::string text = fmt::format("w{}_{}", feature.first, feature.second);
        const z3::expr made = context_.real_const(text.c_str());
        solver_.add(made >= 0);
        return weights_.emplace(feature, made).first->second;
    }
    bool check(const z3::expr_vector& wanted) {
        const z3::check_result answer = solver_.check(wanted);
        if (answer == z3::unknown) throw SolverFailure("Z3 gave no answer: " + solver_.reason_unknown());
        return answer == z3::sat;
    }
    /// A rule that can't be strict by itself can't be beside others.
    void drop_impossible(const std::vector<std::string>& names) {
        bool dropped = false;
        for (const std::string& text : names) {
            z3::expr_vector alone(context_);
            alone.push_back(context_.bool_const(text.c_str()));
            if (check(alone)) continue;
            strict_[std::stoul(text)] = false;
            dropped = true;
        }
        IMSPECT_REQUIRE(dropped, "rules that can be strict one by one but not together");
    }

    z3::context context_;
    z3::solver solver_;
    std::map<Feature, z3::expr> weights_;
    std::vector<bool> strict_;
};

class Search {
public:
    Search(const ir::GroundSystem& system, const Machine& machine, const std::function<bool()>& stop)
        : system_(system), stop_(stop), terms_(possible_terms(system, machine)), useless_(terms_.size(), false) {
        measure_.component_of.assign(system.rules.size(), 0);
        values_.reserve(terms_.size());
        for (const auto& cells : terms_) values_.push_back(std::size_t{1} << machine.slots[cells[0].slot].bits);
        list_effects(RuleSteps(machine, *system.system));
    }

    MeasureSearch run() {
        while (!stopped_ && !left_.empty()) {
            if (!add_component()) break;
        }
        if (!left_.empty() || stopped_) return {std::nullopt, reason()};
        // Rules that can't fire have no component: one beyond all.
        for (const std::size_t rule : dead_) measure_.component_of[rule] = static_cast<std::uint32_t>(measure_.components.size());
        return {std::move(measure_), ""};
    }

private:
    void list_effects(const RuleSteps& steps) {
        effects_.resize(system_.rules.size());
        for (std::size_t rule = 0; rule < system_.rules.size() && !(stopped_ = stop_()); ++rule) {
            RuleEffects effects(steps.of(rule));
            if (!effects.can_fire()) {
                dead_.push_back(rule);
                continue;
            }
            left_.push_back(rule);
            for (std::size_t term = 0; term < terms_.size(); ++term) {
                if (useless_[term]) continue;
                auto listed = effects.of(terms_[term], kMostEffects);
                if (!listed) useless_[term] = true;  // whatever it held, it may hold anything: all values would weigh the same
                if (listed && !listed->empty()) effects_[rule].emplace(term, std::move(*listed));
            }
        }
        for (Effects& of_rule : effects_) {
            std::erase_if(of_rule, [&](const auto& entry) { return useless_[entry.first]; });
        }
    }

    [[nodiscard]] std::string reason() const {
        if (stopped_) return "time limit";
        if (too_large_) return "its weights became too large";
        std::vector<std::string> names;
        for (std::size_t i = 0; i < left_.size() && i < 3; ++i) names.push_back(system_.rules[left_[i]].name);
        return fmt::format("no measure was found that is made less by {}{}", fmt::join(names, ", "),
                           left_.size() > names.size() ? fmt::format(" and {} more rules", left_.size() - names.size()) : "");
    }

    bool add_component() {
        Weights weights(system_.rules.size());
        for (const std::size_t rule : left_) {
            weights.let_be_strict(rule);
            weights.add(rule, effects_[rule]);
        }
        if (!weights.solve()) return false;
        const auto solution = weights.solution();
        if (!solution) return !(too_large_ = true);
        const auto number = static_cast<std::uint32_t>(measure_.components.size());
        for (const std::size_t rule : left_) {
            if (weights.strict(rule)) measure_.component_of[rule] = number;
        }
        std::erase_if(left_, [&](std::size_t rule) { return weights.strict(rule); });
        measure_.components.push_back(terms_of(*solution));
        return true;
    }

    [[nodiscard]] std::vector<Measure::Term> terms_of(const std::map<Feature, std::int64_t>& solution) const {
        std::vector<Measure::Term> terms;
        for (std::size_t term = 0; term < terms_.size(); ++term) {
            Measure::Term made{terms_[term], std::vector<std::int64_t>(values_[term], 0)};
            for (std::size_t value = 0; value < values_[term]; ++value) {
                const auto found = solution.find({term, value});
                if (found != solution.end()) made.weights[value] = found->second;
            }
            if (std::any_of(made.weights.begin(), made.weights.end(), [](std::int64_t w) { return w != 0; })) terms.push_back(std::move(made));
        }
        return terms;
    }

    const ir::GroundSystem& system_;
    const std::function<bool()>& stop_;
    std::vector<std::vector<Cell>> terms_;
    std::vector<std::size_t> values_;  ///< by term: how many a cell can hold
    std::vector<bool> useless_;        ///< by term
    std::vector<Effects> effects_;     ///< by rule
    std::vector<std::size_t> left_;
    std::vector<std::size_t> dead_;
    Measure measure_;
    bool stopped_ = false;
    bool too_large_ = false;
};

}  // namespace

std::vector<std::vector<Cell>> possible_terms(const ir::GroundSystem& system, const Machine& machine) {
    const auto weighable = [&](ir::SlotId slot) {
        return system.domain_of(slot).kind != ir::DomainKind::kToken && machine.slots[slot].bits <= kMostWeighedBits && machine.slots[slot].bits > 0;
    };
    std::vector<bool> in_channel(system.variables.size(), false);
    std::vector<std::vector<Cell>> terms;
    for (const ir::GroundChannel& channel : system.channels) {
        for (std::size_t field = 0; !channel.slots.empty() && field < channel.slots[0].size(); ++field) {
            std::vector<Cell> cells;
            for (std::uint32_t position = 0; position < channel.slots.size(); ++position) {
                in_channel[channel.slots[position][field]] = true;
                cells.push_back({channel.slots[position][field], channel.length, position});
            }
            if (weighable(channel.slots[0][field])) terms.push_back(std::move(cells));
        }
    }
    for (ir::SlotId slot = 0; slot < system.variables.size(); ++slot) {
        if (!in_channel[slot] && weighable(slot)) terms.push_back({{slot}});
    }
    return terms;
}

MeasureSearch find_measure(const ir::GroundSystem& system, const Machine& machine, const std::function<bool()>& stop) {
    try {
        return Search(system, machine, stop).run();
    } catch (const z3::exception& failure) {
        throw SolverFailure(std::string("Z3: ") + failure.msg());
    }
}

}  // namespace imspect::symbolic
