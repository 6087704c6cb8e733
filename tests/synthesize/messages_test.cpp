// What the messages of known runs carry.
#include <catch2/catch.hpp>

#include "tests/synthesize/captured.h"
#include "traces/decode/digest.h"
#include "traces/decode/milenage.h"

using namespace imspect;
using tests::Captured;
using tests::captured;
using tests::captured_run;
using tests::diameter_of;
using tests::sip_of;
using Strings = std::vector<std::string>;

namespace {

const Strings kToChallenge = {"ue.starts_unprotected(ue1, impu1)", "pcscf.forwards_sm1(ue1)", "icscf.queries_hss(ue1)",
                              "hss.answers_query(ue1, scscf1)", "icscf.forwards_register(ue1, scscf1)",
                              "scscf.puts_pending(scscf1, ue1, impu1)", "hss.applies_pending(scscf1, ue1, impu1)",
                              "scscf.requests_avs_when_pending(scscf1, ue1)", "hss.gives_avs(scscf1, ue1)", "scscf.challenges(scscf1, ue1)",
                              "icscf.forwards_challenge(ue1)", "pcscf.sends_sm6(ue1)"};

Strings operator+(Strings first, const Strings& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

const Strings kToScscf = {"icscf.queries_hss(ue1)", "hss.answers_query(ue1, scscf1)", "icscf.forwards_register(ue1, scscf1)"};
const Strings kToUe = {"icscf.forwards_ok(ue1)", "pcscf.sends_sm12(ue1)", "ue.accepts_sm12(ue1, impu1)"};
const Strings kSuccess = kToChallenge + Strings{"ue.answers_challenge(ue1)", "pcscf.forwards_sm7(ue1)"} + kToScscf +
                         Strings{"scscf.verifies_and_registers(scscf1, ue1, impu1)", "hss.applies_registered(scscf1, ue1, impu1)",
                                 "scscf.confirms_registration(scscf1, ue1, impu1)"} + kToUe;

decode::Milenage keys_of(const Captured& capture, std::size_t ue = 0) {
    return {capture.made.subscribers[ue].k, capture.made.subscribers[ue].opc};
}

decode::Block block(const decode::Octets& octets, std::size_t from) {
    return *decode::fixed<16>(std::span(octets).subspan(from, 16));
}

const decode::SipMessage& sip(const Captured& capture, std::size_t i) {
    REQUIRE(sip_of(capture.messages.at(i)) != nullptr);
    return *sip_of(capture.messages[i]);
}
const decode::DiameterMessage& diameter(const Captured& capture, std::size_t i) {
    REQUIRE(diameter_of(capture.messages.at(i)) != nullptr);
    return *diameter_of(capture.messages[i]);
}

}  // namespace

TEST_CASE("A registration is SM1 to SM12 with the queries, CM1, CM2 and the SAR between") {
    const Captured capture = captured_run("success", kSuccess);
    REQUIRE(capture.names_read() == Strings{"REGISTER", "REGISTER", "UAR", "UAA", "REGISTER", "MAR", "MAA", "401", "401", "401", "REGISTER",
                                            "REGISTER", "UAR", "UAA", "REGISTER", "SAR", "SAA", "200", "200", "200"});
    SECTION("identities and the run") {
        for (const decode::Message& message : capture.messages) {
            if (const decode::SipMessage* m = sip_of(message)) {
                CHECK(m->call_id == sip(capture, 0).call_id);
                CHECK(m->to == "sip:impu1@ims.mnc001.mcc001.3gppnetwork.org");
            } else if (diameter_of(message)->request) {
                CHECK(diameter_of(message)->user_name == "impi1@ims.mnc001.mcc001.3gppnetwork.org");
                CHECK(diameter_of(message)->public_identities == Strings{"sip:impu1@ims.mnc001.mcc001.3gppnetwork.org"});
            }
        }
        CHECK(sip(capture, 0).cseq == 1U);
        CHECK(sip(capture, 9).cseq == 1U);
        CHECK(sip(capture, 10).cseq == 2U);
        CHECK(sip(capture, 19).cseq == 2U);
    }
    SECTION("every hop adds its Via and the answer takes it off") {
        CHECK(sip(capture, 0).vias.size() == 1);
        CHECK(sip(capture, 1).vias.size() == 2);
        CHECK(sip(capture, 4).vias.size() == 3);
        CHECK(sip(capture, 7).vias.size() == 3);
        CHECK(sip(capture, 9).vias.size() == 1);
        CHECK(sip(capture, 7).vias[0].branch == sip(capture, 4).vias[0].branch);
        CHECK(sip(capture, 10).vias[0].branch != sip(capture, 0).vias[0].branch);
    }
    SECTION("what the P-CSCF adds and takes off") {
        CHECK(sip(capture, 0).paths.empty());
        CHECK(sip(capture, 1).paths.size() == 1);
        CHECK(sip(capture, 1).security_client.empty());
        CHECK(sip(capture, 1).authorization.at(0).get("integrity-protected") == "no");
        CHECK(sip(capture, 11).authorization.at(0).get("integrity-protected") == "yes");
        CHECK(sip(capture, 14).authorization.at(0).get("integrity-protected") == "yes");
        CHECK_FALSE(sip(capture, 10).authorization.at(0).has("integrity-protected"));
        CHECK(sip(capture, 8).www_authenticate.at(0).has("ik"));
        CHECK_FALSE(sip(capture, 9).www_authenticate.at(0).has("ik"));
        CHECK_FALSE(sip(capture, 9).www_authenticate.at(0).has("ck"));
    }
    SECTION("the security agreement is repeated and the answer goes over the new SA") {
        CHECK(sip(capture, 10).security_verify == sip(capture, 9).security_server);
        CHECK(sip(capture, 10).security_client == sip(capture, 0).security_client);
        CHECK(std::to_string(capture.messages[10].from.port) == sip(capture, 0).security_client.at(0).parameters.at("port-c"));
        CHECK(std::to_string(capture.messages[10].to.port) == sip(capture, 9).security_server.at(0).parameters.at("port-s"));
        CHECK(capture.messages[0].to.port == 5060);
    }
    SECTION("Diameter") {
        CHECK(diameter(capture, 3).experimental_result_code == 2001U);
        CHECK(diameter(capture, 13).experimental_result_code == 2002U);
        CHECK(diameter(capture, 5).number_auth_items == 2U);
        CHECK(diameter(capture, 6).auth_items.size() == 2);
        CHECK(diameter(capture, 15).server_assignment_type == 1U);
        CHECK(diameter(capture, 16).result_code == 2001U);
        CHECK(diameter(capture, 16).session_id == diameter(capture, 15).session_id);
        CHECK(diameter(capture, 16).hop_by_hop == diameter(capture, 15).hop_by_hop);
        CHECK(diameter(capture, 16).user_data.find("sip:impu1@") != std::string::npos);
    }
    SECTION("AKA: the AV is the subscriber's, the challenge is the first AV, the response is right") {
        const decode::AuthItem& first = diameter(capture, 6).auth_items[0];
        const decode::AuthItem& second = diameter(capture, 6).auth_items[1];
        const decode::Milenage keys = keys_of(capture);
        const decode::Unveiled av = decode::read_autn(keys, block(first.authenticate, 0), block(first.authenticate, 16));
        const decode::Unveiled next = decode::read_autn(keys, block(second.authenticate, 0), block(second.authenticate, 16));
        CHECK(av.mac_right);
        CHECK(next.mac_right);
        CHECK(av.sqn < next.sqn);
        const decode::Digest& challenge = sip(capture, 7).www_authenticate.at(0);
        CHECK(challenge.get("nonce") == decode::to_base64(first.authenticate));
        CHECK(challenge.get("ck") == decode::to_hex(first.ck));
        CHECK(challenge.get("ik") == decode::to_hex(first.ik));
        CHECK(decode::response_right(sip(capture, 10).authorization.at(0), "REGISTER", "", first.authorization) == true);
        CHECK(decode::response_right(sip(capture, 10).authorization.at(0), "REGISTER", "", second.authorization) == false);
    }
}

TEST_CASE("A wrong RES is answered 403 after SAR 9") {
    const Captured capture = captured_run(
        "single", kToChallenge + Strings{"ue.answers_wrong_res(ue1)", "pcscf.forwards_sm7(ue1)"} + kToScscf +
                      Strings{"scscf.finds_res_wrong(scscf1, ue1, impu1)", "hss.applies_clear(scscf1, ue1, impu1)",
                              "scscf.receives_cm4(scscf1, ue1)", "icscf.forwards_error(ue1)", "pcscf.sends_error(ue1)"});
    REQUIRE(capture.messages.size() == 20);
    CHECK(decode::response_right(sip(capture, 10).authorization.at(0), "REGISTER", "", diameter(capture, 6).auth_items[0].authorization) == false);
    CHECK(diameter(capture, 15).server_assignment_type == 9U);
    CHECK(sip(capture, 19).status == 403);
    CHECK(sip(capture, 19).www_authenticate.empty());
}

TEST_CASE("A wrong MAC is wrong in the AV itself, and SM7 has neither response nor AUTS") {
    const Captured capture = captured_run("single", kToChallenge + Strings{"ue.finds_mac_damaged(ue1)", "pcscf.forwards_failure(ue1)"});
    REQUIRE(capture.messages.size() == 12);
    const decode::AuthItem& av = diameter(capture, 6).auth_items[0];
    CHECK_FALSE(decode::read_autn(keys_of(capture), block(av.authenticate, 0), block(av.authenticate, 16)).mac_right);
    const decode::Digest& failure = sip(capture, 10).authorization.at(0);
    CHECK(failure.get("response").empty());
    CHECK_FALSE(failure.has("auts"));
    CHECK(failure.get("nonce") == decode::to_base64(av.authenticate));
    CHECK(capture.messages[10].to.port == 5060);
}

TEST_CASE("No answer to the challenge is SAR 10 after the await timer") {
    const Captured capture = captured_run("single", kToChallenge + Strings{"ue.stays_silent(ue1)", "scscf.await_timer_fires(scscf1, ue1, impu1)"});
    REQUIRE(capture.names_read().back() == "SAR");
    CHECK(diameter(capture, 10).server_assignment_type == 10U);
    CHECK(capture.messages[10].time_ns - capture.messages[7].time_ns >= 240'000'000'000);
    CHECK(capture.messages[10].time_ns - capture.messages[7].time_ns < 241'000'000'000);
}

TEST_CASE("A synchronisation failure brings AUTS of the UE's SQN to the HSS with the RAND of the challenge") {
    const Captured capture = captured_run(
        "single", kToChallenge + Strings{"ue.sqn_ms_runs_ahead(ue1)", "ue.finds_sqn_out_of_range(ue1)", "pcscf.forwards_failure(ue1)"} +
                      kToScscf + Strings{"scscf.requests_resync(scscf1, ue1)", "hss.resynchronises(scscf1, ue1)",
                                         "scscf.challenges_after_resync(scscf1, ue1)"});
    REQUIRE(capture.messages.size() == 18);
    const decode::AuthItem& first = diameter(capture, 6).auth_items[0];
    const decode::AuthItem& asked = diameter(capture, 15).auth_items.at(0);
    const decode::AuthItem& renewed = diameter(capture, 16).auth_items.at(0);
    REQUIRE(asked.authorization.size() == 30);
    CHECK(block(asked.authorization, 0) == block(first.authenticate, 0));
    const auto auts = decode::fixed<14>(std::span(asked.authorization).subspan(16));
    const decode::Unveiled ms = decode::read_auts(keys_of(capture), block(first.authenticate, 0), *auts);
    CHECK(ms.mac_right);
    const decode::Unveiled before = decode::read_autn(keys_of(capture), block(first.authenticate, 0), block(first.authenticate, 16));
    const decode::Unveiled after = decode::read_autn(keys_of(capture), block(renewed.authenticate, 0), block(renewed.authenticate, 16));
    CHECK(before.sqn <= ms.sqn);
    CHECK(after.sqn > ms.sqn);
    CHECK(sip(capture, 10).authorization.at(0).get("auts") == decode::to_base64(std::span(asked.authorization).subspan(16)));
    CHECK(decode::response_right(sip(capture, 10).authorization.at(0), "REGISTER", "", {}) == true);
    CHECK(sip(capture, 17).www_authenticate.at(0).get("nonce") == decode::to_base64(renewed.authenticate));
}

TEST_CASE("A protected re-registration repeats the last nonce and response on the SA in use") {
    const Captured capture = captured_run("success", kSuccess + Strings{"ue.starts_protected(ue1, impu1)", "pcscf.forwards_sm1(ue1)"});
    REQUIRE(capture.messages.size() == 22);
    const decode::SipMessage& again = sip(capture, 20);
    CHECK(again.authorization.at(0).get("nonce") == sip(capture, 10).authorization.at(0).get("nonce"));
    CHECK(again.authorization.at(0).get("response") == sip(capture, 10).authorization.at(0).get("response"));
    CHECK(again.call_id != sip(capture, 10).call_id);
    CHECK(again.security_client != sip(capture, 10).security_client);
    CHECK(capture.messages[20].from == capture.messages[10].from);
    CHECK(capture.messages[20].to == capture.messages[10].to);
    CHECK(sip(capture, 21).authorization.at(0).get("integrity-protected") == "yes");
}

TEST_CASE("A repeated message is the same octets in a packet of its own, a timer after the first") {
    const Captured capture = captured_run("single", {"ue.starts_unprotected(ue1, impu1)", "network.repeats_on_gm_up(ue1)",
                                                     "pcscf.forwards_sm1(ue1)", "pcscf.forwards_sm1(ue1)"});
    REQUIRE(capture.names_read() == Strings{"REGISTER", "REGISTER", "REGISTER", "REGISTER"});
    CHECK(capture.messages[1].digest == capture.messages[0].digest);
    CHECK(capture.messages[1].time_ns - capture.messages[0].time_ns >= 2'000'000'000);
    CHECK(capture.messages[3].digest == capture.messages[2].digest);
    CHECK(capture.messages[2].digest != capture.messages[0].digest);
}

TEST_CASE("What is lost was sent") {
    const Captured capture = captured_run("single", {"ue.starts_unprotected(ue1, impu1)", "network.loses_on_gm_up(ue1)",
                                                     "ue.request_times_out(ue1)", "ue.restarts_unprotected(ue1, impu1)"});
    REQUIRE(capture.names_read() == Strings{"REGISTER", "REGISTER"});
    CHECK(capture.messages[1].time_ns - capture.messages[0].time_ns >= 128'000'000'000);
    CHECK(sip(capture, 0).call_id != sip(capture, 1).call_id);
}

TEST_CASE("A run that breaks off is settled: what is on its way arrives, nobody starts anew") {
    const Captured broken = captured_run("success", Strings(kToChallenge.begin(), kToChallenge.begin() + 6));
    CHECK(broken.names_read() == Strings{"REGISTER", "REGISTER", "UAR", "UAA", "REGISTER"});
    const Captured settled = captured_run("success", Strings(kToChallenge.begin(), kToChallenge.begin() + 6), true);
    CHECK(settled.names_read() == captured_run("success", kSuccess).names_read());
}
