// What a search may say when it was not allowed to finish: everything it found, and never Holds for what it did not see.
#include <catch2/catch.hpp>

#include "checker/explicit/resident.h"
#include "checker/explicit/search.h"
#include "model/exec/replay.h"
#include "model/ir/builder.h"
#include "tests/oracle/two_phase.h"

using namespace imspect;
using monitor::ObserverKind;
using outcome::Verdict;

namespace {

/// x counts up to 99; done leads nowhere; nothing else.
ir::GroundSystem counter() {
    ir::Builder b("counter");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, 99);
    const auto x = b.variable("x", node, range, {}, 0);
    b.rule("up", node, ir::RuleKind::kInternal).when(ir::E(x) < b.value(range, 99)).set(x, ir::E(x) + 1).fair();
    auto system = ir::ground(b.take());
    REQUIRE(system.ok());
    return std::move(system).value();
}

monitor::Observer observer(const char* id, ObserverKind kind, ir::ExprId formula) {
    monitor::Observer o;
    o.id = id;
    o.kind = kind;
    o.formula = formula;
    return o;
}

std::vector<monitor::Observer> about_counter(const ir::GroundSystem& system) {
    ir::ExprPool& pool = system.pool();
    const ir::DomainId range = system.variables[0].domain;
    const ir::ExprId x = pool.slot(0, range);
    const auto below = [&](int limit) { return pool.less(x, pool.constant(range, limit)); };
    const auto is = [&](int value) { return pool.equal(x, pool.constant(range, value)); };
    monitor::Observer leads = observer("arrives", ObserverKind::kLeadsTo, ir::kNoExpr);
    leads.obligations.push_back({is(0), is(99), ""});
    return {observer("below-5", ObserverKind::kState, below(5)), observer("below-100", ObserverKind::kState, below(100)),
            observer("reaches-7", ObserverKind::kPossible, is(7)), observer("reaches-50", ObserverKind::kPossible, is(50)),
            leads};
}

outcome::CheckAnswer run(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers,
                         const explore::SearchOptions& options) {
    auto answer = explore::search(system, observers, options);
    REQUIRE(answer.ok());
    return std::move(answer).value();
}

}  // namespace

TEST_CASE("a search that ran to its end decides every property of the counter") {
    const auto system = counter();
    const auto answer = run(system, about_counter(system), {});
    CHECK(answer.ended.empty());
    CHECK(answer.statistics.complete);
    CHECK(answer.statistics.states == 100);
    CHECK(answer.statistics.depth == 99);
    CHECK(answer.properties[0].verdict == Verdict::kViolated);
    CHECK(answer.properties[0].witness->length() == 5);
    for (std::size_t i = 1; i < 5; ++i) CHECK(answer.properties[i].verdict == Verdict::kHolds);
    CHECK(answer.properties[2].witness->length() == 7);
}

TEST_CASE("a depth bound keeps what was found and says Holds of nothing that it did not exhaust") {
    const unsigned threads = GENERATE(1U, 2U);
    const auto system = counter();
    explore::SearchOptions options;
    options.threads = threads;
    options.depth_bound = 10;
    const auto answer = run(system, about_counter(system), options);
    CHECK(answer.ended == "depth bound 10");
    CHECK_FALSE(answer.statistics.complete);
    CHECK(answer.statistics.states == 11);
    CHECK(answer.properties[0].verdict == Verdict::kViolated);
    CHECK(answer.properties[1].verdict == Verdict::kUnknown);
    CHECK(answer.properties[1].bound == 10U);
    CHECK(answer.properties[1].reason == "no violation before the search ended early: depth bound 10");
    CHECK(answer.properties[2].verdict == Verdict::kHolds);
    CHECK(answer.properties[3].verdict == Verdict::kUnknown);
    CHECK(answer.properties[4].verdict == Verdict::kUnknown);
    CHECK(answer.properties[5].verdict == Verdict::kUnknown);
    CHECK(answer.rules_never_taken.empty());
}

TEST_CASE("a memory limit ends the search with what is known so far") {
    const auto system = oracle::two_phase(9, false);
    ir::ExprPool& pool = system.pool();
    std::vector<monitor::Observer> observers = {
        observer("never-commits", ObserverKind::kState, pool.negate(pool.slot(system.slot(4, {}), ir::kBoolDomain))),
        observer("anything", ObserverKind::kState, pool.boolean(true))};
    explore::SearchOptions options;
    options.threads = 2;
    const std::uint64_t mebibytes = (explore::resident_bytes() >> 20U) + 32;  // a sanitizer has taken some before the first state
    options.memory_bytes = mebibytes << 20U;
    const auto answer = run(system, observers, options);
    CHECK(answer.ended == "memory limit " + std::to_string(mebibytes) + " MiB");
    CHECK(answer.statistics.states > 1000);
    CHECK(answer.properties[1].verdict == Verdict::kUnknown);
    CHECK(answer.properties[0].verdict != Verdict::kHolds);
}

TEST_CASE("a memory limit too small to start and no threads at all are errors") {
    const auto system = counter();
    explore::SearchOptions options;
    options.memory_bytes = 4096;
    const auto small = explore::search(system, {}, options);
    REQUIRE_FALSE(small.ok());
    CHECK(small.error().message.find("a memory limit of 4096 bytes is too small to start") == 0);
    options = {};
    options.threads = 0;
    CHECK_FALSE(explore::search(system, {}, options).ok());
}

TEST_CASE("an interrupt ends the search at once, and no property holds") {
    const auto system = counter();
    const std::atomic<bool> interrupt{true};
    explore::SearchOptions options;
    options.interrupt = &interrupt;
    const auto answer = run(system, about_counter(system), options);
    CHECK(answer.ended == "interrupted");
    for (const auto& property : answer.properties) CHECK(property.verdict == Verdict::kUnknown);
}

TEST_CASE("an interrupt from the progress callback keeps the violation that was found before") {
    const auto system = oracle::two_phase(9, false);
    std::atomic<bool> interrupt{false};
    explore::SearchOptions options;
    options.interrupt = &interrupt;
    std::size_t calls = 0;
    options.progress = [&](const explore::Progress& progress) {
        ++calls;
        CHECK(progress.states > 0);
        if (progress.states > 20'000) interrupt = true;
    };
    ir::ExprPool& pool = system.pool();
    const std::vector<monitor::Observer> observers = {
        observer("never-aborts", ObserverKind::kState, pool.negate(pool.slot(system.slot(5, {}), ir::kBoolDomain))),
        observer("true", ObserverKind::kState, pool.boolean(true))};
    const auto answer = run(system, observers, options);
    CHECK(calls > 0);
    CHECK(answer.ended == "interrupted");
    CHECK(answer.properties[0].verdict == Verdict::kViolated);
    CHECK(answer.properties[0].witness->length() == 1);
    CHECK(answer.properties[1].verdict == Verdict::kUnknown);
}

TEST_CASE("with one thread the same search gives the same witnesses") {
    const auto system = oracle::two_phase(4, true);
    ir::ExprPool& pool = system.pool();
    const std::vector<monitor::Observer> observers = {
        observer("never-commits", ObserverKind::kState, pool.negate(pool.slot(system.slot(4, {}), ir::kBoolDomain)))};
    const auto first = run(system, observers, {});
    const auto second = run(system, observers, {});
    REQUIRE(first.properties[0].witness);
    CHECK(first.properties[0].witness->rules == second.properties[0].witness->rules);
    CHECK(first.statistics.symmetry_orbits == 24);
    CHECK(exec::replay(system, first.properties[0].witness->rules).ok());
}

TEST_CASE("a model that leaves a domain is an error that names the rule, with any number of threads") {
    const unsigned threads = GENERATE(1U, 2U, 4U);
    ir::Builder b("overflow");
    const auto node = b.node("N");
    const auto range = b.range("small", 0, 3);
    const auto x = b.variable("x", node, range, {}, 0);
    b.rule("grow", node, ir::RuleKind::kInternal).set(x, ir::E(x) + 1);
    const auto system = ir::ground(b.take());
    REQUIRE(system.ok());
    explore::SearchOptions options;
    options.threads = threads;
    const auto answer = explore::search(system.value(), {}, options);
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().message == "rule grow assigns 4 to x, whose values are 0..3 (small)");
}

TEST_CASE("a symmetry that is declared but does not exist is not used") {
    ir::Builder b("liar");
    const auto node = b.node("N");
    const auto who = b.identity("who", {"a", "b"}, true);
    const auto done = b.variable("done", node, ir::kBoolDomain, {who}, 0);
    b.rule("a_only", node, ir::RuleKind::kInternal).set(done(0), b.boolean(true));
    const auto system = ir::ground(b.take());
    REQUIRE(system.ok());
    const auto answer = run(system.value(), {}, {});
    CHECK(answer.statistics.symmetry_orbits == 1);
    CHECK(answer.statistics.states == 2);
}
