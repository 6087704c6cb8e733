// Orders of messages that registers note: never wrong, no run lost, and what they prove.
#include <algorithm>

#include <catch2/catch.hpp>

#include "checker/parameterised/attempt.h"
#include "tests/parameterised/concrete.h"
#include "tests/support/sanitized.h"

using namespace imspect;
using namespace imspect::parameterised;

namespace {

const std::vector<std::string> kRefused = {"second-sm1-scscf=refused"};
constexpr const char* kRegisteredBeforeClear = "kind = registered_put, impu = impu1 ahead of kind = clear, impu = impu1";

bool is(const MessageKind& kind, const ir::GroundSystem& ground, const exec::Layout& layout, const exec::Word* state, std::size_t position) {
    for (const auto& [field, value] : kind.fields) {
        if (layout.field(ground.channels[kind.channel].slots[position][field]).get(state) != value) return false;
    }
    return true;
}

/// By looking at the channel.
bool ahead(const MessageOrder& order, const ir::GroundSystem& ground, const exec::Layout& layout, const exec::Word* state) {
    const ir::Value length = layout.field(ground.channels[order.first.channel].length).get(state);
    for (std::size_t first = 0; first < static_cast<std::size_t>(length); ++first) {
        for (std::size_t second = first + 1; second < static_cast<std::size_t>(length); ++second) {
            if (is(order.first, ground, layout, state, first) && is(order.second, ground, layout, state, second)) return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("a register for the order of two kinds of messages is true wherever one is ahead of the other, and takes no step away") {
    for (const char* reading : {"second-sm1-scscf=refused", "second-sm1-scscf=supersedes"}) {
        const auto made = tests::pipeline("P7", {"S-CSCF", "HSS"}, {"Run"}, 1, {reading}, {false, false, ""});
        REQUIRE(made->orders.size() > 5);
        const explore::Product without(made->unordered.ground, {&made->unordered.observers[0]});
        const monitor::Observer& observer = made->concrete.observers[0];
        const exec::Layout& layout = made->all->layout();
        std::vector<std::size_t> seen(made->orders.size());
        exec::State bare = without.initial();
        exec::State next(without.words());
        exec::State next_noted(made->all->words());
        std::size_t steps = 0;
        for (const exec::State& state : tests::states_of(*made, 2, tests::cases(6'000, 20))) {
            for (std::size_t i = 0; i < made->orders.size(); ++i) {
                if (!ahead(made->orders[i], made->concrete.ground, layout, state.data())) continue;
                ++seen[i];
                const std::size_t first = observer.registers.size() - made->orders.size();
                CHECK(layout.field(observer.first_register + static_cast<ir::SlotId>(first + i)).get(state.data()) == 1);
            }
            for (ir::SlotId slot = 0; slot < made->unordered.ground.variables.size(); ++slot) {
                without.layout().field(slot).set(bare.data(), layout.field(slot).get(state.data()));
            }
            for (std::size_t rule = 0; rule < made->all->stepper().rule_count(); ++rule) {
                const bool fires = without.successor(rule, bare.data(), next.data()).kind == exec::StepKind::kFired;
                if (fires) ++steps;
                const bool fires_noted = made->all->successor(rule, state.data(), next_noted.data()).kind == exec::StepKind::kFired;
                if (fires != fires_noted) FAIL(made->unordered.ground.rules[rule].name << " fires only " << (fires ? "without" : "with") << " orders noted");
            }
        }
        CHECK(steps > tests::cases(1000, 20));
        if (tests::kSanitized) return;  // so few states hold no two messages
        CHECK(std::count_if(seen.begin(), seen.end(), [](std::size_t times) { return times > 0; }) > 0);
    }
}

TEST_CASE("with the order of Put(registered) and CM3 noted, views of one UE prove P7, and three UEs show no other views") {
    const auto made = tests::pipeline("P7", {"S-CSCF", "HSS"}, {"Run"}, 1, kRefused, {false, false, kRegisteredBeforeClear});
    REQUIRE(made->refused.empty());
    REQUIRE(made->orders.size() == 1);
    const ViewAnswer answer = made->search(1, 2);
    CHECK(answer.kind == ViewAnswer::Kind::kInductive);
    CHECK(answer.views == 637);
    CHECK(answer.bounds_reached.empty());
    CHECK(tests::expect_views_known(*made, 1, 10'000) > tests::cases(1000, 20));
}

TEST_CASE("orders of messages do not prove what is false: an S-CSCF that clears always breaks P7 with all of them noted") {
    const auto made = tests::pipeline("P7", {"S-CSCF", "HSS"}, {"Run"}, 1, {"second-sm1-scscf=refused", "scscf-clears=always"},
                                      {false, false, kRegisteredBeforeClear});
    REQUIRE(made->orders.size() == 1);
    CHECK(made->search(1, 1).kind == ViewAnswer::Kind::kBroken);
}
