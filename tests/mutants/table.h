// docs/mutants.md: which property catches which mutant, from mutants.json. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "properties/language/language.h"
#include "tests/mutants/mutant.h"

namespace imspect::mutants {

/// `statements`: the properties of the catalogue with a statement each.
[[nodiscard]] std::string table(const std::vector<Mutant>& mutants, const std::vector<language::Property>& statements);

}  // namespace imspect::mutants
