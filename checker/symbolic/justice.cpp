#include "checker/symbolic/justice.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/result.h"

namespace imspect::symbolic {

namespace {

/// Functions of the state as they are after the step.
class After {
public:
    explicit After(Machine& machine) : machine_(machine), values_(machine.circuit.size(), kFalse), made_(machine.circuit.size(), false) {
        for (const Latch& latch : machine.latches) {
            values_[node_of(latch.now)] = latch.next;
            made_[node_of(latch.now)] = true;
        }
        made_[0] = true;
    }

    Literal operator()(Literal literal) {
        const Literal roots[] = {literal};
        for (const Node node : machine_.circuit.cone(roots)) {
            if (made_[node]) continue;
            IMSPECT_REQUIRE(machine_.circuit.is_gate(node), "a function of more than the state");
            const Literal left = machine_.circuit.left(node);
            const Literal right = machine_.circuit.right(node);
            values_[node] = machine_.circuit.conjunction(with_sign(values_[node_of(left)], is_negated(left)),
                                                         with_sign(values_[node_of(right)], is_negated(right)));
            made_[node] = true;
        }
        return with_sign(values_[node_of(literal)], is_negated(literal));
    }

private:
    Machine& machine_;
    std::vector<Literal> values_;
    std::vector<bool> made_;
};

class Failing {
public:
    Failing(Machine& machine, const ir::GroundSystem& system, const Ranking& ranking)
        : machine_(machine), ranking_(ranking), steps_(machine, *system.system), now_(steps_.now()) {
        IMSPECT_REQUIRE(std::all_of(ranking.stages.begin(), ranking.stages.end(), [&](const Ranking::Stage& stage) {
            return std::all_of(stage.helpful.begin(), stage.helpful.end(), [&](std::uint32_t rule) { return system.rule_of(rule).fair; });
        }), "a helpful rule that is not fair");
        After after(machine);
        for (const Ranking::Stage& stage : ranking.stages) {
            Order order;
            Literal none = kTrue;
            for (const std::uint32_t rule : stage.helpful) {
                order.first.push_back(circuit().conjunction(none, machine.enabled[rule]));
                none = circuit().conjunction(none, negate(machine.enabled[rule]));
                order.enabled_after.push_back(after(machine.enabled[rule]));
            }
            order.none = none;
            orders_.push_back(std::move(order));
        }
    }

    Literal without_helpful() {
        std::vector<Literal> none;
        for (const Order& order : orders_) none.push_back(order.none);
        return circuit().all(none);
    }

    /// Steps by the rule that do not do with the rank what they must.
    Literal steps_of(std::size_t rule) {
        const bool weighs = std::any_of(ranking_.stages.begin(), ranking_.stages.end(), [](const auto& stage) { return !stage.measure.empty(); });
        std::vector<std::vector<Literal>> next;
        if (weighs) next = steps_.next_within(circuit(), rule);
        Literal fine = kFalse;  // behind the last stage
        for (std::size_t i = ranking_.stages.size(); i-- > 0;) {
            fine = order_is_kept(i, rule, fine);
            if (ranking_.stages[i].measure.empty()) continue;
            const Change change = change_of(circuit(), now_, next, ranking_.stages[i].measure);
            fine = circuit().disjunction(change.less, circuit().conjunction(change.equal, fine));
        }
        return circuit().conjunction(machine_.fires[rule], negate(fine));
    }

private:
    /// Of a stage's rules: the first that can fire, and the same after the step.
    struct Order {
        std::vector<Literal> first, enabled_after;
        Literal none = kTrue;
    };

    [[nodiscard]] Circuit& circuit() const { return machine_.circuit; }

    Literal order_is_kept(std::size_t stage, std::size_t rule, Literal beyond) {
        const Order& order = orders_[stage];
        std::vector<Literal> cases;
        Literal sooner_after = kFalse;  // some rule before this one can fire after the step
        for (std::size_t i = 0; i < order.first.size(); ++i) {
            const bool own = ranking_.stages[stage].helpful[i] == rule;
            const Literal kept = own ? sooner_after : circuit().disjunction(sooner_after, order.enabled_after[i]);
            cases.push_back(circuit().conjunction(order.first[i], kept));
            sooner_after = circuit().disjunction(sooner_after, order.enabled_after[i]);
        }
        cases.push_back(circuit().conjunction(order.none, circuit().disjunction(sooner_after, beyond)));
        return circuit().any(cases);
    }

    Machine& machine_;
    const Ranking& ranking_;
    RuleSteps steps_;
    std::vector<std::vector<Literal>> now_;
    std::vector<Order> orders_;
};

}  // namespace

std::size_t Ranking::weights() const {
    std::size_t count = 0;
    for (const Stage& stage : stages) count += Measure{{stage.measure}, {}}.weights();
    return count;
}

std::size_t Ranking::helpful() const {
    std::size_t count = 0;
    for (const Stage& stage : stages) count += stage.helpful.size();
    return count;
}

Words pack(const Ranking& ranking) {
    Words words = {static_cast<std::uint32_t>(ranking.stages.size())};
    for (const Ranking::Stage& stage : ranking.stages) {
        const Words measure = pack(Measure{{stage.measure}, {}});
        words.push_back(static_cast<std::uint32_t>(measure.size()));
        words.insert(words.end(), measure.begin(), measure.end());
        words.push_back(static_cast<std::uint32_t>(stage.helpful.size()));
        words.insert(words.end(), stage.helpful.begin(), stage.helpful.end());
    }
    return words;
}

Ranking unpack_ranking(const Words& words) {
    Ranking ranking;
    ranking.stages.resize(words.at(0));
    auto at = words.begin() + 1;
    const auto next = [&] {
        const auto length = static_cast<std::ptrdiff_t>(*at++);
        Words part(at, at + length);
        at += length;
        return part;
    };
    for (Ranking::Stage& stage : ranking.stages) {
        stage.measure = unpack_measure(next()).components.at(0);
        stage.helpful = next();
    }
    return ranking;
}

Target ranking_fails(Machine& machine, const ir::GroundSystem& system, std::size_t pending, const Ranking& ranking) {
    const Latch& owed = machine.latches[pending];
    Failing failing(machine, system, ranking);
    std::vector<Literal> steps;
    for (std::size_t rule = 0; rule < system.rules.size(); ++rule) steps.push_back(failing.steps_of(rule));
    Target target;
    target.at_state = machine.circuit.conjunction(owed.now, failing.without_helpful());
    const Literal stays[] = {owed.now, owed.next, machine.circuit.any(steps)};
    target.at_step = machine.circuit.all(stays);
    return target;
}

std::vector<std::string> for_people(const ir::GroundSystem& system, const Machine& machine, const Ranking& ranking) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < ranking.stages.size(); ++i) {
        const Ranking::Stage& stage = ranking.stages[i];
        if (!stage.measure.empty()) lines.push_back(fmt::format("stage {} of {}, what weighs, and how much:", i + 1, ranking.stages.size()));
        for (const std::string& line : for_people(system, machine, stage.measure)) lines.push_back("  " + line);
        std::vector<std::string> names;
        for (const std::uint32_t rule : stage.helpful) names.push_back(system.rules[rule].name);
        if (!names.empty()) lines.push_back(fmt::format("stage {} of {}, helpful, the first that can fire: {}", i + 1, ranking.stages.size(), fmt::join(names, ", ")));
    }
    return lines;
}

}  // namespace imspect::symbolic
