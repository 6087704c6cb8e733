#include "checker/parameterised/view_obligations.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "checker/parameterised/row_diagram.h"
#include "checker/parameterised/scene_circuit.h"
#include "checker/parameterised/scene_step.h"
#include "checker/symbolic/sat.h"
#include "model/ir/print.h"

namespace imspect::parameterised {

using symbolic::Arithmetic;
using symbolic::Literal;
using symbolic::negate;
using symbolic::Number;
using symbolic::SlotNumbers;

namespace {

using Replicas = std::vector<std::uint32_t>;

enum class When : std::uint8_t { kNow, kInitially, kNext };

SlotNumbers numbers_of(const symbolic::Machine& machine, std::size_t of_system, When when) {
    SlotNumbers slots;
    slots.of_system = of_system;
    for (std::size_t i = 0; i < machine.slots.size(); ++i) {
        const symbolic::MachineSlot& slot = machine.slots[i];
        Number number{slot.lo, {}, std::nullopt};
        for (unsigned bit = 0; bit < slot.bits; ++bit) {
            const symbolic::Latch& latch = machine.latches[slot.first_latch + bit];
            const Literal initial = latch.initial ? symbolic::kTrue : symbolic::kFalse;
            number.bits.push_back(when == When::kNow ? latch.now : when == When::kNext ? latch.next : initial);
        }
        slots.bits.push_back(number.bits);
        slots.numbers.push_back(std::move(number));
        slots.codes.push_back(slot.code);
        slots.lo.push_back(slot.lo);
        if (i >= of_system) slots.of_register.emplace(slot.id, i);
    }
    return slots;
}

Replicas first(std::uint32_t count, std::uint32_t left_out = kNobody) {
    Replicas replicas;
    for (std::uint32_t r = 0; r < count; ++r) {
        if (r != left_out) replicas.push_back(r);
    }
    return replicas;
}

using Part = std::pair<std::string, Literal>;

class Builder {
public:
    Builder(const ViewProof& proof, symbolic::Machine machine)
        : proof_(proof), result_(begin(proof, std::move(machine))), diagram_(result_.cover.rows),
          portraits_(result_.portraits ? result_.portraits->rows : std::vector<ViewRow>{}), circuit_(result_.machine.circuit), arithmetic_(circuit_),
          now_numbers_(numbers_of(result_.machine, proof.localised.ground.variables.size(), When::kNow)),
          initial_numbers_(numbers_of(result_.machine, proof.localised.ground.variables.size(), When::kInitially)),
          now_(circuit_, now_numbers_, proof.localised, proof.shape, proof.cutoff),
          initially_(circuit_, initial_numbers_, proof.localised, proof.shape, proof.cutoff) {}

    Result<ViewObligations> run() {
        fresh_ = tokens_in_state(result_.machine, proof_.localised.ground, now_numbers_, true);
        make_counts();
        find_held_back();
        add_initiation();
        const std::uint32_t k = proof_.seen;
        add_scenes(k, fmt::format("a scene of {}", k == 1 ? "one UE" : "two UEs"), first(k), "of those seen or of nobody");
        add_scenes(k + 1, fmt::format("a scene of {} UEs", k == 1 ? "two" : "three"), {k}, "of the last UE or of nobody");
        if (!now_.sound() || !initially_.sound() || !sound_) return Error{"certificate", "arithmetic of more than 31 bits is beyond the symbolic engines", {}, {}, {}};
        return std::move(result_);
    }

private:
    static ViewObligations begin(const ViewProof& proof, symbolic::Machine machine) {
        std::vector<std::string> names;
        for (const symbolic::MachineSlot& slot : machine.slots) {
            names.resize(std::max<std::size_t>(names.size(), slot.id + 1));
            names[slot.id] = slot.name;
        }
        ViewObligations result;
        result.machine = std::move(machine);
        std::vector<std::uint8_t> most;
        for (const Aggregate& aggregate : proof.cutoff.aggregates) most.push_back(aggregate.most);
        result.cover = cover_of(proof.codes, proof.seen, most, proof.shape, proof.localised.ordered, names);
        if (proof.known.whole_views > 0) result.portraits = cover_of(proof.known.portraits, 1, {}, proof.known.shape, proof.localised.ordered, names);
        return result;
    }

    [[nodiscard]] std::size_t aggregates() const { return proof_.cutoff.aggregates.size(); }
    [[nodiscard]] Number most(std::size_t aggregate) const { return Arithmetic::constant(proof_.cutoff.aggregates[aggregate].most); }

    void make_counts() {
        for (std::size_t i = 0; i < aggregates(); ++i) {
            outside_.push_back({0, {circuit_.input()}, std::nullopt});
            if (proof_.cutoff.aggregates[i].most > 1) outside_.back().bits.push_back(circuit_.input());
            result_.outside.emplace_back(fmt::format("UEs outside the scene that have quality {} ({}: so many or more)", i + 1, proof_.cutoff.aggregates[i].most), outside_.back());
        }
    }

    /// The count of all UEs that a view says.
    Number count(SceneCircuit& scene, std::size_t aggregate, std::uint32_t replicas, const Number& outside) {
        const Number sum = arithmetic_.add(scene.shown(aggregate, replicas), outside);
        return arithmetic_.choose(arithmetic_.less(sum, most(aggregate)), sum, most(aggregate));
    }

    std::vector<Number> counts_now(std::uint32_t replicas) {
        std::vector<Number> counts;
        for (std::size_t i = 0; i < aggregates(); ++i) counts.push_back(count(now_, i, replicas, outside_[i]));
        return counts;
    }

    /// Those outside do not act: they keep a quality, or the step takes it from all and the register says so.
    std::vector<Number> counts_after(SceneCircuit& next, std::uint32_t replicas) {
        std::vector<Number> counts;
        for (std::size_t i = 0; i < aggregates(); ++i) {
            const ir::SlotId reg = proof_.cutoff.aggregates[i].outside;
            const bool kept = next.slot(reg) == now_.slot(reg);
            const Number left = kept ? outside_[i] : arithmetic_.choose(arithmetic_.literal(next.slot(reg)), outside_[i], Arithmetic::constant(0));
            counts.push_back(count(next, i, replicas, left));
        }
        return counts;
    }

    Literal is_initial(ir::SlotId slot) { return arithmetic_.equal(now_.slot(slot), initially_.slot(slot)); }

    /// Places of words without a message are empty, and nobody outside the scene owns one.
    void expect_words(std::uint32_t replicas, std::vector<Literal>& scene) {
        for (std::size_t c = 0; c < proof_.shape.channels.size(); ++c) {
            const auto& places = proof_.shape.channels[c].fields;
            for (std::size_t at = 0; at < places.size(); ++at) {
                std::vector<Literal> empty = {negate(now_.there(c, at)), is_initial(now_.owner_slot(c, at))};
                for (const Place& place : places[at]) empty.push_back(is_initial(place.slot));
                std::vector<Literal> good = {circuit_.all(empty)};
                for (std::uint32_t r = 0; r < replicas; ++r) good.push_back(now_.owned_by(c, at, r));
                scene.push_back(circuit_.any(good));
            }
        }
    }

    /// Registers say who is shown and what those outside have; nobody reads what the slots of UEs outside hold, so they are as initially.
    void expect_outside(std::uint32_t replicas, std::vector<Literal>& scene) {
        for (std::uint32_t r = replicas; r < proof_.shape.replicas; ++r) {
            for (const Place& place : proof_.shape.own[r]) scene.push_back(is_initial(place.slot));
        }
        for (std::uint32_t r = 0; r < proof_.cutoff.shown.size(); ++r) {
            scene.push_back(symbolic::with_sign(arithmetic_.literal(now_.slot(proof_.cutoff.shown[r])), r >= replicas));
        }
        for (std::size_t i = 0; i < aggregates(); ++i) {
            scene.push_back(arithmetic_.less_equal(outside_[i], most(i)));
            const Literal some = arithmetic_.less(Arithmetic::constant(0), outside_[i]);
            scene.push_back(circuit_.equal(some, arithmetic_.literal(now_.slot(proof_.cutoff.aggregates[i].outside))));
        }
    }

    /// The state is a scene of so many UEs.
    Literal is_scene(std::uint32_t replicas) {
        std::vector<Literal> scene = result_.machine.shape;
        expect_words(replicas, scene);
        expect_outside(replicas, scene);
        return circuit_.all(scene);
    }

    Literal all_known(std::uint32_t replicas) {
        const std::vector<Number> counts = counts_now(replicas);
        if (replicas == proof_.seen) return in_set(now_, first(replicas), counts);
        std::vector<Literal> known;
        for (std::uint32_t left_out = 0; left_out < replicas; ++left_out) known.push_back(in_set(now_, first(replicas, left_out), counts));
        return circuit_.all(known);
    }

    /// A scene's tokens have their names already: that is a part of being in V.
    Literal in_set(SceneCircuit& scene, const Replicas& replicas, const std::vector<Number>& counts) {
        return diagram_.covers(circuit_, scene.shown_as_is(result_.cover.form, replicas, counts).fields);
    }

    /// Each UE of the scene, as these numbers have it, looks as it may in the whole system. Nothing is asked where the search was not narrowed.
    Literal looks_known(const SlotNumbers& numbers, std::uint32_t replicas) {
        if (!result_.portraits) return symbolic::kTrue;
        SceneCircuit scene(circuit_, numbers, proof_.localised, proof_.known.shape, proof_.cutoff);
        std::vector<Literal> all;
        for (std::uint32_t r = 0; r < replicas; ++r) all.push_back(portraits_.covers(circuit_, scene.view(result_.portraits->form, {r}, {})));
        sound_ = sound_ && scene.sound();
        return circuit_.all(all);
    }

    Literal chosen(std::size_t rule) {
        const auto& choice = result_.machine.choice;
        std::vector<Literal> digits;
        for (std::size_t i = 0; i < choice.size(); ++i) digits.push_back(symbolic::with_sign(choice[i], ((rule >> i) & 1U) == 0));
        return circuit_.all(digits);
    }

    /// A rule of nobody in particular or of one of the first so many is chosen.
    Literal chosen_of(std::uint32_t replicas) {
        std::vector<Literal> rules;
        for (const auto& [declared, instances] : rules_of(first(replicas))) {
            for (const std::size_t rule : instances) rules.push_back(chosen(rule));
        }
        return circuit_.any(rules);
    }

    /// Bounds that stand for the size of scenes alone: where one is in the way, scenes are too small.
    void find_held_back() {
        const ir::GroundSystem& ground = proof_.localised.ground;
        const std::vector<Number> of_system = tokens_in_state(result_.machine, ground, now_numbers_, false);
        symbolic::Evaluator guards(circuit_, ground.pool(), {&now_numbers_, nullptr, &fresh_});
        symbolic::Evaluator bounds(circuit_, ground.pool(), {&now_numbers_, nullptr, &of_system});
        std::vector<Literal> held;
        for (std::size_t rule = 0; rule < ground.rules.size(); ++rule) {
            for (const ir::Bound& bound : ground.rules[rule].bounds) {
                if (bound.environment || proof_.bounds.contains(bound.name)) continue;
                const std::vector<Literal> all = {chosen(rule), guards.truth(ground.rules[rule].guard), negate(bounds.truth(bound.condition))};
                held.push_back(circuit_.all(all));
            }
        }
        held_back_ = circuit_.any(held);
        sound_ = !bounds.too_wide() && !guards.too_wide();
    }

    void add(std::string name, std::vector<Part> parts) {
        std::vector<Literal> all;
        for (const auto& [what, literal] : parts) all.push_back(literal);
        result_.obligations.push_back({std::move(name), circuit_.all(all), std::move(parts)});
    }

    void add_initiation() {
        // Initially every UE is like every other: none has a quality, or all have it.
        std::vector<Number> counts;
        for (std::size_t i = 0; i < aggregates(); ++i) {
            counts.push_back(arithmetic_.choose(initially_.has(i, 0), most(i), Arithmetic::constant(0)));
        }
        const Literal outside = negate(in_set(initially_, first(proof_.seen), counts));
        const Literal broken = result_.machine.observed[0].initially ? symbolic::kTrue : symbolic::kFalse;
        add("initiation: the first view is not in V, or the property is broken at once", {{"either", circuit_.disjunction(outside, broken)}});
    }

    /// `acts`: who may take the step beside nobody, seen by the first k.
    void add_scenes(std::uint32_t replicas, const std::string& kind, const Replicas& acts, const std::string& who) {
        const symbolic::Machine& machine = result_.machine;
        const Part scene = {"the state is " + kind, is_scene(replicas)};
        const Part known = {"all its views are in V", all_known(replicas)};
        for (const auto& [declared, rules] : rules_of(acts)) add_step(replicas, declared, rules, who, {scene, known});
        const Literal somebody = chosen_of(replicas);
        Literal step = circuit_.conjunction(somebody, machine.observed[0].at_step);
        if (step != symbolic::kFalse) {
            const SlotNumbers next = numbers_of(machine, proof_.localised.ground.variables.size(), When::kNext);
            step = circuit_.conjunction(step, looks_known(next, replicas));
        }
        add(fmt::format("property: {} breaks it", kind),
            {scene, known, {"in the state or in a step of somebody seen or of nobody", circuit_.disjunction(machine.observed[0].at_state, step)}});
        const Literal no_room = circuit_.conjunction(somebody, circuit_.disjunction(held_back_, machine.out_of_range));
        add(fmt::format("room: {} is too small", kind), {scene, known, {"a bound of scenes alone holds a rule back, or a value leaves its domain", no_room}});
    }

    void add_step(std::uint32_t replicas, ir::RuleId declared, const std::vector<std::size_t>& rules, const std::string& who,
                  const std::vector<Part>& scene_and_known) {
        const SceneStep step = step_by(result_.machine, proof_.localised.ground, proof_.localised.observers[0], now_numbers_, fresh_, rules);
        SceneCircuit next(circuit_, step.next, proof_.localised, proof_.shape, proof_.cutoff);
        const std::string rule = fmt::format("{}, {}", ir::quoted_name(proof_.localised.ground.system->rules[declared].name), who);
        std::vector<Part> given = {scene_and_known[0], {rule + ", fires", step.fires}};
        // Where the bound on messages was met the proof is within it.
        if (!proof_.bounds.empty()) given.emplace_back("no UE has more messages in a channel than the bound", next.within(proof_.messages));
        if (result_.portraits) given.emplace_back("each UE of the scene looks after it as P says", looks_known(step.next, replicas));
        const ViewForm& form = result_.cover.form;
        const Replicas seen = first(proof_.seen);
        const SceneCircuit::Shown shown = now_.shown_as_is(form, seen, counts_now(replicas));
        const std::vector<Number>& before = shown.fields;
        std::vector<Number> after = next.view(form, seen, counts_after(next, replicas), &shown);
        sound_ = sound_ && step.sound && next.sound();
        if (before == after) return result_.unseen.push_back(rule);
        if (replicas > proof_.seen && !changes_own(rules, seen)) {
            // What another does changes a view in its counts and in what is shared: that the rest stays is a question by itself.
            std::vector<Part> parts = given;
            parts.emplace_back("something else than counts and shared slots of the view changes", changed_own(next, seen));
            add(fmt::format("consecution by {}: what is of those seen changes", rule), std::move(parts));
            std::copy(before.begin() + static_cast<std::ptrdiff_t>(common_fields()), before.end(), after.begin() + static_cast<std::ptrdiff_t>(common_fields()));
            if (before == after) return;
        }
        given.push_back(scene_and_known[1]);
        given.emplace_back("the view after is not in V", negate(diagram_.covers(circuit_, after)));
        add(fmt::format("consecution by {}: the view after is not in V", rule), std::move(given));
    }

    [[nodiscard]] std::size_t common_fields() const { return aggregates() + proof_.shape.shared.size(); }

    /// Fields of the view that are not common differ, tokens compared as they are.
    Literal changed_own(SceneCircuit& next, const Replicas& seen) {
        const std::vector<Number> no_counts(aggregates(), Arithmetic::constant(0));
        const std::vector<Number> before = now_.shown_as_is(result_.cover.form, seen, no_counts).fields;
        const std::vector<Number> after = next.shown_as_is(result_.cover.form, seen, no_counts).fields;
        std::vector<Literal> differ;
        for (std::size_t i = common_fields(); i < after.size(); ++i) differ.push_back(negate(arithmetic_.equal(before[i], after[i])));
        return circuit_.any(differ);
    }

    /// Some rule writes what is these replicas' own.
    bool changes_own(const std::vector<std::size_t>& rules, const Replicas& replicas) {
        const auto own = [&](ir::SlotId slot) {
            if (slot >= proof_.shape.owners.size()) return false;  // a register about those outside
            const Owner& owner = proof_.shape.owners[slot];
            return owner.kind == Owner::Kind::kOwn && std::find(replicas.begin(), replicas.end(), owner.replica) != replicas.end();
        };
        const monitor::Observer& observer = proof_.localised.observers[0];
        for (const std::size_t rule : rules) {
            if (proof_.cutoff.actors[rule] == kNobody) return true;
            for (const ir::GroundAssignment& assignment : proof_.localised.ground.rules[rule].assignments) if (own(assignment.slot)) return true;
            for (std::size_t i = 0; i < observer.registers.size(); ++i) {
                if (observer.registers[i].next[rule] != ir::kNoExpr && own(observer.first_register + static_cast<ir::SlotId>(i))) return true;
            }
        }
        return false;
    }

    /// Rules of these actors, or of nobody in particular, by the rule that they are instances of.
    std::map<ir::RuleId, std::vector<std::size_t>> rules_of(const Replicas& actors) {
        std::map<ir::RuleId, std::vector<std::size_t>> result;
        for (std::size_t rule = 0; rule < proof_.cutoff.actors.size(); ++rule) {
            const std::uint32_t actor = proof_.cutoff.actors[rule];
            const bool may = actor == kNobody || std::find(actors.begin(), actors.end(), actor) != actors.end();
            if (may) result[proof_.localised.ground.rules[rule].rule].push_back(rule);
        }
        return result;
    }

    const ViewProof& proof_;
    ViewObligations result_;
    RowDiagram diagram_;
    RowDiagram portraits_;
    symbolic::Circuit& circuit_;
    Arithmetic arithmetic_;
    SlotNumbers now_numbers_;
    SlotNumbers initial_numbers_;
    SceneCircuit now_;
    SceneCircuit initially_;
    std::vector<Number> fresh_;  ///< by domain: tokens in use
    std::vector<Number> outside_;
    Literal held_back_ = symbolic::kFalse;
    bool sound_ = true;
};

}  // namespace

Result<ViewObligations> obligations_of(const ViewProof& proof) {
    Result<symbolic::Machine> machine = symbolic::translate(proof.localised.ground, &proof.localised.observers[0]);
    if (!machine) return machine.error();
    return Builder(proof, std::move(machine).value()).run();
}

std::optional<std::string> refute(const ViewObligations& obligations, unsigned processes, const symbolic::TellDepth& proved) {
    const std::vector<ViewObligation>& all = obligations.obligations;
    std::vector<symbolic::Task> tasks;
    std::vector<std::size_t> of;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].goal == symbolic::kFalse) continue;
        of.push_back(i);
        tasks.push_back([&obligations, goal = all[i].goal](const symbolic::TellDepth&) {
            return symbolic::Words{symbolic::satisfiable(obligations.machine.circuit, goal) ? 1U : 0U};
        });
    }
    auto without_model = static_cast<std::uint32_t>(all.size() - tasks.size());
    std::optional<std::string> refuted;
    symbolic::IsolationLimits limits;
    limits.at_once = processes;
    limits.needless = [&](std::size_t) { return refuted.has_value(); };
    const auto note = [&](std::size_t task, const symbolic::Ending& ending, bool) -> std::optional<symbolic::Task> {
        if (refuted) return std::nullopt;
        if (!ending.answer) throw symbolic::SolverFailure(ending.reason);
        if (ending.answer->front() != 0) {
            refuted = all[of[task]].name;
        } else {
            proved(++without_model);
        }
        return std::nullopt;
    };
    symbolic::run_isolated(tasks, limits, note);
    return refuted;
}

}  // namespace imspect::parameterised
