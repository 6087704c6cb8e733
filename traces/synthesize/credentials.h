// The secrets and values of AKA in one synthesised run: a key a subscriber, an AV a RAND token, AUTS.
//
// SQN is the RAND's number times 32 (TS 33.102 annex C: five bits of IND), so SQN is in the order of tokens and a UE's
// SQN_MS, which is a token in the model, is a number too. Everything follows from the seed. An AV of which the run says that its
// MAC does not verify has a damaged MAC from the start. Cost: one Milenage an AV, remembered. Thread-safety: one thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "traces/synthesize/random.h"
#include "traces/synthesize/run.h"

namespace imspect::synthesize {

struct Subscriber {
    std::string impi;
    std::array<std::uint8_t, 16> k{}, opc{};
};

struct Av {
    std::vector<std::uint8_t> challenge;  ///< RAND || AUTN, 32 octets
    std::vector<std::uint8_t> xres, ck, ik;
    std::string nonce;                    ///< base64 of the challenge
};

class Credentials {
public:
    Credentials(const Source& random, const Vocabulary& vocabulary, const Run& run);

    [[nodiscard]] const std::vector<Subscriber>& subscribers() const { return subscribers_; }
    [[nodiscard]] const Av& av(std::size_t ue, Token rand);
    /// RAND || AUTN of somebody without keys, as base64; `which` tells them apart.
    [[nodiscard]] std::string forged_nonce(std::uint64_t which) const;
    /// AUTS, 14 octets: of the UE's SQN_MS under the challenge's RAND, or made up where it is not `right`.
    [[nodiscard]] std::vector<std::uint8_t> auts(std::size_t ue, Token rand, Token sqn_ms, bool right);

private:
    const Source& random_;
    std::vector<Subscriber> subscribers_;
    std::set<Token> damaged_;
    std::map<Token, Av> avs_;
};

}  // namespace imspect::synthesize
