#include "traces/decode/digest.h"

#include <catch2/catch.hpp>

#include "traces/decode/milenage.h"

using namespace imspect::decode;

namespace {

std::vector<std::uint8_t> octets(std::string_view text) { return {text.begin(), text.end()}; }

template <std::size_t N>
std::array<std::uint8_t, N> hex(std::string_view digits) {
    const auto value = fixed<N>(from_hex(digits).value());
    REQUIRE(value.has_value());
    return *value;
}

template <std::size_t N>
std::string text(const std::array<std::uint8_t, N>& value) {
    return to_hex(value);
}

}  // namespace

TEST_CASE("Base64 as RFC 4648 shows it, both ways") {
    const std::vector<std::pair<std::string, std::string>> rows = {{"", ""},         {"f", "Zg=="},     {"fo", "Zm8="},        {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfb", "//77"}};
    for (const auto& [plain, coded] : rows) {
        CHECK(to_base64(octets(plain)) == coded);
        CHECK(from_base64(coded) == octets(plain));
        CHECK(from_base64(coded.substr(0, coded.find('='))) == octets(plain));
    }
    for (const char* bad : {"Z", "Zg===", "Z-==", "Zm 9", "=Zg="}) {
        INFO(bad);
        CHECK(from_base64(bad) == std::nullopt);
    }
}

TEST_CASE("The response of RFC 2617's example") {
    DigestInput input{"Mufasa", "testrealm@host.com", octets("Circle Of Life"), "dcd98b7102dd2f0e8b11d0f600bfb0c093", "GET", "/dir/index.html",
                      "auth",   "00000001",           "0a4f113b",               ""};
    CHECK(digest_response(input) == "6629fae49393a05397450978507c4ef1");
    input.qop = "auth-conf";
    CHECK(digest_response(input) == std::nullopt);
}

// Expected values computed apart, with Python's hashlib.
TEST_CASE("Responses without qop, with auth-int, with octets and nothing as the password") {
    DigestInput input{"a@b", "r", from_hex("00ff80000a3a22fe").value(), "bm9uY2U=", "REGISTER", "sip:r", "", "", "", ""};
    CHECK(digest_response(input) == "70b6bca9f7c4982ecb84d4c8ce44ad49");
    input.password.clear();
    CHECK(digest_response(input) == "851b09f45a19245f9a2096ed30c6ccfd");
    input.qop = "auth-int";
    input.nc = "00000001";
    input.cnonce = "c";
    input.body = std::string("b\0dy", 4);
    CHECK(digest_response(input) == "12176f1bc5aafdf08641adfa0593916c");
}

TEST_CASE("Credentials are right, wrong, or say too little to tell") {
    const DigestInput input{"Mufasa", "testrealm@host.com", octets("Circle Of Life"), "n", "REGISTER", "sip:x", "auth", "00000001", "c", ""};
    Digest credentials{"Digest", {{"username", "Mufasa"}, {"realm", "testrealm@host.com"}, {"nonce", "n"}, {"uri", "sip:x"}, {"qop", "auth"},
                                  {"nc", "00000001"}, {"cnonce", "c"}, {"algorithm", "AKAv1-MD5"}, {"response", digest_response(input).value()}}};
    CHECK(response_right(credentials, "REGISTER", "", input.password) == true);
    CHECK(response_right(credentials, "REGISTER", "", octets("circle of life")) == false);
    CHECK(response_right(credentials, "INVITE", "", input.password) == false);
    for (const char* gone : {"username", "realm", "nonce", "uri", "response", "nc", "cnonce"}) {
        INFO(gone);
        Digest less = credentials;
        less.parameters.erase(gone);
        CHECK(response_right(less, "REGISTER", "", input.password) == std::nullopt);
    }
    credentials.parameters["algorithm"] = "AKAv2-MD5";
    CHECK(response_right(credentials, "REGISTER", "", input.password) == std::nullopt);
}

TEST_CASE("Milenage gives test set 1 of TS 35.207") {
    const auto k = hex<16>("465b5ce8b199b49faa5f0a2ee238a6bc"), rand = hex<16>("23553cbe9637a89d218ae64dae47bf35");
    const auto opc = opc_of(k, hex<16>("cdc202d5123e20f62b6d676ac72cb318"));
    CHECK(text(opc) == "cd63cb71954a9f4e48a5994e37a02baf");
    const Milenage keys(k, opc);
    const auto f1 = keys.f1(rand, hex<6>("ff9bb4d0b607"), hex<2>("b9b9"));
    CHECK(text(f1.mac_a) == "4a9ffac354dfafb3");
    CHECK(text(f1.mac_s) == "01cfaf9ec4e871e9");
    const auto f = keys.f2345(rand);
    CHECK(text(f.res) == "a54211d5e3ba50bf");
    CHECK(text(f.ck) == "b40ba9a3c58b2a05bbf0d987b21bf8cb");
    CHECK(text(f.ik) == "f769bcd751044604127672711c6d3441");
    CHECK(text(f.ak) == "aa689c648370");
    CHECK(text(f.ak_s) == "451e8beca43b");
}

TEST_CASE("AUTN and AUTS give back what they hide, and a flipped bit is noticed") {
    const Milenage keys(hex<16>("465b5ce8b199b49faa5f0a2ee238a6bc"), hex<16>("cd63cb71954a9f4e48a5994e37a02baf"));
    const auto rand = hex<16>("23553cbe9637a89d218ae64dae47bf35");
    const auto sqn = hex<6>("ff9bb4d0b607");
    const Block autn = make_autn(keys, rand, sqn, hex<2>("b9b9"));
    CHECK(text(autn) == "55f328b43577b9b94a9ffac354dfafb3");
    CHECK(read_autn(keys, rand, autn).sqn == sqn);
    CHECK(text(read_autn(keys, rand, autn).amf) == "b9b9");
    CHECK(read_autn(keys, rand, autn).mac_right);
    const auto auts = make_auts(keys, rand, sqn);
    CHECK(read_auts(keys, rand, auts).sqn == sqn);
    CHECK(read_auts(keys, rand, auts).mac_right);
    for (std::size_t i = 0; i < 16; ++i) {
        Block flipped = autn;
        flipped[i] ^= 4;
        CHECK_FALSE(read_autn(keys, rand, flipped).mac_right);
    }
    for (std::size_t i = 0; i < 14; ++i) {
        auto flipped = auts;
        flipped[i] ^= 4;
        CHECK_FALSE(read_auts(keys, rand, flipped).mac_right);
    }
}
