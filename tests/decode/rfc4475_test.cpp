// The torture messages of RFC 4475: what each says where it is readable, empty and named where it is not.
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/decode/sip_text.h"

using namespace imspect;
using decode::SipMessage;

namespace {

const std::filesystem::path kFolder = std::filesystem::path(IMSPECT_SOURCE_DIR) / "../shared/captures/third-party/robust/rfc4475";

/// The files are stored with line ends of LF; CR is restored where it is missing.
std::string torture(const std::string& name) {
    std::ifstream file(kFolder / (name + ".dat"), std::ios::binary);
    const std::string stored{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::string text;
    for (const char c : stored) {
        if (c == '\n' && (text.empty() || text.back() != '\r')) text += '\r';
        text += c;
    }
    return text;
}

struct Row {
    std::string name, method;
    int status;
    std::string call_id;
    std::optional<std::uint32_t> cseq;
    std::string from, to;
    std::string diagnostics;
};

bool missing() {
    if (std::filesystem::exists(kFolder)) return false;
    WARN("skipped: there is no " << kFolder.string());
    return true;
}

}  // namespace

TEST_CASE("Every torture message is read, and no field says what the message does not") {
    if (missing()) return;
    const std::vector<Row> rows = {
        {"badaspec", "OPTIONS", 0, "badaspec.sdf0234n2nds0a099u23h3hnnw009cdkne3", 3923239U, "sip:a.g.bell@example.com", "sip:t.watson@example.org", ""},
        {"badbranch", "OPTIONS", 0, "badbranch.sadonfo23i420jv0as0derf3j3n", 8U, "sip:caller@example.org", "sip:user@example.com", ""},
        {"baddate", "INVITE", 0, "baddate.239423mnsadf3j23lj42--sedfnm234", 1392934U, "sip:caller@example.net", "sip:user@example.com", ""},
        {"baddn", "OPTIONS", 0, "baddn.31415@c.example.com", 3923239U, "sip:a.g.bell@example.com", "sip:t.watson@example.org", "no empty line behind the headers"},
        {"badinv01", "INVITE", 0, "badinv01.0ha0isndaksdjasdf3234nas", 8U, "sip:caller@example.net", "sip:j.user@example.com", "unreadable Via"},
        {"badvers", "OPTIONS", 0, "badvers.31417@c.example.com", 1U, "sip:a.g.bell@example.com", "sip:t.watson@example.org", "version is not SIP/2.0"},
        {"bcast", "INVITE", 200, "bcast.0384840201234ksdfak3j2erwedfsASdf", 35U, "sip:user@example.com", "sip:user@example.edu", ""},
        {"bext01", "OPTIONS", 0, "bext01.0ha0isndaksdj", 8U, "sip:caller@example.net", "sip:j_user@example.com", ""},
        {"bigcode", "INVITE", 0, "bigcode.asdof3uj203asdnf3429uasdhfas3ehjasdfas9i", 353494U, "sip:user@example.com", "sip:user@example.edu", "status out of range"},
        {"clerr", "INVITE", 0, "clerr.0ha0isndaksdjweiafasdk3", 8U, "sip:caller@example.net", "sip:j.user@example.com", "body shorter than Content-Length"},
        {"cparam01", "REGISTER", 0, "cparam01.70710@saturn.example.com", 2U, "sip:watson@example.com", "sip:watson@example.com", ""},
        {"cparam02", "REGISTER", 0, "cparam02.70710@saturn.example.com", 3U, "sip:watson@example.com", "sip:watson@example.com", ""},
        {"dblreq", "REGISTER", 0, "dblreq.0ha0isndaksdj99sdfafnl3lk233412", 8U, "sip:j.user@example.com", "sip:j.user@example.com", "octets behind the body"},
        {"esc01", "INVITE", 0, "esc01.239409asdfakjkn23onasd0-3234", 234234U, "sip:I%20have%20spaces@example.net", "sip:%75se%72@example.com", ""},
        {"esc02", "RE%47IST%45R", 0, "esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf", 29344U, "sip:resource@example.com", "sip:resource@example.com", ""},
        {"escnull", "REGISTER", 0, "escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd", 14398234U, "sip:null-%00-null@example.com", "sip:null-%00-null@example.com", ""},
        {"escruri", "INVITE", 0, "escruri.23940-asdfhj-aje3br-234q098w-fawerh2q-h4n5", 149209342U, "sip:caller@example.net", "sip:user@example.com", ""},
        {"insuf", "INVITE", 0, "", 193942U, "", "", ""},
        {"intmeth", "!interesting-Method0123456789_*+`.%indeed'~", 0, "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{", 139122385U, "sip:mundane@example.com", "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com", ""},
        {"inv2543", "INVITE", 0, "inv2543.1717@ift.client.example.com", 56U, "sip:+13035551111@ift.client.example.net", "sip:+16505552222@ss1.example.net", ""},
        {"invut", "INVITE", 0, "invut.0ha0isndaksdjadsfij34n23d", 235448U, "sip:caller@example.net", "sip:j.user@example.com", ""},
        {"longreq", "INVITE", 0, "longreq.onereallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallylongcallid", 3882340U, "sip:amazinglylongcallernameamazinglylongcallernameamazinglylongcallernameamazinglylongcallernameamazinglylongcallername@example.net", "sip:user@example.com:6000", ""},
        {"ltgtruri", "INVITE", 0, "ltgtruri.1@192.0.2.5", 1U, "sip:caller@example.net", "sip:user@example.com", "unreadable Request-URI"},
        {"lwsdisp", "OPTIONS", 0, "lwsdisp.1234abcd@funky.example.com", 60U, "sip:caller@example.com", "sip:user@example.com", ""},
        {"lwsruri", "INVITE", 0, "lwsruri.asdfasdoeoi2323-asdfwrn23-asd834rk423", 2130706432U, "sip:caller@example.net", "sip:user@example.com", "unreadable Request-URI"},
        {"lwsstart", "INVITE", 0, "lwsstart.dfknq234oi243099adsdfnawe3@example.com", 1893884U, "sip:caller@example.net", "sip:user@example.com", ""},
        {"mcl01", "OPTIONS", 0, "mcl01.fhn2323orihawfdoa3o4r52o3irsdf", 15932U, "sip:other@example.net", "sip:user@example.com", "unreadable Content-Length"},
        {"mismatch01", "OPTIONS", 0, "mismatch01.dj0234sxdfl3", 8U, "sip:caller@example.net", "sip:j.user@example.com", "CSeq method differs from the request's"},
        {"mismatch02", "NEWMETHOD", 0, "mismatch02.dj0234sxdfl3", 8U, "sip:caller@example.net", "sip:j.user@example.com", "CSeq method differs from the request's"},
        {"mpart01", "MESSAGE", 0, "3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..", 1U, "sip:fluffy@example.com", "sip:kumiko@example.org", "octets behind the body"},
        {"multi01", "INVITE", 0, "", {}, "", "", "CSeq twice with different values, Call-ID twice with different values, From twice with different values, To twice with different values"},
        {"ncl", "INVITE", 0, "ncl.0ha0isndaksdj2193423r542w35", 0U, "sip:caller@example.net", "sip:j.user@example.com", "unreadable Content-Length"},
        {"noreason", "INVITE", 100, "noreason.asndj203insdf99223ndf", 35U, "sip:user@example.com", "sip:user@example.edu", ""},
        {"novelsc", "OPTIONS", 0, "novelsc.asdfasser0q239nwsdfasdkl34", 3923423U, "sip:caller@example.net", "sip:user@example.com", ""},
        {"quotbal", "INVITE", 0, "quotbal.aksdj", 8U, "sip:caller@example.net", "", "unreadable To"},
        {"regaut01", "REGISTER", 0, "regaut01.0ha0isndaksdj", 9338U, "sip:j.user@example.com", "sip:j.user@example.com", ""},
        {"regbadct", "REGISTER", 0, "regbadct.k345asrl3fdbv@10.0.0.1", 1U, "sip:user@example.com", "sip:user@example.com", ""},
        {"regescrt", "REGISTER", 0, "regescrt.k345asrl3fdbv@192.0.2.1", 14398234U, "sip:user@example.com", "sip:user@example.com", ""},
        {"scalar02", "REGISTER", 0, "scalar02.23o0pd9vanlq3wnrlnewofjas9ui32", {}, "sip:user@example.com", "sip:user@example.com", "unreadable CSeq, unreadable Expires, unreadable expires of Contact"},
        {"scalarlg", "OPTIONS", 503, "scalarlg.noase0of0234hn2qofoaf0232aewf2394r", {}, "sip:other@example.net", "sip:user@example.com", "unreadable CSeq"},
        {"sdp01", "INVITE", 0, "sdp01.ndaksdj9342dasdd", 8U, "sip:caller@example.net", "sip:j_user@example.com", ""},
        {"semiuri", "OPTIONS", 0, "semiuri.0ha0isndaksdj", 8U, "sip:caller@example.org", "sip:j_user@example.com", ""},
        {"transports", "OPTIONS", 0, "transports.kijh4akdnaqjkwendsasfdj", 60U, "sip:caller@example.com", "sip:user@example.com", ""},
        {"trws", "OPTIONS", 0, "trws.oicu34958239neffasdhr2345r", 238923U, "sip:local-resource@example.com", "sip:remote-target@example.com", ""},
        {"unkscm", "OPTIONS", 0, "unkscm.nasdfasser0q239nwsdfasdkl34", 3923423U, "sip:caller@example.net", "sip:user@example.com", ""},
        {"unksm2", "REGISTER", 0, "unksm2.daksdj@hyphenated-host.example.com", 234902U, "http://www.example.com", "isbn:2983792873", ""},
        {"unreason", "INVITE", 200, "unreason.1234ksdfak3j2erwedfsASdf", 35U, "sip:user@example.com", "sip:user@example.edu", ""},
        {"wsinv", "INVITE", 0, "wsinv.ndaksdj@192.0.2.1", 9U, "sip:jdrosen@example.com", "sip:vivekg@chair-dnrc.example.com", ""},
        {"zeromf", "OPTIONS", 0, "zeromf.jfasdlfnm2o2l43r5u0asdfas", 39234321U, "sip:caller@example.net", "sip:user@example.com", ""},
    };
    // test.dat has no version in its request line: by content it is not SIP.
    CHECK_FALSE(decode::read_sip(tests::bytes_of(torture("test"))).has_value());
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kFolder)) files += entry.path().extension() == ".dat" ? 1 : 0;
    CHECK(files == rows.size() + 1);
    for (const Row& row : rows) {
        INFO(row.name);
        const SipMessage m = tests::read(torture(row.name));
        CHECK(m.method == row.method);
        CHECK(m.status == row.status);
        CHECK(m.call_id == row.call_id);
        CHECK(m.cseq == row.cseq);
        CHECK(m.from == row.from);
        CHECK(m.to == row.to);
        CHECK(fmt::format("{}", fmt::join(m.diagnostics, ", ")) == row.diagnostics);
    }
}

TEST_CASE("Torture messages: addresses, parameters and bodies that are easily misread") {
    if (missing()) return;
    const auto read = [](const std::string& name) { return tests::read(torture(name)); };
    CHECK(read("esc01").request_uri == "sip:sips%3Auser%40example.com@example.net");
    CHECK(read("escruri").request_uri == "sip:user@example.com?Route=%3Csip:example.com%3E");
    CHECK(read("semiuri").request_uri == "sip:user;par=u%40example.net@example.com");
    CHECK(read("ltgtruri").request_uri.empty());
    CHECK(read("lwsruri").request_uri.empty());
    CHECK(read("longreq").vias.size() == 34);
    CHECK(read("wsinv").vias.size() == 3);
    CHECK(read("wsinv").to_tag == "1918181833n");
    CHECK(read("clerr").body.size() == 154);
    CHECK(read("clerr").content_length == 9999);
    CHECK(read("ncl").content_length == 0);
    CHECK(read("dblreq").body.empty());
    CHECK(read("scalar02").expiry() == std::nullopt);
    CHECK(read("bigcode").reason == "better not break the receiver");
    CHECK(read("multi01").from_tag.empty());
}
