#include "traces/decode/writer.h"

#include <catch2/catch.hpp>

#include "tests/decode/sip_text.h"

using namespace imspect::decode;
using imspect::tests::bytes_of;

namespace {

SipMessage everything() {
    SipMessage m;
    m.method = "REGISTER";
    m.request_uri = "sip:ims.example";
    m.from = m.to = "sip:alice@ims.example";
    m.from_tag = "f";
    m.call_id = "c@ue";
    m.cseq = 4294967295U;
    m.vias = {{"UDP", "pcscf:5060", "z9hG4bK1"}, {"UDP", "[2001:db8::1]:6000", ""}};
    m.paths = {"sip:term@pcscf;lr"};
    m.routes = {"sip:icscf;lr", "sip:scscf;lr"};
    m.contacts = {"<sip:alice@10.0.0.1:5060>;expires=600000"};
    m.contact_expires = 600000;
    m.expires = 600000;
    m.visited_network = "visited network \"1\"";
    m.require = {"path", "sec-agree"};
    m.proxy_require = {"sec-agree"};
    m.authorization = {{"Digest", {{"username", "alice@p"}, {"realm", "a, \"b\\"}, {"nonce", ""}, {"qop", "auth"}, {"nc", "00000001"},
                                   {"algorithm", "AKAv1-MD5"}, {"integrity-protected", "yes"}, {"response", ""}}}};
    m.security_client = {{"ipsec-3gpp", {{"alg", "hmac-md5-96"}, {"spi-c", "1"}}}, {"ipsec-3gpp", {{"alg", "hmac-sha-1-96"}}}};
    m.security_verify = {{"ipsec-3gpp", {{"q", "0.1"}, {"d-ver", "00 ff"}}}};
    m.body = std::string("b\0dy", 4);
    m.content_length = 4;
    return m;
}

}  // namespace

TEST_CASE("A request that was written reads as it was") {
    const SipMessage m = everything();
    CHECK(imspect::tests::read(write_sip(m)) == m);
    CHECK(imspect::tests::read(write_sip(m, {{"Max-Forwards", "70"}, {"User-Agent", "ue"}})) == m);
    CHECK(write_sip(m, {{"Max-Forwards", "70"}}).find("\r\nMax-Forwards: 70\r\n") != std::string::npos);
}

TEST_CASE("Responses that were written read as they were") {
    for (const auto& [status, reason] : std::vector<std::pair<int, std::string>>{{200, "OK"}, {401, "Unauthorized"}, {403, "Forbidden"}, {500, ""}}) {
        SipMessage m = everything();
        m.request = false;
        m.request_uri.clear();
        m.authorization.clear();
        m.status = status;
        m.reason = reason;
        m.to_tag = "t";
        m.www_authenticate = {{"Digest", {{"realm", "r"}, {"nonce", "YWJj=="}, {"qop", "auth,auth-int"}, {"ik", "00"}, {"ck", "11"}, {"algorithm", "AKAv1-MD5"}}}};
        m.security_server = m.security_client;
        m.service_routes = {"sip:orig@scscf;lr"};
        m.associated_uris = {"sip:alice@ims.example", "tel:+1201"};
        CHECK(imspect::tests::read(write_sip(m)) == m);
    }
}

TEST_CASE("The expiry of a contact is written into the first contact, once") {
    SipMessage m;
    m.method = "REGISTER";
    m.request_uri = "sip:x";
    m.contacts = {"<sip:a@b>", "<sip:c@d>"};
    m.contact_expires = 0;
    CHECK(write_sip(m).find("Contact: <sip:a@b>;expires=0\r\nContact: <sip:c@d>\r\n") != std::string::npos);
    m.contacts = {"<sip:a@b>", "<sip:c@d>;expires=0"};
    CHECK(write_sip(m).find("Contact: <sip:a@b>\r\nContact: <sip:c@d>;expires=0\r\n") != std::string::npos);
}

TEST_CASE("A Diameter message that was written reads as it was") {
    DiameterMessage m;
    m.command = kMultimediaAuth;
    m.application = kCxApplication;
    m.hop_by_hop = 0x80000001;
    m.end_to_end = 2;
    m.session_id = "scscf;1;2";
    m.origin_host = "hss.ims";
    m.origin_realm = "ims";
    m.origin_state_id = 7;
    m.destination_host = "x";
    m.user_name = "alice@p";
    m.public_identities = {"sip:alice@ims", "tel:+1"};
    m.server_name = "sip:scscf:6060";
    m.visited_network = "v";
    m.result_code = 2001;
    m.experimental_result_code = 5001;
    m.user_authorization_type = 0;
    m.server_assignment_type = 9;
    m.number_auth_items = 2;
    m.deregistration_reason = 1;
    m.auth_items = {{1, "Digest-AKAv1-MD5", Octets(32, 1), Octets(8, 2), Octets(16, 3), Octets(16, 4)}, {2, "", Octets(32, 5), {}, {}, {}}};
    m.user_data = "<IMSSubscription/>";
    for (const bool request : {false, true}) {
        m.request = request;
        m.retransmitted = request;
        m.error = !request;
        const Octets bytes = write_diameter(m);
        CHECK(bytes.size() % 4 == 0);
        CHECK(diameter_length(bytes) == bytes.size());
        CHECK(looks_like_diameter(bytes));
        CHECK(read_diameter(bytes) == m);
    }
}
