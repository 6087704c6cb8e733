// A system and its safety properties as one AIGER file, binary format 1.0, for hardware model checkers such as ABC.
//
// Inputs choose the ground rule in binary; latches are the bits of the packed state and of each property's registers, with
// those that start at one negated, since version 1.0 starts all at zero. Each property has latches of its own and one
// output: true when a state or step is bad. The symbol table names all of them.
// What AIGER cannot say is left out with a note: a leads-to, and what is possible rather than forbidden.
// Errors: as of symbolic::translate. Cost: a translation a property. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/monitor/observer.h"

namespace imspect::exports {

struct AigerModel {
    std::string content;              ///< bytes, not text
    std::vector<std::string> notes;   ///< what was left out and why
};

Result<AigerModel> write_aiger(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers);

}  // namespace imspect::exports
