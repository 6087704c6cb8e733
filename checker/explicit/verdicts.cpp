#include "checker/explicit/verdicts.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/explicit/witness.h"

namespace imspect::explore {

using outcome::PropertyOutcome;
using outcome::Verdict;

namespace {

std::string within(const std::vector<std::string>& bounds) {
    return bounds.size() == 1 ? fmt::format("within bound {}, which was reached", bounds[0])
                              : fmt::format("within bounds {}, which were reached", fmt::join(bounds, ", "));
}

int badness(Verdict verdict) {
    if (verdict == Verdict::kViolated) return 2;
    return verdict == Verdict::kUnknown ? 1 : 0;
}

}  // namespace

std::vector<std::string> bounds_reached(const Exploration& exploration) {
    const auto& rules = exploration.product().system().rules;
    std::vector<std::uint32_t> reached(rules.size(), 0);
    for (std::size_t r = 0; r < rules.size(); ++r) {
        if (exploration.bounded(r) == 0) continue;
        reached[r] |= exploration.bounded(r);
        for (const std::size_t image : exploration.symmetry().images_of_rule(r)) reached[image] |= exploration.bounded(r);
    }
    std::vector<std::string> names;
    for (std::size_t r = 0; r < rules.size(); ++r) {
        for (std::size_t i = 0; i < rules[r].bounds.size(); ++i) {
            if (((reached[r] >> i) & 1U) == 0) continue;
            const std::string& name = rules[r].bounds[i].name;
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
        }
    }
    return names;
}

PropertyOutcome outcome_for(const monitor::Observer& observer) {
    PropertyOutcome property;
    property.id = observer.id;
    property.meaning = observer.meaning;
    property.clauses = observer.clauses;
    property.modality = observer.modality;
    property.engine = "explicit";
    return property;
}

PropertyOutcome built_in_outcome(std::string id, std::string meaning) {
    PropertyOutcome property;
    property.id = std::move(id);
    property.meaning = std::move(meaning);
    property.engine = "explicit";
    return property;
}

void judge(PropertyOutcome& property, const Exploration& exploration, std::size_t watch, bool possible,
           WitnessOrder order) {
    const Hit& hit = exploration.hits()[watch];
    if (hit.rank == kNoRank) return judge_unharmed(property, exploration, possible, order);
    property.bounds_reached = bounds_reached(exploration);
    property.verdict = possible ? Verdict::kHolds : Verdict::kViolated;
    property.witness = witness_of(exploration, watch, hit);
    const std::uint32_t faults = faults_of(hit.rank);
    if (order == WitnessOrder::kFewestFaults && !possible && faults > 0) property.held_with_faults = faults - 1;
}

void judge_unharmed(PropertyOutcome& property, const Exploration& exploration, bool possible, WitnessOrder order) {
    property.bounds_reached = bounds_reached(exploration);
    const bool bounded = !property.bounds_reached.empty();
    if (!exploration.complete()) {
        property.verdict = Verdict::kUnknown;
        property.reason = fmt::format("{} the search ended early: {}", possible ? "not found before" : "no violation before",
                                      exploration.ended());
        const Rank cut = exploration.first_incomplete();
        if (order == WitnessOrder::kShortest) {
            property.bound = depth_of(cut);
        } else if (!possible && faults_of(cut) > 0) {
            property.held_with_faults = faults_of(cut) - 1;
        }
        return;
    }
    if (possible) {
        property.verdict = bounded ? Verdict::kUnknown : Verdict::kViolated;
        property.reason = bounded ? "not found " + within(property.bounds_reached) : "no reachable state or step does this";
        return;
    }
    property.verdict = Verdict::kHolds;
    if (bounded) property.reason = within(property.bounds_reached);
}

void judge_leads_to(PropertyOutcome& property, const Exploration& exploration, const LivenessResult& result,
                    WitnessOrder order) {
    if (!result.witness && !result.bound && !result.ended) return judge_unharmed(property, exploration, false, order);
    property.bounds_reached = bounds_reached(exploration);
    if (!result.witness && result.ended) {
        property.verdict = Verdict::kUnknown;
        property.reason = "liveness was not decided: " + *result.ended;
        return;
    }
    if (!result.witness) {
        property.verdict = Verdict::kUnknown;
        property.reason = fmt::format("fails only because {} ended", *result.bound);
        return;
    }
    property.verdict = Verdict::kViolated;
    property.witness = result.witness;
    if (!result.obligation.empty()) property.reason = "for " + result.obligation;
    if (order == WitnessOrder::kFewestFaults && result.faults > 0) property.held_with_faults = result.faults - 1;
}

void judge_automatic(PropertyOutcome& property, const PropertyOutcome& deadlock, const PropertyOutcome& unspecified) {
    const bool second = badness(unspecified.verdict) > badness(deadlock.verdict);
    const PropertyOutcome& worse = second ? unspecified : deadlock;
    property.verdict = worse.verdict;
    property.reason = worse.reason;
    property.bounds_reached = worse.bounds_reached;
    property.bound = worse.bound;
    property.witness = worse.witness;
    property.held_with_faults = worse.held_with_faults;
    if (worse.verdict == Verdict::kViolated) property.reason = worse.id;
}

}  // namespace imspect::explore
