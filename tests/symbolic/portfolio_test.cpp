// The portfolio of `--engine auto`: who answers when, and what is told of it.
#include "checker/portfolio.h"

#include <atomic>

#include <catch2/catch.hpp>

#include "checker/outcome_words.h"
#include "model/ir/builder.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using monitor::Observer;
using outcome::Verdict;

namespace {

/// So many bits that flip one at a time, in any order: 2^bits states, yet one clause proves what never happens.
struct Bits {
    ir::GroundSystem system;
    std::vector<Observer> observers;

    explicit Bits(unsigned bits) {
        ir::Builder b("bits");
        const auto node = b.node("N");
        const auto one = b.range("bit", 0, 1);
        std::vector<ir::V> all;
        for (unsigned i = 0; i < bits; ++i) all.push_back(b.variable("b" + std::to_string(i), node, one, {}, 0));
        const ir::V never = b.variable("never", node, one, {}, 0);
        for (unsigned i = 0; i < bits; ++i) {
            b.rule("flips" + std::to_string(i), node, ir::RuleKind::kInternal).set(all[i], b.value(one, 1) - all[i]);
        }
        b.rule("stays", node, ir::RuleKind::kInternal).when(ir::E(never) == b.value(one, 1)).set(never, b.value(one, 0));
        system = ir::ground(b.take()).value();
        ir::ExprPool& pool = system.pool();
        const auto slot_is = [&](ir::SlotId slot, ir::Value value) { return pool.equal(pool.slot(slot, one), pool.constant(one, value)); };
        add("never", pool.negate(slot_is(bits, 1)));
        add("few", pool.negate(pool.conjunction({slot_is(0, 1), slot_is(1, 1), slot_is(2, 1)})));
    }
    void add(const std::string& id, ir::ExprId formula) {
        Observer observer;
        observer.id = id;
        observer.formula = formula;
        observer.first_register = static_cast<ir::SlotId>(system.variables.size());
        observers.push_back(observer);
    }
};

checker::PortfolioOptions options_with(unsigned threads) {
    checker::PortfolioOptions options;
    options.search.threads = threads;
    options.head_start = 0.2;
    options.least_grace = tests::kSanitized ? 120 : 30;
    options.proof.deadlock = options.proof.unspecified = false;
    return options;
}

}  // namespace

TEST_CASE("what the search answers in time is told as the search's, to the last word") {
    const Bits small(4);
    const auto alone = explore::search(small.system, small.observers, {});
    const auto got = checker::search_with_help(small.system, small.observers, options_with(2));
    REQUIRE((alone.ok() && got.ok()));
    REQUIRE(got.value().properties.size() == alone.value().properties.size());
    for (std::size_t i = 0; i < got.value().properties.size(); ++i) {
        CHECK(got.value().properties[i].engine == "explicit");
        CHECK(got.value().properties[i].verdict == alone.value().properties[i].verdict);
        CHECK(got.value().properties[i].reason == alone.value().properties[i].reason);
    }
    CHECK(got.value().ended.empty());
}

TEST_CASE("where the search ends at its memory, ic3 proves what holds and bmc's or the search's run is shortest") {
    const Bits large(600);  // large states, so that few of them reach the limit
    checker::PortfolioOptions options = options_with(1);  // one thread: nothing beside the search, only after it
    options.search.memory_bytes = (std::uint64_t{tests::kSanitized ? 1200 : 200}) << 20U;
    const auto got = checker::search_with_help(large.system, large.observers, options);
    REQUIRE(got.ok());
    INFO(got.value().properties[0].reason << got.value().properties[1].reason);
    CHECK(got.value().ended.find("memory limit") == 0);
    CHECK(got.value().properties[0].engine == "ic3");
    CHECK(got.value().properties[0].verdict == Verdict::kHolds);
    CHECK_FALSE(got.value().properties[0].certificate.empty());
    CHECK(got.value().properties[1].verdict == Verdict::kViolated);
    CHECK(got.value().properties[1].engine == "explicit");
    REQUIRE(got.value().properties[1].witness);
    CHECK(got.value().properties[1].witness->length() == 3);
}

TEST_CASE("answers to all questions end a search that would go on") {
    const Bits large(60);
    checker::PortfolioOptions options = options_with(2);
    options.seconds = 300;
    const auto got = checker::search_with_help(large.system, large.observers, options);
    REQUIRE(got.ok());
    CHECK(got.value().ended == "every question was answered before all states were visited");
    CHECK(got.value().statistics.seconds < 200);
    CHECK(got.value().properties[0].engine == "ic3");
    CHECK(got.value().properties[0].verdict == Verdict::kHolds);
    CHECK(got.value().properties[1].verdict == Verdict::kViolated);
    CHECK_FALSE(got.value().statistics.complete);
}

TEST_CASE("with a depth bound or for a leads-to there is no help, and a time limit says what it was") {
    Bits large(60);
    checker::PortfolioOptions options = options_with(2);
    options.seconds = 1;
    options.search.depth_bound = 1000;
    const auto bounded = checker::search_with_help(large.system, large.observers, options);
    REQUIRE(bounded.ok());
    CHECK(bounded.value().ended == "time limit of 1 s");
    CHECK(bounded.value().properties[0].verdict == Verdict::kUnknown);
    CHECK(bounded.value().properties[0].reason == "no violation before the search ended early: time limit of 1 s");
}

TEST_CASE("an interrupt ends the search and its helpers, and is told as one") {
    const Bits large(60);
    const std::atomic<bool> interrupt = true;
    checker::PortfolioOptions options = options_with(2);
    options.search.interrupt = &interrupt;
    const auto got = checker::search_with_help(large.system, large.observers, options);
    REQUIRE(got.ok());
    CHECK(got.value().ended == "interrupted");
    CHECK(got.value().properties[0].verdict == Verdict::kUnknown);
}

TEST_CASE("an outcome that went through words is the same") {
    std::vector<outcome::PropertyOutcome> properties(2);
    properties[0].verdict = Verdict::kViolated;
    properties[0].engine = "bmc";
    properties[0].witness = outcome::Witness{{3, 1, 4}, {}, false};
    properties[0].bounds_reached = {"room", "tokens"};
    properties[1].reason = "time limit of 3 s";
    properties[1].certificate = "inductive invariant of 2 clauses";
    properties[1].bound = 7;
    std::vector<outcome::PropertyOutcome> back(2);
    checker::unpack(checker::pack(properties), back);
    CHECK(back[0].verdict == Verdict::kViolated);
    CHECK(back[0].engine == "bmc");
    REQUIRE(back[0].witness);
    CHECK(back[0].witness->rules == properties[0].witness->rules);
    CHECK(back[0].bounds_reached == properties[0].bounds_reached);
    CHECK_FALSE(back[0].bound);
    CHECK(back[1].reason == properties[1].reason);
    CHECK(back[1].certificate == properties[1].certificate);
    CHECK(back[1].bound == 7U);
    CHECK_FALSE(back[1].witness);
}
