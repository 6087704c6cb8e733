// Random small systems with observers, made from a seed, and made smaller again when one shows a fault.
//
// Every rule and every observer draws from its own generator, seeded by (seed, number), so leaving one out does not change
// the others: that is all the shrinker needs. Systems have booleans, enums, counters, tokens, identities, channels, budgets,
// fair rules and faults; the symmetric ones never name an identity.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "properties/monitor/observer.h"

namespace imspect::oracle {

struct Recipe {
    std::uint32_t seed = 0;
    std::set<std::size_t> rules_left_out;
    std::set<std::size_t> observers_left_out;
};

struct Sample {
    ir::GroundSystem system;
    std::vector<monitor::Observer> observers;
    bool symmetric = false;
};

inline constexpr std::size_t kMostRules = 6;
inline constexpr std::size_t kMostObservers = 9;

Sample make_sample(const Recipe& recipe);

/// The ground system and the observers as text, for the message of a failed comparison.
std::string describe(const Sample& sample);

}  // namespace imspect::oracle
