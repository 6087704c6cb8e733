// A ground system as a Promela model, so that SPIN can give a second opinion on our numbers and verdicts.
//
// One global a slot, one process that loops over one d_step a ground rule: guard and bounds, temporaries, assignments,
// renaming of tokens. The guard is the same expression that every other engine evaluates, printed. Temporaries are
// hidden (no part of SPIN's state vector), the greatest token in use is a function of the state, and terminal states are
// marked as valid ends; therefore SPIN, called with -o1 -o2 -o3 (its elimination of dead variables merges states) and
// compiled with -DNOREDUCE -DSAFETY, stores exactly as many states as the plain system has (no monitors, no symmetry),
// the initial one included.
// Properties, where asked for, are assertions on bits of their own, so that one run of pan -c0 names all that break:
// step properties behind every step (history in registers, as for our engines); invariants, deadlock and unspecified
// reception in a d_step that every state offers and that changes nothing; `possible` as the assertion that it never
// happens, which is wanted broken. Leads-to is LTL over bits that follow the state, with each weakly fair rule in a
// process of its own because SPIN's -f is fairness by process. What cannot be said is listed in the model and in `notes`.
// Errors: a guard whose text would be too long (guards share nothing), more tokens than a byte can name.
// Order and names are deterministic. Cost: linear in the text. Thread-safety: extends the system's pool; one thread.
#pragma once

#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/monitor/observer.h"

namespace imspect::exports {

struct PromelaOptions {
    bool properties = false;  ///< export the observers too; state counts then include their registers
};

struct PromelaAssertion {
    std::string id;       ///< of the property; "deadlock" and "unspecified-reception" for the automatic one
    std::string name;     ///< what pan calls it: "assertion violated ok_P1"
    bool wanted = false;  ///< `possible`: broken means that the property holds
};

struct PromelaFormula {
    std::string id;
    std::string name;  ///< run pan -a -A -f -N NAME; a property holds if all its formulas do
};

struct PromelaModel {
    std::string text;
    std::vector<std::string> notes;  ///< one sentence for each property, or part of one, left out
    std::vector<PromelaAssertion> assertions;
    std::vector<PromelaFormula> ltl;
};

[[nodiscard]] Result<PromelaModel> write_promela(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers = {},
                                                 const PromelaOptions& options = {});

}  // namespace imspect::exports
