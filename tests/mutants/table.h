// docs/mutants.md: which property catches which mutant, from mutants.json. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "properties/language/language.h"
#include "tests/mutants/mutant.h"

namespace imspect::mutants {

[[nodiscard]] std::string table(const std::vector<Mutant>& mutants, const std::vector<language::Property>& catalogue);

}  // namespace imspect::mutants
