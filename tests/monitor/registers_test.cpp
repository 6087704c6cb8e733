// What an observer costs: which registers it has, which it does without, and what kind of observer it becomes.
#include <catch2/catch.hpp>

#include "properties/language/language.h"
#include "tests/support/random_formula.h"

using namespace imspect;
using monitor::Observer;
using monitor::ObserverKind;

namespace {

Observer observer_of(const std::string& body) {
    ir::GroundSystem ground = naive::random_system(1);
    const auto parsed = language::parse("property R \"r\" " + body, "r.props");
    if (!parsed) FAIL(parsed.error().text());
    const auto observer = language::compile(parsed.value().at(0), ground, static_cast<ir::SlotId>(ground.variables.size()));
    if (!observer) FAIL(observer.error().text());
    return observer.value();
}

}  // namespace

TEST_CASE("an observer has the registers that its history needs, and no more") {
    const auto [body, registers] = GENERATE(table<std::string, std::size_t>({
        {"always f", 0},
        {"always old(f) => f", 0},
        {"always once f", 1},
        {"always once beep and once beep", 1},
        {"always forall u: UE. once ping(u)", 2},
        {"always forall u, v: UE. once ping(u)", 2},
        {"always (forall u: UE. once ping(u)) and (exists v: UE. not once ping(v))", 2},
        {"always previously f", 0},
        {"always previously beep", 1},
        {"always previously once beep", 1},
        {"always once initially", 0},
        {"always once true", 0},
        {"always historically false", 0},
        {"always once taken(paint, ue1) and once paint(ue2)", 2},
        {"always once (beep and not beep)", 0},
        {"always once (paint(ue1) and draw(ue1))", 0},
        {"record last[u: UE]: Tok := t.1[u] when ping(u) always true", 0},
        {"record last[u: UE]: Tok := t.1[u] when ping(u) always last[ue1] = none", 1},
        {"record last[u: UE]: Tok := t.1[u] when ping(u) always last[o] = none", 2},
        {"record never: 0..5 := old(never) + 1 when false always never = 0", 0},
        {"record same: bool := old(same) when beep always same", 0},
        {"f leads to not f", 0},
        {"beep leads to f", 1},
        {"once beep leads to f", 1},
        {"false leads to f", 0},
    }));
    INFO(body);
    CHECK(observer_of(body).registers.size() == registers);
}

TEST_CASE("a formula over states is checked on states, anything else on steps") {
    CHECK(observer_of("always f").kind == ObserverKind::kState);
    CHECK(observer_of("always forall u: UE. node.c[u] = red").formula != ir::kNoExpr);
    CHECK(observer_of("always once f").kind == ObserverKind::kStep);
    CHECK(observer_of("always beep => f").kind == ObserverKind::kStep);
    CHECK(observer_of("always initially or true").kind == ObserverKind::kStep);
    CHECK(observer_of("possible f").formula != ir::kNoExpr);
    CHECK(observer_of("possible beep").formula == ir::kNoExpr);
    CHECK(observer_of("possible beep").step_formula.size() == naive::random_system(1).rules.size());
    CHECK(observer_of("f leads to not f").kind == ObserverKind::kLeadsTo);
    CHECK(observer_of("automatic").kind == ObserverKind::kAutomatic);
}

TEST_CASE("each instance of a quantified leads-to is an obligation with a name") {
    const Observer observer = observer_of("forall u: UE, k: 1..2. node.n = k and o = u leads to node.n = 0");
    REQUIRE(observer.obligations.size() == 4);
    CHECK(observer.obligations[0].name == "u = ue1, k = 1");
    CHECK(observer.obligations[3].name == "u = ue2, k = 2");
}

TEST_CASE("naming an identity of a symmetric domain gives symmetry up, quantifying over it does not") {
    CHECK(observer_of("always forall u: UE. once ping(u)").identity_free);
    CHECK(observer_of("always o = none").identity_free);
    CHECK_FALSE(observer_of("always o != ue1").identity_free);
    CHECK_FALSE(observer_of("always ping(ue2) => f").identity_free);
}

TEST_CASE("registers say which element of which family they are") {
    const Observer observer = observer_of("always forall u: UE. once ping(u)");
    REQUIRE(observer.history.size() == 2);
    CHECK(observer.history[0].family == observer.history[1].family);
    CHECK(observer.history[0].indices == std::vector<ir::Value>{0});
    CHECK(observer.history[1].indices == std::vector<ir::Value>{1});
    CHECK(observer.history[0].reg == 0);
    CHECK(observer.history[1].reg == 1);
    CHECK(observer.registers[1].variable.name == "once ping(u)[ue2]");
}
