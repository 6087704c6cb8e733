// Diameter messages of Cx as far as registration needs them (RFC 6733, TS 29.228, 29.229): a tolerant reader.
//
// Never fails on damage behind the header: AVPs that overrun are a diagnostic and end the reading of their group. Other
// applications and commands are read as far as their base AVPs. Cost: linear, nesting at most a handful deep. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace imspect::decode {

using Octets = std::vector<std::uint8_t>;

/// SIP-Auth-Data-Item (612).
struct AuthItem {
    std::optional<std::uint32_t> number;  ///< 613
    std::string scheme;                   ///< 608
    Octets authenticate;                  ///< 609: RAND || AUTN
    Octets authorization;                 ///< 610: XRES; in a MAR for resynchronisation RAND || AUTS
    Octets ck, ik;                        ///< 625, 626
    bool operator==(const AuthItem&) const = default;
};

struct DiameterMessage {
    std::uint32_t command = 0;
    std::uint32_t application = 0;
    bool request = false;
    bool error = false;
    bool retransmitted = false;           ///< T bit
    std::uint32_t hop_by_hop = 0, end_to_end = 0;
    std::string session_id, origin_host, origin_realm, destination_host;
    std::string user_name;                       ///< 1: IMPI
    std::vector<std::string> public_identities;  ///< 601
    std::string server_name;                     ///< 602
    std::string visited_network;                 ///< 600
    std::optional<std::uint32_t> origin_state_id;                ///< 278: grows where the sender restarted and lost its state
    std::optional<std::uint32_t> result_code;                    ///< 268
    std::optional<std::uint32_t> experimental_result_code;       ///< 298 in 297
    std::optional<std::uint32_t> user_authorization_type;        ///< 623
    std::optional<std::uint32_t> server_assignment_type;         ///< 614
    std::optional<std::uint32_t> number_auth_items;              ///< 607
    std::optional<std::uint32_t> deregistration_reason;          ///< 616, Reason-Code in 615
    std::vector<AuthItem> auth_items;                            ///< 612, in SIP-Item-Number order
    std::string user_data;                                       ///< 606, XML
    std::vector<std::string> diagnostics;
    /// 2001..2004 in either code. Mind: 2001 in 298 is FIRST_REGISTRATION.
    [[nodiscard]] bool success() const;
    bool operator==(const DiameterMessage&) const = default;
};

constexpr std::uint32_t kCxApplication = 16777216;
constexpr std::uint32_t k3gppVendor = 10415;
constexpr std::size_t kDiameterHeader = 20;
constexpr std::uint32_t kMaxDiameterLength = 65536;  ///< longer ones are taken for something else: the bound of what a flow may have pending
constexpr std::uint32_t kDeviceWatchdog = 280, kUserAuthorization = 300, kServerAssignment = 301, kLocationInfo = 302, kMultimediaAuth = 303,
                        kRegistrationTermination = 304, kPushProfile = 305;

/// Whether these bytes begin like a Diameter header (version 1, flags, sane length); cheap.
[[nodiscard]] bool looks_like_diameter(std::span<const std::uint8_t> bytes);
/// The same where nothing else speaks for it: the first AVP must be there and fit.
[[nodiscard]] bool surely_diameter(std::span<const std::uint8_t> bytes);
/// Length in the header, in octets, header included; 0 if fewer than four octets are there.
[[nodiscard]] std::uint32_t diameter_length(std::span<const std::uint8_t> bytes);
/// "MAR", "MAA" for base and Cx, else command and application: "316/S6a", "5/77".
[[nodiscard]] std::string diameter_kind(const DiameterMessage& message);
/// A whole message. Nothing: not even a header.
[[nodiscard]] std::optional<DiameterMessage> read_diameter(std::span<const std::uint8_t> bytes);

}  // namespace imspect::decode
