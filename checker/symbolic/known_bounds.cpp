#include "checker/symbolic/known_bounds.h"

#include <algorithm>

#include <fmt/format.h>

namespace imspect::symbolic {

namespace {

std::vector<std::string> known_to(const Machine& machine, const std::vector<std::string>& bounds, bool possible) {
    std::vector<std::string> known;
    std::copy_if(bounds.begin(), bounds.end(), std::back_inserter(known),
                 [&](const std::string& name) { return possible || machine.bound(name) != nullptr; });
    return known;
}

}  // namespace

void KnownBounds::note(const std::string& name, const Finding& finding) {
    if (finding.kind == Finding::Kind::kReached) reached_.push_back(name);
    if (finding.kind == Finding::Kind::kUndecided) undecided_.push_back(name);
}

std::vector<std::string> KnownBounds::reached_in(const Machine& machine, bool possible) const { return known_to(machine, reached_, possible); }

std::string KnownBounds::within(const Machine& machine, bool possible) const {
    std::string text;
    const std::vector<std::string> reached = reached_in(machine, possible);
    const std::vector<std::string> undecided = known_to(machine, undecided_, possible);
    if (!reached.empty()) text = fmt::format("within bound {}, which was reached", fmt::join(reached, ", "));
    if (undecided.empty()) return text;
    return text + fmt::format("{}within bound {}, of which it was not decided whether it is reached", text.empty() ? "" : "; ",
                              fmt::join(undecided, ", "));
}

}  // namespace imspect::symbolic
