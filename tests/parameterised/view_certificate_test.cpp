// Certificates of views: what their circuits say is what the search does, other solvers agree, and a view less is found out.
#include "checker/parameterised/view_certificate.h"

#include <array>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include <catch2/catch.hpp>

#include "checker/check.h"
#include "checker/parameterised/row_diagram.h"
#include "checker/parameterised/scene_circuit.h"
#include "checker/parameterised/scene_step.h"
#include "checker/symbolic/second_opinion.h"
#include "tests/parameterised/pipeline.h"
#include "tests/support/program.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using namespace imspect::parameterised;
using symbolic::Literal;
using symbolic::Number;

namespace {

const std::vector<std::string> kRefused = {"second-sm1-scscf=refused"};

ViewProof proof_of(const tests::Pipeline& made, std::uint32_t seen, std::uint32_t messages) {
    REQUIRE(made.refused.empty());
    const ViewAnswer answer = made.search(seen, messages);
    REQUIRE(answer.kind == ViewAnswer::Kind::kInductive);
    return {made.localised, made.shape, made.cutoff, seen, messages, answer.bounds_reached, answer.codes, {}, {}};
}

std::optional<std::string> refuted(const ViewProof& proof) {
    const Result<ViewObligations> obligations = obligations_of(proof);
    REQUIRE(obligations.ok());
    return refute(obligations.value(), 2, [](std::uint32_t) {});
}

struct Asked {
    const char* property;
    std::vector<std::string> nodes;
    std::vector<std::string> tokens = {};
};
const std::array<Asked, 4> kOfOneUe = {{{"P10", {"HSS"}}, {"P24", {"S-CSCF"}}, {"P8", {"S-CSCF"}}, {"P4", {"S-CSCF", "HSS"}}}};
const Asked kOfSomebody = {"P5", {"S-CSCF", "HSS"}, {"Run"}};  // its circuits are those of 30 tokens here: proving all of it takes long

ViewProof proof_of(const Asked& asked) { return proof_of(*tests::pipeline(asked.property, asked.nodes, asked.tokens, 1, kRefused), 1, 2); }

/// One system's views and steps as circuits, to be set to concrete states.
class Circuits {
public:
    Circuits(const tests::Pipeline& made, const ViewForm& form, std::vector<std::uint32_t> replicas)
        : made_(made), form_(form), replicas_(std::move(replicas)), machine_(symbolic::translate(made.concrete.ground, &made.concrete.observers[0]).value()) {
        now_.of_system = made.concrete.ground.variables.size();
        for (std::size_t i = 0; i < machine_.slots.size(); ++i) {
            Number number{machine_.slots[i].lo, {}, std::nullopt};
            for (unsigned bit = 0; bit < machine_.slots[i].bits; ++bit) number.bits.push_back(machine_.latches[machine_.slots[i].first_latch + bit].now);
            now_.numbers.push_back(number);
            now_.codes.push_back(machine_.slots[i].code);
            now_.lo.push_back(machine_.slots[i].lo);
            if (i >= now_.of_system) now_.of_register.emplace(machine_.slots[i].id, i);
        }
        before_ = view_of(now_);
        before_as_is_ = as_is(now_);
        std::map<ir::RuleId, std::vector<std::size_t>> groups;
        for (std::size_t rule = 0; rule < made.concrete.ground.rules.size(); ++rule) groups[made.concrete.ground.rules[rule].rule].push_back(rule);
        const std::vector<Number> fresh = tokens_in_state(machine_, made.concrete.ground, now_, true);
        for (const auto& [declared, rules] : groups) {
            const SceneStep step = step_by(machine_, made.concrete.ground, made.concrete.observers[0], now_, fresh, rules);
            steps_[declared] = {step.fires, view_of(step.next), view_of_named(step.next), as_is(step.next)};
        }
    }

    void set(const exec::Word* state, std::size_t rule) {
        values_.emplace(machine_.circuit);
        for (const symbolic::Latch& latch : machine_.latches) {
            const symbolic::MachineSlot& slot = machine_.slots[latch.slot];
            const auto packed = static_cast<std::uint32_t>(made_.all->layout().get(state, slot.id) - slot.lo);
            values_->set_all(latch.now, ((packed >> latch.bit) & 1U) != 0);
        }
        for (std::size_t i = 0; i < machine_.choice.size(); ++i) values_->set_all(machine_.choice[i], ((rule >> i) & 1U) != 0);
        values_->propagate();
    }
    [[nodiscard]] std::vector<Value> before() const { return read(before_); }
    [[nodiscard]] std::vector<Value> before_as_is() const { return read(before_as_is_); }
    [[nodiscard]] bool fires(std::size_t rule) const { return (*values_)(step(rule).fires, 0); }
    [[nodiscard]] std::vector<Value> after(std::size_t rule) const { return read(step(rule).after); }
    /// As an obligation has it: before the step every token has its name.
    [[nodiscard]] std::vector<Value> after_named(std::size_t rule) const { return read(step(rule).after_named); }
    [[nodiscard]] std::vector<Value> after_as_is(std::size_t rule) const { return read(step(rule).after_as_is); }

private:
    struct Step {
        Literal fires = symbolic::kFalse;
        std::vector<Number> after;
        std::vector<Number> after_named;
        std::vector<Number> after_as_is;
    };

    [[nodiscard]] const Step& step(std::size_t rule) const { return steps_.at(made_.concrete.ground.rules[rule].rule); }
    std::vector<Number> view_of_named(const symbolic::SlotNumbers& numbers) {
        SceneCircuit now(machine_.circuit, now_, made_.concrete, made_.shape, made_.cutoff);
        SceneCircuit next(machine_.circuit, numbers, made_.concrete, made_.shape, made_.cutoff);
        const SceneCircuit::Shown named = now.shown_as_is(form_, replicas_, {});
        return next.view(form_, replicas_, {}, &named);
    }
    std::vector<Number> as_is(const symbolic::SlotNumbers& numbers) {
        SceneCircuit scene(machine_.circuit, numbers, made_.concrete, made_.shape, made_.cutoff);
        return scene.shown_as_is(form_, replicas_, {}).fields;
    }
    std::vector<Number> view_of(const symbolic::SlotNumbers& numbers) {
        SceneCircuit scene(machine_.circuit, numbers, made_.concrete, made_.shape, made_.cutoff);
        return scene.view(form_, replicas_, {});
    }
    [[nodiscard]] std::vector<Value> read(const std::vector<Number>& numbers) const {
        std::vector<Value> result;
        for (const Number& number : numbers) {
            std::int64_t value = number.lo;
            for (std::size_t bit = 0; bit < number.bits.size(); ++bit) value += static_cast<std::int64_t>((*values_)(number.bits[bit], 0)) << bit;
            result.push_back(static_cast<Value>(value));
        }
        return result;
    }

    const tests::Pipeline& made_;
    ViewForm form_;
    std::vector<std::uint32_t> replicas_;
    symbolic::Machine machine_;
    symbolic::SlotNumbers now_;
    std::vector<Number> before_;
    std::vector<Number> before_as_is_;
    std::map<ir::RuleId, Step> steps_;
    std::optional<symbolic::Valuation> values_;
};

/// What views.h says of the state, field by field as a cover has it; places without a message are left out.
ViewRow expected_row(const tests::Pipeline& made, const ViewForm& form, const exec::Word* state, const std::vector<std::uint8_t>& replicas) {
    Views views(made.shape, made.localised.ordered);
    ViewCode code;
    views.view(state, {}, replicas.data(), replicas.size(), code);
    const Scene scene = views.decode(code, replicas.size(), 0);
    ViewRow row;
    for (const Value value : scene.shared) row.emplace_back(value);
    for (const auto& own : scene.own) row.insert(row.end(), own.begin(), own.end());
    for (std::size_t c = 0; c < scene.words.size(); ++c) {
        row.emplace_back(static_cast<Value>(scene.words[c].size()));
        for (std::size_t at = 0; at < form.longest[c]; ++at) {
            const bool there = at < scene.words[c].size();
            if (form.seen > 1) row.push_back(there ? std::optional<Value>(scene.words[c][at].owner) : std::nullopt);
            for (std::size_t f = 0; f < made.shape.channels[c].fields[0].size(); ++f) {
                row.push_back(there ? std::optional<Value>(scene.words[c][at].fields[f]) : std::nullopt);
            }
        }
    }
    return row;
}

bool agree(const ViewRow& expected, const std::vector<Value>& seen) {
    if (expected.size() != seen.size()) return false;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (expected[i] && *expected[i] != seen[i]) return false;
    }
    return true;
}

bool has_cvc5() {
    const std::string said = tests::said_in_shell("cvc5 --version");
    return said.find("cvc5") != std::string::npos && said.find("not found") == std::string::npos;
}

std::size_t count_of(const std::string& text, const std::string& what) {
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

/// How many obligations cvc5 finds (unsatisfiable, satisfiable).
std::pair<std::size_t, std::size_t> asked_of_cvc5(const std::string& text, const std::string& name) {
    const std::string said = tests::said_in_shell("cvc5 " + tests::temporary_file(name, text));
    const std::size_t unsat = count_of(said, "unsat\n");
    return {unsat, count_of(said, "sat\n") - unsat};
}

}  // namespace

TEST_CASE("views and steps as circuits are those of the search, in concrete states of several UEs with messages and tokens") {
    for (const std::uint32_t seen : {1U, 2U}) {
        const auto made = tests::pipeline(seen == 1 ? "P4" : "P7", {"S-CSCF", "HSS"}, {"Run"}, seen, kRefused);
        REQUIRE(made->refused.empty());
        ViewForm form;
        form.seen = seen;
        for (const Words& words : made->shape.channels) form.longest.push_back(words.fields.size());
        const std::vector<std::uint32_t> replicas = seen == 1 ? std::vector<std::uint32_t>{1} : std::vector<std::uint32_t>{2, 0};
        const std::vector<std::uint8_t> names(replicas.begin(), replicas.end());
        Circuits circuits(*made, form, replicas);
        std::set<exec::State> states = {made->all->initial()};
        std::vector<exec::State> in_order(states.begin(), states.end());
        exec::State next(made->all->words());
        std::size_t steps = 0;
        std::size_t wrong = 0;
        // Every seventh of what follows is looked at: that goes deeper than all of the first.
        for (std::size_t at = 0; at < in_order.size() && steps < tests::cases(300, 4); at += at < 40 ? 1 : 7) {
            for (std::size_t rule = 0; rule < made->all->stepper().rule_count(); ++rule) {
                if (made->all->successor(rule, in_order[at].data(), next.data()).kind != exec::StepKind::kFired) continue;
                if (states.insert(next).second) in_order.push_back(next);
                if (rule % 3 != at % 3) continue;
                ++steps;
                circuits.set(in_order[at].data(), rule);
                wrong += agree(expected_row(*made, form, in_order[at].data(), names), circuits.before()) ? 0 : 1;
                wrong += circuits.fires(rule) ? 0 : 1;
                wrong += agree(expected_row(*made, form, next.data(), names), circuits.after(rule)) ? 0 : 1;
            }
        }
        CHECK(steps >= tests::cases(300, 4));
        CHECK(wrong == 0);
    }
}

TEST_CASE("a step from a scene whose tokens have their names makes the view that the search makes, in circuits that keep names") {
    for (const bool ordered : {false, true}) {
        const auto made = tests::pipeline(ordered ? "P16" : "P4", {"S-CSCF", "HSS"}, ordered ? std::vector<std::string>{"RAND"} : std::vector<std::string>{"Run"}, 1, kRefused);
        REQUIRE(made->refused.empty());
        ViewForm form;
        for (const Words& words : made->shape.channels) form.longest.push_back(words.fields.size());
        Circuits circuits(*made, form, {0});
        Views views(made->shape, made->localised.ordered);
        exec::State state;
        exec::State next(made->all->words());
        std::size_t tokens = 0;
        std::size_t wrong = 0;
        const ViewAnswer answer = made->search(1, 2);
        REQUIRE(answer.kind == ViewAnswer::Kind::kInductive);
        for (std::size_t at = 0; at < answer.codes.size(); at += tests::kSanitized ? 60 : 13) {
            state = made->all->initial();
            REQUIRE(views.write(views.decode(answer.codes[at], 1, made->cutoff.aggregates.size()), state.data()));
            for (std::size_t rule = 0; rule < made->all->stepper().rule_count(); ++rule) {
                if (made->cutoff.actors[rule] != 0 || made->all->successor(rule, state.data(), next.data()).kind != exec::StepKind::kFired) continue;
                circuits.set(state.data(), rule);
                wrong += circuits.fires(rule) ? 0 : 1;
                wrong += agree(expected_row(*made, form, state.data(), {0}), circuits.before_as_is()) ? 0 : 1;
                wrong += agree(expected_row(*made, form, next.data(), {0}), circuits.after_named(rule)) ? 0 : 1;
                tokens += circuits.after_named(rule) != circuits.after_as_is(rule) ? 1 : 0;  // some token's name changes
            }
        }
        CHECK((tokens > 0 || tests::kSanitized));  // the few views of a share may have none
        CHECK(wrong == 0);
    }
}

TEST_CASE("a diagram of rows is true of these rows and of nothing else") {
    std::mt19937 random(7);
    for (int round = 0; round < 30; ++round) {
        std::set<ViewRow> rows;
        for (std::size_t i = random() % 12; i > 0; --i) {
            ViewRow row;
            for (int field = 0; field < 4; ++field) row.push_back(random() % 5 == 0 ? std::nullopt : std::optional<Value>(static_cast<Value>(random() % 3)));
            rows.insert(std::move(row));
        }
        const std::vector<ViewRow> sorted(rows.begin(), rows.end());
        symbolic::Circuit circuit;
        const RowDiagram diagram(sorted);
        for (Value code = 0; code < 81; ++code) {
            std::vector<Value> values;
            std::vector<Number> view;
            for (Value rest = code, field = 0; field < 4; ++field, rest /= 3) {
                values.push_back(rest % 3);
                view.push_back(symbolic::Arithmetic::constant(rest % 3));
            }
            const bool expected = std::any_of(sorted.begin(), sorted.end(), [&](const ViewRow& row) { return agree(row, values); });
            if (diagram.covers(circuit, view) != (expected ? symbolic::kTrue : symbolic::kFalse)) FAIL("round " << round << ", view " << code);
        }
    }
}

TEST_CASE("the views that the search finds prove themselves again, and with one of them left out something fails") {
    for (const Asked& asked : kOfOneUe) {
        INFO(asked.property);
        ViewProof proof = proof_of(asked);
        CHECK(refuted(proof) == std::nullopt);
        if (tests::kSanitized && proof.codes.size() > 20) continue;  // the smallest is enough there
        const std::vector<ViewCode> all = proof.codes;
        for (const std::size_t left_out : {std::size_t{0}, all.size() / 2, all.size() - 1}) {
            proof.codes = all;
            proof.codes.erase(proof.codes.begin() + static_cast<std::ptrdiff_t>(left_out));
            const std::optional<std::string> failed = refuted(proof);
            REQUIRE(failed);
            const bool expected = failed->find("initiation") == 0 || failed->find("consecution") == 0;
            CHECK(expected);
        }
    }
}

TEST_CASE("where views say that nobody has the quality that P5 needs of somebody, P5 is broken, whoever is outside") {
    ViewProof proof = proof_of(kOfSomebody);
    REQUIRE(!proof.cutoff.aggregates.empty());
    const auto broken_by_property = [&] {
        const ViewObligations obligations = obligations_of(proof).value();
        std::size_t broken = 0;
        for (const ViewObligation& obligation : obligations.obligations) {
            if (obligation.name.find("property: ") == 0 && symbolic::has_model(obligations.machine.circuit, obligation.goal)) ++broken;
        }
        return broken;
    };
    CHECK(broken_by_property() == 0);
    std::set<ViewCode> codes(proof.codes.begin(), proof.codes.end());
    for (ViewCode code : proof.codes) {
        std::fill_n(code.begin(), proof.cutoff.aggregates.size(), '\0');
        codes.insert(code);
    }
    proof.codes.assign(codes.begin(), codes.end());
    CHECK(broken_by_property() == 2);  // in scenes of one UE and of two
}

TEST_CASE("a set that is inductive and too large for the property is no certificate") {
    // What a mutant reaches is inductive for the mutant; the property is what fails.
    const auto made = tests::pipeline("P24", {"S-CSCF"}, {}, 1, {"second-sm1-scscf=refused", "late-response=accepted"});
    REQUIRE(made->search(1, 2).kind == ViewAnswer::Kind::kBroken);
    const ViewProof sound = proof_of(kOfOneUe[1]);
    const ViewProof mutant = {made->localised, made->shape, made->cutoff, 1, 2, {}, sound.codes, {}, {}};
    CHECK(refuted(mutant));
    const Certified certified = certify(mutant, "P24", {60, 0, nullptr});
    CHECK(certified.text.empty());
    CHECK(certified.failure.find("THE CERTIFICATE WAS NOT PROVED AGAIN") == 0);
    CHECK(certified.failure.find(" fails") != std::string::npos);
}

TEST_CASE("where the time ends before the certificate is proved again there is none, and it is said") {
    const Certified certified = certify(proof_of(kOfOneUe[3]), "P4", {0.001, 0, nullptr});
    CHECK(certified.missing.find("time limit") != std::string::npos);
    CHECK(certified.text.find("; P4 of") == 0);
    CHECK(certified.text.find("NO CERTIFICATE HERE") != std::string::npos);
    CHECK(certified.text.find("check-sat)") == std::string::npos);
    CHECK(certified.failure.empty());  // the views still prove it
}

TEST_CASE("a cover is a few lines that say of each view that it is in the set, and of no other") {
    const ViewProof proof = proof_of(kOfOneUe[1]);
    const Result<ViewObligations> obligations = obligations_of(proof);
    REQUIRE(obligations.ok());
    const ViewCover& cover = obligations.value().cover;
    CHECK(cover.lines.size() < cover.rows.size());
    std::size_t product_of_lines = 0;
    for (const CoverLine& line : cover.lines) {
        std::size_t rows = 1;
        for (const auto& values : line) rows *= std::max<std::size_t>(1, values.size());
        product_of_lines += rows;
    }
    CHECK(product_of_lines == cover.rows.size());  // lines are disjoint, so nothing is covered twice or beside
    for (const ViewRow& row : cover.rows) {
        const bool covered = std::any_of(cover.lines.begin(), cover.lines.end(), [&](const CoverLine& line) {
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (row[i] && std::find(line[i].begin(), line[i].end(), *row[i]) == line[i].end()) return false;
            }
            return true;
        });
        CHECK(covered);
    }
}

TEST_CASE("cvc5 finds every obligation of a certificate of views unsatisfiable, and one of them satisfiable without one view") {
    if (!has_cvc5()) {
        WARN("skipped: there is no cvc5 here (Debian package cvc5)");
        return;
    }
    for (const Asked& asked : kOfOneUe) {
        INFO(asked.property);
        if (tests::kSanitized && std::string(asked.property) != "P10") continue;
        ViewProof proof = proof_of(asked);
        const ViewObligations obligations = obligations_of(proof).value();
        const std::string text = as_smtlib(proof, obligations, asked.property);
        CHECK(text.find("any number of UEs") != std::string::npos);
        CHECK(text.find("What this file does not carry") != std::string::npos);
        CHECK(count_of(text, "(check-sat)\n") == obligations.obligations.size());
        CHECK(asked_of_cvc5(text, "views.smt2") == std::pair<std::size_t, std::size_t>{obligations.obligations.size(), 0});
        if (proof.codes.size() > 100) continue;
        proof.codes.pop_back();
        const std::pair<std::size_t, std::size_t> without = asked_of_cvc5(as_smtlib(proof, obligations_of(proof).value(), asked.property), "fewer.smt2");
        CHECK(without.second > 0);
    }
}

TEST_CASE("check --unbounded writes a certificate of what it proves, and none of what is violated") {
    checker::CheckRequest request;
    request.model.scenario = "success";
    request.model.readings = kRefused;
    request.property_ids = {"P24"};
    request.unbounded = true;
    request.write_certificates = true;
    request.seconds = 20;
    const Result<checker::CheckRun> proved = checker::check(request);
    REQUIRE(proved.ok());
    CHECK(proved.value().answer.properties[0].verdict == outcome::Verdict::kHolds);
    CHECK(proved.value().answer.properties[0].certificate.find("proved again by CaDiCaL") != std::string::npos);
    REQUIRE(proved.value().certificates.size() == 1);
    CHECK(proved.value().certificates[0].property == "P24");
    CHECK(proved.value().certificates[0].missing.empty());
    if (tests::kSanitized) return;
    request.model.scenario = "shared-impu";
    request.model.readings.clear();
    request.property_ids = {"P2"};
    request.seconds = 1;
    const Result<checker::CheckRun> violated = checker::check(request);
    REQUIRE(violated.ok());
    CHECK(violated.value().answer.properties[0].verdict == outcome::Verdict::kViolated);
    CHECK(violated.value().certificates.empty());
}
