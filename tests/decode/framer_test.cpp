// Streams cut into messages, whatever the pieces in which they come.
#include <catch2/catch.hpp>

#include <random>

#include "tests/decode/stream.h"
#include "traces/decode/framer.h"
#include "traces/decode/writer.h"

using namespace imspect;
using tests::Feed;
using tests::numbers;
using tests::outline;
using Strings = std::vector<std::string>;
using Numbers = std::vector<std::uint32_t>;

namespace {

constexpr auto kTcp = capture::Transport::kTcp;
constexpr auto kUdp = capture::Transport::kUdp;
constexpr auto kSctp = capture::Transport::kSctp;

std::string sip(const std::string& id, const std::string& body = "", const std::string& more = "") {
    return tests::crlf("REGISTER sip:x SIP/2.0\nVia: SIP/2.0/TCP h;branch=b\nCall-ID: " + id + "\n" + more +
                       "Content-Length: " + std::to_string(body.size()) + "\n\n") + body;
}

std::string status(const std::string& id) { return tests::crlf("SIP/2.0 200 OK\ni: " + id + "\nl: 0\n\n"); }

std::string diameter(const std::string& session, bool request = true) {
    decode::DiameterMessage m;
    m.command = decode::kMultimediaAuth;
    m.application = decode::kCxApplication;
    m.request = request;
    m.session_id = session;
    m.user_name = "u\r\n\x01";
    const auto bytes = decode::write_diameter(m);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("Two cuts anywhere in a stream of SIP and Diameter change no message") {
    const std::string stream = sip("a", "body\r\n\r\nmore") + "\r\n\r\n" + status("b") + diameter("s1") + sip("c") + "\r\n" + diameter("s2", false) + status("d");
    const Strings expected = {"REGISTER/a", "200/b", "MAR/s1", "REGISTER/c", "MAA/s2", "200/d"};
    for (const auto transport : {kTcp, kSctp}) {
        for (std::size_t first = 0; first <= stream.size(); ++first) {
            for (std::size_t second : {first, std::min(first + 1, stream.size()), std::min(first + 21, stream.size()), stream.size()}) {
                Feed feed(transport);
                feed.chunk(stream.substr(0, first)).chunk(stream.substr(first, second - first)).chunk(stream.substr(second));
                const auto& messages = feed.finish();
                if (outline(messages) == expected && feed.summary().odd.empty()) continue;
                INFO("cut at " << first << " and " << second);
                CHECK(outline(messages) == expected);
                CHECK(feed.summary().odd.empty());
            }
        }
    }
}

TEST_CASE("Octet by octet a message knows all its frames and the time of the last") {
    const std::string stream = sip("a", "xyz") + diameter("s");
    Feed feed(kTcp);
    for (const char& c : stream) {
        ++feed.next().time_ns;
        feed.chunk({&c, 1});
    }
    const auto& messages = feed.finish();
    REQUIRE(outline(messages) == Strings{"REGISTER/a", "MAR/s"});
    const auto length = static_cast<std::uint32_t>(sip("a", "xyz").size());
    CHECK(messages[0].frames.size() == length);
    CHECK(messages[0].frames.back().number == length);
    CHECK(messages[0].time_ns == length);
    CHECK(messages[1].frames.front().number == length + 1);
    CHECK(std::get<decode::SipMessage>(messages[0].content).body == "xyz");
}

TEST_CASE("Several messages in one segment, a message over several, and the frames of each") {
    Feed feed(kTcp);
    const std::string a = sip("a"), b = sip("b"), c = sip("c");
    feed.chunk(a + b.substr(0, 10)).chunk(b.substr(10, 10)).chunk(b.substr(20) + c);
    const auto& messages = feed.finish();
    REQUIRE(outline(messages) == Strings{"REGISTER/a", "REGISTER/b", "REGISTER/c"});
    CHECK(numbers(messages[0].frames) == Numbers{1});
    CHECK(numbers(messages[1].frames) == Numbers{1, 2, 3});
    CHECK(numbers(messages[2].frames) == Numbers{3});
}

TEST_CASE("Junk is skipped up to the next start, wherever it is cut") {
    struct Row {
        std::string stream;
        Strings expected;
    };
    const std::string noise = std::string("\x01\0\0\x18\xc0 noise \x16\x03\x01", 15) + " SIP/2.0 in\r\nthe middle: x\r\n";
    const std::vector<Row> rows = {
        {noise + sip("a"), {"REGISTER/a"}},
        {noise + diameter("s") + sip("a"), {"MAR/s", "REGISTER/a"}},
        {sip("a") + noise + status("b"), {"REGISTER/a", "200/b"}},
        {std::string("\x80\x81\x82") + sip("a"), {"REGISTER/a"}},
        {sip("a") + "tail of a body that was longer" + sip("b"), {"REGISTER/a", "REGISTER/b"}},
    };
    for (const Row& row : rows) {
        for (std::size_t cut = 0; cut <= row.stream.size(); ++cut) {
            Feed feed(kTcp);
            feed.chunk(row.stream.substr(0, cut)).chunk(row.stream.substr(cut));
            INFO(row.stream << "\ncut at " << cut);
            REQUIRE(outline(feed.finish()) == row.expected);
            CHECK(feed.summary().odd.at("junk between messages") == 1);
        }
    }
}

TEST_CASE("A Content-Length that lies ends at the next message") {
    struct Row {
        std::string length;
        std::string diagnostic;
    };
    for (const Row& row : std::vector<Row>{{"100", "Content-Length reaches into the next message"},
                                           {"60000", "Content-Length reaches into the next message"},
                                           {"4294967295", "Content-Length is not credible"},
                                           {"99999999999999", "Content-Length is not credible"},
                                           {"-1", "Content-Length is not credible"},
                                           {"x", "Content-Length is not credible"}}) {
        const std::string liar = tests::crlf("OPTIONS sip:x SIP/2.0\nCall-ID: l\nContent-Length: " + row.length + "\n\n");
        const std::string stream = liar + sip("a") + sip("b");
        for (const std::size_t cut : {std::size_t{0}, liar.size() - 1, liar.size(), liar.size() + 8, liar.size() + 30, stream.size()}) {
            INFO(row.length << " cut at " << cut);
            Feed feed(kTcp);
            feed.chunk(stream.substr(0, cut)).chunk(stream.substr(cut));
            CHECK(outline(feed.finish()) == Strings{"!OPTIONS/l", "REGISTER/a", "REGISTER/b"});
            CHECK(feed.summary().odd.at(row.diagnostic) == 1);
        }
    }
}

TEST_CASE("A body may quote a message where its type allows that") {
    const std::string quoted = sip("q");
    Feed feed(kTcp);
    feed.chunk(sip("a", quoted, "Content-Type: message/sip\n").substr(0, 200)).chunk(sip("a", quoted, "Content-Type: message/sip\n").substr(200) + sip("b"));
    CHECK(outline(feed.finish()) == Strings{"REGISTER/a", "REGISTER/b"});
}

TEST_CASE("A gap cuts what is pending and the stream is found again") {
    const std::string a = sip("a", "0123456789"), b = sip("b");
    Feed feed(kTcp);
    feed.chunk(a.substr(0, a.size() - 5));
    feed.next().gap_before = true;
    feed.chunk("rest of something\r\nCall-ID: wrong\r\n\r\n" + b);
    const auto& messages = feed.finish();
    REQUIRE(outline(messages) == Strings{"!REGISTER/a", "REGISTER/b"});
    CHECK(std::get<decode::SipMessage>(messages[0].content).body == "01234");
    CHECK(feed.summary().odd.at("message cut short") == 1);
}

TEST_CASE("A capture that begins in mid-stream loses only what it has the half of") {
    for (const std::string& whole : {sip("a", "0123456789"), diameter("s")}) {
        for (std::size_t from = 1; from < whole.size(); ++from) {
            INFO("from " << from);
            Feed feed(kTcp);
            feed.next().gap_before = true;
            feed.chunk(whole.substr(from) + diameter("t") + sip("b"));
            const auto found = outline(feed.finish());
            CHECK(found == Strings{"MAR/t", "REGISTER/b"});
        }
    }
}

TEST_CASE("Behind a gap a message may begin at once, even if little of it came") {
    for (const std::string& bytes : {sip("a"), diameter("a")}) {
        Feed feed(kTcp);
        feed.next().gap_before = true;
        feed.chunk(bytes);
        CHECK(outline(feed.finish()).size() == 1);
        CHECK(feed.summary().odd.empty());
    }
    Feed feed(kTcp);
    feed.next().gap_before = true;
    feed.chunk(diameter("a").substr(0, 21));
    CHECK(outline(feed.finish()) == Strings{"!MAR/"});
}

TEST_CASE("What is pending when a flow ends is given out as far as it came") {
    const std::string a = sip("a", "0123456789");
    Feed feed(kTcp);
    feed.chunk(a.substr(0, a.size() - 1)).ended();
    feed.chunk(diameter("s").substr(0, 36)).ended();
    feed.chunk("REGISTER sip:x SIP/2.0\r\nCall-ID: z\r\nFrom: <si");
    CHECK(outline(feed.finish()) == Strings{"!REGISTER/a", "!MAR/s", "!REGISTER/z"});
    CHECK(feed.summary().odd.at("message cut short") == 3);
}

TEST_CASE("Datagrams hold one message each, keepalives none, few octets of junk are tolerated") {
    Feed feed(kUdp);
    feed.chunk("\r\n\r\n").chunk(std::string(4, '\0')).chunk("\r\n" + sip("a"));
    feed.chunk("\xd0(" + sip("b")).chunk(std::string("\x00\xff\x01 ", 4) + sip("c")).chunk("\xff" + sip("n").substr(3));
    feed.chunk("not SIP").chunk(std::string(200, 'x') + "\r\n" + sip("d")).chunk(sip("e") + sip("f")).chunk(diameter("s"));
    CHECK(outline(feed.finish()) == Strings{"REGISTER/a", "!REGISTER/b", "!REGISTER/c", "!REGISTER/e"});
    CHECK(feed.summary().other_payloads == 4);
    CHECK(feed.summary().sip == 4);
}

TEST_CASE("Over SCTP a message without Content-Length ends with its user message") {
    Feed feed(kSctp);
    feed.chunk("SIP/2.0 200 OK\r\ni: a\r\n\r\nbody").chunk(status("b"));
    const auto& messages = feed.finish();
    REQUIRE(outline(messages) == Strings{"200/a", "200/b"});
    CHECK(std::get<decode::SipMessage>(messages[0].content).body == "body");
}

TEST_CASE("Other protocols on a connection are counted and little of them is kept") {
    decode::Framer framer(kTcp);
    std::mt19937 random(1);
    decode::FramerOut out{[](decode::Framed&&) { FAIL("a message in noise"); }, [](const char*) {}};
    for (int i = 0; i < 500; ++i) {
        std::string noise;
        for (int k = 0; k < 1400; ++k) noise += static_cast<char>(random());
        capture::Chunk chunk;
        chunk.transport = kTcp;
        chunk.bytes = tests::bytes_of(noise);
        chunk.frames = {{0, 1}};
        framer.feed(chunk, out);
        REQUIRE(framer.pending() < 2000);
    }
}

TEST_CASE("A head without end and a million small pieces stay within the bound") {
    Feed feed(kTcp);
    feed.chunk("REGISTER sip:x SIP/2.0\r\nCall-ID: a\r\nX: ");
    for (int i = 0; i < 100; ++i) feed.chunk(std::string(1000, 'x'));
    feed.chunk("\r\n\r\n" + sip("b"));
    CHECK(outline(feed.finish()) == Strings{"!REGISTER/a", "REGISTER/b"});
    CHECK(feed.summary().odd.at("head too long") == 1);
}
