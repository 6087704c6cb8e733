// Answers as words, so that they travel between the processes of a portfolio.
//
// Only what an engine fills in travels: verdict, engine, reason, bounds, certificate, witness. Ids, meanings and clauses are
// the receiver's already. Thread-safety: pure.
#pragma once

#include "checker/symbolic/isolation.h"
#include "properties/outcome/outcome.h"

namespace imspect::checker {

[[nodiscard]] symbolic::Words pack(const std::vector<outcome::PropertyOutcome>& properties);

/// Onto properties that have their ids already; as many as were packed.
void unpack(const symbolic::Words& words, std::vector<outcome::PropertyOutcome>& properties);

}  // namespace imspect::checker
