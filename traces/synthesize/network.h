// The synthesised network: names, addresses and ports of subscribers and nodes, the parameters of SA sets.
//
// One P-CSCF, one I-CSCF, S-CSCFs and an HSS on 10.0.1.0/24, UEs on 10.9.0.0/16. Client ports and SPIs of an SA set are
// new for every run (UE) and every challenge (P-CSCF), server ports stay, as TS 33.203 clause 7.1 has it. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "traces/capture/chunk.h"
#include "traces/decode/sip.h"
#include "traces/synthesize/tokens.h"
#include "traces/synthesize/vocabulary.h"

namespace imspect::synthesize {

[[nodiscard]] const std::string& realm();
[[nodiscard]] std::string impi(std::size_t ue);
[[nodiscard]] std::string impu(const Vocabulary& vocabulary, std::size_t impu);
/// The IMPUs that share a registration with this one, itself first.
[[nodiscard]] std::vector<std::string> registered_with(const Vocabulary& vocabulary, std::size_t impu);
[[nodiscard]] std::string icscf_host();
[[nodiscard]] std::string hss_host();
[[nodiscard]] std::string scscf_host(std::size_t scscf);
[[nodiscard]] std::string scscf_uri(std::size_t scscf);

[[nodiscard]] std::string dotted(const capture::Endpoint& endpoint);  ///< "10.0.1.1"
[[nodiscard]] std::string with_port(const capture::Endpoint& endpoint);

constexpr std::uint16_t kSipPort = 5060, kScscfPort = 6060, kUeServerPort = 5065, kPcscfServerPort = 6101, kDiameterPort = 3868,
                        kScscfCxPort = 40003;  ///< of the first S-CSCF's connection to the HSS; the next ones follow

[[nodiscard]] capture::Endpoint ue_at(std::size_t ue, std::uint16_t port = kSipPort);
[[nodiscard]] capture::Endpoint pcscf_at(std::uint16_t port = kSipPort);
[[nodiscard]] capture::Endpoint icscf_at(std::uint16_t port = kSipPort);
[[nodiscard]] capture::Endpoint scscf_at(std::size_t scscf, std::uint16_t port = kScscfPort);
[[nodiscard]] capture::Endpoint hss_at();

struct Host {
    std::string name;  ///< "ue1", "pcscf", "icscf", "scscf1", "hss"
    capture::Endpoint at;
};
[[nodiscard]] std::vector<Host> hosts(const Vocabulary& vocabulary);

[[nodiscard]] std::uint16_t ue_client_port(Token run);
[[nodiscard]] std::uint16_t pcscf_client_port(Token rand);
/// Security-Client of a run and Security-Server of a challenge, intact or changed as the model's `setup` says.
[[nodiscard]] std::vector<decode::SecurityMechanism> security_client(Token run, const std::string& setup);
[[nodiscard]] std::vector<decode::SecurityMechanism> security_server(Token rand, const std::string& setup);

}  // namespace imspect::synthesize
