// IPv4, IPv6, fragments and tunnels.
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/capture/packets.h"

using namespace imspect;
using namespace imspect::capture_tests;

namespace {

const std::string kLong = "a message of some length that is cut into pieces of eight bytes";

Buffer part(const Buffer& whole, std::size_t begin, std::size_t end) {
    return {whole.begin() + static_cast<std::ptrdiff_t>(begin), whole.begin() + static_cast<std::ptrdiff_t>(std::min(end, whole.size()))};
}

/// A UDP datagram in fragments of `size` bytes.
std::vector<Buffer> fragments(const Buffer& datagram, std::size_t size, std::uint16_t id) {
    std::vector<Buffer> result;
    for (std::size_t at = 0; at < datagram.size(); at += size) {
        Ip how;
        how.id = id;
        how.offset = static_cast<std::uint16_t>(at);
        how.more = at + size < datagram.size();
        result.push_back(ip4(17, part(datagram, at, at + size), how));
    }
    return result;
}

Buffer gtp(const Buffer& packet) { return ip4(17, udp(u8(0x30) + u8(255) + u16(packet.size()) + u32(7) + packet, 2152, 2152), {"1.1.1.1", "2.2.2.2", 1, 0, false, {}}); }

}  // namespace

TEST_CASE("Addresses and ports are told, of the innermost header") {
    Read got = read(pcap_of({ip4(17, udp(text("x"), 5060, 6101)), ip6(17, udp(text("y"), 1, 2))}));
    CHECK(got.sink.chunks[0].chunk.from.text() == "10.0.0.1:5060");
    CHECK(got.sink.chunks[0].chunk.to.text() == "10.0.0.2:6101");
    CHECK(got.sink.chunks[1].chunk.from.text() == "[2001:db8::1]:1");
    CHECK(got.sink.chunks[0].chunk.transport == capture::Transport::kUdp);
}

TEST_CASE("IPv4 options and IPv6 extension headers are stepped over") {
    Ip options;
    options.options = Buffer(8, 1);
    CHECK(read(pcap_of({ip4(17, udp(text("x")), options)})).sink.all() == "x");
    const Buffer hop = u8(60) + u8(0) + Buffer(6, 0);
    const Buffer destination = u8(43) + u8(1) + Buffer(14, 0);
    const Buffer routing = u8(17) + u8(0) + Buffer(6, 0);
    CHECK(read(pcap_of({ip6(0, hop + destination + routing + udp(text("y")))})).sink.all() == "y");
    CHECK(read(pcap_of({ip6(0, u8(17) + u8(9) + Buffer(6, 0))})).summary.odd.count("truncated IPv6 extension header") == 1);
    CHECK(read(pcap_of({ip6(51, u8(17) + u8(4) + Buffer(22, 0) + udp(text("z")))})).sink.all() == "z");
}

TEST_CASE("A total length of zero means as much as there is, and one too short for its header is counted") {
    Buffer packet = ip4(17, udp(text("offloaded")));
    packet[2] = packet[3] = 0;
    CHECK(read(pcap_of({packet})).sink.all() == "offloaded");
    packet[3] = 10;
    CHECK(read(pcap_of({packet})).summary.odd.count("IP length shorter than its header") == 1);
    packet[0] = 0x43;
    CHECK(read(pcap_of({packet})).summary.odd.count("bad IPv4 header length") == 1);
    packet[0] = 0x95;
    CHECK(read(pcap_of({packet})).summary.odd.count("neither IPv4 nor IPv6 where IP should be") == 1);
}

TEST_CASE("Every cut of a packet is counted and nothing else happens") {
    const Buffer packet = ip4(4, ip4(6, tcp({1}, text("payload"))));
    for (std::size_t size = 1; size <= packet.size() - 7; ++size) {
        CAPTURE(size);
        const Read got = read(pcap_of({part(packet, 0, size)}));
        CHECK(got.sink.chunks.empty());
        CHECK_FALSE(got.summary.odd.empty());
    }
}

TEST_CASE("IPv4 fragments are put together in any order, and all their frames are known") {
    std::vector<Buffer> pieces = fragments(udp(text(kLong)), 24, 9);
    REQUIRE(pieces.size() == 3);
    std::vector<std::size_t> order = {0, 1, 2};
    do {
        const Read got = read(pcap_of({pieces[order[0]], pieces[order[1]], pieces[order[2]]}));
        CHECK(got.sink.all() == kLong);
        CHECK(got.sink.chunks[0].frames == std::vector<std::uint32_t>{1, 2, 3});
        CHECK(got.sink.chunks[0].chunk.time_ns == 1'002'000'000);
        CHECK(got.summary.odd.empty());
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("IPv6 fragments are put together, also with extension headers within") {
    const Buffer datagram = u8(17) + u8(0) + Buffer(6, 0) + udp(text(kLong));
    const Read got = read(pcap_of({ip6_fragment(60, part(datagram, 32, 999), 5, 32, false), ip6_fragment(60, part(datagram, 0, 32), 5, 0, true),
                                   ip6_fragment(17, udp(text("atomic")), 6, 0, false)}));
    CHECK(got.sink.all() == kLong + "|atomic");
    CHECK(got.sink.chunks[0].frames == std::vector<std::uint32_t>{1, 2});
}

TEST_CASE("Overlapping fragments keep the bytes that came first") {
    const Buffer datagram = udp(text(kLong));
    Ip second;
    second.id = 3;
    second.offset = 8;
    Buffer other = part(datagram, 8, 999);
    std::fill(other.begin(), other.begin() + 16, '#');
    Ip first;
    first.id = 3;
    first.more = true;
    const Read got = read(pcap_of({ip4(17, part(datagram, 0, 24), first), ip4(17, other, second)}));
    CHECK(got.sink.all() == kLong);
    CHECK(got.summary.odd.at("overlapping fragments") == 1);
}

TEST_CASE("Two copies of a fragmented datagram become two chunks with one key") {
    const std::vector<Buffer> pieces = fragments(udp(text(kLong)), 40, 9);
    const Read got = read(pcap_of({pieces[0], pieces[0], pieces[1], pieces[1]}));
    REQUIRE(got.sink.all() == kLong + "|" + kLong);
    CHECK(got.sink.chunks[0].frames == std::vector<std::uint32_t>{1, 3});
    CHECK(got.sink.chunks[1].frames == std::vector<std::uint32_t>{2, 4});
    CHECK(got.sink.chunks[0].chunk.packet_key == got.sink.chunks[1].chunk.packet_key);
    CHECK(got.summary.odd.empty());
}

TEST_CASE("Fragments without the rest are let go after a minute, and at the end") {
    const std::vector<Buffer> pieces = fragments(udp(text(kLong)), 40, 9);
    Read got = read(pcap({{pieces[0], 1'000'000'000}, {pieces[1], 62'000'000'000}}));
    CHECK(got.sink.chunks.empty());
    CHECK(got.summary.odd.at("fragments without the rest") == 2);
    got = read(pcap({{pieces[0], 1'000'000'000}, {pieces[1], 60'000'000'000}}));
    CHECK(got.sink.all() == kLong);
}

TEST_CASE("Fragments of bad lengths are counted") {
    Ip how;
    how.more = true;
    CHECK(read(pcap_of({ip4(17, Buffer(9, 0), how)})).summary.odd.at("fragment of bad length") == 1);
    how.offset = 65528;
    CHECK(read(pcap_of({ip4(17, Buffer(16, 0), how)})).summary.odd.at("fragment beyond 64 KiB") == 1);
}

TEST_CASE("Ten thousand datagrams without their ends stay within bounds") {
    std::vector<Record> records;
    for (int i = 0; i < 10'000; ++i) {
        Ip how;
        how.id = static_cast<std::uint16_t>(i);
        how.offset = 60'000;
        how.more = true;
        records.push_back({ip4(17, Buffer(8, 0), how)});
    }
    const Read got = read(pcap(records));
    CHECK(got.summary.odd.at("fragments without the rest") == 10'000);
}

TEST_CASE("IP in IP and GTP-U are opened, and the depth told") {
    const Buffer inner = ip4(17, udp(text("in")));
    const Buffer inner6 = ip6(17, udp(text("in6")));
    Read got = read(pcap_of({inner, ip4(4, inner), ip4(41, inner6), ip6(4, inner), gtp(inner), gtp(gtp(inner6))}));
    REQUIRE(got.sink.all() == "in|in|in6|in|in|in6");
    std::vector<unsigned> depths;
    for (const Seen& seen : got.sink.chunks) depths.push_back(seen.chunk.tunnel_depth);
    CHECK(depths == std::vector<unsigned>{0, 1, 1, 1, 1, 2});
    CHECK(got.sink.chunks[0].chunk.packet_key == got.sink.chunks[4].chunk.packet_key);
    CHECK(got.sink.chunks[0].chunk.flow == got.sink.chunks[4].chunk.flow);
}

TEST_CASE("GTP-U optional fields and extension headers are stepped over, signalling is left alone") {
    const Buffer inner = ip4(17, udp(text("in")));
    const auto tunnel = [](const Buffer& message) { return pcap_of({ip4(17, udp(message, 30000, 2152))}); };
    const Buffer extended = u8(0x34) + u8(255) + u16(inner.size() + 8) + u32(7) + u16(1) + u8(0) + u8(0x85) + u8(1) + u16(9) + u8(0);
    CHECK(read(tunnel(extended + inner)).sink.all() == "in");
    CHECK(read(tunnel(u8(0x32) + u8(255) + u16(inner.size() + 4) + u32(7) + u32(0) + inner)).sink.all() == "in");
    const Read echo = read(tunnel(u8(0x32) + u8(1) + u16(4) + u32(0) + u32(0)));
    CHECK(echo.sink.chunks.empty());
    CHECK(echo.summary.odd.empty());
    Buffer endless = extended;
    endless[12] = 0;
    CHECK(read(tunnel(endless + inner)).summary.odd.at("bad GTP-U header") == 1);
    CHECK(read(tunnel(u8(0x30) + u8(255) + u16(4) + u32(7) + u32(0))).summary.odd.at("GTP-U payload that is not IP") == 1);
    CHECK(read(tunnel(text("OPTIONS sip:x SIP/2.0"))).sink.all() == "OPTIONS sip:x SIP/2.0");
}

TEST_CASE("Fragments within a tunnel whose packets are fragments themselves are put together") {
    const std::vector<Buffer> pieces = fragments(udp(text(kLong)), 40, 9);
    const Buffer carried = udp(u8(0x30) + u8(255) + u16(pieces[0].size()) + u32(7) + pieces[0], 2152, 2152);
    Ip outer{"1.1.1.1", "2.2.2.2", 77, 0, true, {}};
    const Buffer outer1 = ip4(17, part(carried, 0, 48), outer);
    outer.more = false;
    outer.offset = 48;
    const Buffer outer2 = ip4(17, part(carried, 48, 999), outer);
    const Read got = read(pcap_of({outer2, gtp(pieces[1]), outer1}));
    CHECK(got.sink.all() == kLong);
    CHECK(got.sink.chunks[0].frames == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(got.summary.odd.empty());
}

TEST_CASE("Headers nested without end are given up") {
    Buffer packet = ip4(17, udp(text("in")));
    for (int i = 0; i < 100; ++i) packet = ip4(4, packet);
    const Read got = read(pcap_of({packet}));
    CHECK(got.sink.chunks.empty());
    CHECK(got.summary.odd.at("headers nested too deep") == 1);
}

TEST_CASE("A UDP length that is wrong never reads beyond the packet") {
    Buffer packet = ip4(17, udp(text("hello")));
    packet[25] = 200;
    CHECK(read(pcap_of({packet})).sink.all() == "hello");
    packet[25] = 10;
    CHECK(read(pcap_of({packet})).sink.all() == "he");
    packet[25] = 3;
    CHECK(read(pcap_of({packet})).summary.odd.at("bad UDP length") == 1);
    CHECK(read(pcap_of({ip4(17, Buffer(7, 0))})).summary.odd.at("truncated transport header") == 1);
}

TEST_CASE("The key of a packet tells copies from packets with the same words") {
    Ip other;
    other.id = 2;
    const Read got = read(pcap_of({ip4(17, udp(text("x"))), ip4(17, udp(text("x"))), ip4(17, udp(text("x")), other), ip4(17, udp(text("y")))}));
    const auto key = [&](int i) { return got.sink.chunks[i].chunk.packet_key; };
    CHECK(key(0) == key(1));
    CHECK(key(0) != key(2));
    CHECK(key(0) != key(3));
}
