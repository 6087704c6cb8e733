// Each check on values with a run that it must flag and one that it must not.
#include <catch2/catch.hpp>

#include "tests/support/made_messages.h"
#include "tests/values/checked.h"
#include "traces/decode/digest.h"

using namespace imspect;
using conform::Severity;
using imspect::tests::MadeLeg;
using imspect::tests::MadeMessages;
using Messages = std::vector<decode::Message>;

namespace {

/// SM7 of the vector made of `octet`; the response is that of its XRES, or of another.
MadeLeg answer(const MadeMessages& made, std::uint32_t cseq, std::uint8_t octet, bool right = true) {
    MadeLeg leg;
    leg.cseq = cseq;
    leg.nonce = MadeMessages::nonce(octet);
    leg.with_keys_of_sa = true;
    leg.extra.parameters = {{"algorithm", "AKAv1-MD5"}, {"qop", "auth"}, {"nc", "00000001"}, {"cnonce", "abcd"}};
    decode::DigestInput input{made.impi(), "home.example", MadeMessages::vector(octet).authorization, leg.nonce, "REGISTER", "sip:home.example",
                              "auth", "00000001", "abcd", ""};
    if (!right) input.password.push_back(0);
    leg.response = decode::digest_response(input).value_or("");
    return leg;
}

/// SM1 to SM6 with the vector made of `octet`.
void start(Messages& messages, MadeMessages& made, const MadeLeg& leg, std::uint8_t octet) {
    for (int hop = 1; hop <= 3; ++hop) messages.push_back(made.up(leg, hop));
    messages.push_back(made.mar());
    messages.push_back(made.maa({MadeMessages::vector(octet)}));
    for (int hop = 3; hop >= 1; --hop) messages.push_back(made.challenge(leg, hop, MadeMessages::nonce(octet)));
}

/// SM7 to SM12.
void end(Messages& messages, MadeMessages& made, const MadeLeg& leg, int status) {
    for (int hop = 1; hop <= 3; ++hop) messages.push_back(made.up(leg, hop));
    for (int hop = 3; hop >= 1; --hop) messages.push_back(made.down(leg, hop, status));
}

Messages whole(MadeMessages& made, bool right, int status) {
    Messages messages;
    start(messages, made, MadeLeg{}, 0x11);
    end(messages, made, answer(made, 2, 0x11, right), status);
    return messages;
}

decode::SipMessage& sip_of(decode::Message& message) { return std::get<decode::SipMessage>(message.content); }

std::vector<std::string> texts(const std::vector<conform::Finding>& findings) {
    std::vector<std::string> result;
    for (const conform::Finding& finding : findings) result.push_back(tests::text_of(finding));
    return result;
}

std::vector<std::string> checked(Messages messages) { return texts(tests::check_messages(std::move(messages))); }

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("A conforming registration and re-registration has no finding") {
    MadeMessages made;
    Messages messages = whole(made, true, 200);
    made.spi_ue = "3001";
    made.spi_pcscf = "4001";
    MadeLeg again = answer(made, 3, 0x11);
    start(messages, made, again, 0x22);
    end(messages, made, answer(made, 4, 0x22), 200);
    CHECK(checked(std::move(messages)).empty());
}

TEST_CASE("A decision against the value of the response is found and one with it is not") {
    MadeMessages wrong, right, refused, wrongly;
    CHECK(checked(whole(wrong, false, 200)) == Texts{"response-accepted-wrong 12 9 10 11"});
    CHECK(checked(whole(right, true, 200)).empty());
    CHECK(checked(whole(refused, false, 403)).empty());
    CHECK(checked(whole(wrongly, true, 403)) == Texts{"response-rejected-right 12 9 10 11"});
}

TEST_CASE("A right response may be rejected where it is late or superseded or the Cx-Put failed or for another status") {
    MadeMessages made;
    CHECK(checked(whole(made, true, 500)).empty());

    MadeMessages late;
    Messages messages;
    start(messages, late, MadeLeg{}, 0x11);
    late.wait(250);
    end(messages, late, answer(late, 2, 0x11), 403);
    CHECK(checked(std::move(messages)).empty());

    MadeMessages superseded;
    MadeLeg other;
    other.call_id = "call-2";
    messages.clear();
    start(messages, superseded, MadeLeg{}, 0x11);
    start(messages, superseded, other, 0x22);
    end(messages, superseded, answer(superseded, 2, 0x11), 403);
    CHECK(checked(std::move(messages)).empty());

    MadeMessages failed;
    const MadeLeg leg = answer(failed, 2, 0x11);
    messages.clear();
    start(messages, failed, MadeLeg{}, 0x11);
    messages.push_back(failed.up(leg, 3));
    messages.push_back(failed.sar(1));
    messages.push_back(failed.saa(5012));
    messages.push_back(failed.down(leg, 3, 403));
    CHECK(checked(std::move(messages)).empty());
}

TEST_CASE("Another's wrong response with the same CSeq does not make the acceptance of the right one wrong") {
    MadeMessages made;
    Messages messages;
    start(messages, made, MadeLeg{}, 0x11);
    MadeLeg forged = answer(made, 2, 0x11, false);
    forged.branch = "z9hG4bK-attacker";
    const MadeLeg right = answer(made, 2, 0x11);
    messages.push_back(made.up(right, 3));
    messages.push_back(made.up(forged, 3));
    messages.push_back(made.down(right, 3, 200));
    CHECK(checked(std::move(messages)).empty());
}

TEST_CASE("A nonce that no MAA brought is found only where the MAA of this challenge was captured") {
    const MadeLeg leg;
    MadeMessages made;
    CHECK(checked({made.up(leg, 3), made.mar(), made.maa({MadeMessages::vector(1)}), made.challenge(leg, 3, MadeMessages::nonce(2))}) ==
          Texts{"nonce-not-from-maa 4"});
    MadeMessages left_over;
    CHECK(checked({left_over.up(leg, 3), left_over.challenge(leg, 3, MadeMessages::nonce(2))}).empty());
    MadeMessages lost;
    CHECK(checked({lost.up(leg, 3), lost.mar(), lost.challenge(leg, 3, MadeMessages::nonce(2))}).empty());
    MadeMessages before;
    CHECK(checked({before.mar(), before.maa({MadeMessages::vector(1)}), before.up(leg, 3), before.challenge(leg, 3, MadeMessages::nonce(2))}).empty());
    MadeMessages stored;
    CHECK(checked({stored.mar(2), stored.maa({MadeMessages::vector(1), MadeMessages::vector(2)}), stored.up(leg, 3),
                   stored.challenge(leg, 3, MadeMessages::nonce(2))}).empty());
}

TEST_CASE("Keys in the challenge that are not those of the vector are found") {
    MadeMessages made;
    made.ck = std::string(32, '0');
    const MadeLeg leg;
    CHECK(checked({made.up(leg, 3), made.mar(), made.maa({MadeMessages::vector(1)}), made.challenge(leg, 3, MadeMessages::nonce(1))}) ==
          Texts{"keys-differ 4 3"});
    MadeMessages upper;
    auto challenge = upper.challenge(leg, 3, MadeMessages::nonce(0xaa));
    for (char& c : sip_of(challenge).www_authenticate.front().parameters["ck"]) c = static_cast<char>(std::toupper(c));
    CHECK(checked({upper.up(leg, 3), upper.mar(), upper.maa({MadeMessages::vector(0xaa)}), challenge}).empty());
}

TEST_CASE("Keys on Gm are found once a run") {
    MadeMessages made;
    const MadeLeg leg;
    auto sm6 = made.challenge(leg, 1, MadeMessages::nonce(1));
    sip_of(sm6).www_authenticate.front().parameters["ik"] = std::string(32, '1');
    auto repeated = sm6;
    repeated.frames = {{0, 9}};
    CHECK(checked({made.up(leg, 1), sm6, repeated}) == Texts{"keys-on-gm 1 9"});
}

TEST_CASE("Security parameters in the error of a failed run are found on all its hops") {
    MadeMessages made;
    MadeLeg failure = answer(made, 2, 0x11);
    failure.response.clear();
    Messages messages;
    start(messages, made, MadeLeg{}, 0x11);
    end(messages, made, failure, 403);
    Messages plain = messages;
    for (auto& message : messages) {
        auto* sip = std::get_if<decode::SipMessage>(&message.content);
        if (sip && sip->status == 403) sip->www_authenticate = {{"Digest", {{"nonce", failure.nonce}, {"ck", "00"}}}};
    }
    const auto findings = tests::check_messages(std::move(messages));
    CHECK(texts(findings) == Texts{"error-with-security-parameters 12 13 14"});
    CHECK(findings.at(0).severity == Severity::kError);
    CHECK(findings.at(0).property == "P23");
    CHECK(checked(std::move(plain)).empty());
}

TEST_CASE("A vector challenged for two REGISTERs is reused and a retransmitted challenge is not") {
    MadeMessages made;
    MadeLeg first, second;
    second.call_id = "call-2";
    CHECK(checked({made.up(first, 3), made.challenge(first, 3, MadeMessages::nonce(1)), made.challenge(first, 3, MadeMessages::nonce(1)),
                   made.challenge(first, 2, MadeMessages::nonce(1))}).empty());
    MadeMessages again;
    CHECK(checked({again.up(first, 3), again.challenge(first, 3, MadeMessages::nonce(1)), again.up(second, 3),
                   again.challenge(second, 3, MadeMessages::nonce(1))}) == Texts{"av-reused 4 2"});
    MadeMessages half;
    auto octets = MadeMessages::vector(1).authenticate;
    octets.back() ^= 1;
    CHECK(checked({half.up(first, 3), half.challenge(first, 3, MadeMessages::nonce(1)), half.up(second, 3),
                   half.challenge(second, 3, decode::to_base64(octets))}) == Texts{"av-reused 4 2"});
}

TEST_CASE("A vector that two MAAs bring is reused and one with only the same RAND is a warning") {
    MadeMessages made;
    auto other = MadeMessages::vector(1);
    const auto twice = tests::check_messages({made.mar(), made.maa({MadeMessages::vector(1)}), made.mar(), made.maa({MadeMessages::vector(1)})});
    REQUIRE(texts(twice) == Texts{"av-reused 4 2"});
    CHECK(twice.front().severity == Severity::kError);
    other.authenticate.back() ^= 1;
    MadeMessages same_rand;
    const auto warned = tests::check_messages({same_rand.mar(2), same_rand.maa({MadeMessages::vector(1), other})});
    REQUIRE(warned.size() == 1);
    CHECK(warned.front().severity == Severity::kWarning);
    MadeMessages fresh;
    CHECK(checked({fresh.mar(2), fresh.maa({MadeMessages::vector(1), MadeMessages::vector(2)})}).empty());
}

TEST_CASE("A Security-Verify that differs is found where SM8 is forwarded and not where the P-CSCF refuses") {
    MadeMessages made;
    Messages messages;
    start(messages, made, MadeLeg{}, 0x11);
    const MadeLeg leg = answer(made, 2, 0x11);
    auto altered = made.up(leg, 1);
    sip_of(altered).security_verify.clear();
    messages.push_back(altered);
    Messages refused = messages;
    messages.push_back(made.up(leg, 2));
    messages.push_back(made.up(leg, 3));
    CHECK(checked(std::move(messages)) == Texts{"security-verify-mismatch 10 9"});
    refused.push_back(made.down(leg, 1, 494));
    CHECK(checked(std::move(refused)).empty());
}

TEST_CASE("SPIs of a live association or of the peer are found") {
    MadeMessages made;
    Messages messages = whole(made, true, 200);
    const MadeLeg again = answer(made, 3, 0x11);
    start(messages, made, again, 0x22);
    const auto findings = tests::check_messages(std::move(messages));
    REQUIRE(findings.size() == 2);
    for (const auto& finding : findings) {
        CHECK(finding.kind == "spi-not-unique");
        CHECK(finding.property == "P32");
    }
    CHECK((findings[0].severity == Severity::kError) != (findings[1].severity == Severity::kError));

    MadeMessages peer;
    Messages equal;
    start(equal, peer, MadeLeg{}, 0x11);
    for (auto& mechanism : sip_of(equal.back()).security_server) mechanism.parameters["spi-s"] = "1001";
    CHECK(checked(std::move(equal)) == Texts{"spi-equals-peer 8"});
}

TEST_CASE("A missing integrity indication is a note once a run") {
    MadeMessages made;
    Messages messages = whole(made, true, 200);
    for (auto& message : messages) {
        auto* sip = std::get_if<decode::SipMessage>(&message.content);
        if (sip && sip->request) sip->authorization.front().parameters.erase("integrity-protected");
    }
    const auto findings = tests::check_messages(std::move(messages));
    CHECK(texts(findings) == Texts{"integrity-indication-missing 2 10"});
    CHECK(findings.at(0).severity == Severity::kNote);
}

TEST_CASE("A resynchronisation with another RAND or AUTS than the last challenge's is found") {
    const decode::Octets auts(14, 7);
    const auto resync = [&](std::uint8_t rand_octet, std::uint8_t auts_octet) {
        MadeMessages made;
        Messages messages;
        start(messages, made, MadeLeg{}, 0x11);
        MadeLeg sync = answer(made, 2, 0x11);
        sync.auts = decode::to_base64(auts);
        messages.push_back(made.up(sync, 3));
        decode::Octets sent(16, rand_octet);
        sent.insert(sent.end(), 14, auts_octet);
        messages.push_back(made.mar_resync(sent));
        return checked(std::move(messages));
    };
    CHECK(resync(0x11, 7).empty());
    CHECK(resync(0x12, 7) == Texts{"auts-rand-wrong 10 9"});
    CHECK(resync(0x11, 8) == Texts{"auts-altered 10 9"});
}

TEST_CASE("Findings have stable identifiers and come out once") {
    MadeMessages one, other;
    const auto first = tests::check_messages(whole(one, false, 200)), second = tests::check_messages(whole(other, false, 200));
    REQUIRE(first.size() == 1);
    CHECK(first.front().id == second.front().id);
    CHECK(first.front().id.size() == 12);
}
