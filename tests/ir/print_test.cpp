#include "model/ir/print.h"

#include <catch2/catch.hpp>

#include "model/ir/builder.h"
#include "model/ir/expression_text.h"
#include "tests/support/sample_systems.h"

using namespace imspect::ir;

namespace {

const System& sample(const std::string& name, const std::vector<imspect::support::Sample>& all) {
    for (const auto& entry : all) {
        if (entry.name == name) return *entry.system;
    }
    FAIL("no sample " << name);
    return *all[0].system;
}

std::string rule_text(const System& system, const std::string& name) {
    for (RuleId id = 0; id < system.rules.size(); ++id) {
        if (system.rules[id].name == name) return print_rule(system, id);
    }
    return "no such rule";
}

}  // namespace

TEST_CASE("expressions print with the parentheses that precedence asks for and no others") {
    Builder b("print");
    const NodeId n = b.node("n");
    const DomainId digit = b.range("Digit", 0, 9);
    const DomainId shape = b.enumeration("Shape", {"round", "square"});
    const DomainId who = b.identity("Who", {"w1", "w2"}, false);
    const DomainId token = b.token("Token", 3);
    const V x = b.variable("x", n, digit, {}, 0);
    const V y = b.variable("y", n, digit, {}, 0);
    const V s = b.variable("s", n, shape, {who}, 0);
    const V t = b.variable("t", n, token, {}, 0);
    const E a = b.variable("a", n, kBoolDomain, {}, 0);
    const E c = b.variable("c", n, kBoolDomain, {}, 0);
    const E d = b.variable("d", n, kBoolDomain, {}, 0);
    const E p = b.parameter("p", who);
    const auto text = [&](const E& e) { return print(b.system(), e.id); };
    CHECK(text(a && (c || d)) == "a and (c or d)");
    CHECK(text((a && c) || d) == "a and c or d");
    CHECK(text(!(a && c)) == "not (a and c)");
    CHECK(text(implies(a, c || d)) == "a => c or d");
    CHECK(text(implies(a, c) && d) == "(a => c) and d");
    CHECK(text(a == c) == "a <=> c");
    CHECK(text(x + 1 - (y - 2) < 3) == "x + 1 - (y - 2) < 3");
    CHECK(text(x > 3 && x != y) == "x > 3 and x != y");
    CHECK(text(!(x < 3)) == "not x < 3");
    CHECK(text(s(p) == b.value(shape, "square")) == "s[p] = square");
    CHECK(text(b.forall(p, s(p) == b.value(shape, "round")) && a) == "(forall p: Who. s[p] = round) and a");
    CHECK(text(b.exists(p, s(p) == s(b.value(who, 0)) && a)) == "exists p: Who. s[p] = s[w1] and a");
    CHECK(text(ite(a, x, y) + 1) == "(if a then x else y) + 1");
    CHECK(text(t == 0 || t < b.fresh(token, 1)) == "t = none or t < fresh(Token, 1)");
    CHECK(text(b.value(shape, "round")) == "Shape.round");
}

TEST_CASE("names that are no words, and parameters that would capture one another, print so that they can be read back") {
    const auto all = imspect::support::sample_systems();
    const System& system = sample("names", all);
    CHECK(rule_text(system, "paints") ==
          "paints(x: 'Who?'): internal at a node\n"
          "  when     (exists x_2: 'Who?'. is(x_2) and x != x_2)\n"
          "    and    not all_and\n"
          "  then     flag := if flag = Colour.flag then 'dark red' else Colour.flag\n"
          "           mode[at] := if at = x then 'and' else red\n"
          "           at := x\n");
}

TEST_CASE("rules print as one would read them aloud: channels by head and length, what is sent by its fields") {
    const auto all = imspect::support::sample_systems();
    const System& system = sample("channels", all);
    CHECK(rule_text(system, "asks") ==
          "asks(s: Side): send at a\n"
          "  when     got[s] = none\n"
          "    and    link[s].length < 2\n"
          "  sends    link[s] {kind = ask, mark = fresh(Mark), from = s}\n"
          "  shows    \"ask\" a -> z\n");
    CHECK(rule_text(system, "receives") ==
          "receives(s: Side): receive at z, fair\n"
          "  receives head of link[s]\n"
          "  when     link[s].length > 0\n"
          "  then     got[s] := link[s].head.mark\n"
          "           who := link[s].head.from\n"
          "  raises   told(s)\n");
    CHECK(rule_text(system, "loses") ==
          "loses(s: Side): fault at net\n"
          "  costs    1 fault\n"
          "  removes  message 2 of link[s]\n"
          "  when     link[s].length > 1\n"
          "  then     left := left - 1\n"
          "  budget   faults: left > 0\n");
    CHECK(rule_text(system, "swaps").find("  swaps    messages 1 and 2 of link[s]\n") != std::string::npos);
}

TEST_CASE("a ground expression prints slots by name and the state before the step as old") {
    Builder b("ground");
    const NodeId n = b.node("n");
    const DomainId who = b.identity("Who", {"w1", "w2"}, false);
    const V v = b.variable("v", n, kBoolDomain, {who}, 0);
    const E p = b.parameter("p", who);
    const E all = b.forall(p, v(p));
    const auto system = b.take();
    const auto ground = imspect::ir::ground(system);
    REQUIRE(ground.ok());
    const ExprId flat = ground_expression(ground.value(), all.id, {});
    CHECK(print(ground.value(), flat) == "v[w1] and v[w2]");
    CHECK(print(ground.value(), as_old(system->pool, flat)) == "old(v[w1]) and old(v[w2])");
}
