// The table itself, shown to reject what it must: a check that accepts everything would guard nothing.
#include "tests/architecture/include_rules.h"

#include <catch2/catch.hpp>

using imspect::tests::forbidden_includes;
using imspect::tests::layer_of;

TEST_CASE("A file belongs to the deepest layer that holds it") {
    CHECK(layer_of("model/ir/expr.h") == "model/ir");
    CHECK(layer_of("model/result.h") == "model");
    CHECK(layer_of("checker/explicit/search.cpp") == "checker");
    CHECK(layer_of("cli/main.cpp") == "cli");
    CHECK(layer_of("modelling/x.cpp").empty());
    CHECK(layer_of("tests/model/x_test.cpp").empty());
}

TEST_CASE("Includes that point down are accepted") {
    CHECK(forbidden_includes("model/ims/hss.cpp", "#include \"model/ir/builder.h\"\n#include <vector>\n").empty());
    CHECK(forbidden_includes("report/text.cpp", "#include \"checker/explicit/search.h\"\n#include <fmt/format.h>\n").empty());
    CHECK(forbidden_includes("cli/check.cpp", "#include <CLI/CLI.hpp>\n#include \"report/text.h\"\n").empty());
    CHECK(forbidden_includes("checker/explicit/scc.cpp", "#include <boost/graph/strong_components.hpp>\n").empty());
}

TEST_CASE("Includes that point up, sideways or to a library of another layer are reported") {
    struct Case {
        const char* path;
        const char* include;
    };
    const Case cases[] = {
        {"model/ir/expr.h", "\"model/exec/stepper.h\""},
        {"model/ir/expr.h", "\"model/ims/scenario.h\""},
        {"model/exec/stepper.h", "\"model/ims/scenario.h\""},
        {"model/ims/hss.cpp", "\"properties/outcome/outcome.h\""},
        {"properties/language/parser.cpp", "\"checker/explicit/search.h\""},
        {"checker/explicit/search.cpp", "\"traces/conform/conform.h\""},
        {"traces/conform/conform.cpp", "\"checker/explicit/search.h\""},
        {"checker/explicit/search.cpp", "\"report/text.h\""},
        {"report/text.cpp", "\"cli/options.h\""},
        {"cli/main.cpp", "\"tests/support/systems.h\""},
        {"model/ir/ground.cpp", "<boost/functional/hash.hpp>"},
        {"properties/monitor/observer.cpp", "<z3++.h>"},
        {"properties/language/parser.cpp", "<nlohmann/json.hpp>"},
        {"report/json.cpp", "<CLI/CLI.hpp>"},
        {"model/result.h", "<some_new_library.h>"},
    };
    for (const Case& c : cases) {
        const std::string text = std::string("// x\n#include <vector>\n  #  include ") + c.include + " // why not\n";
        INFO(c.path << " includes " << c.include);
        const auto complaints = forbidden_includes(c.path, text);
        REQUIRE(complaints.size() == 1);
        CHECK(complaints[0].find("line 3") != std::string::npos);
    }
}

TEST_CASE("An include within a comment or a string is not an include") {
    CHECK(forbidden_includes("model/ir/expr.h", "// #include \"cli/main.h\"\nauto x = \"#include <z3.h>\";\n").empty());
}
