// SIP and tel URIs as header fields carry them (RFC 3261, 20.10 and 25.1; RFC 3966): name-addr or addr-spec.
//
// In an addr-spec without angle brackets everything behind the first ';' belongs to the header field, not to the URI.
// Cost: linear. Thread-safety: pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace imspect::decode {

/// One element of From, To, Contact, Route and their like.
struct AddressField {
    std::string uri;                                ///< with the URI's own parameters; empty where unreadable
    std::map<std::string, std::string> parameters;  ///< of the header field: tag, expires, ...
    bool odd = false;                               ///< something in it was unreadable
};

[[nodiscard]] AddressField read_address(std::string_view text);

/// The URI without parameters and headers; of a local tel URI the phone-context stays, since it is part of the number.
[[nodiscard]] std::string bare_uri(std::string_view uri);

/// For comparing identities (TS 23.003, 13.4): bare, scheme and host in lower case, no visual separators in telephone numbers.
[[nodiscard]] std::string canonical_identity(std::string_view uri);

}  // namespace imspect::decode
