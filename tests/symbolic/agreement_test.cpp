// The symbolic engines against the explicit one, on random systems, tiny known ones and two-phase commit.
#include <algorithm>
#include <fstream>
#include <map>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "checker/check.h"
#include "checker/explicit/search.h"
#include "checker/symbolic/engine.h"
#include "tests/oracle/naive.h"
#include "tests/oracle/random_system.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using monitor::ObserverKind;
using outcome::PropertyOutcome;
using outcome::Verdict;
using symbolic::Method;

namespace {

using Seen = std::map<std::string, std::size_t>;

bool safety(const monitor::Observer& observer) {
    return observer.kind == ObserverKind::kState || observer.kind == ObserverKind::kStep || observer.kind == ObserverKind::kPossible;
}

/// What one symbolic outcome may say, given the explicit one.
void compare(const PropertyOutcome& got, const PropertyOutcome& expected, Method method, Seen& seen) {
    INFO(got.id << " by " << got.engine << ": " << got.reason << "; explicit: " << expected.reason);
    ++seen[fmt::format("{} {}", got.engine, outcome::name_of(got.verdict))];
    if (expected.witness) {
        // BMC was given the depth at which there is one; a proof of its absence would be false.
        CHECK((got.verdict == expected.verdict || (method == Method::kInduction && got.verdict == Verdict::kUnknown)));
        if (got.witness && method == Method::kBmc) CHECK(got.witness->length() == expected.witness->length());
        if (got.witness) CHECK(got.witness->length() >= expected.witness->length());
    } else {
        CHECK_FALSE(got.witness.has_value());
        if (method == Method::kBmc) CHECK(got.verdict == Verdict::kUnknown);
        if (method == Method::kIc3 || method == Method::kSpacer) CHECK(got.verdict == expected.verdict);
        if (method == Method::kInduction) CHECK((got.verdict == expected.verdict || got.verdict == Verdict::kUnknown));
    }
    if (!got.certificate.empty()) CHECK_FALSE(got.witness.has_value());
    CHECK(got.reason.find("PROVED AGAIN") == std::string::npos);
}

symbolic::ProofOptions options_for(Method method, std::uint64_t depth) {
    symbolic::ProofOptions options;
    options.method = method;
    options.processes = 2;
    options.leads_to = false;  // leads_to_test.cpp
    if (method == Method::kBmc) options.bound = static_cast<std::uint32_t>(depth) + 1;
    if (method == Method::kInduction) options.bound = 6;
    return options;
}

/// Every way to ask; IC3 with its frames bounded learns nothing from visited states.
std::vector<symbolic::ProofOptions> all_options(std::uint64_t depth) {
    std::vector<symbolic::ProofOptions> all;
    for (const Method method : {Method::kBmc, Method::kInduction, Method::kSpacer, Method::kIc3, Method::kIc3}) all.push_back(options_for(method, depth));
    all.back().bound = 100'000;
    for (symbolic::ProofOptions& options : all) options.learn_beyond = 0;
    return all;
}

void compare_sample(std::uint32_t seed, Seen& seen) {
    const oracle::Sample sample = oracle::make_sample({seed, {}, {}});
    INFO("seed " << seed << "\n" << oracle::describe(sample));
    const auto expected = explore::search(sample.system, sample.observers, {});
    for (const symbolic::ProofOptions& options : all_options(expected.ok() ? expected.value().statistics.depth : 5)) {
        const auto got = symbolic::prove(sample.system, sample.observers, options);
        if (!expected.ok()) {
            // The model itself is at fault. A run found before that happens is true all the same; a proof is not.
            ++seen["faulty models"];
            if (!got.ok()) continue;
            for (const PropertyOutcome& property : got.value().answer.properties) CHECK(property.certificate.empty());
            continue;
        }
        REQUIRE(got.ok());
        REQUIRE(got.value().answer.properties.size() == expected.value().properties.size());
        for (std::size_t i = 0; i < expected.value().properties.size(); ++i) {
            const PropertyOutcome& outcome = got.value().answer.properties[i];
            const bool own = i < sample.observers.size();
            if (own && !safety(sample.observers[i])) continue;
            compare(outcome, expected.value().properties[i], options.method, seen);
            if (own && outcome.witness) {
                ++seen["confirmed runs"];
                CHECK(oracle::NaiveChecker(sample.system, &sample.observers[i]).confirms(*outcome.witness));
            }
        }
    }
}

checker::CheckRequest two_phase_commit() {
    checker::CheckRequest request;
    std::ifstream file(IMSPECT_SOURCE_DIR "/model/ir/examples/two-phase-commit.json");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string beyond_four = R"(, "rm5", "rm6", "rm7", "rm8")";
    text.erase(text.find(beyond_four), beyond_four.size());
    request.model.model_text = checker::Text{"two-phase-commit.json", std::move(text)};
    request.search.threads = 2;
    return request;
}

}  // namespace

TEST_CASE("the symbolic engines and the explicit one agree on random systems") {
    Seen seen;
    for (const std::uint32_t seed : {1U, 2U, 3U, 5U, 6U, 7U, 8U, 9U}) compare_sample(seed, seen);
    std::string all;
    for (const auto& [what, times] : seen) all += fmt::format("{}: {}\n", what, times);
    INFO(all);
    for (const char* what : {"ic3 holds", "ic3 violated", "bmc violated", "bmc unknown", "kinduction holds", "kinduction violated", "spacer holds", "spacer violated"}) {
        CHECK(seen[what] > 4);
    }
    CHECK(seen["confirmed runs"] > 15);
}

TEST_CASE("IC3 and Spacer prove what the explicit engine finds of two-phase commit with four resource managers") {
    checker::CheckRequest request = two_phase_commit();
    const auto expected = checker::check(request);
    REQUIRE(expected.ok());
    for (const checker::Engine engine : {checker::Engine::kIc3, checker::Engine::kSpacer}) {
        if (tests::kSanitized && engine == checker::Engine::kSpacer) continue;
        request.engine = engine;
        const auto got = checker::check(request);
        REQUIRE(got.ok());
        std::size_t proved = 0;
        for (std::size_t i = 0; i < got.value().answer.properties.size(); ++i) {
            const PropertyOutcome& property = got.value().answer.properties[i];
            const PropertyOutcome& other = expected.value().answer.properties[i];
            INFO(property.id << " by " << property.engine << ": " << property.reason);
            CHECK(property.verdict == other.verdict);
            REQUIRE(property.witness.has_value() == other.witness.has_value());
            if (property.witness) CHECK(property.witness->length() >= other.witness->length());
            proved += property.certificate.empty() ? 0 : 1;
        }
        CHECK(proved >= 5);
    }
}

TEST_CASE("IC3 decides every property of the shipped scenarios success and resync as the explicit engine does") {
    for (const char* scenario : {"success", "resync"}) {
        if (tests::kSanitized && std::string(scenario) != "success") continue;
        checker::CheckRequest request;
        request.model.scenario = scenario;
        request.search.threads = 2;
        if (tests::kSanitized) request.property_ids = {"P4", "P12", "P40"};  // proved alone, together with others, and by a measure
        const auto expected = checker::check(request);
        REQUIRE(expected.ok());
        request.engine = checker::Engine::kIc3;
        const auto got = checker::check(request);
        REQUIRE(got.ok());
        CHECK(got.value().answer.bounds_reached == expected.value().answer.bounds_reached);
        std::size_t proved = 0;
        for (std::size_t i = 0; i < got.value().answer.properties.size(); ++i) {
            const PropertyOutcome& property = got.value().answer.properties[i];
            const PropertyOutcome& other = expected.value().answer.properties[i];
            INFO(scenario << " " << property.id << ": " << property.reason << "; explicit: " << other.reason);
            REQUIRE(property.id == other.id);
            CHECK(property.verdict == other.verdict);
            CHECK(property.reason == other.reason);
            CHECK(property.witness.has_value() == other.witness.has_value());
            proved += property.certificate.empty() ? 0 : 1;
        }
        CHECK(proved >= (tests::kSanitized ? 3 : 34));
    }
}

TEST_CASE("BMC finds runs of the shipped scenarios that are as long as the explicit engine's") {
    for (const char* scenario : {"success", "resync"}) {
        checker::CheckRequest request;
        request.model.scenario = scenario;
        request.search.threads = 2;
        const auto expected = checker::check(request);
        REQUIRE(expected.ok());
        request.engine = checker::Engine::kBmc;
        request.search.depth_bound = 24;
        for (const PropertyOutcome& property : expected.value().answer.properties) {
            if (property.witness && property.witness->length() <= 24 && !property.witness->loop_start && !property.witness->stutters) {
                request.property_ids.push_back(property.id);
            }
        }
        if (request.property_ids.empty()) request.property_ids = {"P1", "P4"};
        const auto got = checker::check(request);
        REQUIRE(got.ok());
        for (const PropertyOutcome& property : got.value().answer.properties) {
            INFO(scenario << " " << property.id << ": " << property.reason);
            const auto& all = expected.value().answer.properties;
            const auto same = std::find_if(all.begin(), all.end(), [&](const PropertyOutcome& p) { return p.id == property.id; });
            REQUIRE(same != all.end());
            if (same->witness) {
                REQUIRE(property.witness);
                CHECK(property.witness->length() == same->witness->length());
                CHECK(property.verdict == same->verdict);
            } else {
                CHECK(property.verdict == Verdict::kUnknown);
                CHECK(property.bound == 24);
            }
        }
    }
}

TEST_CASE("IC3 that has no time to visit the states first answers as the search does") {
    Seen seen;
    for (std::uint32_t seed = 1; seed <= 8; ++seed) {
        const oracle::Sample sample = oracle::make_sample({seed, {}, {}});
        const auto expected = explore::search(sample.system, sample.observers, {});
        if (!expected.ok()) continue;
        symbolic::ProofOptions options = options_for(Method::kIc3, 0);
        options.learn_beyond = 0;
        options.few_states_take = 1e-6;
        const auto got = symbolic::prove(sample.system, sample.observers, options);
        REQUIRE(got.ok());
        for (std::size_t i = 0; i < sample.observers.size(); ++i) {
            if (safety(sample.observers[i])) compare(got.value().answer.properties[i], expected.value().properties[i], Method::kIc3, seen);
        }
    }
    CHECK(seen["ic3 holds"] > 0);
    CHECK(seen["ic3 violated"] > 0);
}
