// Copies told from retransmissions, order, and bounds.
#include "traces/decode/decoder.h"

#include <catch2/catch.hpp>

#include "tests/decode/stream.h"

using namespace imspect;
using tests::Feed;
using tests::numbers;
using tests::outline;
using Strings = std::vector<std::string>;
using Numbers = std::vector<std::uint32_t>;

namespace {

constexpr std::int64_t kMs = 1'000'000;

std::string sip(const std::string& id) { return tests::crlf("REGISTER sip:x SIP/2.0\nCall-ID: " + id + "\nContent-Length: 0\n\n"); }

}  // namespace

TEST_CASE("The same packet outside and inside of a tunnel and behind ESP is one message") {
    Feed feed(capture::Transport::kUdp);
    feed.next().packet_key = 7;
    feed.next().tunnel_depth = 1;
    feed.chunk(sip("a"));
    feed.next().tunnel_depth = 0;
    feed.next().time_ns += 1 * kMs;
    feed.chunk(sip("a"));
    feed.next().esp_spi = 0x1234;
    feed.next().time_ns += 1 * kMs;
    feed.chunk(sip("a"));
    const auto& messages = feed.finish();
    REQUIRE(outline(messages) == Strings{"REGISTER/a"});
    CHECK(numbers(messages[0].frames) == Numbers{1});
    CHECK(numbers(messages[0].copies) == Numbers{2, 3});
    CHECK(messages[0].esp_spi == 0x1234);
    CHECK(messages[0].time_ns == 0);
    CHECK(feed.summary().sip == 1);
    CHECK(feed.summary().copies == 2);
    CHECK(feed.summary().sip_kinds == std::map<std::string, std::uint64_t>{{"REGISTER", 1}});
}

TEST_CASE("What is a copy and what is a message of its own") {
    struct Row {
        std::string name;
        std::size_t messages;
        void (*change)(capture::Chunk&);
    };
    const std::vector<Row> rows = {
        {"the same packet", 1, [](capture::Chunk&) {}},
        {"the same packet 40 ms later", 1, [](capture::Chunk& c) { c.time_ns += 40 * kMs; }},
        {"the same packet 40 ms earlier", 1, [](capture::Chunk& c) { c.time_ns -= 40 * kMs; }},
        {"the same packet 60 ms later", 2, [](capture::Chunk& c) { c.time_ns += 60 * kMs; }},
        {"another IP identification", 2, [](capture::Chunk& c) { c.packet_key = 2; }},
        {"another IP identification, 500 ms later", 2, [](capture::Chunk& c) { c.packet_key = 2; c.time_ns += 500 * kMs; }},
        {"another tap", 1, [](capture::Chunk& c) { c.packet_key = 2; c.interface = 1; }},
        {"another depth", 1, [](capture::Chunk& c) { c.packet_key = 2; c.tunnel_depth = 1; }},
        {"no identification", 1, [](capture::Chunk& c) { c.packet_key = 0; }},
        {"another sender", 2, [](capture::Chunk& c) { c.from.port = 1; }},
        {"another receiver", 2, [](capture::Chunk& c) { c.to.address.bytes[0] = 1; }},
        {"another transport", 2, [](capture::Chunk& c) { c.transport = capture::Transport::kTcp; }},
    };
    for (const Row& row : rows) {
        INFO(row.name);
        Feed feed(capture::Transport::kUdp);
        feed.next().time_ns = 1000 * kMs;
        feed.next().packet_key = 1;
        feed.chunk(sip("a"));
        row.change(feed.next());
        feed.chunk(sip("a"));
        const auto& messages = feed.finish();
        CHECK(messages.size() == row.messages);
        CHECK(feed.summary().copies == 2 - row.messages);
        if (messages.size() == 2) CHECK(messages[0].digest == messages[1].digest);
    }
}

TEST_CASE("Other bytes are never a copy") {
    Feed feed(capture::Transport::kUdp);
    feed.next().packet_key = 1;
    feed.chunk(sip("a")).chunk(sip("b"));
    CHECK(outline(feed.finish()) == Strings{"REGISTER/a", "REGISTER/b"});
}

TEST_CASE("A connection that two taps show as two flows gives its messages once, one flow that says it twice gives two") {
    Feed feed(capture::Transport::kTcp);
    feed.chunk(sip("a") + sip("a"));
    feed.next().flow = 2;
    feed.next().tunnel_depth = 1;
    feed.chunk(sip("a").substr(0, 9)).chunk(sip("a").substr(9));
    const auto& messages = feed.finish();
    REQUIRE(outline(messages) == Strings{"REGISTER/a", "REGISTER/a"});
    CHECK(messages[0].copies.size() + messages[1].copies.size() == 2);
}

TEST_CASE("Messages are held for a while and leave by time") {
    Feed feed(capture::Transport::kUdp);
    const auto at = [&](std::int64_t ms) -> Feed& {
        feed.next().time_ns = (1000 + ms) * kMs;
        feed.next().flow = static_cast<capture::FlowId>(ms);
        return feed;
    };
    at(0).chunk(sip("a"));
    at(60).chunk(sip("c"));
    at(40).chunk(sip("b"));
    at(140).chunk("\r\n");
    CHECK(feed.given().empty());
    at(151).chunk("\r\n");
    CHECK(outline(feed.given()) == Strings{"REGISTER/a"});
    at(211).chunk("\r\n");
    CHECK(outline(feed.given()) == Strings{"REGISTER/a", "REGISTER/b", "REGISTER/c"});
    at(220).chunk(sip("d"));
    at(-20'000).chunk(sip("e"));  // the next file begins earlier
    CHECK(outline(feed.given()) == Strings{"REGISTER/a", "REGISTER/b", "REGISTER/c", "REGISTER/d"});
    feed.finish();
    for (std::size_t i = 0; i < 5; ++i) CHECK(feed.given()[i].order == i);
}

TEST_CASE("A connection that waited for a segment keeps its order and takes its place by time") {
    Feed feed(capture::Transport::kTcp);
    const auto at = [&](std::int64_t ms, capture::FlowId flow) -> Feed& {
        feed.next().time_ns = (1000 + ms) * kMs;
        feed.next().flow = flow;
        return feed;
    };
    at(0, 1).chunk(sip("other1"));
    at(20, 1).chunk(sip("other2"));
    at(10, 2).chunk(sip("late"));    // was seen at 10, could be told from a gap only now
    at(30, 3).chunk(sip("first"));   // a segment sent again
    at(25, 3).chunk(sip("second"));  // that the other had overtaken
    CHECK(outline(feed.finish()) == Strings{"REGISTER/other1", "REGISTER/late", "REGISTER/other2", "REGISTER/first", "REGISTER/second"});
}

TEST_CASE("A message that waited seconds for a segment lets no copy of another slip") {
    Feed feed(capture::Transport::kTcp);
    feed.next().time_ns = 5000 * kMs;
    feed.next().packet_key = 1;
    feed.chunk(sip("a"));
    feed.next().flow = 2;
    feed.next().time_ns = 3000 * kMs;
    feed.chunk(sip("late"));
    feed.next().flow = 3;
    feed.next().time_ns = 5001 * kMs;
    feed.chunk(sip("a"));
    CHECK(outline(feed.finish()).size() == 2);
    CHECK(feed.summary().copies == 1);
}

TEST_CASE("Times from one end of all time to the other are survived") {
    Feed feed(capture::Transport::kUdp);
    for (const std::int64_t time : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), std::int64_t{0},
                                    std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
        feed.next().time_ns = time;
        feed.chunk(sip("a"));
    }
    CHECK(feed.finish().size() == 5);
}

TEST_CASE("A repeated segment joins the messages whose bytes it repeats, complete or pending") {
    Feed feed(capture::Transport::kTcp);
    const std::string a = tests::crlf("SIP/2.0 200 OK\nCSeq: 1 REGISTER\nCall-ID: a\nl: 0\n\n"), b = sip("b");
    feed.chunk(a + b.substr(0, 30));                       // 1
    feed.repeated(a.substr(10, 20));                       // 2: within a
    feed.repeated(a.substr(20) + b.substr(0, 30));         // 3: both, b still pending
    feed.repeated("x");                                    // 4: a keepalive
    feed.repeated("nothing that was ever said here");      // 5
    feed.chunk(b.substr(30));                              // 6
    feed.repeated(b.substr(25));                           // 7
    const auto& messages = feed.finish();
    REQUIRE(outline(messages) == Strings{"200/a", "REGISTER/b"});
    CHECK(numbers(messages[0].copies) == Numbers{2, 3});
    CHECK(numbers(messages[1].copies) == Numbers{3, 7});
}

TEST_CASE("A flood of half-open connections and of kinds stays bounded") {
    Feed feed(capture::Transport::kTcp);
    for (std::uint32_t i = 0; i < 70'000; ++i) {
        feed.next().flow = i;
        feed.next().from.port = static_cast<std::uint16_t>(i);
        feed.next().to.port = static_cast<std::uint16_t>(i >> 16);
        feed.chunk("REGISTER sip:x SIP/2.0\r\n");
        if (i % 1000 == 0) feed.next().time_ns += 100 * kMs;
    }
    for (int i = 0; i < 1000; ++i) {
        feed.next().flow = 1'000'000;
        feed.chunk("M" + std::to_string(i) + " sip:x SIP/2.0\r\nl: 0\r\n\r\n");
    }
    feed.finish();
    CHECK(feed.summary().sip == 71'000);
    CHECK(feed.summary().sip_kinds.size() <= 257);
    CHECK(feed.summary().sip_kinds.at("others") > 700);
}

TEST_CASE("Pending octets of all flows together are bounded") {
    Feed feed(capture::Transport::kTcp);
    const std::string part = "REGISTER sip:x SIP/2.0\r\nContent-Length: 60000\r\n\r\n" + std::string(50'000, 'b');
    for (std::uint32_t i = 0; i < 2000; ++i) {
        feed.next().flow = i;
        feed.next().from.port = static_cast<std::uint16_t>(i);
        feed.next().to.port = static_cast<std::uint16_t>(i >> 16);
        feed.chunk(part);
    }
    CHECK(feed.summary().odd.at("pending octets given up") > 500);
    feed.finish();
    CHECK(feed.summary().sip == 2000);
}
