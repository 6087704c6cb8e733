// Offsets of clocks, found again after messages of a capture were dealt to taps with clocks of their own.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <random>

#include "traces/bind/clock_offsets.h"
#include "traces/capture/reader.h"

using namespace imspect;

namespace {

enum Tap : std::size_t { kGm, kMw, kCx };

std::vector<decode::Message> messages_of(const std::string& file) {
    std::vector<decode::Message> messages;
    decode::Decoder decoder([&](decode::Message&& message) { messages.push_back(std::move(message)); });
    const auto read = capture::read_captures({std::string(IMSPECT_SOURCE_DIR) + "/tests/captures/lab/" + file}, decoder);
    REQUIRE(read.ok());
    decoder.finish();
    return messages;
}

Tap tap_of(const decode::Message& message) {
    const auto* const sip = std::get_if<decode::SipMessage>(&message.content);
    if (sip == nullptr) return kCx;
    return sip->vias.size() <= 1 ? kGm : kMw;
}

/// What each tap's clock shows is `late` behind, or ahead where negative.
bind::ClockOffsets seen(const std::vector<decode::Message>& messages, const std::vector<std::int64_t>& late, std::mt19937* loss = nullptr) {
    bind::ClockOffsets offsets;
    for (decode::Message message : messages) {
        if (loss != nullptr && (*loss)() % 10 == 0) continue;
        message.time_ns -= late[tap_of(message)];
        offsets.message(tap_of(message), message);
    }
    return offsets;
}

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t distance(const bind::ClockOffset& offset, std::int64_t wanted) { return std::abs(offset.add_ns - wanted); }

}  // namespace

TEST_CASE("Clocks of taps on Gm, Mw and Cx are brought in line to within the time a message takes") {
    const auto messages = messages_of("syn_ok_success.pcap");
    for (const auto& [mw, cx] : std::vector<std::pair<std::int64_t, std::int64_t>>{
             {5 * kSecond, -3 * kSecond}, {-3600 * kSecond, 2 * kSecond}, {kSecond / 4, 0}, {-7 * kSecond, 7 * kSecond}}) {
        const auto found = seen(messages, {0, mw, cx}).estimate({{}, {}, {}});
        INFO("Mw " << mw << " Cx " << cx << ": " << found[kMw].add_ns << " " << found[kCx].add_ns);
        CHECK(found[kGm].add_ns == 0);
        CHECK(distance(found[kMw], mw) < kSecond / 10);
        CHECK(distance(found[kCx], cx) < kSecond / 10);
        CHECK_FALSE(found[kMw].contradictory);
        CHECK_FALSE(found[kCx].contradictory);
    }
}

TEST_CASE("Clocks that may agree are left alone, and a capture that nothing relates to others is not judged") {
    const auto messages = messages_of("syn_ok_success.pcap");
    const auto found = seen(messages, {0, 0, 0}).estimate({{}, {}, {}, {}});
    for (const bind::ClockOffset& one : found) CHECK(one.add_ns == 0);
    CHECK(found[kMw].pairs > 0);
    CHECK(found[3].pairs == 0);
}

TEST_CASE("What messages leave open of two clocks is their doubt, and what nothing relates has the doubt of the unknown") {
    const auto messages = messages_of("syn_ok_success.pcap");
    const std::vector<std::optional<std::int64_t>> none(4);
    const auto offsets = seen(messages, {0, 5 * kSecond, -3 * kSecond});
    const auto added = offsets.estimate(none);
    const bind::ClockDoubts doubts = offsets.doubts(added, none);
    CHECK(doubts.between(kGm, kGm) == 0);
    CHECK(doubts.between(kGm, 3) == bind::ClockOffsets::kUnknownNs);
    for (const auto& [one, other, truth] : {std::tuple(kGm, kMw, 5 * kSecond), std::tuple(kMw, kCx, -8 * kSecond), std::tuple(kGm, kCx, -3 * kSecond)}) {
        CHECK(std::abs(added[other].add_ns - added[one].add_ns - truth) <= doubts.between(one, other));
        CHECK(doubts.between(one, other) == doubts.between(other, one));
        CHECK(doubts.between(one, other) < kSecond / 10);
    }
    const std::vector<std::optional<std::int64_t>> given = {0, 5 * kSecond, {}, {}};
    CHECK(offsets.doubts(offsets.estimate(given), given).between(kGm, kMw) == 0);
}

TEST_CASE("A given offset is the measure of the others, whichever capture it is given for") {
    const auto offsets = seen(messages_of("syn_ok_success.pcap"), {0, 5 * kSecond, -3 * kSecond});
    const auto found = offsets.estimate({{}, 15 * kSecond, {}});
    CHECK(found[kMw].add_ns == 15 * kSecond);
    CHECK(distance(found[kGm], 10 * kSecond) < kSecond / 10);
    CHECK(distance(found[kCx], 7 * kSecond) < kSecond / 10);
}

TEST_CASE("A tenth of the messages lost and repetitions in their place do not mislead the comparison of clocks") {
    const auto messages = messages_of("syn_l_retransmissions.pcap");
    unsigned judged = 0;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 loss(seed);
        const auto found = seen(messages, {0, 9 * kSecond, 0}, &loss).estimate({{}, {}, {}});
        INFO("seed " << seed << ": " << found[kMw].add_ns << " of " << found[kMw].pairs << " pairs");
        if (found[kMw].pairs < 6 || found[kMw].contradictory) continue;
        ++judged;
        CHECK(distance(found[kMw], 9 * kSecond) < 3 * kSecond);
    }
    CHECK(judged >= 15);
}

TEST_CASE("A clock that jumps in mid-capture contradicts itself") {
    const auto messages = messages_of("syn_ok_sync_failure_success.pcap");
    bind::ClockOffsets offsets;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        decode::Message message = messages[i];
        if (tap_of(message) == kMw && i > messages.size() / 2) message.time_ns += 60 * kSecond;
        offsets.message(tap_of(message), message);
    }
    CHECK(offsets.estimate({{}, {}, {}})[kMw].contradictory);
}
