// A system as a TLA+ module, for people who read TLA+ and for TLC and Apalache.
//
// One action a rule over the rule's own parameters, with its clauses as comment; channels are sequences of records; tokens are
// numbers, renamed to 1..k after every step as exec::Stepper does, so the states of Spec are exactly those of the plain
// system (no symmetry), the initial one included. Fairness has WF for each instance of each weakly fair rule. A value outside
// its domain, an error for us, violates TypeOK.
// Properties, where asked for: history in variables of its own; what is always so as an invariant (of a step: that no state
// offers a bad one, so a step that changes nothing is judged too); `possible` as the invariant that it never happens, which
// is wanted violated; leads-to as a temporal formula. The automatic checks are left out, with a note.
// Errors: a rule that assigns a part of a message without asking that there is one. Order and names are deterministic. Cost: linear in the text.
// Thread-safety: extends the system's pool; one thread.
#pragma once

#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/monitor/observer.h"

namespace imspect::exports {

struct TlaFormula {
    std::string id;        ///< of the property
    std::string name;      ///< the operator
    bool temporal = false;
    bool wanted = false;   ///< `possible`: violated means that the property holds
};

struct TlaModel {
    std::string text;
    std::string module;    ///< TLA+ wants the file to be called so, with .tla
    std::vector<TlaFormula> formulas;
    std::vector<std::string> notes;  ///< one sentence for each property left out
};

[[nodiscard]] Result<TlaModel> write_tla(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers = {});

}  // namespace imspect::exports
