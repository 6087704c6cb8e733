#include "traces/bind/security.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "traces/bind/nonce.h"

namespace imspect::bind {

namespace {

constexpr std::size_t kMostPorts = 64, kMostAddresses = 4096, kMostServers = 16;

std::optional<std::uint16_t> port_in(const decode::SecurityMechanism& mechanism, const char* name) {
    const auto found = mechanism.parameters.find(name);
    if (found == mechanism.parameters.end()) return std::nullopt;
    std::uint16_t port = 0;
    const std::string& text = found->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

std::string number_text(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    return end && *end == 0 ? std::to_string(value) : text;
}

/// Comparable text; transport and protocol mode have defaults that one side may leave out (RFC 3329 and TS 33.203, annex H).
std::string canonical(const decode::SecurityMechanism& mechanism) {
    std::map<std::string, std::string> parameters = {{"prot", "esp"}, {"mod", "trans"}, {"ealg", "null"}};
    for (const auto& [name, value] : mechanism.parameters) {
        parameters[lower(name)] = name == "q" ? number_text(value) : lower(value);
    }
    std::string text = lower(mechanism.mechanism);
    for (const auto& [name, value] : parameters) text += ";" + name + "=" + value;
    return text;
}

}  // namespace

bool same_mechanisms(const std::vector<decode::SecurityMechanism>& one, const std::vector<decode::SecurityMechanism>& other) {
    const auto texts = [](const std::vector<decode::SecurityMechanism>& mechanisms) {
        std::vector<std::string> result;
        for (const auto& mechanism : mechanisms) result.push_back(canonical(mechanism));
        std::sort(result.begin(), result.end());
        return result;
    };
    return texts(one) == texts(other);
}

void ProtectedPorts::learn(const std::string& address, const std::vector<decode::SecurityMechanism>& mechanisms) {
    if (ports_.size() >= kMostAddresses && ports_.count(address) == 0) return;
    for (const auto& mechanism : mechanisms) {
        Ports& ports = ports_[address];
        const auto server = port_in(mechanism, "port-s"), client = port_in(mechanism, "port-c");
        if (server && ports.server.size() < kMostPorts) ports.server.insert(*server);
        if (client && ports.client.size() < kMostPorts) ports.client.insert(*client);
    }
}

void ProtectedPorts::learn_from_ue(const decode::Message& message, const decode::SipMessage& sip) {
    const std::string address = message.to.address.text();
    if (ports_.count(address) != 0) return;
    for (const auto& mechanism : sip.security_verify) {
        if (port_in(mechanism, "port-s") == message.to.port) ports_[address].server.insert(message.to.port);
    }
}

std::optional<bool> ProtectedPorts::used(const decode::Message& message, const decode::SipMessage& sip) const {
    if (message.esp_spi != 0) return true;
    const capture::Endpoint& pcscf = sip.request ? message.to : message.from;
    const auto known = ports_.find(pcscf.address.text());
    if (known != ports_.end()) {
        const Ports& ports = known->second;
        return ports.server.count(pcscf.port) != 0 || (!sip.request && ports.client.count(pcscf.port) != 0);
    }
    if (!sip.request || !sip.security_verify.empty()) return std::nullopt;
    return false;
}

void remember_agreement(Run& run, const decode::SipMessage& sip, Kind kind, const std::string& nonce) {
    if (kind == Kind::kRegister || kind == Kind::kDeregister) {
        if (!sip.security_client.empty()) run.security_client = sip.security_client;
        return;
    }
    if (kind != Kind::kChallenge || sip.security_server.empty()) return;
    run.security_servers.emplace_back(av_key(nonce), sip.security_server);
    while (run.security_servers.size() > kMostServers) run.security_servers.erase(run.security_servers.begin());
}

std::optional<bool> setup_intact(const Run& run, const decode::SipMessage& sip, const std::string& nonce) {
    const bool client_known = !run.security_client.empty();
    if (client_known && !same_mechanisms(run.security_client, sip.security_client)) return false;
    const std::string av = av_key(nonce);
    for (auto server = run.security_servers.rbegin(); server != run.security_servers.rend(); ++server) {
        if (server->first != av) continue;
        if (!same_mechanisms(server->second, sip.security_verify)) return false;
        return client_known ? std::optional<bool>(true) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace imspect::bind
