#include "tests/oracle/random_system.h"

#include <functional>
#include <random>

#include <fmt/format.h>

#include "model/ir/builder.h"
#include "model/ir/print.h"
#include "model/result.h"

namespace imspect::oracle {

using namespace ir;

namespace {

class Dice {
public:
    Dice(std::uint32_t seed, std::size_t stream) : engine_(seed * 7919U + static_cast<std::uint32_t>(stream) * 104729U + 17U) {}
    int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint32_t>(n)); }
    bool one_in(int n) { return below(n) == 0; }

private:
    std::mt19937 engine_;
};

class Maker {
public:
    explicit Maker(const Recipe& recipe) : recipe_(recipe), b_(fmt::format("random {}", recipe.seed)) {
        Dice dice(recipe.seed, 1000);
        symmetric_ = dice.one_in(2);
        fair_always_ = dice.one_in(3);
        declare(dice);
        const std::size_t rules = 2 + static_cast<std::size_t>(dice.below(kMostRules - 1));
        for (std::size_t i = 0; i < rules; ++i) {
            if (!recipe.rules_left_out.contains(i)) add_rule(i);
        }
        if (dice.one_in(2)) {
            const E p = b_.parameter("w", id_);
            Dice waiting(recipe.seed, 2000);
            b_.waiting("waits", {p}, atom(waiting, p));
        }
    }

    Sample finish() {
        Sample sample;
        // Formulas are made while the builder lives, over parameters; grounding comes after.
        std::vector<std::vector<E>> formulas;
        for (std::size_t i = 0; i < kMostObservers; ++i) {
            Dice dice(recipe_.seed, 3000 + i);
            formulas.emplace_back();
            for (int k = 0; k < 8; ++k) formulas.back().push_back(closed(dice, true));
        }
        ExprPool& pool = b_.pool();
        auto grounded = ground(b_.take());
        IMSPECT_REQUIRE(grounded.ok(), "a random system does not ground");
        sample.system = std::move(grounded).value();
        IMSPECT_REQUIRE(&pool == &sample.system.pool(), "grounding moved the pool");
        sample.symmetric = symmetric_;
        auto slot = static_cast<SlotId>(sample.system.variables.size());
        for (std::size_t i = 0; i < kMostObservers; ++i) {
            if (recipe_.observers_left_out.contains(i)) continue;
            sample.observers.push_back(observer(sample.system, i, formulas[i], slot));
            slot += static_cast<SlotId>(sample.observers.back().registers.size());
        }
        return sample;
    }

private:
    void declare(Dice& dice) {
        node_ = b_.node("N");
        identities_ = 2 + dice.below(2);
        std::vector<std::string> names;
        for (int i = 0; i < identities_; ++i) names.push_back(fmt::format("i{}", i));
        id_ = b_.identity("id", names, symmetric_);
        maybe_id_ = b_.optional_identity("maybe_id", id_);
        colour_ = b_.enumeration("colour", {"red", "green", "blue"});
        counter_ = b_.range("counter", 0, 2);
        token_ = b_.token("token", 2 + dice.below(2));
        flag_ = b_.variable("flag", node_, kBoolDomain, {}, 0);
        mode_ = b_.variable("mode", node_, colour_, {id_}, 0);
        count_ = b_.variable("count", node_, counter_, {}, 0);
        last_ = b_.variable("last", node_, token_, {id_}, 0);
        owner_ = b_.variable("owner", node_, maybe_id_, {}, -1);
        budget_ = b_.variable("budget", node_, counter_, {}, dice.below(3));
        channel_ = b_.channel("ch", node_, node_, {id_}, {{"colour", colour_}, {"token", token_}},
                              static_cast<std::uint32_t>(1 + dice.below(2)));
        if (dice.one_in(3)) {
            const E p = b_.parameter("d", id_);
            b_.defers(channel_, {p}, flag_);
        }
    }

    /// A condition over one identity `p`.
    E atom(Dice& dice, const E& p) {
        switch (dice.below(9)) {
            case 0: return flag_;
            case 1: return !E(flag_);
            case 2: return mode_(p) == b_.value(colour_, dice.below(3));
            case 3: return mode_(p) != b_.value(colour_, dice.below(3));
            case 4: return E(count_) < b_.value(counter_, 1 + dice.below(2));
            case 5: return last_(p) == b_.value(token_, 0);
            case 6: return E(owner_) == p;
            case 7: return channel_.length({p}) == 0;
            default: return channel_.field("token", {p}) == last_(p);
        }
    }

    E combination(Dice& dice, const E& p) {
        const E left = atom(dice, p);
        if (dice.one_in(3)) return left;
        const E right = atom(dice, p);
        return dice.one_in(2) ? left && right : left || right;
    }

    E closed(Dice& dice, bool may_be_old) {
        const E p = b_.parameter(fmt::format("p{}", parameters_++), id_);
        E body = combination(dice, p);
        if (may_be_old && dice.one_in(3)) body = implies(body, combination(dice, p));
        // Without symmetry one identity is named now and then.
        if (!symmetric_ && dice.one_in(3)) {
            const E q = b_.parameter(fmt::format("q{}", parameters_++), id_);
            return b_.exists(q, q == b_.value(id_, 0) && combination(dice, q));
        }
        return dice.one_in(2) ? b_.forall(p, body) : b_.exists(p, body);
    }

    void add_rule(std::size_t number) {
        Dice dice(recipe_.seed, number);
        constexpr RuleKind kKinds[] = {RuleKind::kReceive, RuleKind::kSend, RuleKind::kTimeout, RuleKind::kInternal,
                                       RuleKind::kFault, RuleKind::kAttacker};
        const RuleKind kind = kKinds[dice.below(6)];
        const bool fault = kind == RuleKind::kFault || kind == RuleKind::kAttacker;
        const E p = b_.parameter(fmt::format("r{}", parameters_++), id_);
        RuleBuilder rule = b_.rule(fmt::format("rule{}", number), node_, kind);
        rule.param(p);
        for (int i = dice.below(3); i >= 0; --i) rule.when(atom(dice, p));
        if (fault) rule.costs(static_cast<std::uint32_t>(dice.below(3)));
        if (!fault && (fair_always_ || dice.one_in(2))) rule.fair();
        if (dice.one_in(3)) {
            rule.bounded("budget", E(budget_) > b_.value(counter_, 0), dice.one_in(2));
            rule.set(budget_, E(budget_) - 1);
        }
        if (dice.one_in(2)) rule.set(flag_, dice.one_in(2) ? b_.boolean(dice.one_in(2)) : !E(flag_));
        if (dice.one_in(2)) rule.set(mode_(p), b_.value(colour_, dice.below(3)));
        if (dice.one_in(4)) add_count(dice, rule);
        if (dice.one_in(4)) rule.set(owner_, dice.one_in(2) ? p : b_.value(maybe_id_, -1));
        add_messages(dice, rule, p);
    }

    void add_count(Dice& dice, RuleBuilder& rule) {
        if (!dice.one_in(10)) rule.when(E(count_) < b_.value(counter_, 2));  // else it may leave its domain
        rule.set(count_, dice.one_in(3) ? b_.value(counter_, 0) : E(count_) + 1);
    }

    void add_messages(Dice& dice, RuleBuilder& rule, const E& p) {
        const int what = dice.below(5);
        if (what == 0) rule.receives(channel_, {p});
        if (what == 1) rule.removes(channel_, {p}, 0);
        if (what <= 1 && dice.one_in(2)) {
            rule.set(last_(p), channel_.field("token", {p}));
        } else if (dice.one_in(3)) {
            rule.set(last_(p), dice.one_in(2) ? b_.fresh(token_) : b_.value(token_, 0));
        }
        if (what == 2) {
            rule.sends(channel_, {p}, {{"colour", b_.value(colour_, dice.below(3))},
                                       {"token", dice.one_in(2) ? b_.fresh(token_, dice.below(2)) : last_(p)}});
        }
        if (what == 3 && dice.one_in(2)) rule.repeats(channel_, {p}, 0);
    }

    monitor::Observer observer(const GroundSystem& system, std::size_t number, const std::vector<E>& formulas, SlotId slot) {
        using monitor::ObserverKind;
        Dice dice(recipe_.seed, 4000 + number);
        constexpr ObserverKind kKinds[] = {ObserverKind::kState, ObserverKind::kStep, ObserverKind::kPossible,
                                           ObserverKind::kLeadsTo, ObserverKind::kLeadsTo, ObserverKind::kPossible,
                                           ObserverKind::kState, ObserverKind::kStep, ObserverKind::kLeadsTo};
        monitor::Observer o;
        o.id = fmt::format("o{}", number);
        o.kind = kKinds[number];
        o.identity_free = symmetric_;
        o.first_register = slot;
        ExprPool& pool = system.pool();
        const auto formula = [&](std::size_t k) { return ground_expression(system, formulas[k].id, {}); };
        if (number >= 5) add_registers(system, o, dice, formula(6), formula(7));
        const ExprId remembered = o.registers.empty() ? pool.boolean(false) : recollection(system, o);
        const auto with_register = [&](ExprId plain) { return pool.disjunction({plain, remembered}); };
        if (o.kind == ObserverKind::kState || o.kind == ObserverKind::kPossible) {
            o.formula = with_register(formula(0));
            if (o.kind == ObserverKind::kPossible) o.formula = pool.conjunction({o.formula, formula(4), formula(5)});
        }
        if (o.kind == ObserverKind::kStep || (o.kind == ObserverKind::kPossible && dice.one_in(2))) {
            o.holds_initially = o.kind == ObserverKind::kStep ? !dice.one_in(8) : dice.one_in(8);
            for (const GroundRule& rule : system.rules) {
                // By rule, not by instance: symmetric systems need symmetric observers.
                Dice by_rule(recipe_.seed, 5000 + 100 * number + rule.rule);
                const ExprId step = pool.implies(as_old(pool, formula(2)), with_register(formula(3)));
                const bool of_kind = o.kind == ObserverKind::kStep;
                o.step_formula.push_back(by_rule.one_in(2) ? pool.boolean(of_kind)
                                                           : (of_kind ? step : pool.negate(step)));
            }
        }
        if (o.kind == ObserverKind::kLeadsTo) {
            o.obligations.push_back({formula(0), with_register(formula(1)), "first"});
            if (dice.one_in(2)) o.obligations.push_back({formula(2), pool.conjunction({formula(3), formula(4)}), "second"});
        }
        return o;
    }

    /// once(a) by steps, whether b held before, and the token of the first identity when a first held.
    void add_registers(const GroundSystem& system, monitor::Observer& o, Dice& dice, ExprId a, ExprId b) {
        ExprPool& pool = system.pool();
        const auto add = [&](const char* name, DomainId domain, const std::function<ExprId(SlotId, std::size_t)>& next) {
            const auto slot = o.first_register + static_cast<SlotId>(o.registers.size());
            monitor::Register r;
            r.variable = {o.id + "." + name, domain, domain == maybe_id_ ? -1 : 0, 0, {}};
            for (std::size_t rule = 0; rule < system.rules.size(); ++rule) r.next.push_back(next(slot, rule));
            o.registers.push_back(std::move(r));
        };
        const bool by_token = !symmetric_ && dice.one_in(2);
        add("once", kBoolDomain, [&](SlotId slot, std::size_t) {
            return pool.disjunction({pool.slot(slot, kBoolDomain), pool.conjunction({a, as_old(pool, b)})});
        });
        o.history.push_back({0, {}, {}, 0});
        if (dice.one_in(2)) {
            for (const Value i : identities()) {  // a family: when an identity's mode was once this
                const ExprId mode = pool.slot(system.slot(mode_.id, std::vector<Value>{i}), colour_);
                o.history.push_back({1, {id_}, {i}, static_cast<std::uint32_t>(o.registers.size())});
                add("seen", kBoolDomain, [&](SlotId slot, std::size_t) {
                    return pool.disjunction({pool.slot(slot, kBoolDomain), pool.equal(mode, pool.constant(colour_, 1))});
                });
            }
            o.history.push_back({2, {}, {}, static_cast<std::uint32_t>(o.registers.size())});
            const ExprId owner = pool.slot(system.slot(owner_.id, {}), maybe_id_);
            add("who", maybe_id_, [&](SlotId slot, std::size_t) {
                const ExprId who = pool.slot(slot, maybe_id_);
                return pool.ite(pool.equal(who, pool.constant(maybe_id_, -1)), owner, who);
            });
        }
        if (!by_token) return;
        const SlotId watched = system.slot(last_.id, std::vector<Value>{0});
        const SlotId once = o.first_register;
        add("token", token_, [&](SlotId slot, std::size_t rule) {
            if (rule % 3 == 2) return kNoExpr;
            const ExprId starts = pool.conjunction({pool.slot(once, kBoolDomain), pool.negate(pool.old_slot(once, kBoolDomain))});
            return pool.ite(starts, pool.slot(watched, token_), pool.slot(slot, token_));
        });
    }

    [[nodiscard]] std::vector<Value> identities() const {
        std::vector<Value> all;
        for (Value i = 0; i < identities_; ++i) all.push_back(i);
        return all;
    }

    /// What an observer's formulas ask of its registers.
    ExprId recollection(const GroundSystem& system, const monitor::Observer& o) {
        ExprPool& pool = system.pool();
        const ExprId once = pool.slot(o.first_register, kBoolDomain);
        if (o.history.size() == 1) return once;
        const ExprId who = pool.slot(o.first_register + 1 + static_cast<SlotId>(identities_), maybe_id_);
        std::vector<ExprId> any;
        for (const Value i : identities()) {
            const ExprId seen = pool.slot(o.first_register + 1 + static_cast<SlotId>(i), kBoolDomain);
            any.push_back(pool.conjunction({seen, pool.equal(who, pool.constant(maybe_id_, i))}));
        }
        return pool.conjunction({pool.disjunction({once, pool.slot(system.slot(flag_.id, {}), kBoolDomain)}), pool.disjunction(any)});
    }

    const Recipe& recipe_;
    Builder b_;
    int identities_ = 0;
    bool symmetric_ = false;
    bool fair_always_ = false;
    int parameters_ = 0;
    NodeId node_ = 0;
    DomainId id_ = 0, maybe_id_ = 0, colour_ = 0, counter_ = 0, token_ = 0;
    V flag_, mode_, count_, last_, owner_, budget_;
    Ch channel_;
};

}  // namespace

Sample make_sample(const Recipe& recipe) { return Maker(recipe).finish(); }

std::string describe(const Sample& sample) {
    const GroundSystem& system = sample.system;
    std::string text = fmt::format("{}{}\n", system.system->name, sample.symmetric ? ", symmetric" : "");
    for (const GroundVariable& variable : system.variables) text += fmt::format("  {} = {}\n", variable.name, variable.initial);
    for (std::size_t r = 0; r < system.rules.size(); ++r) {
        const GroundRule& rule = system.rules[r];
        text += fmt::format("[{}] {}{} faults {} when {}\n", r, rule.name, system.rule_of(r).fair ? " fair" : "",
                            system.rule_of(r).fault_cost, print(system, rule.guard));
        for (const Bound& bound : rule.bounds) {
            text += fmt::format("    bound {}{}: {}\n", bound.name, bound.environment ? " (environment)" : "",
                                print(system, bound.condition));
        }
        for (const GroundAssignment& assignment : rule.assignments) {
            text += fmt::format("    {} := {}\n", system.variables[assignment.slot].name, print(system, assignment.value));
        }
    }
    for (const monitor::Observer& observer : sample.observers) {
        text += fmt::format("{}: kind {}, {} registers\n", observer.id, static_cast<int>(observer.kind), observer.registers.size());
        const bool printable = observer.registers.empty();
        if (printable && observer.formula != kNoExpr) text += "    formula " + print(system, observer.formula) + "\n";
        for (const monitor::Obligation& obligation : observer.obligations) {
            if (printable) text += fmt::format("    {} leads to {}\n", print(system, obligation.from), print(system, obligation.to));
        }
    }
    return text;
}

}  // namespace imspect::oracle
