// The AIGER file, read by ABC: same verdicts as ours, from a tool that shares nothing with us but the file.
#include "report/export/aiger.h"

#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>

#include "model/ir/builder.h"
#include "tests/support/program.h"

using namespace imspect;

namespace {

std::string abc(const std::string& commands) {
    return tests::said_in_shell("berkeley-abc -c '" + commands + "'");
}

}  // namespace

TEST_CASE("PDR of ABC proves what holds and refutes what does not from the AIGER file") {
    if (std::system("berkeley-abc -c quit > /dev/null 2>&1") != 0) {
        WARN("skipped: there is no berkeley-abc here (Debian package berkeley-abc)");
        return;
    }
    ir::Builder b("even");
    const auto node = b.node("N");
    const auto range = b.range("range", 0, 6);
    const ir::V x = b.variable("x", node, range, {}, 2);  // not zero: AIGER starts at zero
    b.rule("up", node, ir::RuleKind::kInternal).when(ir::E(x) < b.value(range, 5)).set(x, ir::E(x) + 2);
    b.rule("reset", node, ir::RuleKind::kInternal).set(x, b.value(range, 0));
    const ir::GroundSystem system = ir::ground(b.take()).value();
    ir::ExprPool& pool = system.pool();
    for (const ir::Value value : {5, 6}) {
        monitor::Observer never;
        never.id = "never";
        never.formula = pool.negate(pool.equal(pool.slot(0, range), pool.constant(range, value)));
        never.first_register = static_cast<ir::SlotId>(system.variables.size());
        const auto model = exports::write_aiger(system, {never});
        REQUIRE(model.ok());
        std::ofstream(IMSPECT_TEST_OUTPUT "/even.aig", std::ios::binary) << model.value().content;
        const std::string said = abc("read_aiger even.aig; pdr");
        INFO(said);
        const bool proved = said.find("Property proved") != std::string::npos;
        const bool refuted = said.find("was asserted in frame 2") != std::string::npos;
        CHECK(proved == (value == 5));
        CHECK(refuted == (value == 6));
    }
}
