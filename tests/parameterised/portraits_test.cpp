// What one UE looks like in the whole system: whatever is reached is among it, and what searches prove that leave out the rest.
#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

#include "checker/parameterised/attempt.h"
#include "checker/parameterised/portraits.h"
#include "checker/parameterised/unbounded.h"
#include "tests/parameterised/concrete.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using namespace imspect::parameterised;

namespace {

const std::vector<std::string> kCore = {"S-CSCF", "HSS"};
const std::vector<std::string> kAllNodes = {"UE", "P-CSCF", "I-CSCF", "S-CSCF", "HSS"};
const std::vector<std::string> kTokens = {"RAND", "Run"};
const std::vector<std::string> kSupersedes = {"second-sm1-scscf=supersedes"};
constexpr const char* kRegisteredBeforeClear = "kind = registered_put, impu = impu1 ahead of kind = clear, impu = impu1";

WholeViews whole_views(const std::vector<std::string>& readings, std::uint32_t messages = 2) {
    const auto any = tests::pipeline("P10", {"HSS"}, {}, 1, readings);
    const std::vector<bool> asked = kept_slots(any->ground, {kCore, kTokens, 1});
    const std::vector<bool> kept = kept_slots(any->ground, {kAllNodes, kTokens, 1});
    Result<WholeViews> whole = find_whole_views(any->ground, asked, kept, {messages, 1'000'000, 600, nullptr});
    REQUIRE(whole.ok());
    return std::move(whole).value();
}

Portraits portraits(const WholeViews& whole, const tests::Pipeline& made) {
    Result<Portraits> read = Portraits::of(whole, made.localised, made.shape, *made.product);
    REQUIRE(read.ok());
    return std::move(read).value();
}

ViewAnswer narrowed(const tests::Pipeline& made, Portraits& known, std::uint32_t seen) {
    ViewSearch search(*made.product, made.localised, made.shape, made.cutoff, seen, {2, 1'000'000, 600, nullptr});
    search.admit_only(known);
    return search.run();
}

/// A state of the larger system, as the smaller one has it: slots by name.
class Projection {
public:
    Projection(const tests::Pipeline& large, const tests::Pipeline& small) : small_(small) {
        std::map<std::string, ir::SlotId> slots;
        for (ir::SlotId slot = 0; slot < large.concrete.ground.variables.size(); ++slot) slots[large.concrete.ground.variables[slot].name] = slot;
        for (ir::SlotId slot = 0; slot < small.concrete.ground.variables.size(); ++slot) {
            from_.push_back(large.all->layout().field(slots.at(small.concrete.ground.variables[slot].name)));
        }
    }

    [[nodiscard]] exec::State of(const exec::State& state) const {
        exec::State less = small_.all->initial();
        for (ir::SlotId slot = 0; slot < from_.size(); ++slot) small_.all->layout().field(slot).set(less.data(), from_[slot].get(state.data()));
        return less;
    }

private:
    const tests::Pipeline& small_;
    std::vector<exec::Field> from_;
};

}  // namespace

TEST_CASE("what three UEs reach with all nodes shows of each a known portrait, and is among the views that a narrowed search finds") {
    const WholeViews whole = whole_views(kSupersedes);
    const auto large = tests::pipeline("P5", kAllNodes, kTokens, 1, kSupersedes);
    const auto small = tests::pipeline("P5", kCore, {"Run"}, 1, kSupersedes);
    Portraits known = portraits(whole, *small);
    CHECK(known.codes().size() == 93);
    const ViewAnswer answer = narrowed(*small, known, 1);
    REQUIRE(answer.kind == ViewAnswer::Kind::kInductive);
    CHECK(answer.views == 196);
    CHECK(answer.bounds_reached.empty());
    const std::set<ViewCode> found(answer.codes.begin(), answer.codes.end());
    const Projection projection(*large, *small);
    std::set<ViewCode> seen;
    for (const exec::State& state : tests::states_on_walks(*large, tests::cases(400, 20), 200)) {
        const exec::State less = projection.of(state);
        const Counts counts = tests::counts_of(*small, less.data());
        Views views(small->shape, small->localised.ordered);
        for (std::uint8_t replica = 0; replica < 3; ++replica) {
            if (!known.admit(less.data(), replica)) FAIL("a portrait that is not known");
            ViewCode code;
            views.view(less.data(), counts, &replica, 1, code);
            if (!found.contains(code)) FAIL("a view that is not among those found");
            seen.insert(code);
        }
    }
    CHECK(seen.size() > (tests::kSanitized ? 10U : 40U));
}

TEST_CASE("where a second SM1 supersedes, P7 and P2 hold for any number of UEs that look as in the whole system, without any bound") {
    const WholeViews whole = whole_views(kSupersedes);
    const auto p7 = tests::pipeline("P7", kCore, {"Run"}, 1, kSupersedes, {false, false, kRegisteredBeforeClear});
    Portraits known = portraits(whole, *p7);
    const ViewAnswer of_one = narrowed(*p7, known, 1);
    CHECK(of_one.kind == ViewAnswer::Kind::kInductive);
    CHECK(of_one.views == 352);
    CHECK(of_one.bounds_reached.empty());
    if (tests::kSanitized) return;
    const auto p2 = tests::pipeline("P2", kCore, {}, 2, kSupersedes, {true, false});
    Portraits known_to_two = portraits(whole, *p2);
    const ViewAnswer of_two = narrowed(*p2, known_to_two, 2);
    CHECK(of_two.kind == ViewAnswer::Kind::kInductive);
    CHECK(of_two.views == 15156);
    CHECK(of_two.bounds_reached.empty());
}

TEST_CASE("views of the whole system are refused where they met a bound, for then they are not all") {
    if (tests::kSanitized) return;
    const auto any = tests::pipeline("P10", {"HSS"}, {}, 1, kSupersedes);
    const Result<WholeViews> whole = find_whole_views(any->ground, kept_slots(any->ground, {kCore, kTokens, 1}), kept_slots(any->ground, {kAllNodes, kTokens, 1}),
                                                      {1, 1'000'000, 600, nullptr});
    REQUIRE_FALSE(whole.ok());
    CHECK(whole.error().message.find("bounds were met: messages of one UE in cx_hs") != std::string::npos);
}

TEST_CASE("a narrowed search does not prove what is false") {
    if (tests::kSanitized) return;
    const struct {
        const char* property;
        const char* reading;
        std::uint32_t seen;
        bool split;
        const char* orders;
    } cases[] = {{"P7", "scscf-clears=always", 1, false, kRegisteredBeforeClear}, {"P2", "scscf-clears=never", 2, true, nullptr}};
    for (const auto& broken : cases) {
        INFO(broken.property << ", " << broken.reading);
        const std::vector<std::string> readings = {"second-sm1-scscf=supersedes", broken.reading};
        const auto made = tests::pipeline(broken.property, kCore, {"Run"}, broken.seen, readings, {broken.split, false, broken.orders});
        Portraits known = portraits(whole_views(readings), *made);
        CHECK(narrowed(*made, known, broken.seen).kind == ViewAnswer::Kind::kBroken);
    }
}

TEST_CASE("a narrowed proof's obligations are proved again where what it knows of one UE is given, and not without") {
    if (tests::kSanitized) return;
    const WholeViews whole = whole_views(kSupersedes);
    const auto made = tests::pipeline("P4", kCore, {}, 1, kSupersedes);
    Portraits known = portraits(whole, *made);
    const ViewAnswer answer = narrowed(*made, known, 1);
    REQUIRE(answer.kind == ViewAnswer::Kind::kInductive);
    const std::vector<ViewCode> codes(known.codes().begin(), known.codes().end());
    ViewProof proof{made->localised, made->shape, made->cutoff, 1, 2, {}, answer.codes, {}, {whole.proof.codes.size(), known.shape(), codes}};
    const auto refuted = [&]() {
        const Result<ViewObligations> obligations = obligations_of(proof);
        REQUIRE(obligations.ok());
        return refute(obligations.value(), 2, [](std::uint32_t) {});
    };
    CHECK(refuted() == std::nullopt);
    proof.codes.pop_back();
    CHECK(refuted().value_or("").find("consecution") != std::string::npos);
    proof.codes = answer.codes;
    proof.known = {};
    CHECK(refuted().value_or("").find("consecution") != std::string::npos);
}

TEST_CASE("where a second SM1 supersedes, check --unbounded proves P5 without a bound, and says what it rests on") {
    if (tests::kSanitized) return;
    ims::Scenario scenario = ims::shipped_scenario("shared-impu").value();
    std::erase(scenario.faults, "late");
    const std::vector<language::Property> catalogue = language::catalogue().value();
    const auto p5 = std::find_if(catalogue.begin(), catalogue.end(), [](const auto& property) { return property.id == "P5"; });
    const auto proved = prove_for_any_number(scenario, {*p5}, {60, false, 0, nullptr, 2}).value().answer.properties[0];
    CHECK(proved.verdict == outcome::Verdict::kHolds);
    CHECK(proved.bounds_reached.empty());
    CHECK(proved.certificate == "for any number of UEs, of S-CSCF and HSS, with each UE as in 33200 views of all nodes: 196 views of one UE");
}

TEST_CASE("portraits are refused where the property asks for an order of tokens that the whole system's views do not show") {
    if (tests::kSanitized) return;
    WholeViews whole = whole_views({"second-sm1-scscf=refused"});
    const auto made = tests::pipeline("P5", kCore, {"Run"}, 1, {"second-sm1-scscf=refused"});
    REQUIRE(made->shape.token_domains.size() == 1);
    REQUIRE(Portraits::of(whole, made->localised, made->shape, *made->product).ok());
    made->localised.ordered[made->shape.token_domains[0]] = true;
    whole.proof.localised.ordered.assign(whole.proof.localised.ordered.size(), false);
    const Result<Portraits> refused = Portraits::of(whole, made->localised, made->shape, *made->product);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find("order of tokens") != std::string::npos);
}
