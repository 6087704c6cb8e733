// An observer for a run whose beginning nobody saw: the same property, with a history that may have been any.
//
// Every register is kept three-valued (Kleene): a Boolean one as the pair "certainly true" and "possibly true", any other as
// its value and "known". Formulas become *may hold*: false only where the property is false whatever happened before. So
// `once f` can never fail, `historically f` and `f since g` fail as soon as what was seen decides them, a record counts only
// after a step that set it, and `previously f` after one step.
// Of a leads-to, `formula` is to be read where nothing more follows: whether what was owed may have been kept.
// Invariant: may-hold is implied by the formula of the observer it is made from, for every history before the first step seen;
// with registers that are all known the two are equal. Cost: twice the registers. Thread-safety: extends the ground system's pool.
#pragma once

#include "model/ir/ground.h"
#include "properties/monitor/observer.h"

namespace imspect::monitor {

/// Of an observer that is kState, kStep or kLeadsTo; registers 2i and 2i + 1 of the result stand for register i.
Observer with_unknown_history(const Observer& observer, ir::GroundSystem& ground);

}  // namespace imspect::monitor
