// What an event says of the message that the model must have put on a hop: its kind, and the fields the capture shows.
//
// Fields that a capture can contradict without the flow being another one are soft (integrity-protected, which SA, the HSS's
// view in UAA, the type of a clearing SAR): a state that agrees on everything is preferred, one that disagrees on soft fields only
// explains the event all the same and the disagreement is reported. Thread-safety: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "traces/bind/event.h"
#include "traces/conform/machine.h"

namespace imspect::conform {

enum SoftField : std::uint32_t { kSoftProtected = 1, kSoftSa = 2, kSoftUaa = 4, kSoftTimer = 8 };

struct Observation {
    HopId hop = HopId::kNone;         ///< kNone: nothing that the clauses speak of
    std::uint32_t ue = 0;
    std::optional<std::uint32_t> impu;
    std::optional<std::uint32_t> scscf;  ///< that sends or receives it, where several serve the unit
    std::vector<std::string> kinds;   ///< any of these
    std::optional<bool> ok, is_protected, on_sa, intact;
    std::optional<std::uint32_t> avs;
    std::optional<bool> first_registration;  ///< UAA: the HSS has no S-CSCF's name stored
    std::optional<bool> by_timer;            ///< CM3: AUTHENTICATION_TIMEOUT
    bool repeated = false;                   ///< seen more than once on its hop
    bool lost = false;                       ///< captured where it was sent and not where it should have arrived
};

/// Why an event ends its procedure outside the clauses; empty: it doesn't.
std::string outside(const bind::Event& event);

/// `ue` and `impu` as the unit numbers them.
Observation observe(const bind::Event& event, std::uint32_t ue, std::optional<std::uint32_t> impu);

/// Soft fields on which the firing of `rule` from `before` to `after` disagrees; nothing: it is no explanation at all.
std::optional<std::uint32_t> disagreement(const Machine& machine, const Observation& seen, std::size_t rule,
                                          const Word* before, const Word* after);

}  // namespace imspect::conform
