// The catalogue on traces: witnesses of `check`, as captures, are told by the property that they break; where the capture begins,
// and what came before, raises no alarm.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "checker/check.h"
#include "tests/conform/audited.h"
#include "tests/conform/broken.h"
#include "tests/support/grounded.h"
#include "tests/support/sanitized.h"
#include "traces/bind/binder.h"
#include "traces/capture/reader.h"
#include "traces/conform/judged.h"
#include "traces/decode/decoder.h"
#include "traces/synthesize/settle.h"
#include "traces/synthesize/synthesize.h"

using namespace imspect;

namespace {

/// One UE; the HSS's answers may come late, and what the audit believes in besides.
std::string scenario_with(const std::string& faults) {
    return R"json({"name": "observed", "about": "for observers", "ues": [{"name": "ue1", "impus": ["impu1"]}],
        "bounds": {"attempts": 3, "avs": 2, "channel": 3, "faults": 2}, "faults": [)json" + faults + "]}";
}

struct Run {
    ir::GroundSystem ground;
    std::vector<std::uint32_t> rules;
};

std::string captured(const Run& run) {
    const exec::Stepper stepper(run.ground);
    const auto rules = synthesize::settle(stepper, run.rules, synthesize::Until::kDelivered);
    const Result<synthesize::Synthesised> made = synthesize::synthesize(run.ground, rules, {});
    REQUIRE(made.ok());
    return made.value().pcap;
}

checker::CheckRequest request(const std::string& faults, const std::vector<std::string>& readings) {
    checker::CheckRequest request;
    request.model.scenario_text = checker::Text{"observed.json", scenario_with(faults)};
    request.model.readings = readings;
    return request;
}

/// What `imspect check --property` finds.
Run witness(const std::string& property, const std::string& faults, const std::vector<std::string>& readings) {
    checker::CheckRequest asked = request(faults, readings);
    asked.property_ids = {property};
    Result<checker::CheckRun> run = checker::check(asked);
    REQUIRE(run.ok());
    for (const auto& verdict : run.value().answer.properties) {
        if (verdict.id == property && verdict.witness) return {std::move(run.value().ground), verdict.witness->rules};
    }
    FAIL("no witness of " << property);
    return {};
}

/// The run that takes these rules, named with their arguments.
Run named_run(const std::string& faults, const std::vector<std::string>& names) {
    Run run{tests::ground_of(request(faults, {}).model), {}};
    run.rules = tests::rules_named(run.ground, names);
    return run;
}

std::vector<std::string> registration() {
    return {"ue.starts_unprotected(ue1, impu1)", "pcscf.forwards_sm1(ue1)", "icscf.queries_hss(ue1)", "hss.answers_query(ue1, scscf1)",
            "icscf.forwards_register(ue1, scscf1)", "scscf.puts_pending(scscf1, ue1, impu1)", "hss.applies_pending(scscf1, ue1, impu1)",
            "scscf.requests_avs_when_pending(scscf1, ue1)", "hss.gives_avs(scscf1, ue1)", "scscf.challenges(scscf1, ue1)",
            "icscf.forwards_challenge(ue1)", "pcscf.sends_sm6(ue1)", "ue.answers_challenge(ue1)", "pcscf.forwards_sm7(ue1)",
            "icscf.queries_hss(ue1)", "hss.answers_query(ue1, scscf1)", "icscf.forwards_register(ue1, scscf1)",
            "scscf.verifies_and_registers(scscf1, ue1, impu1)", "hss.applies_registered(scscf1, ue1, impu1)",
            "scscf.confirms_registration(scscf1, ue1, impu1)", "icscf.forwards_ok(ue1)", "pcscf.sends_sm12(ue1)",
            "ue.accepts_sm12(ue1, impu1)"};
}

std::vector<const conform::Finding*> observed(const conform::AuditAnswer& answer, const std::string& property = "") {
    std::vector<const conform::Finding*> all;
    for (const conform::Finding& finding : answer.findings) {
        if (finding.kind == "property-violated" && (property.empty() || finding.property == property)) all.push_back(&finding);
    }
    return all;
}

conform::AuditOptions under(const std::vector<std::string>& readings) {
    conform::AuditOptions options;
    for (const std::string& reading : readings) options.readings[reading.substr(0, reading.find('='))] = reading.substr(reading.find('=') + 1);
    return options;
}

template <typename Read>
std::vector<bind::Event> events_by(const Read& read) {
    std::vector<bind::Event> events;
    bind::Binder binder([&](bind::Event&& event) { events.push_back(std::move(event)); });
    decode::Decoder decoder([&](decode::Message&& message) { binder.message(std::move(message)); });
    REQUIRE(read(decoder));
    decoder.finish();
    binder.finish();
    return events;
}

std::vector<bind::Event> events_of(const std::string& pcap) {
    const std::vector<std::uint8_t> bytes(pcap.begin(), pcap.end());
    return events_by([&](decode::Decoder& decoder) { return capture::read_bytes(bytes, "synthesised", decoder).ok(); });
}

std::string lab(const std::string& file) { return std::string(IMSPECT_SOURCE_DIR) + "/tests/captures/lab/" + file; }

std::vector<bind::Event> events_of_file(const std::string& path) {
    return events_by([&](decode::Decoder& decoder) { return capture::read_captures({path}, decoder).ok(); });
}

conform::AuditAnswer audit_from(const std::vector<bind::Event>& events, std::size_t first) {
    conform::Auditor auditor({});
    for (std::size_t i = first; i < events.size(); ++i) auditor.event(events[i]);
    return auditor.finish({}, {}, {});
}

constexpr std::size_t kStride = tests::kSanitized ? 13 : 1;  ///< of the places where a capture begins
const std::string kLate = R"("late", "wrong-res", "bad-mac", "silent-ue", "loss")";

}  // namespace

TEST_CASE("A witness of a property, made a capture, is found to break that property, once and with its frames") {
    struct Case {
        std::string property;
        std::vector<std::string> readings;
    };
    for (const Case& one : {Case{"P1", {}}, Case{"P1a", {"registered-from=hss-answer"}}, Case{"P2", {}}, Case{"P5", {}},
                            Case{"P8", {"put-unanswered=repeat"}}, Case{"P24", {"late-response=accepted"}},
                            Case{"P26s", {"late-response=accepted"}}}) {
        if (tests::kSanitized && one.property != "P1") continue;  // the same code, a model each
        INFO(one.property);
        Run run = witness(one.property, kLate, one.readings);
        const auto answer = tests::audit_octets(captured(run), under(one.readings));
        const auto found = observed(answer, one.property);
        REQUIRE(found.size() == 1);
        CHECK_FALSE(found[0]->frames.empty());
        CHECK_FALSE(found[0]->clauses.empty());
        CHECK(found[0]->severity == conform::Severity::kError);
        CHECK(answer.verdict() == conform::Judgement::kViolates);
        // Nothing is said to be broken that the run keeps.
        const exec::Stepper stepper(run.ground);
        const auto broken = tests::broken_by(run.ground, synthesize::settle(stepper, run.rules, synthesize::Until::kDelivered));
        for (const conform::Finding* other : observed(answer)) CHECK(broken.count(other->property) == 1);
        // Asked for alone, it is told alone.
        conform::AuditOptions alone = under(one.readings);
        alone.properties = {one.property};
        const auto only = tests::audit_octets(captured(run), alone);
        CHECK(only.findings.size() == 1);
        CHECK(only.verdict() == conform::Judgement::kViolates);
    }
}

TEST_CASE("A capture that begins anywhere within a run that keeps the properties raises no alarm") {
    std::vector<std::string> names = registration();
    names.emplace_back("ue.starts_protected(ue1, impu1)");
    const auto kept = events_of(captured(named_run(kLate, names)));
    CHECK(kept.size() > 30);
    for (std::size_t first = 0; first < kept.size(); first += kStride) {
        INFO("without the first " << first << " events");
        CHECK(observed(audit_from(kept, first)).empty());
    }
}

TEST_CASE("A capture of the lab that begins in the middle raises no alarm") {
    std::size_t cuts = 0;
    unsigned number = 0;
    for (const char* labels : {"real.json", "synthetic.json"}) {
        for (const nlohmann::json& label : nlohmann::json::parse(std::ifstream(lab(labels)))) {
            const std::string path = lab(label.at("file"));
            if (!std::filesystem::exists(path) || !tests::in_share(number++, 2)) continue;
            const auto events = events_of_file(path);
            const std::size_t parts = tests::cases(5, 5);
            for (std::size_t part = 1; part <= parts; ++part) {
                INFO(path << " from event " << events.size() * part / (parts + 1));
                CHECK(observed(audit_from(events, events.size() * part / (parts + 1))).empty());
                ++cuts;
            }
        }
    }
    CHECK(cuts > tests::cases(40, 2));
}

TEST_CASE("A capture that begins after a violation knows nothing of it, and later ones are told") {
    Run run = witness("P1", kLate, {});
    const exec::Stepper stepper(run.ground);
    const auto broken = tests::broken_by(run.ground, synthesize::settle(stepper, run.rules, synthesize::Until::kDelivered));
    const auto events = events_of(captured(run));
    bool some = false;
    for (std::size_t first = 0; first < events.size(); first += kStride) {
        INFO("without the first " << first << " events");
        const auto answer = audit_from(events, first);
        for (const conform::Finding* finding : observed(answer)) {
            some = true;
            CHECK(broken.count(finding->property) == 1);
        }
    }
    CHECK(some);
    CHECK(observed(audit_from(events, events.size() - 3)).empty());
}

TEST_CASE("Every property of the catalogue is judged on a capture or refused with a reason") {
    const auto catalogue = language::catalogue();
    REQUIRE(catalogue.ok());
    const auto& judged = conform::judged_properties();
    std::set<std::string> ids;
    for (const language::Property& property : catalogue.value()) {
        INFO(property.id);
        const bool is_judged = std::find(judged.begin(), judged.end(), property.id) != judged.end();
        CHECK(is_judged == conform::refusal_of(property.id).empty());
        ids.insert(property.id);
    }
    for (const std::string& id : judged) CHECK(ids.count(id) == 1);
    CHECK(conform::refusal_of("P99").empty());
    for (const char* id : {"P1", "P2", "P5", "P8", "P1a", "P32"}) CHECK(std::find(judged.begin(), judged.end(), id) != judged.end());
}
