// What a REGISTER is: a response only while its challenge is open.
#include <catch2/catch.hpp>

#include "tests/bind/bound.h"
#include "tests/support/made_messages.h"

using namespace imspect;
using imspect::tests::MadeLeg;
using imspect::tests::MadeMessages;
using bind::Kind;

namespace {

const std::string kNonce = MadeMessages::nonce(0x11);

MadeLeg answer(std::uint32_t cseq, const std::string& nonce, const std::string& response = "0123456789abcdef0123456789abcdef") {
    MadeLeg leg;
    leg.cseq = cseq;
    leg.nonce = nonce;
    leg.response = response;
    leg.with_keys_of_sa = true;
    return leg;
}

}  // namespace

TEST_CASE("A REGISTER with the nonce of the open challenge is a response on all three hops") {
    MadeMessages made;
    const MadeLeg first, second = answer(2, kNonce);
    const auto bound = tests::bind_all({made.up(first, 1), made.up(first, 2), made.challenge(first, 2, kNonce),
                                        made.challenge(first, 1, kNonce), made.up(second, 1), made.up(second, 2),
                                        made.up(second, 3)});
    CHECK(tests::kinds_of(bound) == std::vector<Kind>{Kind::kRegister, Kind::kRegister, Kind::kChallenge, Kind::kChallenge,
                                                      Kind::kResponse, Kind::kResponse, Kind::kResponse});
    CHECK(bind::describe(bound.events.at(4)) == "SM7 REGISTER(response)");
    CHECK(bind::describe(bound.events.at(6)) == "SM9 REGISTER(response)");
    CHECK(bound.events.at(4).setup_intact == true);
    CHECK(bound.events.at(4).on_protected_port == true);
    CHECK(bound.events.at(0).on_protected_port == false);
    CHECK(bound.events.at(5).integrity_protected == true);
    CHECK(bound.events.at(1).integrity_protected == false);
}

TEST_CASE("A protected re-registration in the same Call-ID repeats nonce and response and is SM1") {
    MadeMessages made;
    const MadeLeg first, second = answer(2, kNonce), third = answer(3, kNonce);
    const auto bound = tests::bind_all({made.up(first, 1), made.challenge(first, 1, kNonce), made.up(second, 1),
                                        made.down(second, 1, 200), made.up(third, 1), made.up(third, 2)});
    CHECK(bound.events.at(2).kind == Kind::kResponse);
    CHECK(bound.events.at(4).kind == Kind::kRegister);
    CHECK(bound.events.at(5).kind == Kind::kRegister);
    CHECK(bound.events.at(4).first_of_run);
    CHECK(bound.events.at(4).on_protected_port == true);
}

TEST_CASE("A protected re-registration is SM1 though the 2xx before it was not captured") {
    MadeMessages made;
    const MadeLeg first, second = answer(2, kNonce), third = answer(3, kNonce);
    const auto bound = tests::bind_all({made.up(first, 1), made.challenge(first, 1, kNonce), made.up(second, 1), made.up(third, 1)});
    CHECK(bound.events.at(3).kind == Kind::kRegister);
}

TEST_CASE("A re-registration with a new Call-ID and an old nonce is SM1") {
    MadeMessages made;
    MadeLeg again = answer(1, kNonce);
    again.call_id = "call-2";
    const MadeLeg first, second = answer(2, kNonce);
    const auto bound = tests::bind_all({made.up(first, 1), made.challenge(first, 1, kNonce), made.up(second, 1),
                                        made.down(second, 1, 200), made.up(again, 1)});
    CHECK(bound.events.at(4).kind == Kind::kRegister);
    MadeLeg closing = again;
    closing.expires = 0;
    CHECK(tests::bind_all({made.up(first, 1), made.challenge(first, 1, kNonce), made.up(closing, 1)}).events.at(2).kind ==
          Kind::kDeregister);
}

TEST_CASE("The nonce of an MAA opens a challenge of which no 401 was captured") {
    MadeMessages made;
    const MadeLeg first, second = answer(2, kNonce), third = answer(3, kNonce);
    const auto bound = tests::bind_all({made.up(first, 3), made.mar(), made.maa({MadeMessages::vector(0x11)}), made.up(second, 3),
                                        made.down(second, 3, 200), made.up(third, 3)});
    CHECK(bound.events.at(3).kind == Kind::kResponse);
    CHECK(bound.events.at(5).kind == Kind::kRegister);
}

TEST_CASE("With neither 401 nor MAA captured a later REGISTER of an unanswered run is a response") {
    MadeMessages made;
    const auto bound = tests::bind_all({made.up(MadeLeg{}, 1), made.up(answer(2, kNonce), 1)});
    CHECK(bound.events.at(1).kind == Kind::kResponse);
}

TEST_CASE("A capture that starts in mid-run takes a response for what it is unless it is challenged") {
    MadeMessages made;
    const MadeLeg second = answer(2, kNonce);
    CHECK(tests::bind_all({made.up(second, 1), made.down(second, 1, 200)}).events.at(0).kind == Kind::kResponse);
    CHECK(tests::bind_all({made.up(second, 1)}).events.at(0).kind == Kind::kResponse);
    const auto challenged = tests::bind_all({made.up(second, 1), made.up(second, 2), made.challenge(second, 2, MadeMessages::nonce(0x22))});
    CHECK(challenged.events.at(0).kind == Kind::kRegister);
    CHECK(challenged.events.at(1).kind == Kind::kRegister);
}

TEST_CASE("Long after the capture began an unknown nonce is no response") {
    MadeMessages made;
    MadeLeg stranger = answer(2, kNonce);
    stranger.call_id = "call-9";
    std::vector<decode::Message> messages = {made.up(MadeLeg{}, 1)};
    made.wait(600);
    messages.push_back(made.up(stranger, 1));
    CHECK(tests::bind_all(std::move(messages)).events.at(1).kind == Kind::kRegister);
}

TEST_CASE("An empty response to the open challenge is a network authentication failure and auts a synchronisation failure") {
    MadeMessages made;
    const MadeLeg first, failure = answer(2, kNonce, "");
    MadeLeg sync = answer(2, kNonce);
    sync.auts = "AAAAAAAAAAAAAAAAAAA=";
    CHECK(tests::bind_all({made.up(first, 1), made.challenge(first, 1, kNonce), made.up(failure, 1)}).events.at(2).kind ==
          Kind::kAuthFailure);
    CHECK(tests::bind_all({made.up(first, 1), made.challenge(first, 1, kNonce), made.up(sync, 1)}).events.at(2).kind ==
          Kind::kSyncFailure);
}

TEST_CASE("An answer with expires 0 is a response all the same") {
    MadeMessages made;
    MadeLeg first, second = answer(2, kNonce);
    first.expires = second.expires = 0;
    const auto bound = tests::bind_all({made.up(first, 1), made.challenge(first, 1, kNonce), made.up(second, 1)});
    CHECK(bound.events.at(0).kind == Kind::kDeregister);
    CHECK(bound.events.at(2).kind == Kind::kResponse);
}

TEST_CASE("A vector challenged again for a later REGISTER of the run is open again") {
    MadeMessages made;
    const MadeLeg first, second = answer(2, kNonce);
    MadeLeg third, fourth = answer(4, kNonce);
    third.cseq = 3;
    const auto bound = tests::bind_all({made.up(first, 1), made.challenge(first, 1, kNonce), made.up(second, 1),
                                        made.down(second, 1, 200), made.up(third, 1), made.challenge(third, 1, kNonce),
                                        made.up(fourth, 1)});
    CHECK(bound.events.at(6).kind == Kind::kResponse);
}
