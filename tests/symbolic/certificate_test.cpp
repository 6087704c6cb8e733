// Certificates: what is written can be checked by a solver that we did not use, and a wrong one is found out.
#include "checker/symbolic/certificate.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "checker/check.h"
#include "checker/symbolic/engine.h"
#include "checker/symbolic/ic3.h"
#include "checker/symbolic/joint.h"
#include "checker/symbolic/learning.h"
#include "checker/symbolic/smtlib.h"
#include "model/ir/builder.h"
#include "tests/support/program.h"
#include "tests/support/sanitized.h"

using namespace imspect;

namespace {

/// A counter 0..6 that moves by two: odd values are never reached, which takes an invariant to prove.
struct EvenCounter {
    ir::GroundSystem system;
    monitor::Observer never_five;

    EvenCounter() {
        ir::Builder b("even");
        const auto node = b.node("N");
        const auto range = b.range("range", 0, 6);
        const ir::V x = b.variable("x", node, range, {}, 0);
        b.rule("up", node, ir::RuleKind::kInternal).when(ir::E(x) < b.value(range, 5)).set(x, ir::E(x) + 2);
        b.rule("reset", node, ir::RuleKind::kInternal).set(x, b.value(range, 0));
        system = ir::ground(b.take()).value();
        ir::ExprPool& pool = system.pool();
        never_five.id = "never-five";
        never_five.formula = pool.negate(pool.equal(pool.slot(0, range), pool.constant(range, 5)));
        never_five.first_register = static_cast<ir::SlotId>(system.variables.size());
    }
};

}  // namespace

TEST_CASE("an invariant proves itself again, and one clause less or a wrong clause does not") {
    const EvenCounter counter;
    auto machine = symbolic::translate(counter.system, &counter.never_five);
    REQUIRE(machine.ok());
    const symbolic::Slice slice = symbolic::slice_for(machine.value(), machine.value().observed[0]);
    const symbolic::Finding finding = symbolic::ic3(machine.value(), slice, {}, [](std::uint32_t) {});
    REQUIRE(finding.kind == symbolic::Finding::Kind::kUnreachable);
    CHECK_FALSE(symbolic::refute(machine.value(), slice, finding.certificate));
    symbolic::Certificate wrong;
    CHECK(symbolic::refute(machine.value(), slice, wrong) == std::optional<std::string>("property"));
    wrong.excluded = {{-1, -2, -3}};  // the initial state
    CHECK(symbolic::refute(machine.value(), slice, wrong) == std::optional<std::string>("initiation"));
    wrong.excluded = {{1, -2, 3}};  // five, but not what leads there
    CHECK(symbolic::refute(machine.value(), slice, wrong) == std::optional<std::string>("consecution"));
}

TEST_CASE("an invariant learnt from the visited states is a certificate, and there is none of what can be reached") {
    EvenCounter counter;
    for (const bool reached : {false, true}) {
        ir::ExprPool& pool = counter.system.pool();
        const ir::DomainId range = counter.system.variables[0].domain;
        if (reached) counter.never_five.formula = pool.negate(pool.equal(pool.slot(0, range), pool.constant(range, 4)));
        auto machine = symbolic::translate(counter.system, &counter.never_five);
        REQUIRE(machine.ok());
        const symbolic::Slice slice = symbolic::slice_for(machine.value(), machine.value().observed[0]);
        symbolic::VisitedStates states(machine.value(), slice.latches);
        const auto never = [] { return false; };
        REQUIRE(states.visit(machine.value().observed, 100, never));
        CHECK(states.size() == 4);
        CHECK(states.runs()[0].has_value() == reached);
        if (reached) CHECK(states.runs()[0]->size() == 2);
        const auto found = symbolic::learnt_invariant(machine.value(), slice, states, never);
        REQUIRE(found.has_value() == !reached);
        if (reached) continue;
        symbolic::Certificate certificate;
        certificate.excluded = *found;
        CHECK_FALSE(certificate.excluded.empty());
        CHECK_FALSE(symbolic::refute(machine.value(), slice, certificate));
        certificate.excluded.pop_back();
        CHECK(symbolic::refute(machine.value(), slice, certificate));
        CHECK_FALSE(symbolic::learnt_invariant(machine.value(), slice, states, [] { return true; }));
    }
}

TEST_CASE("a certificate that speaks of more than its property depends on is complete by itself") {
    ir::Builder b("two");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, 6);
    const ir::V x = b.variable("x", node, range, {}, 0);
    const auto eight = b.range("eight", 0, 7);  // every value of its bits: not in the shape of states either
    const ir::V y = b.variable("y", node, eight, {}, 0);  // nothing depends on it
    b.rule("up", node, ir::RuleKind::kInternal).when(ir::E(x) < b.value(range, 5)).set(x, ir::E(x) + 2).set(y, b.value(eight, 2));
    b.rule("reset", node, ir::RuleKind::kInternal).set(x, b.value(range, 0)).set(y, b.value(eight, 4));
    const ir::GroundSystem system = ir::ground(b.take()).value();
    const auto machine = symbolic::translate(system, nullptr);
    REQUIRE(machine.ok());
    symbolic::JointQuestion question{machine.value(), {}};
    for (std::size_t first : {0U, 3U}) {
        const auto& bits = question.machine.latches;
        symbolic::Target five;
        five.at_state = question.machine.circuit.all(std::vector<symbolic::Literal>{bits[first].now, symbolic::negate(bits[first + 1].now), bits[first + 2].now});
        question.targets.push_back(five);
    }
    const symbolic::JointAnswer answer = symbolic::unpack_joint(question, symbolic::work_jointly(question, symbolic::JointWork::kLearn, 0));
    for (std::size_t i = 0; i < 2; ++i) {
        REQUIRE(answer.findings[i].kind == symbolic::Finding::Kind::kUnreachable);
        symbolic::Certificate certificate = answer.findings[i].certificate;
        CHECK_FALSE(symbolic::refute(*answer.machine, answer.slices[i], certificate));
        certificate.excluded.push_back({5});  // y is 2 at times: wrong, whether or not the property depends on it
        CHECK(symbolic::refute(*answer.machine, answer.slices[i], certificate));
    }
}

TEST_CASE("asked together, what is reached has its run and what is not has a certificate of its own") {
    const EvenCounter counter;
    const auto machine = symbolic::translate(counter.system, &counter.never_five);
    REQUIRE(machine.ok());
    symbolic::JointQuestion question{machine.value(), machine.value().observed};
    for (const std::int64_t value : {4, 3}) {
        const auto& bits = question.machine.latches;
        symbolic::Target target;
        std::vector<symbolic::Literal> same;
        for (unsigned bit = 0; bit < 3; ++bit) same.push_back(symbolic::with_sign(bits[bit].now, ((value >> bit) & 1) == 0));
        target.at_state = question.machine.circuit.all(same);
        question.targets.push_back(target);
    }
    const symbolic::JointAnswer answer = symbolic::unpack_joint(question, symbolic::work_jointly(question, symbolic::JointWork::kLearn, 0));
    REQUIRE(answer.findings.size() == 3);
    CHECK(answer.findings[1].kind == symbolic::Finding::Kind::kReached);
    CHECK(answer.findings[1].rules.size() == 2);
    for (const std::size_t unreachable : {0U, 2U}) {
        REQUIRE(answer.findings[unreachable].kind == symbolic::Finding::Kind::kUnreachable);
        CHECK_FALSE(symbolic::refute(*answer.machine, answer.slices[unreachable], answer.findings[unreachable].certificate));
    }
    CHECK_FALSE(symbolic::refute(*answer.machine, answer.slice, answer.findings[0].certificate));
    const symbolic::JointAnswer visited = symbolic::unpack_joint(question, symbolic::work_jointly(question, symbolic::JointWork::kVisit, 0));
    CHECK(visited.saw_all);
    CHECK(visited.findings[0].kind == symbolic::Finding::Kind::kUndecided);
    CHECK(visited.findings[1].rules == answer.findings[1].rules);
    CHECK(symbolic::refute(*answer.machine, answer.slices[1], answer.findings[0].certificate) == std::optional<std::string>("property"));
}

TEST_CASE("visiting ends at the limit of states and keeps the runs found by then") {
    const EvenCounter counter;
    const auto machine = symbolic::translate(counter.system, &counter.never_five);
    REQUIRE(machine.ok());
    symbolic::Target start;
    start.at_state = symbolic::kTrue;
    symbolic::VisitedStates states(machine.value(), {0, 1, 2});
    CHECK_FALSE(states.visit({start, machine.value().observed[0]}, 2, [] { return false; }));
    CHECK(states.size() == 3);
    CHECK(states.runs()[0] == std::vector<std::uint32_t>{});
    CHECK_FALSE(states.runs()[1].has_value());
}

TEST_CASE("cvc5 finds every obligation of a written certificate unsatisfiable") {
    if (tests::said_in_shell("cvc5 --version").find("cvc5") == std::string::npos || tests::said_in_shell("cvc5 --version").find("not found") != std::string::npos) {
        WARN("skipped: there is no cvc5 here (Debian package cvc5)");
        return;
    }
    const EvenCounter counter;
    for (const symbolic::Method method : {symbolic::Method::kIc3, symbolic::Method::kInduction}) {
        symbolic::ProofOptions options;
        options.method = method;
        options.write_certificates = true;
        options.deadlock = options.unspecified = false;
        const auto answer = symbolic::prove(counter.system, {counter.never_five}, options);
        REQUIRE(answer.ok());
        REQUIRE(answer.value().certificates.size() == 1);
        const std::string& text = answer.value().certificates[0].text;
        if (method == symbolic::Method::kIc3) CHECK(text.find(";   not (x ") != std::string::npos);
        const std::string file = IMSPECT_TEST_OUTPUT "/certificate.smt2";
        std::ofstream(file) << text;
        const std::string expected = method == symbolic::Method::kIc3 ? "unsat\nunsat\nunsat\n" : "unsat\nunsat\nunsat\nunsat\n";
        CHECK(tests::said_in_shell("cvc5 " + file) == expected);
    }
}

TEST_CASE("cvc5 finds the certificates of a shipped scenario unsatisfiable") {
    if (tests::kSanitized) return;  // another tool's word of what other tests run under sanitizers too
    if (tests::said_in_shell("cvc5 --version").find("cvc5") == std::string::npos || tests::said_in_shell("cvc5 --version").find("not found") != std::string::npos) {
        WARN("skipped: there is no cvc5 here (Debian package cvc5)");
        return;
    }
    checker::CheckRequest request;
    request.model.scenario = "success";
    request.engine = checker::Engine::kIc3;
    request.write_certificates = true;
    const auto answer = checker::check(request);
    REQUIRE(answer.ok());
    std::size_t checked = 0;
    for (const symbolic::WrittenCertificate& certificate : answer.value().certificates) {
        if (certificate.property != "P1" && certificate.property != "P15") continue;  // the others have the same invariant
        INFO(certificate.property);
        ++checked;
        const std::string file = IMSPECT_TEST_OUTPUT "/certificate_of_success.smt2";
        std::ofstream(file) << certificate.text;
        CHECK(tests::said_in_shell("cvc5 " + file) == "unsat\nunsat\nunsat\n");
    }
    CHECK(checked == 2);
}
