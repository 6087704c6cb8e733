// Whole captures: those of the lab, and public ones where they lie beside the project.
#include <algorithm>
#include <filesystem>
#include <set>

#include <catch2/catch.hpp>

#include "tests/capture/packets.h"

using namespace imspect;
using namespace imspect::capture_tests;
namespace fs = std::filesystem;

namespace {

const fs::path kLab = fs::path(IMSPECT_SOURCE_DIR) / "tests/captures/lab";
const fs::path kThirdParty = fs::path(IMSPECT_SOURCE_DIR) / "../shared/captures/third-party";

Read read_file(const fs::path& path) {
    Read result;
    auto summaries = capture::read_captures({path.string()}, result.sink);
    INFO((summaries.ok() ? "" : summaries.error().text()));
    REQUIRE(summaries.ok());
    result.summary = std::move(summaries.value()[0]);
    return result;
}

/// Chunks that begin with `start`, by the last of their frames.
std::vector<std::uint32_t> frames_with(const Collector& sink, const std::string& start) {
    std::vector<std::uint32_t> result;
    for (const Seen& seen : sink.chunks) {
        if (seen.bytes.rfind(start, 0) == 0) result.push_back(seen.frames.back());
    }
    return result;
}

bool there(const fs::path& path) {
    if (fs::exists(path)) return true;
    WARN("skipped: " << path.filename().string() << " is not here");
    return false;
}

using Frames = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("Every capture of the lab is read to its end") {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(kLab)) {
        if (entry.path().string().find(".pcap") == std::string::npos) continue;
        ++files;
        INFO(entry.path().filename().string());
        const Read got = read_file(entry.path());
        CHECK(got.summary.frames > 10);
        CHECK(got.summary.ended.empty());
        CHECK(got.summary.gaps == 0);
        CHECK_FALSE(frames_with(got.sink, "REGISTER sip:").empty());
        const bool damaged_on_purpose = entry.path().filename().string().find("syn_m") == 0;
        CHECK(got.summary.odd.empty() != damaged_on_purpose);
        for (const Seen& seen : got.sink.chunks) {
            CHECK(std::is_sorted(seen.frames.begin(), seen.frames.end()));
            CHECK_FALSE(seen.frames.empty());
        }
    }
    CHECK(files >= 50);
}

TEST_CASE("One run captured as pcap and as pcapng gives the same") {
    CHECK(read_file(kLab / "02_success.pcap").sink.all() == read_file(kLab / "02_success.pcapng").sink.all());
    CHECK(read_file(kLab / "05_sync_failure_then_success.pcap").sink.all() == read_file(kLab / "05_sync_failure_then_success.pcap.gz").sink.all());
}

TEST_CASE("Encapsulations of the lab hide nothing") {
    // Frames as tshark 4.0.17 tells them for sip.Method == "REGISTER".
    CHECK(frames_with(read_file(kLab / "syn_o_vlan.pcap").sink, "REGISTER").size() == 6);
    CHECK(frames_with(read_file(kLab / "syn_o_ipv6_fragments.pcap").sink, "REGISTER").size() == 6);
    CHECK(frames_with(read_file(kLab / "syn_o_sctp.pcap").sink, "REGISTER").size() == 6);
    CHECK(frames_with(read_file(kLab / "43_ip_fragments_mtu.pcap").sink, "REGISTER").size() == 6);
}

TEST_CASE("Diameter cut into segments of every size comes out whole") {
    const Read got = read_file(kLab / "syn_n_tcp_segments.pcap");
    std::map<capture::FlowId, std::string> streams;
    for (const Seen& seen : got.sink.chunks) {
        if (seen.chunk.transport == capture::Transport::kTcp) streams[seen.chunk.flow] += seen.bytes;
    }
    CHECK(streams.size() == 4);
    std::size_t messages = 0;
    for (const auto& stream : streams) {
        const std::string& bytes = stream.second;
        for (std::size_t at = 0; at < bytes.size(); ++messages) {
            REQUIRE(bytes[at] == 1);
            const auto octet = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + i])); };
            at += octet(1) << 16 | octet(2) << 8 | octet(3);
            REQUIRE(at <= bytes.size());
        }
    }
    CHECK(messages == 48);
    CHECK(got.sink.repeats.size() == 6);
}

TEST_CASE("The registration over ESP, GTP-U and nested fragments is seen in every frame that brings it") {
    const fs::path path = kThirdParty / "ipsec_reg.pcapng";
    if (!there(path)) return;
    const Read got = read_file(path);
    CHECK(got.summary.frames == 1071);
    CHECK(got.summary.odd.empty());
    CHECK(frames_with(got.sink, "SIP/2.0 401") == Frames{404, 405, 406, 407, 408});
    CHECK(frames_with(got.sink, "SIP/2.0 200 OK").front() == 672);
    const auto frames_of = [&](std::uint32_t last) {
        for (const Seen& seen : got.sink.chunks) {
            if (seen.frames.back() == last) return seen.frames;
        }
        return Frames{};
    };
    CHECK(frames_of(950) == Frames{946, 949, 950});
    CHECK(frames_of(691) == Frames{690, 691});
    Frames copies;
    for (const auto& [frame, bytes] : got.sink.repeats) {
        if (bytes.rfind("SIP/2.0 200 OK", 0) == 0 && frame > 670) copies.push_back(frame);
    }
    CHECK(copies == Frames{675, 676});
    const auto esp = std::count_if(got.sink.chunks.begin(), got.sink.chunks.end(), [](const Seen& seen) { return seen.chunk.esp_spi != 0; });
    CHECK(esp > 10);
}

TEST_CASE("Each file of the pcapng generator gives the frames that its blocks say, in both byte orders") {
    const fs::path folder = kThirdParty / "robust/pcapng_generator";
    if (!there(folder)) return;
    // Numbers as tshark 4.0.17 counts them, but for 901: tshark stops at its section of version 2, we step over it.
    const std::map<std::string, std::uint64_t> frames = {
        {"001", 4}, {"002", 0}, {"003", 0}, {"004", 4}, {"005", 4}, {"006", 5}, {"007", 1}, {"008", 4}, {"009", 2}, {"010", 4},
        {"011", 4}, {"012", 4}, {"013", 0}, {"014", 0}, {"015", 0}, {"016", 4}, {"017", 4}, {"018", 8}, {"100", 5}, {"101", 4},
        {"102", 8}, {"200", 0}, {"201", 4}, {"202", 11}, {"300", 32}, {"301", 276}, {"901", 2}, {"902", 1}};
    for (const std::string order : {"be", "le"}) {
        for (const auto& [test, count] : frames) {
            const fs::path path = folder / order / ("test" + test + ".pcapng");
            if (!fs::exists(path)) continue;
            INFO(path.string());
            const Read got = read_file(path);
            CHECK(got.summary.frames == count);
            CHECK(got.summary.ended.empty());
        }
    }
    const Read little = read_file(folder / "le/test202.pcapng");
    const Read big = read_file(folder / "be/test202.pcapng");
    CHECK(little.sink.all() == big.sink.all());
    CHECK(little.summary.first_ns == big.summary.first_ns);
    CHECK(little.summary.dropped == big.summary.dropped);
}

TEST_CASE("Damaged and odd public captures are read without harm") {
    if (!there(kThirdParty / "robust")) return;
    const Read fuzzed = read_file(kThirdParty / "robust/fuzz-2006-06-26-2594.pcap");
    CHECK(fuzzed.summary.frames == 691);
    CHECK(fuzzed.summary.odd.size() > 20);
    CHECK(read_file(kThirdParty / "robust/mixed_linktypes.pcapng").summary.frames == 1152);
    CHECK(read_file(kThirdParty / "robust/ipv6frag.pcap").summary.odd.count("fragments without the rest") == 0);
    CHECK(read_file(kThirdParty / "robust/esp_truncated.pcap").sink.chunks.empty());
}
