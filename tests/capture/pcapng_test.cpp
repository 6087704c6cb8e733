// pcapng, block by block, in both byte orders.
#include <catch2/catch.hpp>

#include "tests/capture/packets.h"

using namespace imspect;
using namespace imspect::capture_tests;

namespace {

const Buffer kPacket = ip4(17, udp(text("hello")));

/// Writes blocks in one byte order.
class Blocks {
public:
    explicit Blocks(bool big) : big_(big) {}

    Blocks& section(unsigned major = 1) { return block(0x0a0d0d0a, n(0x1a2b3c4d, 4) + n(major, 2) + n(0, 2) + Buffer(8, 0xff)); }
    Blocks& interface(unsigned link_type = 101, const Buffer& options = {}, std::uint32_t snap_length = 0) {
        return block(1, n(link_type, 2) + n(0, 2) + n(snap_length, 4) + options);
    }
    Blocks& enhanced(unsigned interface, std::uint64_t ticks, const Buffer& packet, const Buffer& options = {}) {
        return block(6, n(interface, 4) + n(ticks >> 32, 4) + n(ticks, 4) + n(packet.size(), 4) + n(packet.size(), 4) + pad(packet) + options);
    }
    Blocks& simple(const Buffer& packet, std::size_t wire_length) { return block(3, n(wire_length, 4) + pad(packet)); }
    Blocks& obsolete(unsigned interface, unsigned drops, std::uint64_t ticks, const Buffer& packet) {
        return block(2, n(interface, 2) + n(drops, 2) + n(ticks >> 32, 4) + n(ticks, 4) + n(packet.size(), 4) + n(packet.size(), 4) + pad(packet));
    }
    Blocks& statistics(unsigned interface, const Buffer& options) { return block(5, n(interface, 4) + n(0, 8) + options); }
    Blocks& block(std::uint32_t type, const Buffer& body) {
        const std::size_t length = 12 + body.size();
        bytes = std::move(bytes) + n(type, 4) + n(length, 4) + body + n(length, 4);
        return *this;
    }
    Buffer option(unsigned code, const Buffer& value) const { return n(code, 2) + n(value.size(), 2) + pad(value); }
    Buffer n(std::uint64_t value, int size) const {
        Buffer result;
        for (int i = 0; i < size; ++i) result.push_back(static_cast<std::uint8_t>(value >> 8 * (big_ ? size - 1 - i : i)));
        return result;
    }
    static Buffer pad(Buffer value) {
        value.resize((value.size() + 3) / 4 * 4);
        return value;
    }
    Buffer bytes;

private:
    bool big_;
};

}  // namespace

TEST_CASE("A pcapng is read in both byte orders, with a clock and link type of each interface") {
    for (const bool big : {false, true}) {
        CAPTURE(big);
        Blocks file(big);
        file.section().interface(101).interface(1, file.option(9, {9}) + file.option(14, file.n(1'000'000'000, 8)) + file.option(0, {}));
        file.interface(101, file.option(9, {0x8a})).interface(147).interface(101, file.option(9, {0}));
        file.enhanced(0, 5'000'001, kPacket).enhanced(1, 7, ethernet(kPacket)).enhanced(2, 3 * 1024 + 512, kPacket).enhanced(3, 0, kPacket).enhanced(4, 9, kPacket);
        const Read got = read(file.bytes);
        CHECK(got.summary.kind == "pcapng");
        CHECK(got.sink.all() == "hello|hello|hello|hello");
        std::vector<std::int64_t> times;
        for (const Seen& seen : got.sink.chunks) times.push_back(seen.chunk.time_ns);
        CHECK(times == std::vector<std::int64_t>{5'000'001'000, 1'000'000'000'000'000'007, 3'500'000'000, 9'000'000'000});
        CHECK(got.sink.chunks[1].chunk.interface == 1);
        CHECK(got.sink.chunks[3].frames == std::vector<std::uint32_t>{5});
        CHECK(got.summary.odd == std::map<std::string, std::uint64_t>{{"unknown link type 147", 1}});
        CHECK(got.summary.ended.empty());
    }
}

TEST_CASE("Sections of different byte orders follow each other, interfaces are numbered through the file") {
    Blocks little(false);
    little.section().interface(101).enhanced(0, 1, kPacket);
    Blocks big(true);
    big.section().interface(1).enhanced(0, 2, ethernet(kPacket));
    const Read got = read(little.bytes + big.bytes + little.bytes);
    CHECK(got.sink.all() == "hello|hello|hello");
    CHECK(got.sink.chunks[1].chunk.interface == 1);
    CHECK(got.sink.chunks[2].chunk.interface == 2);
    CHECK(got.sink.chunks[2].frames == std::vector<std::uint32_t>{3});
}

TEST_CASE("A section of an unknown version is stepped over") {
    Blocks file(false);
    file.section().interface().enhanced(0, 1, kPacket).section(2).interface().enhanced(0, 1, kPacket).section().interface().enhanced(0, 1, kPacket);
    const Read got = read(file.bytes);
    CHECK(got.summary.frames == 2);
    CHECK(got.summary.odd.at("pcapng section of an unknown version") == 1);
}

TEST_CASE("Simple and obsolete packets are read") {
    Blocks file(true);
    file.section().interface(101, {}, 30).enhanced(0, 4'000'000, kPacket).simple({kPacket.begin(), kPacket.begin() + 30}, kPacket.size()).obsolete(0, 3, 6'000'000, kPacket);
    file.obsolete(0, 0xffff, 7'000'000, kPacket);
    const Read got = read(file.bytes);
    CHECK(got.sink.all() == "hello|he|hello|hello");
    CHECK(got.sink.chunks[1].chunk.time_ns == 4'000'000'000);
    CHECK(got.summary.dropped == 3);
    CHECK(got.summary.odd.at("packet longer than the snap length") == 3);
}

TEST_CASE("Dropped packets are told by statistics or by the packets themselves, not twice") {
    Blocks file(false);
    file.section().interface().interface();
    file.enhanced(0, 1, kPacket, file.option(4, file.n(2, 8))).enhanced(1, 1, kPacket, file.option(4, file.n(9, 8)));
    file.statistics(0, file.option(5, file.n(3, 8))).statistics(0, file.option(5, file.n(5, 8)) + file.option(7, file.n(1, 8)));
    CHECK(read(file.bytes).summary.dropped == 6 + 9);
}

TEST_CASE("Blocks that we do not know are stepped over, those that Wireshark numbers keep their number") {
    Blocks file(false);
    file.section().block(0x7fffffff, Buffer(4096, 1)).interface().block(4, Buffer(8, 0)).block(0x0bad, Buffer(8, 0)).enhanced(0, 1, kPacket).block(10, Buffer(3, 1));
    file.bytes.push_back(0);  // the padding of that last block
    file.enhanced(0, 1, kPacket);
    const Read got = read(file.bytes);
    CHECK(got.sink.all() == "hello|hello");
    CHECK(got.sink.chunks[0].frames == std::vector<std::uint32_t>{2});
}

TEST_CASE("Packets of no interface, longer than their block, and odd options are counted") {
    Blocks file(false);
    file.section().enhanced(0, 1, kPacket).interface(101, file.option(9, {}) + file.n(14, 2) + file.n(400, 2)).enhanced(7, 1, kPacket);
    file.block(6, file.n(0, 4) + file.n(0, 8) + file.n(kPacket.size() + 4000, 4) + file.n(5000, 4) + Blocks::pad(kPacket));
    const Read got = read(file.bytes);
    CHECK(got.sink.all() == "hello");
    CHECK(got.sink.chunks[0].frames == std::vector<std::uint32_t>{3});
    CHECK(got.summary.odd == std::map<std::string, std::uint64_t>{{"packet longer than its record", 1},
                                                                  {"packet of an undeclared interface", 2},
                                                                  {"pcapng option longer than its block", 1},
                                                                  {"pcapng option too short", 1}});
}

TEST_CASE("A damaged block ends the reading, what was read stays") {
    for (const bool big : {false, true}) {
        Blocks good(big);
        good.section().interface().enhanced(0, 1, kPacket);
        const std::string where = std::to_string(good.bytes.size());
        const std::vector<Buffer> bad = {good.n(6, 4) + good.n(8, 4) + Buffer(20, 0), good.n(6, 4) + good.n(0x70000000, 4) + Buffer(20, 0),
                                         good.n(6, 4) + good.n(36, 4) + Buffer(24, 0) + good.n(40, 4), good.n(6, 4) + good.n(16, 4) + Buffer(4, 0) + good.n(16, 4),
                                         good.n(1, 4) + good.n(16, 4) + Buffer(4, 0) + good.n(16, 4), Buffer{10, 13, 13, 10} + good.n(28, 4) + Buffer(20, 0)};
        for (const Buffer& tail : bad) {
            const Read got = read(good.bytes + tail + good.bytes);
            CHECK(got.sink.all() == "hello");
            CHECK(got.summary.ended == "damaged block at byte " + where);
        }
    }
}

TEST_CASE("A truncated pcapng gives what is whole and says where it ends") {
    Blocks file(false);
    file.section().interface().enhanced(0, 1, kPacket);
    const std::size_t first = file.bytes.size();
    file.enhanced(0, 1, kPacket);
    for (std::size_t size = first + 1; size < file.bytes.size(); ++size) {
        const Read got = read({file.bytes.begin(), file.bytes.begin() + static_cast<std::ptrdiff_t>(size)});
        CHECK(got.sink.all() == "hello");
        CHECK(got.summary.ended == "truncated at byte " + std::to_string(size));
    }
}

TEST_CASE("Clocks of absurd resolution give some time and no trouble") {
    Blocks file(false);
    file.section();
    for (const unsigned resolution : {19u, 40u, 127u, 128u, 191u, 255u}) file.interface(101, file.option(9, u8(resolution)));
    file.interface(101, file.option(14, Buffer(8, 0x7f)));
    for (unsigned i = 0; i < 7; ++i) file.enhanced(i, 0xffffffffffffffff, kPacket);
    CHECK(read(file.bytes).sink.chunks.size() == 7);
}
