// `--engine auto`: the explicit search, and bmc and ic3 for what it may not come to.
//
// On the shipped scenarios the explicit search answers everything, soonest, and with shortest witnesses, so it has the
// machine: the others begin kHeadStart seconds later, at the lowest priority, each with an eighth of the memory limit, and
// only where there is more than one thread; else when the search has ended without an answer. Of the two, bmc is there
// for violations (shortest too), ic3 for proofs; ic3 does not learn from visited states, since whoever can visit them all is
// the explicit search. The first definite answer to a question stops the other engine's work on it, and answers to all
// questions stop the search; where the search has an answer of its own, that one is told. A leads-to is
// nobody else's. When the search ends at a limit, the others have what is left of `seconds`, or, without
// such a limit, as long again as the search took, kLeastGrace at least. With a depth bound or another order of witnesses
// there is nothing beside the search: what is asked for then is that search.
// Errors: as of explore::search. Thread-safety: forks, so no other thread may be running.
#pragma once

#include "checker/explicit/search.h"
#include "checker/symbolic/engine.h"

namespace imspect::checker {

struct PortfolioOptions {
    explore::SearchOptions search;
    symbolic::ProofOptions proof;  ///< method, processes, memory and interrupt are the portfolio's own
    double seconds = 0;            ///< in all; 0: no limit
    double head_start = 5;
    double least_grace = 30;
};

Result<outcome::CheckAnswer> search_with_help(const ir::GroundSystem& system, const std::vector<monitor::Observer>& observers,
                                              const PortfolioOptions& options);

}  // namespace imspect::checker
