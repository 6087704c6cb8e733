// Where the slots of a parameterised system lie: shared, one replica's own, or part of a message that a replica owns.
//
// The replicas are the identities of one symmetric domain (the UEs). A variable indexed by it belongs to a replica; so does
// a channel indexed by it, slot by slot. A channel that is not, but whose messages carry a replica's identity (Cx between
// an S-CSCF and the HSS), is a word of messages, each with its owner. All else is shared.
// Thread-safety: read-only once built.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/explicit/product.h"
#include "model/result.h"

namespace imspect::parameterised {

using exec::Value;
using exec::Word;

struct Place {
    exec::Field field;
    ir::SlotId slot = 0;
    ir::DomainId domain = 0;
    bool token = false;
};

/// A channel of messages with owners: [position] → owner and the other kept fields.
struct Words {
    std::string name;
    exec::Field length;
    std::vector<exec::Field> owner;
    std::vector<std::vector<Place>> fields;
};

/// Whose a slot is; registers included.
struct Owner {
    enum class Kind : std::uint8_t { kShared, kOwn, kWord } kind = Kind::kShared;
    std::uint32_t replica = 0;   ///< kOwn
    std::uint32_t twin = 0;      ///< kOwn: alike for the slots that stand for the same of different replicas
    std::uint32_t channel = 0;   ///< kWord: index into Shape::channels
    std::uint32_t position = 0;  ///< kWord
    enum class Part : std::uint8_t { kField, kOwner, kLength } part = Part::kField;  ///< kWord
};

struct Shape {
    std::uint32_t replicas = 0;
    ir::DomainId replica_domain = 0;
    std::vector<Place> shared;
    std::vector<std::vector<Place>> own;   ///< by replica, alike for all
    std::vector<Words> channels;
    std::vector<ir::DomainId> token_domains;
    std::vector<Owner> owners;             ///< by slot
};

/// The domain whose identities are the replicas: the only symmetric one with more than one identity.
[[nodiscard]] Result<ir::DomainId> replica_domain(const ir::System& system);

/// The domain's values are the replicas, or none of them.
[[nodiscard]] bool names_replicas(const ir::System& system, ir::DomainId domain, ir::DomainId replicas);

/// Errors: a slot that belongs to two replicas at once, a token or an identity of a replica in a shared slot, registers whose
/// replica is not known.
[[nodiscard]] Result<Shape> shape_of(const explore::Product& product, ir::DomainId replicas);

}  // namespace imspect::parameterised
