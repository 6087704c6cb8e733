#include "traces/decode/writer.h"

#include <string_view>

namespace imspect::decode {

namespace {

constexpr std::uint8_t kVendorFlag = 0x80, kMandatoryFlag = 0x40;
constexpr std::uint8_t kRequestFlag = 0x80, kProxiableFlag = 0x40, kErrorFlag = 0x20, kRetransmittedFlag = 0x10;
constexpr std::uint32_t kNoStateMaintained = 1;

void put_u24(Octets& out, std::uint32_t value) {
    for (const int shift : {16, 8, 0}) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void put_u32(Octets& out, std::uint32_t value) {
    out.push_back(static_cast<std::uint8_t>(value >> 24));
    put_u24(out, value);
}

/// AVPs of one level, each padded to four octets.
class Avps {
public:
    void octets(std::uint32_t code, std::uint32_t vendor, std::span<const std::uint8_t> data) {
        put_u32(out_, code);
        out_.push_back(static_cast<std::uint8_t>(kMandatoryFlag | (vendor != 0 ? kVendorFlag : 0)));
        put_u24(out_, static_cast<std::uint32_t>(data.size() + (vendor != 0 ? 12 : 8)));
        if (vendor != 0) put_u32(out_, vendor);
        out_.insert(out_.end(), data.begin(), data.end());
        while (out_.size() % 4 != 0) out_.push_back(0);
    }
    void text(std::uint32_t code, std::uint32_t vendor, std::string_view data) {
        if (!data.empty()) octets(code, vendor, {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()});
    }
    void bytes(std::uint32_t code, std::uint32_t vendor, const Octets& data) {
        if (!data.empty()) octets(code, vendor, data);
    }
    void number(std::uint32_t code, std::uint32_t vendor, std::optional<std::uint32_t> value) {
        if (!value) return;
        Octets data;
        put_u32(data, *value);
        octets(code, vendor, data);
    }
    void group(std::uint32_t code, std::uint32_t vendor, const Avps& inner) { octets(code, vendor, inner.out_); }
    [[nodiscard]] const Octets& written() const { return out_; }

private:
    Octets out_;
};

Avps group_of(const AuthItem& item) {
    Avps avps;
    avps.number(613, k3gppVendor, item.number);
    avps.text(608, k3gppVendor, item.scheme);
    avps.bytes(609, k3gppVendor, item.authenticate);
    avps.bytes(610, k3gppVendor, item.authorization);
    avps.bytes(625, k3gppVendor, item.ck);
    avps.bytes(626, k3gppVendor, item.ik);
    return avps;
}

void write_base(const DiameterMessage& m, Avps& avps) {
    avps.text(263, 0, m.session_id);
    if (m.application == kCxApplication) {
        Avps application;
        application.number(266, 0, k3gppVendor);
        application.number(258, 0, kCxApplication);
        avps.group(260, 0, application);
        avps.number(277, 0, kNoStateMaintained);
    }
    avps.text(264, 0, m.origin_host);
    avps.text(296, 0, m.origin_realm);
    avps.text(293, 0, m.destination_host);
    if (m.request && m.application != 0) avps.text(283, 0, m.origin_realm);
    avps.number(278, 0, m.origin_state_id);
    avps.number(268, 0, m.result_code);
    if (m.experimental_result_code) {
        Avps result;
        result.number(266, 0, k3gppVendor);
        result.number(298, 0, m.experimental_result_code);
        avps.group(297, 0, result);
    }
    avps.text(1, 0, m.user_name);
}

void write_cx(const DiameterMessage& m, Avps& avps) {
    for (const std::string& identity : m.public_identities) avps.text(601, k3gppVendor, identity);
    avps.text(600, k3gppVendor, m.visited_network);
    avps.text(602, k3gppVendor, m.server_name);
    avps.number(623, k3gppVendor, m.user_authorization_type);
    avps.number(614, k3gppVendor, m.server_assignment_type);
    avps.number(607, k3gppVendor, m.number_auth_items);
    for (const AuthItem& item : m.auth_items) avps.group(612, k3gppVendor, group_of(item));
    avps.text(606, k3gppVendor, m.user_data);
    if (m.deregistration_reason) {
        Avps reason;
        reason.number(616, k3gppVendor, m.deregistration_reason);
        avps.group(615, k3gppVendor, reason);
    }
}

}  // namespace

Octets write_diameter(const DiameterMessage& m) {
    Avps avps;
    write_base(m, avps);
    write_cx(m, avps);

    Octets out;
    out.push_back(1);
    put_u24(out, static_cast<std::uint32_t>(kDiameterHeader + avps.written().size()));
    const std::uint8_t proxiable = m.application != 0 ? kProxiableFlag : 0;  // the base protocol's own messages go one hop
    out.push_back(static_cast<std::uint8_t>(proxiable | (m.request ? kRequestFlag : 0) | (m.error ? kErrorFlag : 0) |
                                            (m.retransmitted ? kRetransmittedFlag : 0)));
    put_u24(out, m.command);
    put_u32(out, m.application);
    put_u32(out, m.hop_by_hop);
    put_u32(out, m.end_to_end);
    out.insert(out.end(), avps.written().begin(), avps.written().end());
    return out;
}

}  // namespace imspect::decode
