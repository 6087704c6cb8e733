#include "tests/mutants/table.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imspect::mutants {

namespace {

std::vector<std::string> catchers(const Mutant& mutant, const std::vector<language::Property>& statements) {
    std::vector<std::string> ids;
    for (const language::Property& statement : statements) {
        if (std::find(mutant.caught_by.begin(), mutant.caught_by.end(), statement.id) != mutant.caught_by.end())
            ids.push_back(statement.id);
    }
    return ids;
}

std::string edited_rules(const Mutant& mutant) {
    std::vector<std::string> rules;
    for (const Edit& edit : mutant.edits) {
        for (const std::string& rule : edit.rules) {
            const std::string quoted = "`" + rule + "`";
            if (std::find(rules.begin(), rules.end(), quoted) == rules.end()) rules.push_back(quoted);
        }
    }
    return fmt::format("{}", fmt::join(rules, ", "));
}

}  // namespace

std::string table(const std::vector<Mutant>& mutants, const std::vector<language::Property>& statements) {
    std::string text =
        "# Mutants\n\n"
        "What each property of the catalogue is able to notice. A mutant is the model with a rule edited as a "
        "careless\n"
        "implementer or reader could get it wrong; it is caught by the properties that are violated then and were not\n"
        "before. `tests/mutants` checks that this table is exact over the whole catalogue, and that nothing is missing "
        "in\n"
        "it: P4.2 is the second statement of P4. The edits themselves are in `tests/mutants/mutants.json`. Generated "
        "by `tests_mutants \"[write]\"`.\n\n"
        "## By property\n\n| property | catches |\n|---|---|\n";
    for (const language::Property& statement : statements) {
        std::vector<std::string> caught;
        for (const Mutant& mutant : mutants) {
            const bool hit =
                std::find(mutant.caught_by.begin(), mutant.caught_by.end(), statement.id) != mutant.caught_by.end();
            if (hit) caught.push_back(mutant.id);
        }
        text += fmt::format("| **{}** {} | {} |\n", statement.id, statement.meaning, fmt::join(caught, ", "));
    }
    text += "\n## By mutant\n\n| mutant | what is broken | in | scenario | caught by |\n|---|---|---|---|---|\n";
    for (const Mutant& mutant : mutants) {
        const std::string readings =
            mutant.readings.empty() ? "" : fmt::format(", {}", fmt::join(mutant.readings, ", "));
        text +=
            fmt::format("| {} | {} | {} | {}{} | {} |\n", mutant.id,
                        mutant.why.empty() ? mutant.about : mutant.about + ". *" + mutant.why + "*",
                        edited_rules(mutant), mutant.scenario, readings, fmt::join(catchers(mutant, statements), ", "));
    }
    return text;
}

}  // namespace imspect::mutants
