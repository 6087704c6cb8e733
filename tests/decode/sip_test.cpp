#include "traces/decode/sip.h"

#include <catch2/catch.hpp>

#include "tests/decode/sip_text.h"

using namespace imspect;
using namespace imspect::decode;
using tests::crlf;
using tests::read;
using tests::register_with;
using Strings = std::vector<std::string>;

TEST_CASE("A REGISTER is read field by field") {
    const SipMessage m = read(crlf(
        "REGISTER sip:ims.example SIP/2.0\n"
        "Via: SIP/2.0/UDP pcscf.example:5060;branch=z9hG4bKp, SIP/2.0/TCP [2001:db8::1]:5064;rport;branch=z9hG4bKu\n"
        "Path: <sip:term@pcscf.example;lr>\n"
        "Route: <sip:scscf.example:6060;lr>\n"
        "P-Visited-Network-ID: \"visited.example\"\n"
        "From: \"A; <B>, \\\"C\\\"\" <sip:alice@ims.example;user=phone>;tag=f1\n"
        "To: <sip:alice@ims.example>\n"
        "Call-ID: c1@ue\n"
        "CSeq: 7 REGISTER\n"
        "Contact: <sip:alice@[2001:db8::1]:5064;transport=tcp>;+g.3gpp.icsi-ref=\"urn%3A,x\";expires=600000\n"
        "Expires: 3600\n"
        "Require: sec-agree, path\n"
        "Proxy-Require: sec-agree\n"
        "Authorization: Digest username=\"alice@private.example\", realm=\"ims.example\", nonce=\"\", uri=\"sip:ims.example\", "
        "response=\"\", integrity-protected=\"no\"\n"
        "Security-Client: ipsec-3gpp; alg=hmac-md5-96; spi-c=11; spi-s=12, ipsec-3gpp;alg=hmac-sha-1-96\n"
        "Content-Length: 2\n"
        "\n"
        "xy"));
    CHECK(m.diagnostics == Strings{});
    CHECK(m.request);
    CHECK(m.method == "REGISTER");
    CHECK(m.status == 0);
    CHECK(m.request_uri == "sip:ims.example");
    CHECK(m.vias == std::vector<Via>{{"UDP", "pcscf.example:5060", "z9hG4bKp"}, {"TCP", "[2001:db8::1]:5064", "z9hG4bKu"}});
    CHECK(m.paths == Strings{"sip:term@pcscf.example;lr"});
    CHECK(m.routes == Strings{"sip:scscf.example:6060;lr"});
    CHECK(m.visited_network == "visited.example");
    CHECK(m.from == "sip:alice@ims.example");
    CHECK(m.from_tag == "f1");
    CHECK(m.to == "sip:alice@ims.example");
    CHECK(m.to_tag == "");
    CHECK(m.call_id == "c1@ue");
    CHECK(m.cseq == 7U);
    REQUIRE(m.contacts.size() == 1);
    CHECK(m.contact_expires == 600000U);
    CHECK(m.expires == 3600U);
    CHECK(m.expiry() == 600000U);
    CHECK(m.require == Strings{"sec-agree", "path"});
    CHECK(m.proxy_require == Strings{"sec-agree"});
    REQUIRE(m.authorization.size() == 1);
    CHECK(m.authorization[0].scheme == "Digest");
    CHECK(m.authorization[0].get("username") == "alice@private.example");
    CHECK(m.authorization[0].has("nonce"));
    CHECK(m.authorization[0].get("nonce") == "");
    CHECK(m.authorization[0].get("integrity-protected") == "no");
    CHECK(m.security_client ==
          std::vector<SecurityMechanism>{{"ipsec-3gpp", {{"alg", "hmac-md5-96"}, {"spi-c", "11"}, {"spi-s", "12"}}},
                                         {"ipsec-3gpp", {{"alg", "hmac-sha-1-96"}}}});
    CHECK(m.body == "xy");
    CHECK(m.content_length == 2);
}

TEST_CASE("A response takes its method from CSeq") {
    const SipMessage m = read(crlf(
        "SIP/2.0 401 Unauthorized - Challenging the UE\nCSeq: 1 REGISTER\n"
        "WWW-Authenticate: Digest realm=\"r\", nonce=\"qn==\", algorithm=AKAv1-MD5, qop=\"auth,auth-int\", ik=\"00\", ck=\"11\"\n"
        "Security-Server: ipsec-3gpp;q=0.1;prot=esp\nService-Route: <sip:a;lr>,<sip:b;lr>\n"
        "P-Associated-URI: <sip:alice@x;user=phone>, <tel:+1-201-555>\n\n"));
    CHECK_FALSE(m.request);
    CHECK(m.status == 401);
    CHECK(m.reason == "Unauthorized - Challenging the UE");
    CHECK(m.method == "REGISTER");
    REQUIRE(m.www_authenticate.size() == 1);
    CHECK(m.www_authenticate[0].get("qop") == "auth,auth-int");
    CHECK(m.www_authenticate[0].get("nonce") == "qn==");
    CHECK(m.www_authenticate[0].get("algorithm") == "AKAv1-MD5");
    CHECK(m.security_server.size() == 1);
    CHECK(m.service_routes == Strings{"sip:a;lr", "sip:b;lr"});
    CHECK(m.associated_uris == Strings{"sip:alice@x", "tel:+1-201-555"});
    CHECK(m.diagnostics == Strings{});
}

TEST_CASE("Compact forms, any case, folded lines and blanks before the colon mean the same") {
    const SipMessage plain = register_with("Via: SIP/2.0/UDP h:1;branch=b\nFrom: <sip:a@b>;tag=t\nTo: <sip:a@b>\nCall-ID: x\nContact: <sip:c@d>\nContent-Length: 0\nCSeq: 1 REGISTER\n");
    const SipMessage odd = register_with("V: SIP / 2.0\n / UDP\n\th : 1 ; branch = b\nf : <sip:a@b>\n ;tag=t\nTO:\n\t<sip:a@b>\ni:x\nM:  <sip:c@d>  \nl:0\ncSEQ: 1\n  REGISTER\n");
    CHECK(plain == odd);
    CHECK(plain.diagnostics == Strings{});
    CHECK(plain.vias == std::vector<Via>{{"UDP", "h:1", "b"}});
}

TEST_CASE("From and To in every form of address") {
    struct Row {
        std::string value, uri, tag;
        bool clean;
    };
    const std::vector<Row> rows = {
        {"sip:a@b;tag=1", "sip:a@b", "1", true},
        {"<sip:a@b;x=y?h=v>;tag=1", "sip:a@b", "1", true},
        {"Alice Liddell <sip:a@b>", "sip:a@b", "", true},
        {"\"a <sip:wrong@x>;tag=2\" <sip:a@b>;tag=1", "sip:a@b", "1", true},
        {"<sip:a;b?c@d>;tag=1", "sip:a;b?c@d", "1", true},
        {"<tel:+1-201-555;ext=1>;tag=\"q\\\"t\"", "tel:+1-201-555", "q\"t", true},
        {"tel:911;tag=7", "tel:911", "7", true},
        {"<tel:911;phone-context=x.example>", "tel:911;phone-context=x.example", "", true},
        {"<sip:a@b;tag=in>;TAG=1", "sip:a@b", "1", true},
        {"<sip:a@b", "", "", false},
        {"\"open <sip:a@b>;tag=1", "", "", false},
        {"", "", "", false},
        {"alice", "", "", false},
        {"<sip:a@b>;tag=1;tag=2", "sip:a@b", "", false},
        {"<sip:a@b>;tag=\"open", "sip:a@b", "", false},
        {"<sip:a b@c>;tag=1", "", "1", false},
    };
    for (const Row& row : rows) {
        INFO(row.value);
        const SipMessage m = register_with("From: " + row.value + "\n");
        CHECK(m.from == row.uri);
        CHECK(m.from_tag == row.tag);
        CHECK(m.diagnostics.empty() == row.clean);
    }
}

TEST_CASE("What is damaged is empty and named") {
    struct Row {
        std::string fields;
        std::string diagnostic;
        SipMessage expected;
    };
    const auto with = [](auto change) {
        SipMessage m;
        m.method = "REGISTER";
        m.request_uri = "sip:ims.example";
        change(m);
        return m;
    };
    const auto nothing = with([](SipMessage&) {});
    const std::vector<Row> rows = {
        {"no colon here\nCall-ID: x\n", "header line without a name and colon", with([](SipMessage& m) { m.call_id = "x"; })},
        {"Call-ID: x\nno colon\n folded\n", "header line without a name and colon", with([](SipMessage& m) { m.call_id = "x"; })},
        {" folded first\n", "continuation line without a header", nothing},
        {"CSeq: 4294967296 REGISTER\n", "unreadable CSeq", nothing},
        {"CSeq: -1 REGISTER\n", "unreadable CSeq", nothing},
        {"CSeq: 1 INVITE\n", "CSeq method differs from the request's", with([](SipMessage& m) { m.cseq = 1; })},
        {"Expires: 1e3\n", "unreadable Expires", nothing},
        {"Expires: 1\nExpires: 2\n", "Expires twice with different values", nothing},
        {"Expires: 1\nExpires: 1\n", "", with([](SipMessage& m) { m.expires = 1; })},
        {"Call-ID: x\ni: y\n", "Call-ID twice with different values", nothing},
        {"Call-ID: x y\n", "unreadable Call-ID", nothing},
        {"From: <sip:a@b>;tag=1\nFrom: <sip:a@b>;tag=2\n", "From twice with different values", nothing},
        {"Content-Length: -5\n", "unreadable Content-Length", nothing},
        {"Content-Length: 99999999999999999999\n", "unreadable Content-Length", nothing},
        {"Content-Length: 0\nl: 3\n", "unreadable Content-Length", nothing},
        {"Content-Length: 4294967295\n", "body shorter than Content-Length", with([](SipMessage& m) { m.content_length = 4294967295U; })},
        {"Via: nonsense\n", "unreadable Via", nothing},
        {"Contact: *\n", "", with([](SipMessage& m) { m.contacts = {"*"}; m.contact_star = true; })},
        {"Contact: <sip:a@b>;expires=x\n", "unreadable expires of Contact", with([](SipMessage& m) { m.contacts = {"<sip:a@b>;expires=x"}; })},
        {"Authorization: nonce=\"x\"\n", "unreadable Authorization", nothing},
        {"Authorization: Digest nonce=\"a\", nonce=\"b\", realm=r\n", "unreadable Authorization",
         with([](SipMessage& m) { m.authorization = {{"Digest", {{"realm", "r"}}}}; })},
        {"Authorization: Digest realm=\"r\", nonce=\"open\n", "unreadable Authorization",
         with([](SipMessage& m) { m.authorization = {{"Digest", {{"realm", "r"}}}}; })},
        {"Security-Client: alg=x;spi-c=1\n", "unreadable Security-Client", nothing},
    };
    for (const Row& row : rows) {
        INFO(row.fields);
        SipMessage m = register_with(row.fields);
        const Strings expected = row.diagnostic.empty() ? Strings{} : Strings{row.diagnostic};
        CHECK(m.diagnostics == expected);
        m.diagnostics.clear();
        CHECK(m == row.expected);
    }
}

TEST_CASE("Several challenges and credentials in one field, commas and escapes within quotes") {
    const SipMessage m = register_with(
        "WWW-Authenticate: Digest realm=\"a, b\", nonce=\"n1\", Basic realm=\"x\", Digest  nonce = \"a\\\"b\\\\c\" , stale=TRUE\n"
        "Proxy-Authenticate: Digest realm=p\n"
        "Authorization: Digest\n username=\"u\",\n\tresponse=\"0123\"\n");
    CHECK(m.diagnostics == Strings{});
    REQUIRE(m.www_authenticate.size() == 4);
    CHECK(m.www_authenticate[0] == Digest{"Digest", {{"realm", "a, b"}, {"nonce", "n1"}}});
    CHECK(m.www_authenticate[1] == Digest{"Basic", {{"realm", "x"}}});
    CHECK(m.www_authenticate[2] == Digest{"Digest", {{"nonce", "a\"b\\c"}, {"stale", "TRUE"}}});
    CHECK(m.www_authenticate[3] == Digest{"Digest", {{"realm", "p"}}});
    CHECK(m.authorization == std::vector<Digest>{{"Digest", {{"username", "u"}, {"response", "0123"}}}});
}

TEST_CASE("Line ends of LF alone are read and named") {
    const SipMessage m = read("REGISTER sip:x SIP/2.0\nCall-ID: a\n\nbody");
    CHECK(m.call_id == "a");
    CHECK(m.body == "body");
    CHECK(m.diagnostics == Strings{"line ends with LF only"});
}

TEST_CASE("Start lines: what is one, what is not") {
    struct Row {
        std::string line;
        bool sip;
        std::string method;
        int status;
    };
    const std::vector<Row> rows = {
        {"REGISTER sip:x SIP/2.0", true, "REGISTER", 0},
        {"REGISTER  sip:x  SIP/2.0  ", true, "REGISTER", 0},
        {"!odd*+`.%method sip:x SIP/2.0", true, "!odd*+`.%method", 0},
        {"OPTIONS sip:x SIP/7.0", true, "OPTIONS", 0},
        {"OPTIONS sip:x; lr SIP/2.0", true, "OPTIONS", 0},
        {"DBREGISTER sip:x SIP/2.0", true, "REGISTER", 0},
        {"PRACK sip:x SIP/2.0", true, "PRACK", 0},
        {"SIP/2.0 200 OK", true, "", 200},
        {"SIP/2.0 200", true, "", 200},
        {"SIP/2.0 200 ", true, "", 200},
        {"sip/2.0 699 x", true, "", 699},
        {"SIP/2.0 4294967301 big", true, "", 0},
        {"SIP/2.0 099 small", true, "", 0},
        {"GET / HTTP/1.1", false, "", 0},
        {"HTTP/1.1 200 OK", false, "", 0},
        {"RTSP/1.0 200 OK", false, "", 0},
        {"SIP/2.0/UDP host", false, "", 0},
        {"SIP/2.0", false, "", 0},
        {"REGISTER SIP/2.0", false, "", 0},
        {"RE\x01GISTER sip:x SIP/2.0", false, "", 0},
        {"REGISTER sip:x SIP/", false, "", 0},
        {"", false, "", 0},
    };
    for (const Row& row : rows) {
        INFO(row.line);
        const std::string text = row.line + "\r\n\r\n";
        CHECK(looks_like_sip(tests::bytes_of(text)) == row.sip);
        const auto m = read_sip(tests::bytes_of(text));
        REQUIRE(m.has_value() == row.sip);
        if (!m) continue;
        CHECK(m->method == row.method);
        CHECK(m->status == row.status);
    }
}

TEST_CASE("A body is no longer than Content-Length and as long as what came") {
    CHECK(read("OPTIONS sip:x SIP/2.0\r\nl: 2\r\n\r\nabcd").body == "ab");
    CHECK(read("OPTIONS sip:x SIP/2.0\r\nl: 2\r\n\r\nabcd").diagnostics == Strings{"octets behind the body"});
    CHECK(read("OPTIONS sip:x SIP/2.0\r\nl: 9\r\n\r\nabcd").body == "abcd");
    CHECK(read("OPTIONS sip:x SIP/2.0\r\n\r\nabcd").body == "abcd");
    CHECK(read("OPTIONS sip:x SIP/2.0\r\nl: 9\r\n").diagnostics == Strings{"no empty line behind the headers", "body shorter than Content-Length"});
}

TEST_CASE("A prefix of a message never says what the message doesn't") {
    const std::string whole = crlf(
        "SIP/2.0 401 Unauthorized\nVia: SIP/2.0/UDP h:1;branch=b\nFrom: <sip:a@b.example>;tag=t\nTo: <sip:a@b.example>;tag=u\nCall-ID: x\n"
        "WWW-Authenticate: Digest realm=\"r\", nonce=\"abcdef\"\nCSeq: 42 REGISTER\nl: 0\n\n");
    const SipMessage m = read(whole);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto part = read_sip(tests::bytes_of(whole.substr(0, length)));
        if (!part) continue;
        INFO(length);
        CHECK((part->call_id.empty() || part->call_id == m.call_id));
        CHECK((!part->cseq || part->cseq == m.cseq));
        CHECK((part->from.empty() || part->from == m.from));
        CHECK((part->to_tag.empty() || part->to_tag == m.to_tag));
        CHECK((part->www_authenticate.empty() || part->www_authenticate == m.www_authenticate));
        CHECK_FALSE(part->diagnostics.empty());
    }
}
