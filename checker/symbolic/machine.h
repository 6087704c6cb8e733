// A ground system, with the registers of any number of observers, as a circuit: the one translation of every symbolic engine.
//
// A state is one latch for each bit that exec::Layout would pack, or in direct code one for each thing that is asked of it. The inputs choose a ground rule in binary; the latches'
// next values are those of the successor by that rule, or the state itself where the rule does not fire. So the relation
// is total, and the steps in which `fired` is true are exactly those of exec::Stepper: simultaneous updates, bounds, fresh
// tokens, registers and the renaming of tokens included; in direct code also those that only a bound on tokens prevents. A step that assigns a value outside a domain does not fire, but
// makes `out_of_range` true: engines look for that beside what they are asked for, and must not say Holds where it occurs.
// Errors: arithmetic of more than 31 bits. Cost: linear in the ground system, plus slots times tokens for renaming.
// Thread-safety: built by one thread, then read by any number.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/symbolic/codes.h"
#include "model/ir/ground.h"
#include "model/result.h"
#include "properties/monitor/observer.h"

namespace imspect::symbolic {

struct Latch {
    Literal now = kFalse;
    Literal next = kFalse;
    bool initial = false;
    std::size_t slot = 0;  ///< position in Machine::slots
    unsigned bit = 0;
};

/// A slot that stands for a relation between two token slots, by their numbers: equal, or the first less; without a first one: none.
struct TokenRelation {
    std::optional<ir::SlotId> left;
    ir::SlotId right = 0;
    bool less = false;
};

struct MachineSlot {
    std::string name;
    ir::DomainId domain = 0;
    ir::SlotId id = 0;         ///< the slot's number in the ground system, or the register's
    ir::Value lo = 0;
    ir::Value hi = 0;          ///< of the domain, widened where registers hold tokens
    std::size_t first_latch = 0;
    unsigned bits = 0;
    Code code = Code::kPacked;
    std::optional<TokenRelation> relation = std::nullopt;
};

/// Something to look for: in a state, in a step (a function of state and choice), or at the start already.
struct Target {
    Literal at_state = kFalse;
    Literal at_step = kFalse;
    bool initially = false;
};

/// A bound of the specification's rules, and where it holds a rule back.
struct BoundReached {
    std::string name;
    Literal at_state = kFalse;
};

struct Machine {
    Circuit circuit;
    std::vector<MachineSlot> slots;
    std::vector<Latch> latches;
    std::vector<Literal> choice;       ///< inputs: the number of a ground rule, least significant bit first
    std::vector<Literal> guards;       ///< by ground rule: its guard holds in this state, whatever its bounds say
    std::vector<Literal> enabled;      ///< by ground rule: it can fire in this state
    std::vector<Literal> fires;        ///< by ground rule: it can and is chosen; at most one
    Literal fired = kFalse;
    Literal out_of_range = kFalse;     ///< the step chosen leaves a domain
    std::vector<Literal> shape;        ///< slots lie in their domains, tokens are normalised: true in every reachable state
    std::vector<Target> observed;      ///< by observer: its violation, or what it says is possible
    Target deadlock;                   ///< what the explicit engine's built-in checks look for
    Target unspecified;
    std::vector<BoundReached> bounds;

    /// The bound of that name, where it may hold something back.
    [[nodiscard]] const BoundReached* bound(const std::string& name) const;
    [[nodiscard]] std::size_t chosen_rule(const std::vector<bool>& choice_bits) const;
};

/// What latches stand for: the bits of a packed state, tokens with the names that exec::Stepper gives them; or what rules ask about slots:
/// whether it is this value, or at least that (codes.h), and of tokens nothing but how they compare (relations.h).
enum class StateCode : std::uint8_t { kPacked, kDirect };

/// Of kLeadsTo and kAutomatic only the registers are built. No two observers share a register.
Result<Machine> translate(const ir::GroundSystem& system, std::vector<const monitor::Observer*> observers, StateCode code = StateCode::kPacked);
/// `observer` may be null: the plain system.
Result<Machine> translate(const ir::GroundSystem& system, const monitor::Observer* observer, StateCode code = StateCode::kPacked);

}  // namespace imspect::symbolic
