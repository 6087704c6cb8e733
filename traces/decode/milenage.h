// Milenage (3GPP TS 35.206) and what TS 33.102, 6.3 builds of it: AUTN of an authentication vector, AUTS of a resynchronisation.
//
// Used to judge real challenges with --subscriber-keys and to make right ones in `synthesize`. AES-128 comes from OpenSSL's EVP
// interface. Invariant: sizes are fixed by type; nothing fails but a library without AES, which breaks an invariant.
// Cost: a handful of block encryptions. Thread-safety: pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace imspect::decode {

using Block = std::array<std::uint8_t, 16>;
using Amf = std::array<std::uint8_t, 2>;
using Sqn = std::array<std::uint8_t, 6>;   ///< also AK, which hides it
using Mac = std::array<std::uint8_t, 8>;   ///< also RES

[[nodiscard]] Block opc_of(const Block& k, const Block& op);

class Milenage {
public:
    Milenage(const Block& k, const Block& opc) : k_(k), opc_(opc) {}
    struct F1 { Mac mac_a, mac_s; };                      ///< f1, f1*
    struct F2345 { Mac res; Block ck, ik; Sqn ak, ak_s; };  ///< f2, f3, f4, f5, f5*
    [[nodiscard]] F1 f1(const Block& rand, const Sqn& sqn, const Amf& amf) const;
    [[nodiscard]] F2345 f2345(const Block& rand) const;

private:
    Block k_, opc_;
};

/// (SQN xor AK) || AMF || MAC-A
[[nodiscard]] Block make_autn(const Milenage& keys, const Block& rand, const Sqn& sqn, const Amf& amf);
/// (SQN_MS xor AK*) || MAC-S, with the AMF of all zeros (TS 33.102, 6.3.3).
[[nodiscard]] std::array<std::uint8_t, 14> make_auts(const Milenage& keys, const Block& rand, const Sqn& sqn_ms);

/// The SQN that AUTN or AUTS hides, and whether its MAC is right.
struct Unveiled {
    Sqn sqn{};
    Amf amf{};
    bool mac_right = false;
};
[[nodiscard]] Unveiled read_autn(const Milenage& keys, const Block& rand, const Block& autn);
[[nodiscard]] Unveiled read_auts(const Milenage& keys, const Block& rand, const std::array<std::uint8_t, 14>& auts);

/// `octets` as an array. Nothing: another size.
template <std::size_t N>
[[nodiscard]] std::optional<std::array<std::uint8_t, N>> fixed(std::span<const std::uint8_t> octets) {
    if (octets.size() != N) return std::nullopt;
    std::array<std::uint8_t, N> result{};
    for (std::size_t i = 0; i < N; ++i) result[i] = octets[i];
    return result;
}

}  // namespace imspect::decode
