#include "traces/decode/diameter.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "traces/decode/diameter_avps.h"

namespace imspect::decode {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t kRequestFlag = 0x80, kErrorFlag = 0x20, kRetransmittedFlag = 0x10, kReservedFlags = 0x0f;

/// The commands that somebody has assigned: RFC 6733 and its kin, 3GPP's range, experiments.
bool assigned_command(std::uint32_t command) {
    return (command >= 257 && command < 1024) || (command >= 8388608 && command < 8389632) || command >= 16777214;
}

/// Base protocol and 3GPP's first ones: with such a header a damaged first AVP is damage, not another protocol.
bool known_application(std::uint32_t application) {
    return application <= 6 || (application >= kCxApplication && application < kCxApplication + 128);
}

/// The first AVP's header, as far as it is there.
bool plausible_first_avp(Bytes bytes, std::size_t length) {
    if (length == kDiameterHeader || bytes.size() < kDiameterHeader + 8) return length != kDiameterHeader + 4;
    const std::uint8_t* avp = bytes.data() + kDiameterHeader;
    const std::size_t avp_length = read_u24(avp + 5);
    return read_u32(avp) != 0 && (avp[4] & 0x1fU) == 0 && avp_length >= 8 && kDiameterHeader + avp_length <= length;
}

/// Reads the AVPs of one message into it.
class Reader {
public:
    explicit Reader(DiameterMessage& message) : message_(message) {}
    void message(Bytes avps);

private:
    void base(const Avp& avp);
    void cx(const Avp& avp);
    void experimental_result(Bytes avps);
    void deregistration_reason(Bytes avps);
    void auth_item(Bytes avps);
    void auth_item_part(const Avp& avp, AuthItem& item);

    void odd(const std::string& what) {
        auto& all = message_.diagnostics;
        if (std::find(all.begin(), all.end(), what) == all.end()) all.push_back(what);
    }
    void text(std::string& target, const Avp& avp) { once(target, std::string(avp.data.begin(), avp.data.end()), avp.code); }
    void octets(Octets& target, const Avp& avp) { once(target, Octets(avp.data.begin(), avp.data.end()), avp.code); }
    void count(std::optional<std::uint32_t>& target, const Avp& avp) {
        if (avp.data.size() != 4) return odd(fmt::format("AVP {} is not four octets long", avp.code));
        once(target, std::optional<std::uint32_t>(read_u32(avp.data.data())), avp.code);
    }
    /// A second AVP with another value makes the field unreadable.
    template <typename T>
    void once(T& target, T value, std::uint32_t code) {
        if (target == value) return;
        if (target == T() && !contradictory_.contains(&target)) {
            target = std::move(value);
            return;
        }
        target = T();
        contradictory_.insert(&target);
        odd(fmt::format("AVP {} twice with different values", code));
    }

    DiameterMessage& message_;
    std::set<const void*> contradictory_;
};

void Reader::message(Bytes avps) {
    AvpWalk walk(avps);
    while (const auto avp = walk.next()) {
        if (avp->vendor == 0) base(*avp);
        else if (avp->vendor == k3gppVendor) cx(*avp);
    }
    if (walk.damaged()) odd("AVP overruns the message");
    auto& items = message_.auth_items;
    std::stable_sort(items.begin(), items.end(), [](const AuthItem& a, const AuthItem& b) { return a.number < b.number; });
}

void Reader::base(const Avp& avp) {
    switch (avp.code) {
        case 1: return text(message_.user_name, avp);
        case 263: return text(message_.session_id, avp);
        case 264: return text(message_.origin_host, avp);
        case 268: return count(message_.result_code, avp);
        case 278: return count(message_.origin_state_id, avp);
        case 293: return text(message_.destination_host, avp);
        case 296: return text(message_.origin_realm, avp);
        case 297: return experimental_result(avp.data);
        default: return;
    }
}

void Reader::cx(const Avp& avp) {
    switch (avp.code) {
        case 600: return text(message_.visited_network, avp);
        case 601: message_.public_identities.emplace_back(avp.data.begin(), avp.data.end()); return;
        case 602: return text(message_.server_name, avp);
        case 606: return text(message_.user_data, avp);
        case 607: return count(message_.number_auth_items, avp);
        case 612: return auth_item(avp.data);
        case 614: return count(message_.server_assignment_type, avp);
        case 615: return deregistration_reason(avp.data);
        case 623: return count(message_.user_authorization_type, avp);
        default: return;
    }
}

void Reader::experimental_result(Bytes avps) {
    AvpWalk walk(avps);
    while (const auto avp = walk.next()) {
        if (avp->code == 298 && avp->vendor == 0) count(message_.experimental_result_code, *avp);
    }
    if (walk.damaged()) odd("AVP overruns its group");
}

void Reader::deregistration_reason(Bytes avps) {
    AvpWalk walk(avps);
    while (const auto avp = walk.next()) {
        if (avp->code == 616 && avp->vendor == k3gppVendor) count(message_.deregistration_reason, *avp);
    }
    if (walk.damaged()) odd("AVP overruns its group");
}

void Reader::auth_item(Bytes avps) {
    // Read apart: fields are told by their address while contradictions are looked for.
    AuthItem item;
    AvpWalk walk(avps);
    while (const auto avp = walk.next()) {
        if (avp->vendor == k3gppVendor) auth_item_part(*avp, item);
    }
    if (walk.damaged()) odd("AVP overruns its group");
    for (const void* part : {static_cast<const void*>(&item.number), static_cast<const void*>(&item.scheme),
                             static_cast<const void*>(&item.authenticate), static_cast<const void*>(&item.authorization),
                             static_cast<const void*>(&item.ck), static_cast<const void*>(&item.ik)}) {
        contradictory_.erase(part);
    }
    message_.auth_items.push_back(std::move(item));
}

void Reader::auth_item_part(const Avp& avp, AuthItem& item) {
    switch (avp.code) {
        case 608: return text(item.scheme, avp);
        case 609: return octets(item.authenticate, avp);
        case 610: return octets(item.authorization, avp);
        case 613: return count(item.number, avp);
        case 625: return octets(item.ck, avp);
        case 626: return octets(item.ik, avp);
        default: return;
    }
}

const char* base_or_cx_name(std::uint32_t application, std::uint32_t command) {
    if (application == kCxApplication) {
        switch (command) {
            case kUserAuthorization: return "UA";
            case kServerAssignment: return "SA";
            case kLocationInfo: return "LI";
            case kMultimediaAuth: return "MA";
            case kRegistrationTermination: return "RT";
            case kPushProfile: return "PP";
            default: break;
        }
    }
    switch (command) {  // of the base protocol, whatever application stands in the header
        case 257: return "CE";
        case 280: return "DW";
        case 282: return "DP";
        default: return nullptr;
    }
}

std::string application_name(std::uint32_t application) {
    switch (application) {
        case 0: return "base";
        case kCxApplication: return "Cx";
        case 16777217: return "Sh";
        case 16777236: return "Rx";
        case 16777238: return "Gx";
        case 16777251: return "S6a";
        case 16777265: return "SWx";
        default: return std::to_string(application);
    }
}

}  // namespace

bool DiameterMessage::success() const {
    const auto good = [](const std::optional<std::uint32_t>& code) { return code && *code >= 2001 && *code <= 2004; };
    return good(result_code) || good(experimental_result_code);
}

bool looks_like_diameter(Bytes bytes) {
    if (bytes.size() < kDiameterHeader || bytes[0] != 1) return false;
    const std::uint32_t length = diameter_length(bytes);
    if (length < kDiameterHeader || length > kMaxDiameterLength || length % 4 != 0) return false;
    const std::uint8_t flags = bytes[4];
    if ((flags & kReservedFlags) != 0 || ((flags & kRequestFlag) != 0 && (flags & kErrorFlag) != 0)) return false;
    if (!assigned_command(read_u24(bytes.data() + 5))) return false;
    return known_application(read_u32(bytes.data() + 8)) || plausible_first_avp(bytes, length);
}

bool surely_diameter(Bytes bytes) {
    if (!looks_like_diameter(bytes)) return false;
    const std::uint32_t length = diameter_length(bytes);
    return length == kDiameterHeader || (bytes.size() >= kDiameterHeader + 8 && plausible_first_avp(bytes, length));
}

std::uint32_t diameter_length(Bytes bytes) { return bytes.size() < 4 ? 0 : read_u24(bytes.data() + 1); }

std::optional<DiameterMessage> read_diameter(Bytes bytes) {
    if (bytes.size() < kDiameterHeader || bytes[0] != 1) return std::nullopt;
    DiameterMessage message;
    const std::uint8_t flags = bytes[4];
    message.request = (flags & kRequestFlag) != 0;
    message.error = (flags & kErrorFlag) != 0;
    message.retransmitted = (flags & kRetransmittedFlag) != 0;
    message.command = read_u24(bytes.data() + 5);
    message.application = read_u32(bytes.data() + 8);
    message.hop_by_hop = read_u32(bytes.data() + 12);
    message.end_to_end = read_u32(bytes.data() + 16);
    const std::size_t length = diameter_length(bytes);
    if (length > bytes.size()) message.diagnostics.push_back("message shorter than its header says");
    if (length < kDiameterHeader) message.diagnostics.push_back("length in the header is less than the header's");
    const std::size_t end = std::max(std::min(length, bytes.size()), kDiameterHeader);
    Reader(message).message(bytes.subspan(kDiameterHeader, end - kDiameterHeader));
    return message;
}

std::string diameter_kind(const DiameterMessage& message) {
    if (const char* name = base_or_cx_name(message.application, message.command)) return fmt::format("{}{}", name, message.request ? 'R' : 'A');
    return fmt::format("{}/{}", message.command, application_name(message.application));
}

}  // namespace imspect::decode
