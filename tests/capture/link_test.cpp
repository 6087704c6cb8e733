// Link layers: the same IP packet below each of them.
#include <catch2/catch.hpp>

#include "tests/capture/packets.h"

using namespace imspect;
using namespace imspect::capture_tests;

namespace {

const Buffer kV4 = ip4(17, udp(text("four")));
const Buffer kV6 = ip6(17, udp(text("six")));

std::string through(std::uint32_t link_type, const Buffer& frame) {
    return read(pcap({{frame}}, {false, true, link_type})).sink.all();
}

std::map<std::string, std::uint64_t> odd(std::uint32_t link_type, const Buffer& frame) {
    const Read got = read(pcap({{frame}}, {false, true, link_type}));
    CHECK(got.sink.chunks.empty());
    return got.summary.odd;
}

using Odd = std::map<std::string, std::uint64_t>;

}  // namespace

TEST_CASE("Ethernet carries IPv4 and IPv6, and its padding is no payload") {
    CHECK(through(1, ethernet(kV4)) == "four");
    CHECK(through(1, ethernet(kV6, 0x86dd)) == "six");
    CHECK(through(1, ethernet(kV4 + Buffer(14, 0xaa))) == "four");
}

TEST_CASE("VLAN tags are taken off, one or several of either kind, and MPLS labels") {
    CHECK(through(1, ethernet(vlan(kV4), 0x8100)) == "four");
    CHECK(through(1, ethernet(vlan(vlan(kV6, 0x86dd), 0x8100), 0x88a8)) == "six");
    CHECK(through(1, ethernet(vlan(vlan(kV4), 0x8100), 0x9100)) == "four");
    CHECK(through(1, ethernet(u32(0x00010040) + u32(0x00020140) + kV4, 0x8847)) == "four");
}

TEST_CASE("Linux cooked captures of both versions are read") {
    CHECK(through(113, u16(0) + u16(1) + u16(6) + Buffer(8, 0) + u16(0x0800) + kV4) == "four");
    CHECK(through(113, u16(0) + u16(1) + u16(6) + Buffer(8, 0) + u16(0x8100) + vlan(kV4)) == "four");
    CHECK(through(276, u16(0x86dd) + u16(0) + u32(3) + u16(1) + u8(0) + u8(6) + Buffer(8, 0) + kV6) == "six");
}

TEST_CASE("Raw IP and loopback are read, the family in either byte order") {
    for (const std::uint32_t type : {12u, 14u, 101u, 228u}) CHECK(through(type, kV4) == "four");
    for (const std::uint32_t type : {12u, 101u, 229u}) CHECK(through(type, kV6) == "six");
    CHECK(through(0, Buffer{2, 0, 0, 0} + kV4) == "four");
    CHECK(through(0, Buffer{0, 0, 0, 2} + kV4) == "four");
    CHECK(through(108, Buffer{0, 0, 0, 30} + kV6) == "six");
    CHECK(odd(0, Buffer{7, 0, 0, 0} + kV4) == Odd{{"loopback frame of an unknown family", 1}});
}

TEST_CASE("What carries no IP is counted by kind") {
    CHECK(odd(147, kV4) == Odd{{"unknown link type 147", 1}});
    CHECK(odd(1, ethernet(Buffer(28, 0), 0x0807)) == Odd{{"not IP: ethertype 0x0807", 1}});
    CHECK(odd(1, ethernet(Buffer(28, 0), 0x0026)) == Odd{{"not IP: IEEE 802.2 frame", 1}});
    CHECK(odd(1, Buffer(9, 0)) == Odd{{"truncated link layer", 1}});
    CHECK(odd(1, ethernet(Buffer(3, 0), 0x8100)) == Odd{{"truncated link layer", 1}});
    CHECK(odd(101, ip4(3, Buffer(8, 0))) == Odd{{"unknown IP protocol 3", 1}});
}

TEST_CASE("Protocols that carry no signalling are other traffic, not something that was not understood") {
    const Read got = read(pcap({{ethernet(Buffer(28, 0), 0x0806)}, {ethernet(Buffer(28, 0), 0x88cc)}, {ethernet(ip4(1, Buffer(8, 0)), 0x0800)}, {ethernet(ip4(2, Buffer(8, 0)), 0x0800)}}, {false, true, 1}));
    CHECK(got.summary.odd == Odd{});
    CHECK(got.summary.other_traffic == Odd{{"ARP", 1}, {"ICMP", 1}, {"IGMP", 1}, {"LLDP", 1}});
}

TEST_CASE("Kinds that carry a number can't fill memory") {
    std::vector<Record> records;
    for (unsigned type = 0x0900; type < 0x1900; ++type) records.push_back({ethernet(Buffer(4, 0), static_cast<std::uint16_t>(type))});
    const Read got = read(pcap(records, {false, true, 1}));
    CHECK(got.summary.odd.size() < 200);
    CHECK(got.summary.odd.at("not IP: ethertype, others") > 3000);
}
