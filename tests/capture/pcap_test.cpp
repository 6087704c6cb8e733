// pcap, gzip and what is no capture.
#include <cstdio>
#include <fstream>

#include <catch2/catch.hpp>

#include "tests/capture/packets.h"

using namespace imspect;
using namespace imspect::capture_tests;

namespace {

const Buffer kPacket = ip4(17, udp(text("hello")));

std::string write(const std::string& name, const Buffer& bytes) {
    const std::string path = std::string(IMSPECT_TEST_OUTPUT) + "/" + name;
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path;
}

}  // namespace

TEST_CASE("A pcap is read in both byte orders and both resolutions") {
    for (const bool big : {false, true}) {
        for (const bool nanoseconds : {false, true}) {
            CAPTURE(big, nanoseconds);
            const Read got = read(pcap({{kPacket, 1'700'000'000'123'456'000}, {kPacket, 1'700'000'001'000'000'000}}, {big, nanoseconds}));
            CHECK(got.summary.kind == "pcap");
            CHECK(got.summary.frames == 2);
            CHECK(got.summary.first_ns == 1'700'000'000'123'456'000);
            CHECK(got.summary.last_ns == 1'700'000'001'000'000'000);
            CHECK(got.summary.ended.empty());
            CHECK(got.summary.odd.empty());
            CHECK(got.sink.all() == "hello|hello");
            CHECK(got.sink.chunks[1].frames == std::vector<std::uint32_t>{2});
            CHECK(got.sink.chunks[0].chunk.time_ns == 1'700'000'000'123'456'000);
        }
    }
}

TEST_CASE("Nanoseconds are kept") {
    CHECK(read(pcap({{kPacket, 1'700'000'000'123'456'789}})).sink.chunks[0].chunk.time_ns == 1'700'000'000'123'456'789);
}

TEST_CASE("A truncated pcap gives what is whole and says where it ends") {
    Buffer file = pcap({{kPacket}, {kPacket}});
    const std::size_t whole = file.size();
    for (std::size_t cut = 1; cut < 16 + kPacket.size(); ++cut) {
        file.resize(whole - cut);
        const Read got = read(file);
        CHECK(got.sink.all() == "hello");
        CHECK(got.summary.ended == "truncated at byte " + std::to_string(file.size()));
    }
    file.resize(whole - 16 - kPacket.size());
    CHECK(read(file).summary.ended.empty());
}

TEST_CASE("A record that claims an absurd length ends the reading") {
    Buffer file = pcap({{kPacket}});
    file = file + Buffer(8, 0) + Buffer(8, 0xff) + Buffer(100, 0);
    const Read got = read(file);
    CHECK(got.sink.all() == "hello");
    CHECK(got.summary.ended == "damaged record at byte " + std::to_string(24 + 16 + kPacket.size()));
}

TEST_CASE("Packets cut by the snap length and records beyond it are counted and used") {
    const Buffer cut(kPacket.begin(), kPacket.end() - 2);
    Read got = read(pcap({{cut, 1'000'000'000, static_cast<std::uint32_t>(kPacket.size())}}));
    CHECK(got.sink.all() == "hel");
    CHECK(got.summary.odd["packet cut when it was captured"] == 1);
    CHECK(got.summary.odd["truncated packet"] == 1);
    got = read(pcap({{kPacket}}, {false, true, 101, 10}));
    CHECK(got.sink.all() == "hello");
    CHECK(got.summary.odd["packet longer than the snap length"] == 1);
}

TEST_CASE("An empty packet and a capture without packets are no trouble") {
    Read got = read(pcap({{Buffer{}}, {kPacket}}));
    CHECK(got.sink.chunks.at(0).frames == std::vector<std::uint32_t>{2});
    CHECK(got.summary.odd["truncated link layer"] == 1);
    got = read(pcap({}));
    CHECK(got.summary.frames == 0);
    CHECK(got.summary.ended.empty());
}

TEST_CASE("gzip is recognised, also of several members, and its damage ends the reading") {
    const Buffer file = pcap({{kPacket}, {kPacket}});
    CHECK(read(gzip(file)).sink.all() == "hello|hello");
    const Buffer halves = gzip({file.begin(), file.begin() + 50}) + gzip({file.begin() + 50, file.end()});
    Read got = read(halves);
    CHECK(got.sink.all() == "hello|hello");
    CHECK(got.summary.ended.empty());
    CHECK(got.summary.bytes == halves.size());

    Buffer cut = gzip(file);
    cut.resize(cut.size() - 12);
    CHECK(read(cut).summary.ended == "truncated gzip data at byte " + std::to_string(cut.size()));
    got = read(gzip(file) + text("what follows is nothing"));
    CHECK(got.sink.all() == "hello|hello");
    CHECK(got.summary.ended.find("damaged gzip data") == 0);
}

TEST_CASE("A file much larger than the window is read from the disk as from memory") {
    std::vector<Record> records;
    for (int i = 0; i < 3000; ++i) records.push_back({ip4(17, udp(Buffer(1400, static_cast<std::uint8_t>(i))))});
    const Buffer file = pcap(records);
    for (const bool zipped : {false, true}) {
        Collector sink;
        std::uint64_t last = 0;
        const std::string path = write("large.pcap", zipped ? gzip(file) : file);
        const auto summaries = capture::read_captures({path}, sink, [&](std::uint64_t bytes, std::uint64_t total) {
            CHECK(bytes > last);
            CHECK(bytes <= total);
            last = bytes;
            return true;
        });
        REQUIRE(summaries.ok());
        REQUIRE(sink.chunks.size() == 3000);
        CHECK((zipped || last > 1'000'000));
        for (int i = 0; i < 3000; ++i) {
            if (sink.chunks[i].bytes != std::string(1400, static_cast<char>(i))) FAIL("packet " << i << " differs");
        }
    }
}

TEST_CASE("Reading stops where the progress says so") {
    std::vector<Record> records(4000, {ip4(17, udp(Buffer(1000, 1)))});
    Collector sink;
    const auto summaries = capture::read_captures({write("stopped.pcap", pcap(records))}, sink, [](auto, auto) { return false; });
    REQUIRE(summaries.ok());
    CHECK(sink.chunks.size() < 4000);
    CHECK(summaries.value()[0].ended.find("stopped at byte") == 0);
}

TEST_CASE("What is no capture is an error that says what was expected") {
    Collector sink;
    for (const Buffer& bytes : {Buffer{}, text("x"), text("REGISTER sip:ims.example SIP/2.0\r\n"), gzip(text("not a capture at all, though zipped")),
                                Buffer{0x1f, 0x8b}, Buffer{0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}) {
        const auto got = capture::read_bytes(bytes, "this", sink);
        REQUIRE_FALSE(got.ok());
        CHECK(got.error().code == "not-a-capture");
        CHECK(got.error().file == "this");
        CHECK(got.error().message.find("expected pcap, pcapng or gzip of one") != std::string::npos);
    }
    const auto missing = capture::read_captures({"/nowhere/at/all.pcap"}, sink);
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().code == "cannot-open");
    CHECK(missing.error().message.find("No such file") != std::string::npos);
    CHECK_FALSE(capture::read_captures({IMSPECT_TEST_OUTPUT}, sink).ok());
}

TEST_CASE("Several captures are merged by time and frames know their file") {
    const auto at = [](const std::string& name, std::int64_t time) { return Record{ip4(17, udp(text(name))), time}; };
    const std::string a = write("a.pcap", pcap({at("a1", 1'000), at("a4", 4'000), at("a5", 5'000)}));
    const std::string b = write("b.pcap", pcap({at("b2", 2'000), at("b3", 3'000), at("b4", 4'000), at("b6", 6'000)}));
    Collector sink;
    const auto summaries = capture::read_captures({a, b}, sink);
    REQUIRE(summaries.ok());
    CHECK(sink.all() == "a1|b2|b3|a4|b4|a5|b6");
    CHECK(sink.chunks[4].chunk.frames == std::vector<capture::FrameRef>{{1, 3}});
    CHECK(summaries.value()[0].frames == 3);
    CHECK(summaries.value()[1].frames == 4);
    CHECK(summaries.value()[1].first_ns == 2'000);
}

TEST_CASE("A stream whose segments lie in two captures is one stream") {
    const std::string a = write("c.pcap", pcap({{forth({9, 0, kSyn}), 1'000}, {forth({10, 1}, "one "), 2'000}}));
    const std::string b = write("d.pcap", pcap({{forth({14, 1}, "two "), 3'000}}));
    Collector sink;
    REQUIRE(capture::read_captures({b, a}, sink).ok());
    CHECK(sink.all() == "one |two ");
    CHECK(sink.chunks[0].chunk.flow == sink.chunks[1].chunk.flow);
}
