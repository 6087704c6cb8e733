// Certificates: what is written can be checked by a solver that we did not use, and a wrong one is found out.
#include "checker/symbolic/certificate.h"

#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>

#include "checker/symbolic/engine.h"
#include "checker/symbolic/ic3.h"
#include "checker/symbolic/smtlib.h"
#include "model/ir/builder.h"

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

std::string run(const std::string& command) {
    const std::string file = IMSPECT_TEST_OUTPUT "/certificate.out";
    const int status = std::system((command + " > " + file + " 2>&1").c_str());
    std::ifstream in(file);
    return std::string{std::istreambuf_iterator<char>(in), {}} + (status == 0 ? "" : "status not 0");
}

}  // namespace

TEST_CASE("an invariant proves itself again, and one clause less or a wrong clause does not") {
    const EvenCounter counter;
    auto machine = symbolic::translate(counter.system, &counter.never_five);
    REQUIRE(machine.ok());
    const symbolic::Slice slice = symbolic::slice_for(machine.value(), machine.value().observed);
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

TEST_CASE("cvc5 finds every obligation of a written certificate unsatisfiable") {
    if (run("cvc5 --version").find("cvc5") == std::string::npos || run("cvc5 --version").find("not found") != std::string::npos) {
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
        CHECK(run("cvc5 --incremental " + file) == expected);
    }
}
