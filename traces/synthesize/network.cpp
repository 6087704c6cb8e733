#include "traces/synthesize/network.h"

#include <fmt/format.h>

#include "traces/synthesize/frames.h"

namespace imspect::synthesize {
namespace {

std::uint16_t port_of(std::uint32_t base, Token token) { return static_cast<std::uint16_t>(base + token % 10'000U); }

struct SaParameters {
    std::uint32_t spi_c = 0, spi_s = 0;
    std::uint16_t port_c = 0, port_s = 0;
};

std::vector<decode::SecurityMechanism> offer(SaParameters sa, const std::string& setup, bool preferences) {
    if (setup == "ports_changed") sa.port_c = static_cast<std::uint16_t>(sa.port_c + 1U), sa.spi_c += 2;
    const char* encryption = setup == "encryption_changed" ? "aes-cbc" : "null";
    std::vector<const char*> algorithms = {"hmac-sha-1-96", "hmac-md5-96"};
    if (setup == "authentication_changed") algorithms = {"hmac-md5-96"};
    std::vector<decode::SecurityMechanism> mechanisms;
    for (std::size_t i = 0; i < algorithms.size(); ++i) {
        decode::SecurityMechanism mechanism;
        mechanism.mechanism = "ipsec-3gpp";
        mechanism.parameters = {{"alg", algorithms[i]},
                                {"ealg", encryption},
                                {"prot", "esp"},
                                {"mod", "trans"},
                                {"spi-c", std::to_string(sa.spi_c)},
                                {"spi-s", std::to_string(sa.spi_s)},
                                {"port-c", std::to_string(sa.port_c)},
                                {"port-s", std::to_string(sa.port_s)}};
        if (preferences) mechanism.parameters["q"] = i == 0 ? "0.2" : "0.1";
        mechanisms.push_back(std::move(mechanism));
    }
    return mechanisms;
}

}  // namespace

const std::string& realm() {
    static const std::string name = "ims.mnc001.mcc001.3gppnetwork.org";
    return name;
}

std::string impi(std::size_t ue) { return fmt::format("impi{}@{}", ue + 1, realm()); }

std::string impu(const Vocabulary& vocabulary, std::size_t impu) {
    return fmt::format("sip:{}@{}", vocabulary.impus[impu], realm());
}

std::vector<std::string> registered_with(const Vocabulary& vocabulary, std::size_t of) {
    std::vector<std::string> names = {impu(vocabulary, of)};
    for (const std::size_t member : vocabulary.implicit_sets[of]) {
        if (member != of) names.push_back(impu(vocabulary, member));
    }
    return names;
}

std::string icscf_host() { return "icscf." + realm(); }
std::string hss_host() { return "hss." + realm(); }
std::string scscf_host(std::size_t scscf) { return fmt::format("scscf{}.{}", scscf + 1, realm()); }
std::string scscf_uri(std::size_t scscf) { return fmt::format("sip:{}:{}", scscf_host(scscf), kScscfPort); }

std::string dotted(const capture::Endpoint& endpoint) {
    const auto& bytes = endpoint.address.bytes;
    return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
}

std::string with_port(const capture::Endpoint& endpoint) { return fmt::format("{}:{}", dotted(endpoint), endpoint.port); }

capture::Endpoint ue_at(std::size_t ue, std::uint16_t port) {
    return endpoint(10, 9, static_cast<std::uint8_t>(ue / 250), static_cast<std::uint8_t>(ue % 250 + 1), port);
}
capture::Endpoint pcscf_at(std::uint16_t port) { return endpoint(10, 0, 1, 1, port); }
capture::Endpoint icscf_at(std::uint16_t port) { return endpoint(10, 0, 1, 2, port); }
capture::Endpoint scscf_at(std::size_t scscf, std::uint16_t port) {
    return endpoint(10, 0, 1, static_cast<std::uint8_t>(scscf < 7 ? 3 + scscf : 20 + scscf), port);  // .10 is the HSS
}
capture::Endpoint hss_at() { return endpoint(10, 0, 1, 10, kDiameterPort); }

std::vector<Host> hosts(const Vocabulary& vocabulary) {
    std::vector<Host> all;
    for (std::size_t ue = 0; ue < vocabulary.ues.size(); ++ue) all.push_back({fmt::format("ue{}", ue + 1), ue_at(ue)});
    all.push_back({"pcscf", pcscf_at()});
    all.push_back({"icscf", icscf_at()});
    for (std::size_t s = 0; s < vocabulary.scscfs.size(); ++s) all.push_back({fmt::format("scscf{}", s + 1), scscf_at(s)});
    all.push_back({"hss", hss_at()});
    return all;
}

std::uint16_t ue_client_port(Token run) { return port_of(10'000, 2 * run); }
std::uint16_t pcscf_client_port(Token rand) { return port_of(20'000, 2 * rand); }

std::vector<decode::SecurityMechanism> security_client(Token run, const std::string& setup) {
    return offer({100'000 + 8 * run, 100'001 + 8 * run, ue_client_port(run), kUeServerPort}, setup, false);
}

std::vector<decode::SecurityMechanism> security_server(Token rand, const std::string& setup) {
    return offer({50'000'000 + 8 * rand, 50'000'001 + 8 * rand, pcscf_client_port(rand), kPcscfServerPort}, setup, true);
}

}  // namespace imspect::synthesize
