// Views of any number of UEs: what concrete states show is among them, and what they prove is what searches find.
#include <catch2/catch.hpp>

#include "checker/check.h"
#include "checker/parameterised/merges.h"
#include "tests/parameterised/concrete.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using namespace imspect::parameterised;

namespace {

const std::vector<std::string> kRefused = {"second-sm1-scscf=refused"};
const std::vector<std::string> kAllNodes = {"UE", "P-CSCF", "I-CSCF", "S-CSCF", "HSS"};

checker::CheckRun unbounded(const std::string& scenario, const std::string& property, const std::vector<std::string>& readings) {
    checker::CheckRequest request;
    request.model.scenario = scenario;
    request.model.readings = readings;
    request.property_ids = {property};
    request.unbounded = true;
    request.seconds = 5;
    Result<checker::CheckRun> run = checker::check(request);
    REQUIRE(run.ok());
    return std::move(run).value();
}

}  // namespace

TEST_CASE("every view of concrete states of three and four UEs is among the views that prove a property for any number") {
    for (const std::uint32_t seen : {1U, 2U}) {
        for (const char* property : {seen == 1 ? "P4" : "P7", "P5"}) {
            INFO(property << ", " << seen);
            if (tests::kSanitized && seen == 2 && std::string(property) == "P5") continue;
            const auto made = tests::pipeline(property, {"S-CSCF", "HSS"}, {"Run"}, seen, kRefused);
            REQUIRE(made->refused.empty());
            CHECK(tests::expect_views_known(*made, seen, 10'000) > 1000);
        }
    }
}

TEST_CASE("P2 holds for any number of UEs once its open runs are counted by what ends them, and four UEs show no other views") {
    const auto whole = tests::pipeline("P2", {"S-CSCF", "HSS"}, {}, 2, kRefused);
    REQUIRE(whole->refused.empty());
    CHECK(whole->cutoff.aggregates.size() == 3);  // registrations held, open runs, clearing Puts under way
    CHECK(whole->search(2, 2).kind == ViewAnswer::Kind::kBroken);
    if (tests::kSanitized) return;
    const auto made = tests::pipeline("P2", {"S-CSCF", "HSS"}, {}, 2, kRefused, {true, false});
    REQUIRE(made->refused.empty());
    CHECK(made->cutoff.parts > 1);
    CHECK(tests::expect_views_known(*made, 2, 10'000) > 1000);
}

TEST_CASE("P26s holds for any number of UEs of which one is seen, with all nodes, and three UEs show no other views") {
    if (tests::kSanitized) return;
    const auto made = tests::pipeline("P26s", kAllNodes, {"RAND", "Run"}, 1, kRefused);
    REQUIRE(made->refused.empty());
    CHECK(tests::expect_views_known(*made, 1, 3'000) > 1000);
}

TEST_CASE("how many attempts are left is among what a proof for any number forgets") {
    const auto made = tests::pipeline("P39", kAllNodes, {"RAND", "Run"}, 1, kRefused);
    for (const ir::GroundVariable& variable : made->localised.ground.variables) CHECK(variable.name.find("ue.wants") == std::string::npos);
}

TEST_CASE("what makes the existence of an open run untrue breaks the proof of P2, P5 and P26s") {
    for (const char* reading : {"scscf-clears=never", "put-unanswered=give-up"}) {
        INFO(reading);
        std::vector<std::string> readings = kRefused;
        readings.emplace_back(reading);
        const bool early = std::string(reading) == "put-unanswered=give-up";
        const auto made = tests::pipeline("P2", {"S-CSCF", "HSS"}, {}, 2, readings, {true, early});
        CHECK(made->search(2, 1).kind == ViewAnswer::Kind::kBroken);
    }
    CHECK(tests::pipeline("P5", {"S-CSCF", "HSS"}, {"Run"}, 1, kRefused, {false, true})->search(1, 1).kind == ViewAnswer::Kind::kBroken);
    const std::vector<std::string> accepted = {"second-sm1-scscf=refused", "late-response=accepted"};
    CHECK(tests::pipeline("P26s", kAllNodes, {"RAND", "Run"}, 1, accepted, {false, true})->search(1, 1).kind == ViewAnswer::Kind::kBroken);
}

TEST_CASE("P1, P1a and P7 hold for any number of UEs that share an IMPU, where a second SM1 is refused and no timer is early") {
    for (const char* property : {"P1", "P1a", "P7"}) {
        if (tests::kSanitized && std::string(property) != "P7") continue;
        const auto made = tests::pipeline(property, {"S-CSCF", "HSS"}, {"Run"}, 2, kRefused);
        REQUIRE(made->refused.empty());
        const ViewAnswer answer = made->search(2, 2);
        INFO(property << " " << answer.broken_by << answer.limit);
        CHECK(answer.kind == ViewAnswer::Kind::kInductive);
        CHECK(answer.views == 6138);
        CHECK(answer.bounds_reached.empty());
    }
}

TEST_CASE("one UE at a time does not show the order of two UEs' Puts, and P7 is left open") {
    const auto made = tests::pipeline("P7", {"S-CSCF", "HSS"}, {"Run"}, 1, kRefused);
    CHECK(made->search(1, 2).kind == ViewAnswer::Kind::kBroken);
}

TEST_CASE("an S-CSCF that clears always, or an HSS that obeys any S-CSCF, breaks the proofs that rest on it") {
    CHECK(tests::pipeline("P7", {"S-CSCF", "HSS"}, {"Run"}, 2, {"second-sm1-scscf=refused", "scscf-clears=always"})->search(2, 2).kind ==
          ViewAnswer::Kind::kBroken);
    CHECK(tests::pipeline("P10", {"HSS"}, {}, 1, {})->search(1, 1).kind == ViewAnswer::Kind::kInductive);
    CHECK(tests::pipeline("P24", {"S-CSCF"}, {}, 1, {})->search(1, 1).kind == ViewAnswer::Kind::kInductive);
    CHECK(tests::pipeline("P24", {"S-CSCF"}, {}, 1, {"late-response=accepted"})->search(1, 1).kind == ViewAnswer::Kind::kBroken);
    CHECK(tests::pipeline("P29", {}, {}, 1, {})->search(1, 1).kind == ViewAnswer::Kind::kInductive);
    CHECK(tests::pipeline("P29", {}, {}, 1, {"sm7-comparison=algorithms"})->search(1, 1).kind == ViewAnswer::Kind::kBroken);
}

TEST_CASE("messages that may overtake each other are refused: two UEs' messages would change places") {
    const auto made = tests::pipeline("P7", {"S-CSCF", "HSS"}, {"Run"}, 2, {"cx-order=reorder"});
    CHECK(made->refused.find("messages of two replicas may change places") != std::string::npos);
}

TEST_CASE("words are merged in every order that keeps both, the common messages once") {
    const Scene::Message a{0, {1}};
    const Scene::Message b{1, {2}};
    const Scene::Message c{2, {3}};
    CHECK(merges({a, b}, {}, {}).size() == 1);
    CHECK(merges({b}, {c}, {}).size() == 2);
    CHECK(merges({a, b}, {a, c}, {0}).size() == 2);
    CHECK(merges({b, a}, {c, a}, {0}).size() == 2);
    CHECK(merges({b, a}, {a, c}, {0}) == std::vector<std::vector<Scene::Message>>{{b, a, c}});
}

TEST_CASE("check --unbounded proves, finds the scenario's own violation, or leaves open, and says which") {
    const checker::CheckRun proved = unbounded("shared-impu", "P10", {});
    CHECK(proved.answer.properties[0].verdict == outcome::Verdict::kHolds);
    CHECK(proved.answer.properties[0].engine == "views");
    CHECK(proved.answer.properties[0].certificate.find("any number of UEs, of HSS alone") != std::string::npos);
    const checker::CheckRun unproved = unbounded("resync", "P42", {});
    CHECK(unproved.answer.properties[0].verdict == outcome::Verdict::kUnknown);
    CHECK(!unproved.answer.properties[0].reason.empty());
    if (!tests::kSanitized) {
        const checker::CheckRun violated = unbounded("shared-impu", "P2", {});
        CHECK(violated.answer.properties[0].verdict == outcome::Verdict::kViolated);
        CHECK(violated.answer.properties[0].engine == "explicit");
    }
    const checker::CheckRun left_open = unbounded("success", "P3", {});
    CHECK(left_open.answer.properties[0].verdict == outcome::Verdict::kUnknown);
    CHECK(left_open.answer.properties[0].reason.find("leads-to is left open") != std::string::npos);
}

TEST_CASE("what --unbounded cannot honour is refused") {
    checker::CheckRequest request;
    request.unbounded = true;
    request.engine = checker::Engine::kIc3;
    CHECK_FALSE(checker::check(request).ok());
    request.engine = checker::Engine::kAuto;
    request.search.depth_bound = 3;
    CHECK_FALSE(checker::check(request).ok());
}
