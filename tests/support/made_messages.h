// Messages of a registration made by hand, without any parser: P 10.0.1.1, I 10.0.1.2, S 10.0.1.3, HSS 10.0.1.10.
//
// Each call makes the next message in time, one millisecond after the last, in a frame of its own.
// Thread-safety: one thread an object.
#pragma once

#include <string>
#include <vector>

#include "traces/decode/decoder.h"

namespace imspect::tests {

/// One REGISTER transaction of the UE as it crosses the hops.
struct MadeLeg {
    std::uint32_t cseq = 1;
    std::string nonce, response, auts;
    std::string call_id = "call-1";
    bool with_keys_of_sa = false;   ///< on the protected port, with Security-Verify
    std::uint32_t expires = 600;
    std::string integrity;          ///< as the P-CSCF writes it; empty: "yes" where protected, else "no"
    std::string branch;             ///< of the UE; empty: from Call-ID and CSeq
    decode::Digest extra;           ///< further parameters of Authorization (qop, nc, cnonce, algorithm)
};

class MadeMessages {
public:
    explicit MadeMessages(std::string user = "alice") : user_(std::move(user)) {}

    [[nodiscard]] std::string impi() const { return user_ + "@home.example"; }
    [[nodiscard]] std::string impu() const { return "sip:" + user_ + "@home.example"; }

    decode::Message up(const MadeLeg& leg, int hop);                 ///< hop 1 to 3: SM1..SM3 or SM7..SM9
    decode::Message down(const MadeLeg& leg, int hop, int status);   ///< hop 3 to 1
    decode::Message challenge(const MadeLeg& leg, int hop, const std::string& nonce, bool keys = true);

    decode::Message uar();
    decode::Message uaa(std::uint32_t result = 2001);
    decode::Message mar(std::uint32_t m = 1);
    decode::Message mar_resync(decode::Octets rand_auts);
    decode::Message maa(std::vector<decode::AuthItem> items);
    decode::Message sar(std::uint32_t assignment);
    decode::Message saa(std::uint32_t result = 2001);

    /// RAND || AUTN made of one octet repeated, with XRES, CK and IK of their own.
    static decode::AuthItem vector(std::uint8_t octet);
    static std::string nonce(std::uint8_t octet);
    static std::string hex(const decode::Octets& octets);

    void wait(double seconds) { time_ns_ += static_cast<std::int64_t>(seconds * 1e9); }

    std::string ck, ik;               ///< that challenge() puts in; empty: of the vector of its nonce
    std::string spi_pcscf = "2001", spi_ue = "1001";

private:
    decode::Message stamp(std::variant<decode::SipMessage, decode::DiameterMessage> content, const std::string& from,
                          std::uint16_t from_port, const std::string& to, std::uint16_t to_port);
    decode::SipMessage base(const MadeLeg& leg, int hop) const;
    decode::DiameterMessage cx(std::uint32_t command, bool request);
    decode::Message sent(decode::DiameterMessage diameter, const std::string& client);
    [[nodiscard]] std::vector<decode::SecurityMechanism> agreement(const std::string& spi) const;

    std::string user_;
    std::uint32_t frame_ = 0, identifier_ = 100;
    std::int64_t time_ns_ = 1'000'000'000;
};

}  // namespace imspect::tests
