#include "checker/symbolic/horn_answer.h"

#include <algorithm>
#include <optional>

#include "checker/symbolic/sat.h"

namespace imspect::symbolic {

namespace {

using Clauses = std::vector<Cube>;  // of literals any of which is to be true

[[noreturn]] void refuse(const z3::expr& term) {
    throw SolverFailure("Spacer's answer holds a symbol that is not the model's: " + (term.is_app() ? term.decl().name().str() : term.to_string()));
}

/// A formula in conjunctive normal form. Spacer's lemmas over Booleans are clauses already, so nothing grows in practice.
class Normal {
public:
    explicit Normal(const Slice& slice) : slice_(slice) {}

    Clauses operator()(const z3::expr& term, bool wanted) const {
        if (term.is_var()) return {{literal(term, wanted)}};
        if (term.is_true() || term.is_false()) return term.is_true() == wanted ? Clauses{} : Clauses{{}};
        if (!term.is_app()) refuse(term);
        switch (term.decl().decl_kind()) {
            case Z3_OP_NOT: return (*this)(term.arg(0), !wanted);
            case Z3_OP_AND: return many(term, wanted, wanted);
            case Z3_OP_OR: return many(term, wanted, !wanted);
            case Z3_OP_IMPLIES: return either((*this)(term.arg(0), !wanted), (*this)(term.arg(1), wanted), wanted);
            case Z3_OP_ITE:
                return both(either((*this)(term.arg(0), false), (*this)(term.arg(1), wanted), true),
                            either((*this)(term.arg(0), true), (*this)(term.arg(2), wanted), true));
            case Z3_OP_EQ:
            case Z3_OP_IFF: return equal(term, wanted);
            case Z3_OP_XOR:
            case Z3_OP_DISTINCT:
                if (term.num_args() != 2) refuse(term);
                return equal(term, !wanted);
            default: refuse(term);
        }
    }

private:
    [[nodiscard]] std::int32_t literal(const z3::expr& variable, bool wanted) const {
        const unsigned index = Z3_get_index_value(variable.ctx(), variable);
        if (index >= slice_.latches.size() || !variable.is_bool()) refuse(variable);
        const auto number = static_cast<std::int32_t>(slice_.latches[index] + 1);
        return wanted ? number : -number;
    }
    [[nodiscard]] Clauses many(const z3::expr& term, bool wanted, bool all) const {
        Clauses result = all ? Clauses{} : Clauses{{}};
        for (unsigned i = 0; i < term.num_args(); ++i) {
            Clauses one = (*this)(term.arg(i), wanted);
            result = all ? both(std::move(result), std::move(one)) : either(result, one, true);
        }
        return result;
    }
    [[nodiscard]] Clauses equal(const z3::expr& term, bool wanted) const {
        return both(either((*this)(term.arg(0), false), (*this)(term.arg(1), wanted), true),
                    either((*this)(term.arg(0), true), (*this)(term.arg(1), !wanted), true));
    }
    static Clauses both(Clauses left, Clauses right) {
        left.insert(left.end(), std::make_move_iterator(right.begin()), std::make_move_iterator(right.end()));
        return left;
    }
    /// One of the two, or, where `any` is false, both of them.
    static Clauses either(const Clauses& left, const Clauses& right, bool any) {
        if (!any) return both(left, right);
        if (left.size() * right.size() > kMostClauses) throw SolverFailure("Spacer's invariant is no small set of clauses");
        Clauses result;
        for (const Cube& one : left) {
            for (const Cube& other : right) {
                result.push_back(one);
                result.back().insert(result.back().end(), other.begin(), other.end());
            }
        }
        return result;
    }

    const Slice& slice_;
};

/// The clause's negation, ascending; nothing where the clause is always true.
std::optional<Cube> negation(Cube clause) {
    for (std::int32_t& literal : clause) literal = -literal;
    std::sort(clause.begin(), clause.end(), [](std::int32_t a, std::int32_t b) { return std::pair(std::abs(a), a) < std::pair(std::abs(b), b); });
    clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
    for (std::size_t i = 1; i < clause.size(); ++i) {
        if (clause[i] == -clause[i - 1]) return std::nullopt;
    }
    return clause;
}

/// One state under 64 choices at once.
class Simulation {
public:
    using Lanes = Valuation::Lanes;

    Simulation(const Machine& machine, const Slice& slice) : machine_(machine), slice_(slice), values_(machine.circuit) {}

    /// A rule that leads into the cube, or, without one, to what is bad.
    std::optional<std::uint32_t> rule(const Cube& from, const Cube* into) {
        for (const std::int32_t literal : from) values_.set_all(machine_.latches[static_cast<std::size_t>(std::abs(literal)) - 1].now, literal > 0);
        const auto rules = static_cast<std::uint32_t>(std::size_t{1} << machine_.choice.size());
        for (std::uint32_t first = 0; first < rules; first += 64) {
            for (std::size_t bit = 0; bit < machine_.choice.size(); ++bit) values_.set(machine_.choice[bit], choices(first, bit));
            values_.propagate();
            Lanes fit = into == nullptr ? values_.lanes(slice_.bad) : ~Lanes{0};
            for (std::size_t i = 0; into != nullptr && i < into->size(); ++i) {
                const Lanes next = values_.lanes(machine_.latches[static_cast<std::size_t>(std::abs((*into)[i])) - 1].next);
                fit &= (*into)[i] > 0 ? next : ~next;
            }
            if (fit != 0) return first + static_cast<std::uint32_t>(__builtin_ctzll(fit));
        }
        return std::nullopt;
    }

private:
    static Lanes choices(std::uint32_t first, std::size_t bit) {
        Lanes result = 0;
        for (std::uint32_t lane = 0; lane < 64; ++lane) result |= Lanes{((first + lane) >> bit) & 1U} << lane;
        return result;
    }

    const Machine& machine_;
    const Slice& slice_;
    Valuation values_;
};

}  // namespace

std::vector<Cube> cubes_of(const z3::expr& formula, const Slice& slice) {
    std::vector<Cube> result;
    for (const Cube& clause : Normal(slice)(formula, true)) {
        if (auto cube = negation(clause)) result.push_back(std::move(*cube));
    }
    return result;
}

std::vector<Cube> states_of(const z3::expr& proof, const z3::func_decl& relation, const Slice& slice) {
    std::vector<Cube> states;
    const auto add = [&](const z3::expr& fact) {
        if (!fact.is_app() || fact.decl().name().str() != relation.name().str()) return;
        Cube state;
        for (unsigned i = 0; i < fact.num_args(); ++i) {
            if (!fact.arg(i).is_true() && !fact.arg(i).is_false()) refuse(fact.arg(i));
            const auto number = static_cast<std::int32_t>(slice.latches[i] + 1);
            state.push_back(fact.arg(i).is_true() ? number : -number);
        }
        states.push_back(std::move(state));
    };
    std::vector<z3::expr> open = {proof};
    while (!open.empty()) {
        const z3::expr step = open.back();
        open.pop_back();
        if (!step.is_app()) continue;
        const Z3_decl_kind kind = step.decl().decl_kind();
        if (kind != Z3_OP_PR_HYPER_RESOLVE && kind != Z3_OP_PR_MODUS_PONENS) continue;  // a clause, or what is concluded
        add(step.arg(step.num_args() - 1));
        for (unsigned i = 0; i + 1 < step.num_args(); ++i) open.push_back(step.arg(i));
    }
    std::reverse(states.begin(), states.end());  // a proof begins with what it proves
    return states;
}

std::vector<std::uint32_t> run_through(const Machine& machine, const Slice& slice, const std::vector<Cube>& states) {
    if (states.empty()) throw SolverFailure("Spacer's refutation names no state");
    Simulation simulation(machine, slice);
    std::vector<std::uint32_t> rules;
    for (std::size_t i = 0; i + 1 < states.size(); ++i) {
        if (states[i] == states[i + 1]) continue;  // a choice of a rule that cannot fire
        const auto rule = simulation.rule(states[i], &states[i + 1]);
        if (!rule) throw SolverFailure("Spacer's refutation has a step that no rule takes");
        rules.push_back(*rule);
    }
    const auto last = simulation.rule(states.back(), nullptr);
    if (!last) throw SolverFailure("Spacer's refutation does not end in what is bad");
    rules.push_back(*last);
    return rules;
}

}  // namespace imspect::symbolic
