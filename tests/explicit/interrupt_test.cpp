// A leads-to that is being decided when somebody asks to stop: Unknown, with the reason, and everything decided before stays.
#include <catch2/catch.hpp>

#include "checker/explicit/lasso.h"
#include "checker/explicit/liveness.h"
#include "model/ir/builder.h"

using namespace imspect;
using monitor::ObserverKind;
using outcome::Verdict;

namespace {

/// x goes round for ever; 9 comes again and again, 12 never.
ir::GroundSystem hours() {
    ir::Builder b("clock");
    const auto node = b.node("N");
    const auto range = b.range("hour", 0, 12);
    const auto x = b.variable("x", node, range, {}, 0);
    b.rule("ticks", node, ir::RuleKind::kInternal).when(ir::E(x) < b.value(range, 11)).set(x, ir::E(x) + 1).fair();
    b.rule("strikes", node, ir::RuleKind::kInternal).when(ir::E(x) == b.value(range, 11)).set(x, b.value(range, 0)).fair();
    auto system = ir::ground(b.take());
    REQUIRE(system.ok());
    return std::move(system).value();
}

ir::ExprId hour(const ir::GroundSystem& system, int value) {
    const ir::DomainId range = system.variables[0].domain;
    return system.pool().equal(system.pool().slot(0, range), system.pool().constant(range, value));
}

monitor::Observer leads(const ir::GroundSystem& system, const char* id, std::vector<int> to) {
    monitor::Observer observer;
    observer.id = id;
    observer.kind = ObserverKind::kLeadsTo;
    observer.formula = ir::kNoExpr;
    for (const int value : to) observer.obligations.push_back({hour(system, 0), hour(system, value), ""});
    return observer;
}

/// An explored clock with its graph, for one component at a time.
struct Explored {
    ir::GroundSystem system = hours();
    monitor::Observer observer = leads(system, "strikes-twelve", {12});
    explore::SearchOptions free_run;
    explore::Product product{system, {&observer}};
    explore::Symmetry symmetry{product, false};
    explore::Exploration exploration{product, symmetry, free_run, true, 0};
    explore::EdgeGraph graph;

    Explored() {
        exploration.run();
        REQUIRE_FALSE(explore::EdgeGraph::build(graph, exploration, free_run));
    }
};

}  // namespace

TEST_CASE("an interrupt while a leads-to is being decided leaves it unknown and keeps what was decided before") {
    const auto system = hours();
    std::vector<monitor::Observer> observers = {leads(system, "first", {9}), leads(system, "broken", {12}),
                                                leads(system, "second", {9}), leads(system, "third", {12})};
    std::atomic<bool> interrupt{false};
    explore::SearchOptions options;
    options.interrupt = &interrupt;
    options.progress = [&](const explore::Progress& progress) { interrupt = progress.phase == "liveness second"; };
    const auto answer = explore::search(system, observers, options);
    REQUIRE(answer.ok());
    CHECK(answer.value().ended == "interrupted");
    CHECK(answer.value().statistics.states == 12);
    const auto& properties = answer.value().properties;
    CHECK(properties[0].verdict == Verdict::kHolds);
    CHECK(properties[1].verdict == Verdict::kViolated);
    CHECK(properties[1].witness);
    for (const std::size_t undecided : {2U, 3U}) {
        CHECK(properties[undecided].verdict == Verdict::kUnknown);
        CHECK(properties[undecided].reason == "liveness was not decided: interrupted");
        CHECK_FALSE(properties[undecided].witness);
    }
}

TEST_CASE("components, lassos and the decision itself each stop when they are asked to") {
    Explored clock;
    const std::atomic<bool> stop{true};
    explore::SearchOptions stopped;
    stopped.interrupt = &stop;

    explore::Region region;
    region.member_of.assign(clock.graph.vertices(), explore::kNoMember);
    for (explore::StateId id = 0; id < 12; ++id) region.add(id);
    CHECK_FALSE(explore::strong_components_of(clock.graph, region, stopped));
    const auto components = explore::strong_components_of(clock.graph, region, clock.free_run);
    REQUIRE(components);
    REQUIRE(components->cyclic.size() == 1);
    CHECK(components->cyclic[0].size() == 12);

    const std::vector<bool> all(12, true);
    const std::vector<bool> none(12, false);
    const explore::LassoGoal goal{region, all, all, none, *components};
    CHECK_FALSE(explore::LassoFinder(clock.exploration, clock.graph, stopped, {}).find(goal));
    CHECK(explore::LassoFinder(clock.exploration, clock.graph, clock.free_run, {}).find(goal));

    const auto result = explore::Liveness(clock.exploration, clock.graph, stopped).check(clock.observer);
    CHECK(result.ended == "interrupted");
    CHECK_FALSE(result.witness);
}

TEST_CASE("liveness without the memory to be decided says so") {
    Explored clock;
    explore::SearchOptions tight;
    tight.memory_bytes = clock.exploration.bytes() + clock.graph.bytes();
    const auto result = explore::Liveness(clock.exploration, clock.graph, tight).check(clock.observer);
    CHECK(result.ended == "memory limit " + explore::bytes_text(tight.memory_bytes));
    CHECK_FALSE(result.witness);
    tight.memory_bytes += 1U << 20;
    CHECK(explore::Liveness(clock.exploration, clock.graph, tight).check(clock.observer).witness);
}
