// Checks that need the subscriber's key: MAC, SQN, AUTS.
#include <catch2/catch.hpp>

#include "tests/support/made_messages.h"
#include "tests/values/checked.h"
#include "traces/decode/digest.h"
#include "traces/decode/milenage.h"

using namespace imspect;
using imspect::tests::MadeLeg;
using imspect::tests::MadeMessages;

namespace {

const decode::Block kK = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
const decode::Block kOpc = {9, 9, 9, 9, 8, 8, 8, 8, 7, 7, 7, 7, 6, 6, 6, 6};

decode::Milenage keys() { return {kK, kOpc}; }

decode::AuthItem vector(std::uint8_t rand_octet, std::uint8_t sqn, bool mac_right = true) {
    decode::Block rand;
    rand.fill(rand_octet);
    decode::Block autn = decode::make_autn(keys(), rand, {0, 0, 0, 0, 0, sqn}, {0x80, 0});
    if (!mac_right) autn[15] ^= 1;
    decode::AuthItem item;
    item.authenticate.assign(rand.begin(), rand.end());
    item.authenticate.insert(item.authenticate.end(), autn.begin(), autn.end());
    return item;
}

std::vector<std::string> checked(const MadeMessages& made, std::vector<decode::Message> messages) {
    conform::ValueOptions options;
    options.keys[made.impi()] = {{kK.begin(), kK.end()}, {}, {kOpc.begin(), kOpc.end()}};
    std::vector<std::string> texts;
    for (const auto& finding : tests::check_messages(std::move(messages), options)) texts.push_back(tests::text_of(finding));
    return texts;
}

MadeLeg answer(const decode::AuthItem& item, const std::string& response) {
    MadeLeg leg;
    leg.cseq = 2;
    leg.nonce = decode::to_base64(item.authenticate);
    leg.response = response;
    return leg;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("Vectors with growing SQN and right MAC have no finding and others have") {
    MadeMessages made;
    CHECK(checked(made, {made.mar(2), made.maa({vector(1, 1), vector(2, 2)})}).empty());
    MadeMessages back;
    CHECK(checked(back, {back.mar(2), back.maa({vector(1, 5), vector(2, 5)})}) == Texts{"sqn-not-growing 2"});
    MadeMessages bad;
    CHECK(checked(bad, {bad.mar(), bad.maa({vector(1, 1, false)})}) == Texts{"autn-mac-wrong 2"});
}

TEST_CASE("The UE's answer is judged by the MAC of the challenge") {
    const MadeLeg first;
    for (const bool mac_right : {true, false}) {
        MadeMessages made;
        const decode::AuthItem item = vector(1, 1, mac_right);
        const std::string nonce = decode::to_base64(item.authenticate);
        const Texts failure = checked(made, {made.up(first, 1), made.challenge(first, 1, nonce), made.up(answer(item, ""), 1)});
        CHECK(failure == (mac_right ? Texts{"mac-failure-though-right 3"} : Texts{}));
        MadeMessages other;
        const Texts response = checked(other, {other.up(first, 1), other.challenge(first, 1, nonce), other.up(answer(item, "00"), 1)});
        CHECK(response == (mac_right ? Texts{} : Texts{"response-though-mac-wrong 3"}));
    }
}

TEST_CASE("Vectors for an AUTS that does not verify are found") {
    for (const bool right : {true, false}) {
        MadeMessages made;
        decode::Block rand;
        rand.fill(1);
        auto auts = decode::make_auts(keys(), rand, {0, 0, 0, 0, 0, 9});
        if (!right) auts[13] ^= 1;
        decode::Octets sent(rand.begin(), rand.end());
        sent.insert(sent.end(), auts.begin(), auts.end());
        const Texts found = checked(made, {made.mar_resync(sent), made.maa({vector(2, 10)})});
        CHECK(found == (right ? Texts{} : Texts{"auts-invalid 2"}));
    }
}

TEST_CASE("A vector older than the resynchronised SQN is found") {
    MadeMessages made;
    decode::Block rand;
    rand.fill(1);
    const auto auts = decode::make_auts(keys(), rand, {0, 0, 0, 0, 0, 9});
    decode::Octets sent(rand.begin(), rand.end());
    sent.insert(sent.end(), auts.begin(), auts.end());
    CHECK(checked(made, {made.mar_resync(sent), made.maa({vector(2, 3)})}) == Texts{"sqn-not-growing 2"});
}
