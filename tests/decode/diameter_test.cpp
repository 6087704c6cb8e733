#include "traces/decode/diameter.h"

#include <catch2/catch.hpp>

#include "tests/decode/sip_text.h"
#include "traces/decode/digest.h"
#include "traces/decode/writer.h"

using namespace imspect::decode;
using imspect::tests::bytes_of;
using Strings = std::vector<std::string>;

namespace {

std::string u24(std::uint32_t value) {
    return {static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::string u32(std::uint32_t value) { return static_cast<char>(value >> 24) + u24(value); }

/// An AVP; `length` overrides the right one.
std::string avp(std::uint32_t code, const std::string& data, std::uint32_t vendor = 0, std::optional<std::uint32_t> length = {}) {
    const auto right = static_cast<std::uint32_t>(data.size() + (vendor != 0 ? 12 : 8));
    std::string text = u32(code) + static_cast<char>(vendor != 0 ? 0xc0 : 0x40) + u24(length.value_or(right));
    if (vendor != 0) text += u32(vendor);
    text += data;
    while (text.size() % 4 != 0) text += '\0';
    return text;
}

std::string cx(std::uint32_t code, const std::string& data) { return avp(code, data, k3gppVendor); }

std::string message(const std::string& avps, std::uint8_t flags = 0xc0, std::uint32_t command = kMultimediaAuth,
                    std::uint32_t application = kCxApplication) {
    return '\x01' + u24(static_cast<std::uint32_t>(20 + avps.size())) + static_cast<char>(flags) + u24(command) + u32(application) + u32(7) +
           u32(8) + avps;
}

DiameterMessage read(const std::string& bytes) {
    const auto m = read_diameter(bytes_of(bytes));
    REQUIRE(m.has_value());
    return *m;
}

Octets octets(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

TEST_CASE("An MAA is read AVP by AVP, items in the order of their numbers") {
    const DiameterMessage m = read(message(
        avp(263, "s;1") + avp(264, "hss") + avp(296, "realm") + avp(1, "impi") + cx(601, "sip:a") + cx(601, "tel:+1") + cx(602, "sip:scscf") +
            cx(607, u32(2)) + cx(612, cx(613, u32(2)) + cx(608, "Digest-AKAv1-MD5") + cx(609, "second")) +
            cx(612, cx(613, u32(1)) + cx(609, "RANDAUTN") + cx(610, "XRES") + cx(625, "CK") + cx(626, "IK")) + avp(268, u32(2001)) +
            avp(999, "unknown") + avp(612, "not 3GPP's") + avp(612, "another vendor's", 5535),
        0x40));
    CHECK(m.diagnostics == Strings{});
    CHECK(m.command == 303);
    CHECK(m.application == kCxApplication);
    CHECK_FALSE(m.request);
    CHECK_FALSE(m.error);
    CHECK(m.hop_by_hop == 7);
    CHECK(m.end_to_end == 8);
    CHECK(m.session_id == "s;1");
    CHECK(m.origin_host == "hss");
    CHECK(m.origin_realm == "realm");
    CHECK(m.user_name == "impi");
    CHECK(m.public_identities == Strings{"sip:a", "tel:+1"});
    CHECK(m.server_name == "sip:scscf");
    CHECK(m.number_auth_items == 2U);
    REQUIRE(m.auth_items.size() == 2);
    CHECK(m.auth_items[0] == AuthItem{1, "", octets("RANDAUTN"), octets("XRES"), octets("CK"), octets("IK")});
    CHECK(m.auth_items[1] == AuthItem{2, "Digest-AKAv1-MD5", octets("second"), {}, {}, {}});
    CHECK(m.result_code == 2001U);
    CHECK(m.success());
    CHECK(diameter_kind(m) == "MAA");
}

TEST_CASE("Other AVPs of Cx and the flags of the header") {
    const DiameterMessage m = read(message(cx(600, "visited") + cx(606, "<xml/>") + cx(614, u32(9)) + cx(615, cx(616, u32(3)) + cx(617, "why")) +
                                               cx(623, u32(1)) + avp(293, "dest") + avp(297, avp(266, u32(10415)) + avp(298, u32(5001))),
                                           0xf0, kServerAssignment));
    CHECK(m.diagnostics == Strings{});
    CHECK(m.request);
    CHECK(m.error);
    CHECK(m.retransmitted);
    CHECK(m.visited_network == "visited");
    CHECK(m.user_data == "<xml/>");
    CHECK(m.server_assignment_type == 9U);
    CHECK(m.deregistration_reason == 3U);
    CHECK(m.user_authorization_type == 1U);
    CHECK(m.destination_host == "dest");
    CHECK(m.experimental_result_code == 5001U);
    CHECK_FALSE(m.success());
    CHECK(diameter_kind(m) == "SAR");
}

TEST_CASE("Damage behind the header is named, what came before it stays") {
    struct Row {
        std::string avps, diagnostic;
        std::string user_name;
    };
    const std::vector<Row> rows = {
        {avp(1, "u") + avp(263, "s", 0, 100), "AVP overruns the message", "u"},
        {avp(1, "u") + avp(263, "s", 0, 7), "AVP overruns the message", "u"},
        {avp(1, "u") + avp(263, "s", 0, 0), "AVP overruns the message", "u"},
        {avp(1, "u") + cx(602, "").replace(5, 3, u24(11)), "AVP overruns the message", "u"},
        {avp(1, "u") + std::string("\0\0\0\1", 4), "AVP overruns the message", "u"},
        {avp(1, "u") + cx(612, cx(609, "x").replace(5, 3, u24(99))), "AVP overruns its group", "u"},
        {avp(1, "u") + avp(297, "abc"), "AVP overruns its group", "u"},
        {avp(1, "u") + avp(268, "abc"), "AVP 268 is not four octets long", "u"},
        {avp(1, "u") + avp(1, "v"), "AVP 1 twice with different values", ""},
        {avp(1, "u") + avp(1, "v") + avp(1, "u"), "AVP 1 twice with different values", ""},
        {avp(1, "u") + avp(1, "u"), "", "u"},
    };
    for (const Row& row : rows) {
        INFO(row.diagnostic);
        const DiameterMessage m = read(message(row.avps));
        CHECK(m.diagnostics == (row.diagnostic.empty() ? Strings{} : Strings{row.diagnostic}));
        CHECK(m.user_name == row.user_name);
        CHECK(m.session_id == "");
    }
}

TEST_CASE("Two items may differ, one item may not contradict itself") {
    const DiameterMessage m = read(message(cx(612, cx(609, "a")) + cx(612, cx(609, "b")) + cx(612, cx(609, "c") + cx(609, "d"))));
    REQUIRE(m.auth_items.size() == 3);
    CHECK(m.auth_items[0].authenticate == octets("a"));
    CHECK(m.auth_items[1].authenticate == octets("b"));
    CHECK(m.auth_items[2].authenticate.empty());
    CHECK(m.diagnostics == Strings{"AVP 609 twice with different values"});
}

TEST_CASE("A prefix of a message gives a part of it and never another value") {
    const std::string whole = message(avp(263, "session") + avp(1, "user") + cx(612, cx(613, u32(1)) + cx(609, "RAND") + cx(610, "XRES")) + avp(268, u32(2001)));
    const DiameterMessage m = read(whole);
    CHECK(m.diagnostics.empty());
    for (std::size_t length = 0; length < whole.size(); ++length) {
        INFO(length);
        const auto part = read_diameter(bytes_of(whole.substr(0, length)));
        REQUIRE(part.has_value() == (length >= 20));
        if (!part) continue;
        CHECK_FALSE(part->diagnostics.empty());
        CHECK((part->session_id.empty() || part->session_id == m.session_id));
        CHECK((part->user_name.empty() || part->user_name == m.user_name));
        CHECK((part->auth_items.empty() || part->auth_items == m.auth_items));
        CHECK((!part->result_code || part->result_code == m.result_code));
    }
}

TEST_CASE("What looks like Diameter, and what does not") {
    const std::string good = message(avp(263, "s"));
    const auto changed = [&](std::size_t at, char to) {
        std::string bytes = good;
        bytes[at] = to;
        return bytes;
    };
    CHECK(looks_like_diameter(bytes_of(good)));
    CHECK(surely_diameter(bytes_of(good)));
    CHECK(looks_like_diameter(bytes_of(message("", 0x80, 280, 0))));
    CHECK(looks_like_diameter(bytes_of(good.substr(0, 20))));
    CHECK_FALSE(surely_diameter(bytes_of(good.substr(0, 20))));
    CHECK_FALSE(looks_like_diameter(bytes_of(good.substr(0, 19))));
    CHECK_FALSE(looks_like_diameter(bytes_of(changed(0, 2))));
    CHECK_FALSE(looks_like_diameter(bytes_of(changed(1, 1))));   // longer than anything held
    CHECK_FALSE(looks_like_diameter(bytes_of(changed(3, 1))));   // no multiple of four
    CHECK_FALSE(looks_like_diameter(bytes_of(changed(4, 1))));   // reserved flag
    CHECK_FALSE(looks_like_diameter(bytes_of(changed(4, '\xa0'))));  // request and error
    CHECK_FALSE(looks_like_diameter(bytes_of(changed(5, 1))));   // command of nobody
    CHECK_FALSE(looks_like_diameter(bytes_of("REGISTER sip:x SIP/2.0\r\n\r\n")));
    CHECK(diameter_length(bytes_of(good)) == good.size());
    CHECK(diameter_length(bytes_of("abc")) == 0);
}

TEST_CASE("Success is 2001 to 2004 in either code") {
    for (const std::uint32_t code : {2000U, 2001U, 2002U, 2004U, 2005U, 5001U}) {
        INFO(code);
        DiameterMessage m;
        m.result_code = code;
        CHECK(m.success() == (code >= 2001 && code <= 2004));
        m = {};
        m.experimental_result_code = code;
        CHECK(m.success() == (code >= 2001 && code <= 2004));
    }
    CHECK_FALSE(DiameterMessage{}.success());
}

TEST_CASE("Kinds of messages have short names") {
    struct Row {
        std::uint32_t command, application;
        bool request;
        std::string name;
    };
    const std::vector<Row> rows = {{300, kCxApplication, true, "UAR"},  {300, kCxApplication, false, "UAA"}, {302, kCxApplication, true, "LIR"},
                                   {304, kCxApplication, true, "RTR"},  {305, kCxApplication, false, "PPA"}, {280, 0, true, "DWR"},
                                   {257, kCxApplication, false, "CEA"}, {316, 16777251, true, "316/S6a"},    {303, 16777265, false, "303/SWx"},
                                   {5, 77, true, "5/77"}};
    for (const Row& row : rows) {
        DiameterMessage m;
        m.command = row.command;
        m.application = row.application;
        m.request = row.request;
        CHECK(diameter_kind(m) == row.name);
    }
}
