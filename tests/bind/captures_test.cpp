// The lab's captures against their labels: every labelled message is the event that the label says, in the labelled frame.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/bind/captured.h"
#include "tests/bind/observed_text.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using nlohmann::json;

namespace {

const std::string kRepeated = " (rtx)";

json labels(const std::string& name) { return json::parse(std::ifstream(tests::lab_folder() + name)); }

/// The largest capture stays outside of the tree.
std::string path_of(const std::string& file) {
    const std::string inside = tests::lab_folder() + file;
    return std::filesystem::exists(inside) ? inside : std::string(IMSPECT_SOURCE_DIR) + "/../shared/captures/lab/" + file;
}

/// Text by each of the frames of its event.
struct Seen {
    std::vector<std::string> texts;
    std::map<std::uint32_t, std::string> by_frame;
    std::size_t of_first = 0;  ///< of the subscriber who comes first
};

Seen seen_in(const std::string& file) {
    Seen seen;
    std::string first;
    tests::ObservedText words;
    for (const bind::Event& event : tests::bind_capture(path_of(file)).events) {
        const std::string text = words.of(event);
        if (text.empty()) continue;
        if (seen.texts.empty()) first = event.impi;
        seen.texts.push_back(text);
        if (event.impi == first) ++seen.of_first;
        const std::string bare = text.substr(text.find(':') + 1);
        for (const auto& frame : event.frames) seen.by_frame.emplace(frame.number, bare);
    }
    return seen;
}

std::string without_repeated(std::string text) {
    if (text.size() > kRepeated.size() && text.compare(text.size() - kRepeated.size(), kRepeated.size(), kRepeated) == 0) {
        text.resize(text.size() - kRepeated.size());
    }
    return text;
}

/// The number of an SM or CM stands for the step; loss shifts what a CM counts.
void check_step(const Seen& seen, const std::string& step, std::uint32_t frame, bool lossy) {
    const auto found = seen.by_frame.find(frame);
    if (found == seen.by_frame.end()) {
        FAIL_CHECK(fmt::format("{} in frame {} is no event", step, frame));
        return;
    }
    const std::string& text = found->second;
    static const std::map<std::string, std::string> kPuts = {{"SAR1", " SAR REGISTRATION"}, {"SAR2", " SAR RE_REGISTRATION"}, {"SAR5", " SAR USER_DEREGISTRATION"},
                                                             {"SAR9", " SAR AUTHENTICATION_FAILURE"}, {"SAR10", " SAR AUTHENTICATION_TIMEOUT"}};
    std::string expected = step.substr(0, step.find('_'));
    if (expected.rfind("UA", 0) == 0) expected = "Cx " + expected.substr(0, 3);
    if (const auto put = kPuts.find(expected); put != kPuts.end()) expected = put->second;
    else if (expected.rfind("CM", 0) == 0 && lossy) expected = "CM";
    else if (expected.rfind("SM", 0) == 0 || expected.rfind("CM", 0) == 0) expected += " ";
    INFO(step << " in frame " << frame << " is '" << text << "'");
    CHECK(text.find(expected) != std::string::npos);
}

}  // namespace

TEST_CASE("Every message that the labels of the real captures name is that event") {
    for (const json& label : labels("real.json")) {
        const std::string file = label.at("file");
        if (!label.contains("observed")) continue;
        if (!std::filesystem::exists(path_of(file))) {
            WARN("skipped: " << file << " is not here");
            continue;
        }
        if (tests::kSanitized && file.rfind("50_", 0) == 0) continue;  // most of the time, and no other code
        INFO(file);
        const Seen seen = seen_in(file);
        std::size_t repeated = 0;
        for (const std::string whole : label.at("observed")) {
            const std::string text = without_repeated(whole);
            if (text != whole) ++repeated;
            const auto frame = static_cast<std::uint32_t>(std::stoul(text));
            const auto found = seen.by_frame.find(frame);
            INFO("label: " << whole);
            CHECK((found == seen.by_frame.end() ? "no event" : found->second) == text.substr(text.find(':') + 1));
        }
        // Nothing that the label doesn't have, where it has the whole capture.
        const std::size_t most = label.at("observed").size();
        if (file.rfind("50_", 0) != 0) CHECK(seen.texts.size() <= most);
        CHECK(seen.texts.size() + repeated >= most);
    }
}

TEST_CASE("Every step of the written captures is an event in its frames") {
    for (const json& label : labels("synthetic.json")) {
        const std::string file = label.at("file");
        INFO(file);
        const Seen seen = seen_in(file);
        const bool lossy = !label.at("lost_in_capture").empty();
        std::set<std::uint32_t> labelled;
        for (const auto& [step, frames] : label.at("steps").items()) {
            for (const std::uint32_t frame : frames) {
                check_step(seen, step, frame, lossy);
                if (step.find("_rtx") == std::string::npos) labelled.insert(frame);
            }
        }
        CHECK(seen.of_first == labelled.size());  // the labels leave the others out
    }
}

TEST_CASE("The same capture as pcapng or compressed gives the same events") {
    CHECK(seen_in("02_success.pcapng").texts == seen_in("02_success.pcap").texts);
    CHECK(seen_in("05_sync_failure_then_success.pcap.gz").texts == seen_in("05_sync_failure_then_success.pcap").texts);
}
