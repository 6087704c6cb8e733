// Hops, retransmissions, Cx transactions, names: what ties messages together.
#include <catch2/catch.hpp>

#include "tests/bind/bound.h"
#include "tests/support/made_messages.h"
#include "traces/bind/names.h"
#include "traces/bind/nonce.h"
#include "traces/decode/digest.h"

using namespace imspect;
using imspect::tests::MadeLeg;
using imspect::tests::MadeMessages;
using bind::Kind;
using bind::Node;

namespace {

decode::SipMessage& sip_of(decode::Message& message) { return std::get<decode::SipMessage>(message.content); }

std::vector<std::uint32_t> frames(const bind::Event& event) {
    std::vector<std::uint32_t> numbers;
    for (const auto& frame : event.frames) numbers.push_back(frame.number);
    return numbers;
}

}  // namespace

TEST_CASE("Hops are told by Vias and need no address") {
    MadeMessages made;
    std::vector<decode::Message> messages;
    const MadeLeg leg;
    for (int hop = 1; hop <= 3; ++hop) messages.push_back(made.up(leg, hop));
    for (int hop = 3; hop >= 1; --hop) messages.push_back(made.down(leg, hop, 403));
    for (auto& message : messages) message.from.address = message.to.address = {};
    const auto bound = tests::bind_all(std::move(messages));
    const std::vector<std::pair<Node, Node>> expected = {{Node::kUe, Node::kPcscf}, {Node::kPcscf, Node::kIcscf}, {Node::kIcscf, Node::kScscf},
                                                         {Node::kScscf, Node::kIcscf}, {Node::kIcscf, Node::kPcscf}, {Node::kPcscf, Node::kUe}};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(bound.events.at(i).from == expected[i].first);
        CHECK(bound.events.at(i).to == expected[i].second);
    }
    CHECK(bound.summary.hops_seen == std::set<std::string>{"UE-P-CSCF", "P-CSCF-I-CSCF", "I-CSCF-S-CSCF"});
}

TEST_CASE("Answers are placed though no request was captured") {
    MadeMessages made;
    const auto bound = tests::bind_all({made.down(MadeLeg{}, 3, 200), made.down(MadeLeg{}, 2, 200), made.down(MadeLeg{}, 1, 200)});
    CHECK(bound.events.at(0).from == Node::kScscf);
    CHECK(bound.events.at(1).to == Node::kPcscf);
    CHECK(bound.events.at(2).to == Node::kUe);
}

TEST_CASE("A proxy between UE and P-CSCF shifts the number of Vias but not the hops") {
    MadeMessages made;
    MadeLeg leg;
    auto gm = made.up(leg, 1), mw = made.up(leg, 2);
    sip_of(gm).vias.push_back({"UDP", "192.168.0.2:5060", "z9hG4bK-home"});
    sip_of(mw).vias.push_back({"UDP", "192.168.0.2:5060", "z9hG4bK-home"});
    auto reply = made.down(leg, 2, 403);
    sip_of(reply).vias = sip_of(mw).vias;
    std::vector<decode::Message> messages;
    auto seen_inside = made.up(leg, 1);
    sip_of(seen_inside).vias = {{"UDP", "10.9.0.1:5062", "z9hG4bK-call-1-1"}};
    messages = {seen_inside, mw, reply};
    sip_of(messages[1]).vias.pop_back();
    sip_of(messages[2]).vias.pop_back();
    const auto bound = tests::bind_all(std::move(messages));
    CHECK(bound.events.at(1).from == Node::kPcscf);
    CHECK(bound.events.at(2).from == Node::kIcscf);
}

TEST_CASE("Retransmissions are one event with all frames") {
    MadeMessages made;
    const MadeLeg leg;
    auto copied = made.up(leg, 1);
    copied.copies = {{0, 90}};
    const auto bound = tests::bind_all({copied, made.up(leg, 1), made.up(leg, 2), made.up(leg, 1), made.down(leg, 1, 403), made.down(leg, 1, 403)});
    REQUIRE(bound.events.size() == 3);
    CHECK(frames(bound.events[0]) == std::vector<std::uint32_t>{1, 2, 4, 90});
    CHECK(bound.events[0].transmissions == 3);
    CHECK(bound.events[2].transmissions == 2);
    CHECK(bound.summary.retransmissions == 3);
}

TEST_CASE("A retransmission that comes after its event has gone makes no event") {
    MadeMessages made;
    const MadeLeg leg;
    std::vector<decode::Message> messages = {made.up(leg, 1)};
    made.wait(60);
    messages.push_back(made.up(leg, 1));
    const auto bound = tests::bind_all(std::move(messages));
    CHECK(bound.events.size() == 1);
    CHECK(bound.summary.retransmissions == 1);
}

TEST_CASE("A new transaction with the same CSeq is an event of its own but not the first of its run") {
    MadeMessages made;
    MadeLeg leg, again;
    again.branch = "z9hG4bK-again";
    const auto bound = tests::bind_all({made.up(leg, 2), made.up(again, 2)});
    REQUIRE(bound.events.size() == 2);
    CHECK(bound.events[0].first_of_run);
    CHECK_FALSE(bound.events[1].first_of_run);
}

TEST_CASE("Events wait for their retransmissions and leave in order as time passes") {
    MadeMessages made;
    std::size_t given = 0;
    bind::Binder binder([&](bind::Event&& event) { CHECK(event.order == given++); });
    MadeLeg leg;
    binder.message(made.up(leg, 1));
    leg.cseq = 2;
    binder.message(made.up(leg, 1));
    CHECK(given == 0);
    made.wait(40);
    leg.cseq = 3;
    binder.message(made.up(leg, 1));
    CHECK(given == 2);
    binder.finish();
    CHECK(given == 3);
}

TEST_CASE("Cx answers say what their requests said") {
    MadeMessages made;
    const auto bound = tests::bind_all({made.uar(), made.uaa(), made.mar(3), made.maa({MadeMessages::vector(1), MadeMessages::vector(2)}),
                                        made.sar(9), made.saa()});
    REQUIRE(bound.events.size() == 6);
    for (const auto& event : bound.events) {
        CHECK(event.impi == made.impi());
        CHECK(event.impu == made.impu());
        CHECK(event.success);
    }
    CHECK(bound.events[2].avs == 3);
    CHECK(bound.events[3].avs == 2);
    CHECK(bound.events[3].av_nonces == std::vector<std::string>{MadeMessages::nonce(1), MadeMessages::nonce(2)});
    CHECK(bound.events[5].assignment == 9);
    CHECK(bound.events[5].scscf == "scscf.home.example");
    CHECK(bound.events[2].scscf == "scscf.home.example");
    CHECK(bind::describe(bound.events[4]) == "CM3 Cx-Put(AUTHENTICATION_FAILURE)");
    CHECK(bound.summary.roles.at("HSS") == std::set<std::string>{"10.0.1.10"});
    CHECK(bound.summary.roles.at("I-CSCF") == std::set<std::string>{"10.0.1.2"});
}

TEST_CASE("An answer is found by connection where the Session-Id was damaged") {
    MadeMessages made;
    auto request = made.sar(1), answer = made.saa();
    std::get<decode::DiameterMessage>(answer.content).session_id.clear();
    std::get<decode::DiameterMessage>(answer.content).end_to_end = 0;
    const auto bound = tests::bind_all({request, answer});
    CHECK(bound.events.at(1).assignment == 1);
    CHECK(bound.events.at(1).impi == made.impi());
}

TEST_CASE("Retransmitted and relayed Diameter is one event") {
    MadeMessages made;
    auto request = made.mar();
    auto repeated = request;
    repeated.frames = {{0, 7}};
    repeated.from.port = 41000;
    std::get<decode::DiameterMessage>(repeated.content).hop_by_hop = 999;
    std::get<decode::DiameterMessage>(repeated.content).retransmitted = true;
    auto answer = made.maa({MadeMessages::vector(1)});
    auto second = answer;
    second.frames = {{0, 9}};
    const auto bound = tests::bind_all({request, repeated, answer, second});
    REQUIRE(bound.events.size() == 2);
    CHECK(frames(bound.events[0]) == std::vector<std::uint32_t>{1, 7});
    CHECK(frames(bound.events[1]) == std::vector<std::uint32_t>{2, 9});
}

TEST_CASE("A resynchronisation is told by RAND and AUTS in the MAR") {
    MadeMessages made;
    CHECK(tests::bind_all({made.mar_resync(decode::Octets(30, 1))}).events.at(0).kind == Kind::kMarResync);
}

TEST_CASE("Nonces of one vector compare equal whatever their spelling") {
    MadeMessages made;
    auto octets = MadeMessages::vector(5).authenticate;
    octets.push_back(9);
    const std::string longer = decode::to_base64(octets);
    CHECK(bind::av_key(longer) == bind::av_key(MadeMessages::nonce(5)));
    const MadeLeg leg;
    const auto bound = tests::bind_all({made.up(leg, 3), made.mar(), made.maa({MadeMessages::vector(5)}), made.challenge(leg, 3, longer)});
    CHECK(bound.events.at(2).av_nonces == std::vector<std::string>{longer});
    CHECK(bound.events.at(3).nonce == longer);
}

TEST_CASE("A Security-Verify that differs is not intact") {
    MadeMessages made;
    const MadeLeg first;
    MadeLeg second;
    second.cseq = 2;
    second.nonce = MadeMessages::nonce(3);
    second.response = "00";
    second.with_keys_of_sa = true;
    auto altered = made.up(second, 1);
    sip_of(altered).security_verify.front().parameters["alg"] = "hmac-md5-96";
    const auto bound = tests::bind_all({made.up(first, 1), made.challenge(first, 1, second.nonce), altered});
    CHECK(bound.events.at(2).setup_intact == false);
}

TEST_CASE("Other traffic belongs to a subscriber only where a registration showed him") {
    MadeMessages made;
    auto subscribe = made.up(MadeLeg{}, 1);
    sip_of(subscribe).method = "SUBSCRIBE";
    auto stranger = subscribe;
    sip_of(stranger).from = sip_of(stranger).to = "sip:mallory@elsewhere.example";
    const auto bound = tests::bind_all({made.up(MadeLeg{}, 1), subscribe, stranger});
    REQUIRE(bound.events.size() == 2);
    CHECK(bound.events[1].kind == Kind::kOther);
    CHECK(bound.events[1].impi == made.impi());
    CHECK(bound.summary.unbound.at("SUBSCRIBE") == 1);
}

TEST_CASE("Identities are spelled in one way") {
    CHECK(bind::canonical_impu("<SIP:Alice@Home.Example;user=phone>") == "sip:Alice@home.example");
    CHECK(bind::canonical_impu("tel:+123") == "tel:+123");
    CHECK(bind::host_of("sip:orig@SCSCF.example:6060;lr") == "scscf.example");
    CHECK(bind::host_of("sip:[2001:db8::1]:5060") == "[2001:db8::1]");
    CHECK(bind::host_of("scscf.example") == "scscf.example");
}

TEST_CASE("The S-CSCF has one name on all its hops") {
    MadeMessages made;
    auto sm3 = made.up(MadeLeg{}, 3), sm4 = made.challenge(MadeLeg{}, 3, MadeMessages::nonce(1));
    sip_of(sm3).request_uri = "sip:10.0.1.3:6060";
    const auto bound = tests::bind_all({sm3, made.mar(), made.maa({MadeMessages::vector(1)}), sm4});
    for (const auto& event : bound.events) CHECK(event.scscf == "scscf.home.example");
}

TEST_CASE("A damaged Cx message or a request without Session-Id is counted and no event") {
    MadeMessages made;
    auto cut = made.mar(), nameless = made.mar();
    cut.damaged = true;
    std::get<decode::DiameterMessage>(nameless.content).session_id.clear();
    const auto bound = tests::bind_all({cut, nameless});
    CHECK(bound.events.empty());
    CHECK(bound.summary.unbound.at("damaged Cx-AV-Req") == 2);
}
