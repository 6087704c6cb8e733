// The strength of the catalogue: every property catches an edit of the model, and every edit is caught by exactly the
// properties written beside it in mutants.json.
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "properties/language/language.h"
#include "tests/mutants/runner.h"
#include "tests/mutants/table.h"

using namespace imspect;

namespace {

mutants::MutantFile read_file() {
    auto file = mutants::shipped_mutants();
    INFO((file ? "" : file.error().text()));
    REQUIRE(file.ok());
    return std::move(file).value();
}

constexpr const char* kTable = IMSPECT_SOURCE_DIR "/docs/mutants.md";

std::string table() {
    const auto catalogue = language::catalogue();
    REQUIRE(catalogue.ok());
    return mutants::table(read_file().mutants, mutants::statements_of(catalogue.value()));
}

}  // namespace

TEST_CASE("every mutant is caught by exactly the properties written beside it") {
    static mutants::Runner runner(read_file());  // Catch2 enters the test case once for every section
    for (const mutants::Mutant& mutant : runner.mutants()) {
        DYNAMIC_SECTION(mutant.id) {
            const std::set<std::string> expected(mutant.caught_by.begin(), mutant.caught_by.end());
            const auto caught = runner.caught(mutant);
            INFO((caught ? mutant.about : caught.error().text()));
            REQUIRE(caught.ok());
            CHECK(fmt::format("{}", fmt::join(caught.value(), " ")) == fmt::format("{}", fmt::join(expected, " ")));
        }
    }
}

TEST_CASE("every statement of the catalogue catches a mutant, and every mutant caught by several says why") {
    const auto catalogue = language::catalogue();
    REQUIRE(catalogue.ok());
    std::set<std::string> known;
    for (const language::Property& statement : mutants::statements_of(catalogue.value())) known.insert(statement.id);
    std::set<std::string> strong;
    for (const mutants::Mutant& mutant : read_file().mutants) {
        INFO(mutant.id);
        CHECK_FALSE(mutant.caught_by.empty());
        std::set<std::string> properties;
        for (const std::string& statement : mutant.caught_by)
            properties.insert(statement.substr(0, statement.find('.')));
        CHECK((properties.size() == 1) == mutant.why.empty());
        for (const std::string& id : mutant.caught_by) {
            INFO(id);
            CHECK(known.contains(id));
            strong.insert(id);
        }
    }
    for (const std::string& id : known) {
        INFO(id);
        CHECK(strong.contains(id));
    }
}

TEST_CASE("the table of mutants in docs is up to date") {
    std::ifstream stream(kTable);
    std::ostringstream content;
    content << stream.rdbuf();
    INFO("run tests_mutants \"[write]\"");
    CHECK(content.str() == table());
}

TEST_CASE("write the table of mutants", "[.][write]") {
    std::ofstream stream(kTable);
    stream << table();
    CHECK(stream.good());
}
