// From what an exploration found to what may be said about a property.
//
// Holds is only said when every reachable state was visited, and names the bounds of the specification that were reached;
// "possible" is violated only if none was. Everything else without a hit is Unknown, with the reason.
// Thread-safety: pure.
#pragma once

#include "checker/explicit/exploration.h"
#include "checker/explicit/liveness.h"

namespace imspect::explore {

/// Names of the specification's bounds that held a rule back, in the order of rules, each once.
std::vector<std::string> bounds_reached(const Exploration& exploration);

/// Identity of a property, not judged yet.
outcome::PropertyOutcome outcome_for(const monitor::Observer& observer);
outcome::PropertyOutcome built_in_outcome(std::string id, std::string meaning);

/// Fills in the verdict of watch `watch`.
void judge(outcome::PropertyOutcome& property, const Exploration& exploration, std::size_t watch, bool possible,
           WitnessOrder order);
/// The verdict of a property without a counterexample.
void judge_unharmed(outcome::PropertyOutcome& property, const Exploration& exploration, bool possible,
                    WitnessOrder order);

/// The verdict of a leads-to property.
void judge_leads_to(outcome::PropertyOutcome& property, const Exploration& exploration, const LivenessResult& result,
                    WitnessOrder order);

/// "deadlock" and "unspecified-reception" as one property: the worse of both.
void judge_automatic(outcome::PropertyOutcome& property, const outcome::PropertyOutcome& deadlock,
                     const outcome::PropertyOutcome& unspecified);

}  // namespace imspect::explore
