// ESP with NULL encryption, and what only looks like it.
#include <random>

#include <catch2/catch.hpp>

#include "tests/capture/packets.h"

using namespace imspect;
using namespace imspect::capture_tests;

namespace {

Buffer esp(const Buffer& payload, std::uint8_t next_header, std::size_t check_value, std::uint32_t spi = 0x6438) {
    const std::size_t padding = (4 - (payload.size() + 2) % 4) % 4;
    Buffer result = u32(spi) + u32(1) + payload;
    for (std::size_t i = 1; i <= padding; ++i) result.push_back(static_cast<std::uint8_t>(i));
    return result + u8(padding) + u8(next_header) + Buffer(check_value, 0x5a);
}

}  // namespace

TEST_CASE("NULL encryption is recognised with every usual length of the check value") {
    for (const std::size_t check_value : {0u, 12u, 16u, 24u, 32u}) {
        for (const std::string payload : {"a", "ab", "abc", "abcd"}) {
            CAPTURE(check_value, payload);
            const Read got = read(pcap_of({ip4(50, esp(udp(text(payload), 6101, 5064), 17, check_value))}));
            CHECK(got.sink.all() == payload);
            REQUIRE(got.sink.chunks.size() == 1);
            CHECK(got.sink.chunks[0].chunk.esp_spi == 0x6438);
            CHECK(got.sink.chunks[0].chunk.from.port == 6101);
            CHECK(got.summary.odd.empty());
        }
    }
}

TEST_CASE("TCP, SCTP and whole packets are found within") {
    const Buffer sctp = u16(1) + u16(2) + u32(3) + u32(0) + u8(0) + u8(3) + u16(20) + u32(1) + u16(0) + u16(0) + u32(0) + text("sctp");
    const Read got = read(pcap_of({ip4(50, esp(tcp({99, 0, kSyn}), 6, 12)), ip4(50, esp(tcp({100}, text("tcp")), 6, 12)), ip4(50, esp(sctp, 132, 12)),
                                   ip4(50, esp(ip4(17, udp(text("tunnel"))), 4, 16)), ip6(50, esp(ip6(17, udp(text("six"))), 41, 12))}));
    CHECK(got.sink.all() == "tcp|^sctp|tunnel|six");
    CHECK(got.sink.chunks[2].chunk.tunnel_depth == 1);
}

TEST_CASE("ESP in UDP is opened, IKE beside it is not") {
    const Read got = read(pcap_of({ip4(17, udp(esp(udp(text("in")), 17, 12), 4500, 4500)), ip4(17, udp(u32(0) + text("IKE"), 4500, 4500))}));
    REQUIRE(got.sink.chunks.size() == 2);
    CHECK(got.sink.chunks[0].bytes == "in");
    CHECK(got.sink.chunks[0].chunk.esp_spi == 0x6438);
    CHECK(got.sink.chunks[1].chunk.from.port == 4500);
    CHECK(got.sink.chunks[1].chunk.esp_spi == 0);
}

TEST_CASE("Fragments of an ESP packet are put together first") {
    const Buffer whole = esp(udp(text("a message in two fragments")), 17, 12);
    Ip first{"10.0.0.1", "10.0.0.2", 4, 0, true, {}};
    Ip second{"10.0.0.1", "10.0.0.2", 4, 32, false, {}};
    const Read got = read(pcap_of({ip4(50, {whole.begin() + 32, whole.end()}, second), ip4(50, {whole.begin(), whole.begin() + 32}, first)}));
    CHECK(got.sink.all() == "a message in two fragments");
    CHECK(got.sink.chunks[0].frames == std::vector<std::uint32_t>{1, 2});
}

TEST_CASE("Encrypted ESP is counted, not guessed at") {
    std::mt19937 random(7);
    std::vector<Buffer> packets;
    for (int i = 0; i < 20'000; ++i) {
        Buffer body(100 + random() % 8);
        for (std::uint8_t& byte : body) byte = static_cast<std::uint8_t>(random());
        packets.push_back(ip4(50, body));
    }
    const Read got = read(pcap_of(packets));
    CHECK(got.sink.chunks.empty());
    CHECK(got.summary.odd.at("ESP that is encrypted or damaged") == 20'000);
    CHECK(read(pcap_of({ip4(50, Buffer(5, 1))})).summary.odd.at("truncated ESP") == 1);
}
