#include "checker/symbolic/linear_ranking.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <z3++.h>

#include "checker/symbolic/sat.h"

namespace imspect::symbolic {

namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 40;

class Program {
public:
    explicit Program(const std::vector<FeatureChange>& changes) : changes_(changes), solver_(context_, "QF_LRA") {
        for (const FeatureChange& change : changes) solver_.add(gain(change) <= 0);
        result_.loses.assign(changes.size(), false);
    }

    std::optional<LinearRanking> run(const std::function<bool()>& stop) {
        while (!stop()) {
            z3::expr sum = context_.real_val(0);
            bool some = false;
            for (std::size_t i = 0; i < changes_.size(); ++i) {
                if (result_.loses[i]) continue;
                sum = sum + gain(changes_[i]);
                some = true;
            }
            if (!some) return result_;
            solver_.push();
            solver_.add(sum <= -1);
            const z3::check_result answer = solver_.check();
            if (answer == z3::unknown) throw SolverFailure("Z3 gave no answer: " + solver_.reason_unknown());
            if (answer == z3::unsat) return result_;
            const bool small = add_solution();
            solver_.pop();
            if (!small) return std::nullopt;
        }
        return std::nullopt;
    }

private:
    z3::expr gain(const FeatureChange& change) {
        z3::expr sum = context_.real_val(0);
        for (const auto& [feature, more] : change) sum = sum + context_.real_val(more) * weight(feature);
        return sum;
    }
    z3::expr weight(std::uint32_t feature) {
        const auto known = weights_.find(feature);
        if (known != weights_.end()) return known->second;
        const std::string name = fmt::format("w{}", feature);
        const z3::expr made = context_.real_const(name.c_str());
        solver_.add(made >= 0);
        return weights_.emplace(feature, made).first->second;
    }

    /// As whole numbers, to what was found before.
    bool add_solution() {
        const z3::model model = solver_.get_model();
        std::map<std::uint32_t, std::pair<std::int64_t, std::int64_t>> fractions;
        std::int64_t scale = 1;
        for (const auto& [feature, variable] : weights_) {
            const z3::expr value = model.eval(variable, true);
            std::int64_t above = 0;
            std::int64_t below = 0;
            if (!value.numerator().is_numeral_i64(above) || !value.denominator().is_numeral_i64(below)) return false;
            if (above > kMost || below > kMost) return false;
            if (above != 0) fractions[feature] = {above, below};
            scale = std::lcm(scale, below);
            if (scale > kMost) return false;
        }
        for (const auto& [feature, fraction] : fractions) {
            std::int64_t scaled = 0;
            if (__builtin_mul_overflow(fraction.first, scale / fraction.second, &scaled)) return false;
            std::int64_t& weight = result_.weights[feature];
            if (__builtin_add_overflow(weight, scaled, &weight) || weight > kMost) return false;
        }
        for (std::size_t i = 0; i < changes_.size(); ++i) {
            std::int64_t gained = 0;
            for (const auto& [feature, more] : changes_[i]) {
                const auto found = result_.weights.find(feature);
                std::int64_t by = 0;
                if (found == result_.weights.end()) continue;
                if (__builtin_mul_overflow(found->second, std::int64_t{more}, &by) || __builtin_add_overflow(gained, by, &gained)) return false;
            }
            result_.loses[i] = gained < 0;
        }
        return true;
    }

    const std::vector<FeatureChange>& changes_;
    z3::context context_;
    z3::solver solver_;
    std::map<std::uint32_t, z3::expr> weights_;
    LinearRanking result_;
};

}  // namespace

std::optional<LinearRanking> rank_changes(const std::vector<FeatureChange>& changes, const std::function<bool()>& stop) {
    try {
        return Program(changes).run(stop);
    } catch (const z3::exception& failure) {
        throw SolverFailure(std::string("Z3: ") + failure.msg());
    }
}

}  // namespace imspect::symbolic
