// One spelling for each identity, whatever message it stands in.
//
// `ScscfNames` learns which Server-Name an S-CSCF's Origin-Host and addresses go with, so that a hop whose Request-URI is an
// address, or an answer that names nobody, still gets the name. An address that serves several names tells nothing.
// Cost: constant, a few names an S-CSCF. Thread-safety: one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace imspect::bind {

/// Scheme and host in lower case, no parameters, no angle brackets: what RFC 3261, 19.1.4 lets differ.
[[nodiscard]] std::string canonical_impu(std::string_view uri);
/// The host of a SIP URI or of a bare name, in lower case.
[[nodiscard]] std::string host_of(std::string_view uri);

class ScscfNames {
public:
    /// A MAR or SAR named `server_name` (may be empty) and came from `origin_host` at `address`.
    void learn(std::string_view server_name, std::string_view origin_host, const std::string& address);
    [[nodiscard]] bool knows(const std::string& name) const { return names_.count(name) != 0 || by_origin_.count(name) != 0; }
    /// The name of who is called `host`, or sits at `address`; `host` itself where it is a name, else the address.
    [[nodiscard]] std::string resolve(const std::string& host, const std::string& address) const;

private:
    std::set<std::string> names_;
    std::map<std::string, std::string> by_origin_;
    std::map<std::string, std::set<std::string>> at_address_;
};

}  // namespace imspect::bind
