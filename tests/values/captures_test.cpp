// Findings on values in the lab's captures: none of severity error where the label says that the nodes conform.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/values/checked.h"

using namespace imspect;
using nlohmann::json;

namespace {

std::string lab_folder() { return std::string(IMSPECT_SOURCE_DIR) + "/tests/captures/lab/"; }

json labels(const std::string& name) { return json::parse(std::ifstream(lab_folder() + name)); }

/// "kind frames" of those findings that are errors.
std::vector<std::string> errors_in(const std::string& file) {
    std::vector<std::string> texts;
    for (const conform::Finding& finding : tests::check_capture(lab_folder() + file)) {
        if (finding.severity == conform::Severity::kError) texts.push_back(tests::text_of(finding));
    }
    return texts;
}

}  // namespace

TEST_CASE("No error of values in a capture of conforming nodes") {
    for (const json& label : labels("synthetic.json")) {
        if (label.at("conforming") == false) continue;
        INFO(label.at("file"));
        CHECK(errors_in(label.at("file")).empty());
    }
    for (const json& label : labels("real.json")) {
        const std::string file = label.at("file");
        if (!std::filesystem::exists(lab_folder() + file)) continue;
        INFO(file);
        CHECK(errors_in(file).empty());
    }
}

TEST_CASE("Written deviations of values are found in their frames") {
    CHECK(errors_in("syn_c_sm10_error_with_keys.pcap") == std::vector<std::string>{"error-with-security-parameters 26 27 28"});
    CHECK(errors_in("syn_f_accept_wrong_res.pcap") == std::vector<std::string>{"response-accepted-wrong 26 15 16 21"});
    CHECK(errors_in("syn_g_keys_to_ue.pcap") == std::vector<std::string>{"keys-on-gm 14"});
    CHECK(errors_in("syn_a_sar_authfail_registered.pcap").empty());
    CHECK(errors_in("syn_d_no_cm3_after_net_failure.pcap").empty());
    CHECK(errors_in("syn_j_timeout_clears_registered.pcap").empty());
}

TEST_CASE("The public capture sends the keys to the UE and accepts a response that is right") {
    const std::string path = std::string(IMSPECT_SOURCE_DIR) + "/../shared/captures/third-party/ipsec_reg.pcapng";
    if (!std::filesystem::exists(path)) {
        WARN("skipped: ipsec_reg.pcapng is not here");
        return;
    }
    std::vector<std::string> texts;
    for (const conform::Finding& finding : tests::check_capture(path)) texts.push_back(tests::text_of(finding));
    std::sort(texts.begin(), texts.end());
    CHECK(texts == std::vector<std::string>{"integrity-indication-missing 291 485", "keys-on-gm 406 407 408"});
}
