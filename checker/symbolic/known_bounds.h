// What an engine found out about the bounds of the specification's rules: which are reached, and of which it stayed open.
//
// A proof says them, as far as they are bounds of the machine that it is about: direct code knows none on tokens (relations.h). What
// is not possible is said with all of them, as the explicit engine says it.
// Thread-safety: plain values.
#pragma once

#include <string>
#include <vector>

#include "checker/symbolic/finding.h"

namespace imspect::symbolic {

class KnownBounds {
public:
    /// What came of the question whether the bound is reached.
    void note(const std::string& name, const Finding& finding);
    [[nodiscard]] const std::vector<std::string>& reached() const { return reached_; }
    [[nodiscard]] std::vector<std::string> reached_in(const Machine& machine, bool possible) const;
    /// What qualifies a proof about the machine: bounds that cut runs off, or may have.
    [[nodiscard]] std::string within(const Machine& machine, bool possible) const;

private:
    std::vector<std::string> reached_;
    std::vector<std::string> undecided_;
};

}  // namespace imspect::symbolic
