// Finite domains: the types of the variables, message fields and parameters of a model.
//
// Every value of every domain is an int in lo..hi; enum values are ordinals, identities are 0..n-1 (-1 is "none" where
// the domain is optional). A token domain holds fresh values (RAND, SQN, run identifiers): 0 is "none", and after every
// step the engines rename the tokens in use to 1..k keeping their order, so that only equality and order between tokens
// of one state carry meaning. That keeps the state space finite and small: a token nobody refers to is recycled.
// Thread-safety: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace imspect::ir {

using Value = std::int32_t;

enum class DomainKind : std::uint8_t { kBool, kEnum, kRange, kIdentity, kToken };

struct Domain {
    std::string name;
    DomainKind kind = DomainKind::kBool;
    Value lo = 0;
    Value hi = 1;
    std::vector<std::string> names;  ///< names of lo..hi for enums and identities; empty for ranges and tokens
    bool symmetric = false;          ///< identities only: the model is unchanged by any permutation of them
    bool counter = false;            ///< ranges only: counts something unbounded in the specification

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(hi - lo) + 1; }
    /// The name of a value for people: "registered", "S-CSCF-1", "true", "7"; "none" for the none of tokens and identities.
    [[nodiscard]] std::string value_name(Value value) const;
    /// Bits that a packed value takes: 0 for a domain of one value.
    [[nodiscard]] unsigned bits() const;
};

using DomainId = std::uint32_t;
inline constexpr DomainId kBoolDomain = 0;  ///< every System declares bool first
inline constexpr DomainId kIntDomain = 1;   ///< and the type of arithmetic (never a variable's)

}  // namespace imspect::ir
