#include "traces/synthesize/credentials.h"

#include "traces/decode/digest.h"
#include "traces/decode/milenage.h"
#include "traces/synthesize/network.h"

namespace imspect::synthesize {
namespace {

constexpr decode::Amf kAmf = {0x80, 0x00};

decode::Sqn sqn_of(Token token) {
    const std::uint64_t value = static_cast<std::uint64_t>(token) * 32U;
    decode::Sqn sqn{};
    for (std::size_t i = 0; i < sqn.size(); ++i) sqn[i] = static_cast<std::uint8_t>(value >> (8U * (sqn.size() - 1 - i)));
    return sqn;
}

template <typename Octets>
std::vector<std::uint8_t> as_vector(const Octets& octets) {
    return {octets.begin(), octets.end()};
}

/// AVs whose MAC the UE finds wrong, and never right.
std::set<Token> damaged_avs(const Run& run) {
    std::set<Token> damaged, sound;
    for (const Sent& sent : run.messages) {
        if (sent.hop != Hop::kGmUp || run.steps[sent.step].kind == ir::RuleKind::kAttacker) continue;
        if (sent.kind == "auth_failure") damaged.insert(sent.rand);
        if (sent.kind == "response" || sent.kind == "sync_failure") sound.insert(sent.rand);
    }
    for (const Token token : sound) damaged.erase(token);
    return damaged;
}

}  // namespace

Credentials::Credentials(const Source& random, const Vocabulary& vocabulary, const Run& run)
    : random_(random), damaged_(damaged_avs(run)) {
    for (std::size_t ue = 0; ue < vocabulary.ues.size(); ++ue) {
        subscribers_.push_back({impi(ue), random.block("K", {ue}), random.block("OPc", {ue})});
    }
}

const Av& Credentials::av(std::size_t ue, Token rand) {
    const auto known = avs_.find(rand);
    if (known != avs_.end()) return known->second;
    const decode::Milenage keys(subscribers_[ue].k, subscribers_[ue].opc);
    const decode::Block number = random_.block("RAND", {rand});
    decode::Block autn = decode::make_autn(keys, number, sqn_of(rand), kAmf);
    if (damaged_.count(rand) != 0) autn.back() ^= 0x01U;
    const decode::Milenage::F2345 values = keys.f2345(number);
    Av av;
    av.challenge = as_vector(number);
    av.challenge.insert(av.challenge.end(), autn.begin(), autn.end());
    av.xres = as_vector(values.res), av.ck = as_vector(values.ck), av.ik = as_vector(values.ik);
    av.nonce = decode::to_base64(av.challenge);
    return avs_[rand] = std::move(av);
}

std::string Credentials::forged_nonce(std::uint64_t which) const {
    std::vector<std::uint8_t> octets = as_vector(random_.block("forged RAND", {which}));
    for (const std::uint8_t octet : random_.block("forged AUTN", {which})) octets.push_back(octet);
    return decode::to_base64(octets);
}

std::vector<std::uint8_t> Credentials::auts(std::size_t ue, Token rand, Token sqn_ms, bool right) {
    const decode::Milenage keys(subscribers_[ue].k, subscribers_[ue].opc);
    std::vector<std::uint8_t> octets = as_vector(decode::make_auts(keys, random_.block("RAND", {rand}), sqn_of(sqn_ms)));
    if (!right) {
        for (std::uint8_t& octet : octets) octet ^= 0xa5U;
    }
    return octets;
}

}  // namespace imspect::synthesize
