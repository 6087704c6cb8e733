// Localisation: a ground system and its observers, seen through some of its slots only.
//
// The slots that are not kept may hold anything before every step: each rule becomes one rule for every combination of
// values that it reads from them, and what it would write to them is forgotten. Bounds that speak of them are dropped, so
// budgets of the environment and room in channels that are not kept are unlimited. Every step of the whole system, seen
// through the kept slots, is therefore a step of the localised one, together with what a step formula says of it: what
// never happens there never happens here. The converse does not hold.
// A condition over forgotten slots alone, which share nothing with the rest of the rule, is one free Boolean; an equation
// of the guard between a forgotten slot and kept ones settles the slot instead of trying all its values.
// After Kurshan, "Computer-Aided Verification of Coordinating Processes" (1994), with inputs in place of cut latches.
// Cost: instances of a rule. Thread-safety: extends the ground system's pool, one thread.
#pragma once

#include <vector>

#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/monitor/observer.h"

namespace imspect::parameterised {

/// A rule that chose a token for a forgotten slot: it differs from other instances only where `in_use` tokens of the domain exist.
struct TokenChoice {
    ir::DomainId domain = 0;
    ir::Value in_use = 0;
};

inline constexpr ir::SlotId kForgottenSlot = 0xffffffffU;  ///< in a kept channel, a field that is not kept

struct Localised {
    ir::GroundSystem ground;                   ///< kept slots only, renumbered; no labels, events, waiting
    std::vector<monitor::Observer> observers;  ///< over `ground`
    std::vector<ir::SlotId> origin;            ///< by slot of `ground`: the slot of the whole system
    std::vector<std::vector<TokenChoice>> token_choices;  ///< by rule of `ground`
    std::vector<bool> ordered;                 ///< by domain: some rule or formula asks which of two tokens is greater
};

/// Errors: a property whose formula over states reads a slot that is not kept; an order of tokens that would be lost; a rule
/// that reads too many forgotten slots.
[[nodiscard]] Result<Localised> localise(const ir::GroundSystem& whole, const std::vector<monitor::Observer>& observers,
                                         const std::vector<bool>& kept);

}  // namespace imspect::parameterised
