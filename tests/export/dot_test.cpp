#include "report/export/dot.h"

#include <catch2/catch.hpp>

#include "model/ir/builder.h"

using namespace imspect;
using namespace imspect::ir;

namespace {

GroundSystem counter(Value most) {
    Builder b("counter");
    const NodeId n = b.node("n");
    const DomainId digit = b.range("Digit", 0, most);
    const V x = b.variable("x", n, digit, {}, 0);
    b.rule("tick", n, RuleKind::kInternal).when(x < most).set(x, x + 1);
    auto system = ground(b.take());
    REQUIRE(system.ok());
    return system.value();
}

}  // namespace

TEST_CASE("a small system is drawn state by state, terminal states double") {
    const auto text = exports::write_dot(counter(2));
    REQUIRE(text.ok());
    CHECK(text.value() ==
          "digraph \"counter\" {\n"
          "  node [shape=box, fontname=\"monospace\"];\n"
          "  s0 [label=\"initial\"];\n"
          "  s1 [label=\"x = 1\\l\"];\n"
          "  s2 [label=\"x = 2\\l\", peripheries=2];\n"
          "  s0 -> s1 [label=\"tick\"];\n"
          "  s1 -> s2 [label=\"tick\"];\n"
          "}\n");
}

TEST_CASE("a system too large to draw is an error that says so, up to the very state") {
    CHECK(exports::write_dot(counter(9), 10).ok());
    const auto refused = exports::write_dot(counter(9), 9);
    REQUIRE_FALSE(refused.ok());
    CHECK_THAT(refused.error().message, Catch::Contains("'counter' has more than 9 states"));
}
