// A system's safety properties as constrained Horn clauses in SMT-LIB 2 (logic HORN), for Z3's Spacer, Golem, Eldarica.
//
// One block a property, each a script of its own behind a (reset): a relation Inv over the bits of the packed state and of
// the property's registers, as far as the property depends on them; the initial state; one step, by a choice of the ground
// rule in binary; the query. `sat`: an invariant exists, the property holds. `unsat`: a bad state or step is reachable, or
// a step that leaves a domain. Clauses have the form of CHC-COMP: heads are Inv over variables, or false.
// What is not always so (a leads-to, what is possible, the automatic checks) is left out with a note.
// Errors: as of symbolic::translate. Cost: a translation a property. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/monitor/observer.h"

namespace imspect::exports {

struct SmtlibModel {
    std::string text;
    std::vector<std::string> notes;  ///< what was left out and why
};

[[nodiscard]] Result<SmtlibModel> write_smtlib(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers);

}  // namespace imspect::exports
