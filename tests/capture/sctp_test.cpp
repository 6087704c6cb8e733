// SCTP: DATA chunks to user messages.
#include <catch2/catch.hpp>

#include "tests/capture/packets.h"

using namespace imspect;
using namespace imspect::capture_tests;

namespace {

constexpr unsigned kWhole = 3, kBegin = 2, kMiddle = 0, kEnd = 1, kUnordered = 4;

Buffer chunk(unsigned type, unsigned flags, const Buffer& value) {
    return u8(type) + u8(flags) + u16(4 + value.size()) + value + Buffer((4 - value.size() % 4) % 4, 0);
}

Buffer data(std::uint32_t tsn, unsigned sequence, const std::string& payload, unsigned flags = kWhole, unsigned stream = 0) {
    return chunk(0, flags, u32(tsn) + u16(stream) + u16(sequence) + u32(46) + text(payload));
}

Buffer init(std::uint32_t tag, std::uint32_t tsn, unsigned type = 1) {
    return chunk(type, 0, u32(tag) + u32(65536) + u16(10) + u16(10) + u32(tsn));
}

Buffer sack(std::uint32_t tsn) { return chunk(3, 0, u32(tsn) + u32(65536) + u32(0)); }

Buffer forth(const Buffer& chunks, std::uint32_t tag = 7) { return ip4(132, u16(3868) + u16(3869) + u32(tag) + u32(0) + chunks); }

Buffer back(const Buffer& chunks, std::uint32_t tag = 8) {
    return ip4(132, u16(3869) + u16(3868) + u32(tag) + u32(0) + chunks, {"10.0.0.2", "10.0.0.1", 1, 0, false, {}});
}

const Buffer kInit = forth(init(8, 1), 0);

}  // namespace

TEST_CASE("User messages of an association are chunks, several in a packet too, each stream a flow") {
    const Read got = read(pcap_of({kInit, back(init(7, 1, 2)), forth(data(1, 0, "one") + data(2, 1, "two")), forth(data(3, 0, "other", kWhole, 5)), back(data(1, 0, "answer"))}));
    CHECK(got.sink.all() == "one|two|other|answer");
    const auto flow = [&](int i) { return got.sink.chunks[i].chunk.flow; };
    CHECK(flow(0) == flow(1));
    CHECK(flow(0) != flow(2));
    CHECK(flow(0) != flow(3));
    CHECK(got.sink.chunks[0].chunk.transport == capture::Transport::kSctp);
    CHECK(got.sink.chunks[0].chunk.packet_key != got.sink.chunks[1].chunk.packet_key);
    CHECK(got.sink.ends.size() == 3);
}

TEST_CASE("Fragments of a message are put together in any order") {
    Read got = read(pcap_of({kInit, forth(data(1, 0, "a", kBegin)), forth(data(2, 0, "b", kMiddle)), forth(data(3, 0, "c", kEnd)), forth(data(4, 1, "d"))}));
    CHECK(got.sink.all() == "abc|d");
    CHECK(got.sink.chunks[0].frames == std::vector<std::uint32_t>{2, 3, 4});
    got = read(pcap_of({kInit, forth(data(3, 0, "c", kEnd)), forth(data(4, 1, "d")), forth(data(1, 0, "a", kBegin)), forth(data(2, 0, "b", kMiddle))}));
    CHECK(got.sink.all() == "abc|d");
    CHECK(got.sink.chunks[0].frames == std::vector<std::uint32_t>{2, 4, 5});
}

TEST_CASE("A number that comes twice is a repetition") {
    const Read got = read(pcap_of({kInit, forth(data(1, 0, "one")), forth(data(1, 0, "one") + data(2, 1, "two"))}));
    CHECK(got.sink.all() == "one|two");
    CHECK(got.sink.repeats == std::vector<std::pair<std::uint32_t, std::string>>{{3, "one"}});
}

TEST_CASE("Ordered messages wait for their turn, unordered ones do not") {
    const Read got = read(pcap_of({kInit, forth(data(3, 2, "three")), forth(data(4, 0, "free", kWhole | kUnordered)), forth(data(2, 1, "two")), forth(data(1, 0, "one"))}));
    CHECK(got.sink.all() == "free|one|two|three");
    CHECK(got.summary.gaps == 0);
}

TEST_CASE("What is acknowledged but was not captured is a gap") {
    Read got = read(pcap_of({kInit, forth(data(1, 0, "one")), forth(data(3, 2, "three")), back(sack(3)), forth(data(4, 3, "four")), ip4(17, udp(text("x")))}));
    CHECK(got.sink.all() == "one|^three|four|x");
    CHECK(got.summary.gaps == 1);
    got = read(pcap({{kInit, 1'000'000'000}, {forth(data(3, 2, "three")), 1'000'000'000}, {ip4(17, udp(text("x"))), 4'100'000'000}}));
    CHECK(got.sink.all() == "^three|x");
}

TEST_CASE("An association joined in mid-stream starts with a gap") {
    const Read got = read(pcap_of({forth(data(1000, 70, "a")), forth(data(1001, 71, "b")), forth(data(999, 69, "late"))}));
    CHECK(got.sink.all() == "^a|b|^late");
    CHECK(got.summary.odd.at("SCTP message out of order") == 1);
}

TEST_CASE("Another tag is another association, and ABORT ends both directions") {
    const Read got = read(pcap_of({forth(data(1, 0, "a")), forth(data(1, 0, "b"), 99), back(data(1, 0, "c")), back(chunk(6, 0, {}))}));
    CHECK(got.sink.all() == "^a|^b|^c");
    CHECK(got.sink.chunks[0].chunk.flow != got.sink.chunks[1].chunk.flow);
    CHECK(got.sink.ends.size() == 3);
    CHECK(got.sink.repeats.empty());
}

TEST_CASE("Damaged chunks are counted and end the packet") {
    Read got = read(pcap_of({forth(data(1, 0, "a") + u8(0) + u8(3) + u16(3) + data(2, 1, "b"))}));
    CHECK(got.sink.all() == "^a");
    CHECK(got.summary.odd.at("bad SCTP chunk length") == 1);
    got = read(pcap_of({forth(u8(0) + u8(3) + u16(400) + u32(1))}));
    CHECK(got.summary.odd.at("bad SCTP chunk length") == 1);
    got = read(pcap_of({forth(chunk(0, kWhole, u32(1)))}));
    CHECK(got.summary.odd.at("bad SCTP chunk length") == 1);
}

TEST_CASE("Fragments that never get whole are bounded and counted") {
    std::vector<Buffer> packets = {kInit};
    for (std::uint32_t i = 0; i < 3000; ++i) packets.push_back(forth(data(i + 10, 0, std::string(1000, 'x'), kMiddle)));
    packets.push_back(forth(data(5000, 0, "one")));
    const Read got = read(pcap_of(packets));
    CHECK(got.sink.all() == "one");
    CHECK(got.summary.odd.at("SCTP fragments without the rest") >= 2);
}

TEST_CASE("Sequence numbers of messages wrap") {
    const Read got = read(pcap_of({forth(data(0xffffffff, 65535, "a")), forth(data(0, 0, "b")), forth(data(2, 2, "d")), forth(data(1, 1, "c"))}));
    CHECK(got.sink.all() == "^a|b|c|d");
}
