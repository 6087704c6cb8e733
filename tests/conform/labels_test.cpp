// The audit of every capture of the lab against its label: each labelled deviation is found with its clause and frames, and
// no error is found that the label knows nothing of. The labels speak of the flow and of the timers; findings on values,
// on the protection of a failure SM7 and on integrity-protected are not theirs (shared/captures/README.md).
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/conform/audited.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using nlohmann::json;

namespace {

std::string lab(const std::string& file) { return std::string(IMSPECT_SOURCE_DIR) + "/tests/captures/lab/" + file; }

json labels(const std::string& name) { return json::parse(std::ifstream(lab(name))); }

conform::AuditOptions options_of(const json& label) {
    conform::AuditOptions options;
    for (const std::string& argument : label.value("options", std::vector<std::string>{})) {
        const auto at = argument.find('=');
        if (at != std::string::npos) options.timers[argument.substr(0, at)] = std::stod(argument.substr(at + 1));
    }
    return options;
}

bool shows(const conform::Finding& finding, const std::vector<std::uint32_t>& frames) {
    return std::any_of(finding.frames.begin(), finding.frames.end(), [&](const capture::FrameRef& frame) {
        return std::find(frames.begin(), frames.end(), frame.number) != frames.end();
    });
}

bool cites(const conform::Finding& finding, const std::string& clause) {
    return std::any_of(finding.clauses.begin(), finding.clauses.end(), [&](const std::string& one) {
        return one.compare(0, clause.size(), clause) == 0;
    });
}

/// What a labelled rule is called here.
std::string kind_of(const std::string& rule) {
    if (rule.rfind("no CM3", 0) == 0) return "missing-cm3";
    if (rule.rfind("MAC-failure report answered", 0) == 0) return "challenge-instead-of-error";
    return "cm3-for-registered";
}

bool found(const conform::AuditAnswer& answer, const std::string& kind, const std::string& clause,
           const std::vector<std::uint32_t>& frames) {
    return std::any_of(answer.findings.begin(), answer.findings.end(), [&](const conform::Finding& finding) {
        return (kind.empty() || finding.kind == kind) && cites(finding, clause) && shows(finding, frames);
    });
}

/// Errors that none of the labelled frames excuses.
std::vector<std::string> unlabelled(const conform::AuditAnswer& answer, const std::vector<std::uint32_t>& frames) {
    std::vector<std::string> lines;
    for (const conform::Finding& finding : answer.findings) {
        if (finding.severity == conform::Severity::kError && !shows(finding, frames)) lines.push_back(tests::line_of(finding));
    }
    return lines;
}

}  // namespace

TEST_CASE("Each labelled deviation of the real captures is found and no other error") {
    unsigned number = 0;
    for (const json& label : labels("real.json")) {
        const std::string file = label.at("file");
        if (!std::filesystem::exists(lab(file))) continue;  // the largest has a test of its own
        if (!tests::in_share(number++, 3)) continue;
        INFO(file);
        const auto answer = tests::audit_capture(lab(file), options_of(label));
        std::vector<std::uint32_t> excused;
        for (const json& deviation : label.value("deviations", json::array())) {
            const std::vector<std::uint32_t> frames = deviation.at("frames");
            INFO(deviation.dump());
            CHECK(found(answer, kind_of(deviation.at("rule")), deviation.at("clause"), frames));
            excused.insert(excused.end(), frames.begin(), frames.end());
        }
        CHECK(unlabelled(answer, excused) == std::vector<std::string>{});
        if (label.at("conforms") == true) CHECK(answer.verdict() != conform::Judgement::kViolates);
    }
}

TEST_CASE("Each written deviation is found in its frames and captures that conform show no error") {
    unsigned number = 0;
    for (const json& label : labels("synthetic.json")) {
        if (!tests::in_share(number++, 3)) continue;
        const std::string file = label.at("file");
        INFO(file);
        const auto answer = tests::audit_capture(lab(file));
        std::vector<std::uint32_t> violating;
        if (label.at("conforming") == false) {
            for (const auto& [step, frames] : label.at("violating_frames").items()) {
                for (const std::uint32_t frame : frames) violating.push_back(frame);
            }
            CHECK(found(answer, "", label.at("clause"), violating));
            CHECK(answer.verdict() == conform::Judgement::kViolates);
        }
        CHECK(unlabelled(answer, violating) == std::vector<std::string>{});
    }
}

#ifndef IMSPECT_SANITIZED  // a matter of numbers: minutes under a sanitizer, which sees the same code in the cases above
TEST_CASE("Two thousand interleaved subscribers show as many deviations of each kind as their label counts") {
    const std::string path = std::string(IMSPECT_SOURCE_DIR) + "/../shared/captures/lab/50_bulk_2000.pcap.gz";
    if (!std::filesystem::exists(path)) {
        WARN("skipped: 50_bulk_2000.pcap.gz is not here");
        return;
    }
    for (const json& label : labels("real.json")) {
        if (label.at("file") != "50_bulk_2000.pcap.gz") continue;
        const auto answer = tests::audit_capture(path, options_of(label));
        CHECK(answer.subscribers.size() == 2000);
        std::map<std::string, std::size_t> counted, expected;
        for (const conform::Finding& finding : answer.findings) {
            if (finding.kind.rfind("failure-protection", 0) != 0 && finding.kind.rfind("integrity-", 0) != 0) ++counted[finding.kind];
        }
        for (const auto& [rule, count] : label.at("deviation_counts").items()) expected[kind_of(rule)] += count.get<std::size_t>();
        CHECK(counted == expected);
    }
}
#endif
