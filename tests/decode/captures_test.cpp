// Real captures, decoded: what third parties and our lab put on the wire. Those that may not be copied are read where they lie.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/decode/stream.h"
#include "traces/capture/reader.h"
#include "traces/decode/digest.h"

using namespace imspect;
using tests::numbers;
using tests::outline;
using Numbers = std::vector<std::uint32_t>;

namespace {

const std::filesystem::path kShared = std::filesystem::path(IMSPECT_SOURCE_DIR) / "../shared/captures/third-party";
const std::filesystem::path kLab = std::filesystem::path(IMSPECT_SOURCE_DIR) / "tests/captures/lab";

struct Decoded {
    std::vector<decode::Message> messages;
    decode::DecodeSummary summary;

    /// The message whose last frame is this.
    const decode::Message& at(std::uint32_t number) const {
        for (const decode::Message& message : messages) {
            if (message.frames.back().number == number) return message;
        }
        FAIL("no message ends in frame " << number);
        throw 0;
    }
    const decode::SipMessage& sip(std::uint32_t number) const { return std::get<decode::SipMessage>(at(number).content); }
    const decode::DiameterMessage& diameter(std::uint32_t number) const { return std::get<decode::DiameterMessage>(at(number).content); }
};

Decoded decode_file(const std::filesystem::path& file) {
    Decoded result;
    decode::Decoder decoder([&](decode::Message&& message) { result.messages.push_back(std::move(message)); });
    const auto read = capture::read_captures({file.string()}, decoder);
    REQUIRE(read.ok());
    decoder.finish();
    result.summary = decoder.summary();
    return result;
}

bool missing(const std::filesystem::path& file) {
    if (std::filesystem::exists(file)) return false;
    WARN("skipped: there is no " << file.string());
    return true;
}

/// XRES of the MAA makes the response of the REGISTER right; any other octets make it wrong.
void check_response(const decode::DiameterMessage& maa, const decode::SipMessage& request) {
    REQUIRE(maa.auth_items.size() == 1);
    REQUIRE(request.authorization.size() == 1);
    const auto& credentials = request.authorization.front();
    decode::Octets xres = maa.auth_items.front().authorization;
    CHECK(decode::response_right(credentials, request.method, request.body, xres) == true);
    xres.at(0) ^= 1;
    CHECK(decode::response_right(credentials, request.method, request.body, xres) == false);
    const auto nonce = decode::from_base64(credentials.get("nonce"));
    REQUIRE(nonce.has_value());
    CHECK(*nonce == maa.auth_items.front().authenticate);
}

}  // namespace

TEST_CASE("A registration over ESP and GTP-U: each Gm message once, with the frames of its copies") {
    const auto file = kShared / "ipsec_reg.pcapng";
    if (missing(file)) return;
    const Decoded decoded = decode_file(file);
    CHECK(decoded.summary.odd.empty());
    CHECK(decoded.summary.sip == 28);
    CHECK(decoded.summary.diameter == 16);
    CHECK(outline(decoded.at(279)).substr(0, 9) == "REGISTER/");
    CHECK(numbers(decoded.at(279).copies) == Numbers{280, 281});
    CHECK(numbers(decoded.at(406).copies) == Numbers{407, 408});
    CHECK_FALSE(decoded.sip(406).www_authenticate.at(0).get("ik").empty());
    CHECK(numbers(decoded.at(674).copies) == Numbers{675, 676});
    CHECK(decoded.at(674).esp_spi != 0);
    CHECK(decoded.sip(672).status == 200);
    CHECK(numbers(decoded.at(691).frames) == Numbers{690, 691});
    CHECK(numbers(decoded.at(691).copies) == Numbers{692, 693, 694, 695});
    CHECK(decoded.diameter(488).server_assignment_type == 1U);
    // The UE's segments are 459 and 460; the copies of the one with the response begin with 463.
    CHECK(decoded.sip(460).cseq == 2U);
    check_response(decoded.diameter(402), decoded.sip(460));
}

TEST_CASE("The lab's registration: XRES of the MAA makes the response right on every hop") {
    const auto file = kLab / "02_success.pcap";
    const Decoded decoded = decode_file(file);
    CHECK(decoded.summary.odd.empty());
    CHECK(decoded.summary.copies == 0);
    for (const std::uint32_t frame : {14U, 15U, 20U}) check_response(decoded.diameter(9), decoded.sip(frame));
    CHECK(decoded.sip(15).authorization.at(0).get("integrity-protected") == "yes");
    CHECK(decoded.sip(25).status == 200);
    CHECK(decoded.sip(25).expiry() == 540U);
}

TEST_CASE("A resynchronisation carries RAND and AUTS from the UE to the HSS") {
    const Decoded decoded = decode_file(kLab / "05_sync_failure_then_success.pcap");
    std::size_t seen = 0;
    for (const decode::Message& message : decoded.messages) {
        const auto* mar = std::get_if<decode::DiameterMessage>(&message.content);
        if (mar == nullptr || !mar->request || mar->auth_items.empty() || mar->auth_items[0].authorization.empty()) continue;
        CHECK(mar->auth_items[0].authorization.size() == 30);
        for (const decode::Message& other : decoded.messages) {
            const auto* sip = std::get_if<decode::SipMessage>(&other.content);
            if (sip == nullptr || sip->authorization.empty() || !sip->authorization[0].has("auts")) continue;
            const auto auts = decode::from_base64(sip->authorization[0].get("auts"));
            REQUIRE(auts.has_value());
            CHECK(std::equal(auts->begin(), auts->end(), mar->auth_items[0].authorization.begin() + 16, mar->auth_items[0].authorization.end()));
            CHECK(decode::response_right(sip->authorization[0], sip->method, sip->body, {}) == true);
            ++seen;
        }
    }
    CHECK(seen == 3);
}

TEST_CASE("TCP segments of every size and order give the messages of six runs") {
    const Decoded decoded = decode_file(kLab / "syn_n_tcp_segments.pcap");
    CHECK(decoded.summary.odd.empty());
    CHECK(decoded.summary.sip_kinds == std::map<std::string, std::uint64_t>{{"200", 18}, {"401", 18}, {"REGISTER", 36}});
    CHECK(decoded.summary.diameter_kinds ==
          std::map<std::string, std::uint64_t>{{"MAA", 6}, {"MAR", 6}, {"SAA", 6}, {"SAR", 6}, {"UAA", 12}, {"UAR", 12}});
}

TEST_CASE("Genuine retransmissions are messages of their own with equal digests") {
    const Decoded decoded = decode_file(kLab / "syn_l_retransmissions.pcap");
    std::map<std::uint64_t, int> times;
    for (const decode::Message& message : decoded.messages) ++times[message.digest];
    CHECK(decoded.summary.sip == 26);
    CHECK(std::count_if(times.begin(), times.end(), [](const auto& entry) { return entry.second > 1; }) > 0);
}
