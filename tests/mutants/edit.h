// Applies the edits of a mutant to a system, before it is grounded.
//
// An edit that does not apply is an error: a rule that the system lacks, a conjunct that the guard lacks, an assignment
// that is not there, an edit after which the rule is as it was. What is edited may be a defective system: ask
// ir::validate afterwards. Thread-safety: extends the system's pool; one thread.
#pragma once

#include <vector>

#include "model/ir/system.h"
#include "model/result.h"
#include "tests/mutants/mutant.h"

namespace imspect::mutants {

[[nodiscard]] Result<bool> apply(ir::System& system, const std::vector<Edit>& edits);

}  // namespace imspect::mutants
