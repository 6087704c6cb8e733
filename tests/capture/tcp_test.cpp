// TCP streams: order, repetition, loss, joining in mid-stream, ends, and floods.
#include <catch2/catch.hpp>

#include "tests/capture/packets.h"

using namespace imspect;
using namespace imspect::capture_tests;

namespace {

using Repeats = std::vector<std::pair<std::uint32_t, std::string>>;
using Order = std::vector<std::string>;

/// A connection whose first bytes are number 100 forth and 500 back.
const Buffer kSyn1 = forth({99, 0, kSyn});
const Buffer kSyn2 = back({499, 100, kSyn | kAck});

}  // namespace

TEST_CASE("Segments in order are chunks of two flows") {
    const Read got = read(pcap_of({kSyn1, kSyn2, forth({100, 500}, "ask"), back({500, 103}, "answer"), forth({103, 506}, "again")}));
    CHECK(got.sink.all() == "ask|answer|again");
    CHECK(got.sink.chunks[0].chunk.flow == got.sink.chunks[2].chunk.flow);
    CHECK(got.sink.chunks[0].chunk.flow != got.sink.chunks[1].chunk.flow);
    CHECK(got.sink.chunks[1].chunk.from.text() == "10.0.0.2:2000");
    CHECK(got.sink.chunks[1].frames == std::vector<std::uint32_t>{4});
    CHECK(got.sink.ends.size() == 2);
    CHECK(got.summary.gaps == 0);
}

TEST_CASE("Segments out of order come out in order, each with its own frame and time") {
    const Read got = read(pcap_of({kSyn1, forth({106}, "ghi"), forth({103}, "def"), forth({100}, "abc"), forth({109}, "jkl")}));
    CHECK(got.sink.all() == "abc|def|ghi|jkl");
    CHECK(got.sink.chunks[0].frames == std::vector<std::uint32_t>{4});
    CHECK(got.sink.chunks[2].frames == std::vector<std::uint32_t>{2});
    CHECK(got.sink.chunks[2].chunk.time_ns == 1'001'000'000);
}

TEST_CASE("A segment that brings only known bytes is repeated, one that brings more gives the rest") {
    const Read got = read(pcap_of({kSyn1, forth({100}, "abcdef"), forth({100}, "abcdef"), forth({102}, "cd"), forth({104}, "efgh")}));
    CHECK(got.sink.all() == "abcdef|gh");
    CHECK(got.sink.repeats == Repeats{{3, "abcdef"}, {4, "cd"}});
}

TEST_CASE("A copy of a segment that waits is told once the segment has been handed up") {
    const Read got = read(pcap_of({kSyn1, forth({103}, "def"), forth({103}, "def"), forth({100}, "abc")}));
    CHECK(got.sink.all() == "abc|def");
    CHECK(got.sink.repeats == Repeats{{3, "def"}});
}

TEST_CASE("Segments that overlap while they wait give every byte once") {
    const Read got = read(pcap_of({kSyn1, forth({105}, "fgh"), forth({102}, "cdefgh"), forth({104}, "efghij"), forth({100}, "abc")}));
    std::string stream;
    for (const Seen& seen : got.sink.chunks) stream += seen.bytes;
    CHECK(stream == "abcdefghij");
}

TEST_CASE("A keep-alive is no repetition") {
    const Read got = read(pcap_of({kSyn1, forth({100}, "abc"), forth({102}, "c")}));
    CHECK(got.sink.repeats.empty());
}

TEST_CASE("Sequence numbers wrap") {
    const Read got = read(pcap_of({forth({0xfffffffc, 0, kSyn}), forth({0xfffffffd}, "abc"), forth({3}, "ghi"), forth({0}, "def")}));
    CHECK(got.sink.all() == "abc|def|ghi");
}

TEST_CASE("A hole is given up once the other side acknowledges past it") {
    const Read got = read(pcap_of({kSyn1, kSyn2, forth({100}, "abc"), forth({106}, "ghi"), back({500, 109}), forth({109}, "jkl")}));
    CHECK(got.sink.all() == "abc|^ghi|jkl");
    CHECK(got.summary.gaps == 1);
    CHECK(got.sink.order[1] == "chunk 1");
}

TEST_CASE("A hole that was acknowledged before what follows it was seen is given up at once") {
    const Read got = read(pcap_of({kSyn1, kSyn2, forth({100}, "abc"), back({500, 106}), forth({106}, "ghi"), back({500, 109}, "x")}));
    CHECK(got.sink.all() == "abc|^ghi|x");
}

TEST_CASE("A hole is given up after three seconds, and at the end of the capture") {
    Read got = read(pcap({{kSyn1, 1'000'000'000}, {forth({103}, "def"), 2'000'000'000}, {ip4(17, udp(text("later"))), 5'100'000'000}}));
    CHECK(got.sink.all() == "^def|later");
    got = read(pcap({{kSyn1, 1'000'000'000}, {forth({103}, "def"), 2'000'000'000}, {ip4(17, udp(text("later"))), 4'900'000'000}}));
    CHECK(got.sink.all() == "later|^def");
    CHECK(got.summary.gaps == 1);
}

TEST_CASE("What comes after it was given up is no repetition") {
    const Read got = read(pcap_of({kSyn1, kSyn2, forth({103}, "def"), back({500, 106}), forth({100}, "abc"), forth({103}, "def")}));
    CHECK(got.sink.all() == "^def");
    CHECK(got.summary.odd.at("TCP bytes that came after they were given up") == 1);
    CHECK(got.sink.repeats == Repeats{{6, "def"}});
}

TEST_CASE("What waits is bounded") {
    std::vector<Buffer> packets = {kSyn1};
    for (std::uint32_t i = 0; i < 400; ++i) packets.push_back(forth({200 + 2 * i}, "x"));
    const Read got = read(pcap_of(packets));
    CHECK(got.sink.chunks.size() == 400);
    CHECK(got.summary.gaps == 400);
    packets = {kSyn1};
    for (std::uint32_t i = 0; i < 20; ++i) packets.push_back(forth({200 + 30'000 * i}, std::string(30'000, 'x')));
    packets.push_back(ip4(17, udp(text("last"))));
    CHECK(read(pcap_of(packets)).sink.order.back() == "ended 1");
    CHECK(read(pcap_of(packets)).sink.chunks.back().bytes == "last");
}

TEST_CASE("A stream joined in mid-stream starts with a gap, in the order of the stream") {
    Read got = read(pcap_of({forth({103, 500}, "def"), forth({100, 500}, "abc"), back({500, 106}, "answer")}));
    CHECK(got.sink.all() == "^abc|def|^answer");
    CHECK(got.summary.gaps == 0);
    got = read(pcap({{forth({100}, "abc"), 1'000'000'000}, {ip4(17, udp(text("later"))), 1'030'000'000}}));
    CHECK(got.sink.all() == "^abc|later");
    got = read(pcap_of({forth({100}, "abc"), forth({103}, "d"), forth({104}, "e"), forth({105}, "f"), ip4(17, udp(text("later")))}));
    CHECK(got.sink.all() == "^abc|d|e|f|later");
    CHECK(read(pcap_of({forth({100}, "abc")})).sink.all() == "^abc");
}

TEST_CASE("Bytes from before a stream was joined are not told as repeated") {
    const Read got = read(pcap_of({back({500, 100}, "x"), forth({100, 501}, "abc"), forth({90, 501}, "0123456789")}));
    CHECK(got.summary.odd.at("TCP bytes from before the stream was joined") == 1);
    CHECK(got.sink.repeats.empty());
}

TEST_CASE("A FIN ends its direction, also when it comes before the last bytes") {
    Read got = read(pcap_of({kSyn1, forth({100}, "abc"), forth({103, 0, kAck | kFin}), forth({100}, "abc")}));
    CHECK(got.sink.order == Order{"chunk 1", "ended 1"});
    CHECK(got.sink.repeats == Repeats{{4, "abc"}});
    got = read(pcap_of({kSyn1, forth({103, 0, kAck | kFin}, "def"), forth({100}, "abc"), ip4(17, udp(text("x")))}));
    CHECK(got.sink.order == Order{"chunk 1", "chunk 1", "ended 1", "chunk 2"});
}

TEST_CASE("A reset ends both directions, what waits comes out first") {
    const Read got = read(pcap_of({kSyn1, kSyn2, forth({100, 500}, "abc"), back({500, 103}, "x"), forth({106, 501}, "ghi"), back({501, 103, kRst}),
                                   ip4(17, udp(text("y")))}));
    CHECK(got.sink.all() == "abc|x|^ghi|y");
    CHECK(got.sink.order == Order{"chunk 1", "chunk 2", "chunk 1", "ended 1", "ended 2", "chunk 3"});
}

TEST_CASE("A connection opened anew on the same ports gets new flows, a repeated SYN does not") {
    const Read got = read(pcap_of({kSyn1, kSyn2, forth({100, 500}, "abc"), kSyn1, kSyn2, forth({103, 500}, "def"), back({500, 106}, "x"),
                                   forth({7099, 0, kSyn}), back({8099, 7100, kSyn | kAck}), forth({7100, 8100}, "new"), back({8100, 7103}, "y")}));
    CHECK(got.sink.all() == "abc|def|x|new|y");
    CHECK(got.sink.order == Order{"chunk 1", "chunk 1", "chunk 2", "ended 1", "ended 2", "chunk 3", "chunk 4", "ended 3", "ended 4"});
}

TEST_CASE("Numbers far from any window are another connection whose SYN was not captured") {
    const Read got = read(pcap_of({kSyn1, kSyn2, forth({100, 500}, "abc"), back({500, 103}), forth({2'000'000'000, 700}, "new"), back({700, 2'000'000'003}),
                                   forth({2'000'000'003, 700}, "er")}));
    CHECK(got.sink.all() == "abc|^new|er");
    CHECK(got.sink.chunks[0].chunk.flow != got.sink.chunks[1].chunk.flow);
    CHECK(got.sink.chunks[1].chunk.flow == got.sink.chunks[2].chunk.flow);
}

TEST_CASE("Data in the SYN counts") {
    CHECK(read(pcap_of({forth({99, 0, kSyn}, "fast"), forth({104}, " open")})).sink.all() == "fast| open");
}

TEST_CASE("Bytes cut by the snap length are a hole, and the stream goes on behind it") {
    const Buffer whole = forth({100, 500}, "abcdef");
    const Buffer cut(whole.begin(), whole.end() - 3);
    const Read got = read(pcap({{kSyn1}, {kSyn2}, {cut, 1'000'000'000, static_cast<std::uint32_t>(whole.size())}, {back({500, 106})}, {forth({106, 500}, "ghi")}}));
    CHECK(got.sink.all() == "abc|^ghi");
}

TEST_CASE("Bad TCP headers are counted") {
    Buffer packet = forth({1}, "x");
    packet[32] = 0x40;
    CHECK(read(pcap_of({packet})).summary.odd.at("bad TCP header length") == 1);
    packet[32] = 0xf0;
    CHECK(read(pcap_of({packet})).summary.odd.at("truncated transport header") == 1);
}

TEST_CASE("A flood of connections that only open pushes no connection out that carries data") {
    std::vector<Record> records = {{kSyn1}, {forth({100}, "abc")}};
    for (std::uint32_t i = 0; i < 200'000; ++i) {
        Ip ip;
        ip.from = "10." + std::to_string(1 + i / 65536) + "." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256);
        records.push_back({ip4(6, tcp({i, 0, kSyn}), ip)});
    }
    records.push_back({forth({103}, "def")});
    const Read got = read(pcap(records));
    CHECK(got.sink.all() == "abc|def");
}

TEST_CASE("A connection idle for two hours is let go") {
    const Read got = read(pcap({{kSyn1, 1'000'000'000}, {forth({100}, "abc"), 1'000'000'000}, {ip4(17, udp(text("x"))), 7'202'000'000'000}}));
    CHECK(got.sink.order == Order{"chunk 1", "ended 1", "chunk 2"});
}
