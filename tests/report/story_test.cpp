#include "report/story.h"

#include <catch2/catch.hpp>

#include "report/ladder.h"
#include "tests/support/small_systems.h"

using namespace imspect;
using report::Fate;
using report::Story;
using report_tests::request_and_answer;
using report_tests::run_of;

namespace {

Story told(const std::vector<std::string>& rules, std::optional<std::size_t> loop = std::nullopt, bool stutters = false) {
    const ir::GroundSystem system = request_and_answer();
    return report::tell(system, outcome::Witness{run_of(system, rules), loop, stutters});
}

}  // namespace

TEST_CASE("A message taken or lost goes by the name it was sent with, and says when that was") {
    const Story story = told({"client.asks", "client.again", "client.asks", "net.loses", "server.answers"});
    REQUIRE(story.steps.size() == 5);
    REQUIRE(story.steps[3].messages.size() == 1);
    CHECK(story.steps[3].messages[0].text == "ASK");
    CHECK(story.steps[3].messages[0].fate == Fate::kLost);
    CHECK(story.steps[3].messages[0].sent_in == 1);
    REQUIRE(story.steps[4].messages.size() == 2);
    CHECK(story.steps[4].messages[0].fate == Fate::kReceived);
    CHECK(story.steps[4].messages[0].sent_in == 3);
    CHECK(story.steps[4].messages[1].text == "ANSWER(nonce)");
    CHECK(story.steps[4].messages[1].fate == Fate::kSent);
}

TEST_CASE("A token keeps its number though the engines rename it after each step") {
    const Story story = told({"client.asks", "server.answers", "client.done"});
    REQUIRE(story.steps[1].changes.size() == 1);
    CHECK(story.steps[1].changes[0].variable == "server.nonce");
    CHECK(story.steps[1].changes[0].before == "none");
    CHECK(story.steps[1].changes[0].after == "#1");
    const Story twice = told({"client.asks", "client.again", "client.asks", "server.answers", "server.answers", "client.done"});
    REQUIRE(twice.steps[4].changes.size() == 1);
    CHECK(twice.steps[4].changes[0].before == "#1");
    CHECK(twice.steps[4].changes[0].after == "#2");
}

TEST_CASE("A new token never takes the number of one that is forgotten") {
    const Story story = told({"client.asks", "server.answers", "client.done"});
    const Story longer = told({"client.asks", "client.again", "client.asks", "server.answers", "client.done", "server.answers"});
    REQUIRE(longer.steps[5].changes.size() == 1);
    CHECK(longer.steps[5].changes[0].before == "#1");
    CHECK(longer.steps[5].changes[0].after == "#2");
    CHECK(story.on_the_way.empty());
}

TEST_CASE("What a step changed leaves out the slots of channels") {
    const Story story = told({"client.asks"});
    REQUIRE(story.steps[0].changes.size() == 1);
    CHECK(story.steps[0].changes[0].variable == "client.state");
    CHECK(story.steps[0].changes[0].before == "idle");
    CHECK(story.steps[0].changes[0].after == "waiting");
}

TEST_CASE("A message that nobody took is still on the way when the story ends") {
    const Story story = told({"client.asks", "server.answers"});
    REQUIRE(story.on_the_way.size() == 1);
    CHECK(story.on_the_way[0].text == "ANSWER(nonce)");
    CHECK(story.on_the_way[0].sent_in == 2);
}

TEST_CASE("Faults are counted by what the rules cost") {
    CHECK(told({"client.asks", "net.loses"}).faults() == 1);
    CHECK(told({"client.asks"}).faults() == 0);
}

TEST_CASE("Nodes that no message comes from or goes to get no lifeline") {
    const Story story = told({});
    CHECK(story.columns == std::vector<ir::NodeId>{0, 1});
}

TEST_CASE("The ladder draws sending, taking, losing, and what repeats for ever") {
    const Story story = told({"client.asks", "client.again", "client.asks", "server.answers", "net.loses"}, 3);
    const std::string expected = R"(     Client              Server
  1     ●────────ASK───────▶│     client.asks  [1.1-a]
        │                   │       The client asks for a nonce
        │                   │       client.state: idle → waiting
  2     ●                   │     client.again
        │                   │       client.state: waiting → idle
  3     ●────────ASK───────▶│     client.asks  [1.1-a]
        │                   │       The client asks for a nonce
        │                   │       client.state: idle → waiting
     ═══ from here on for ever: steps 4 to 5 ═══
  4     │              ASK ▷●     server.answers  [1.2-a, 1.2-b]
        │◀──ANSWER(nonce)───●       takes ASK (of step 1)
        │                   │       server.nonce: none → #1
  5     │──────ASK──────╳   │     net.loses
        │                   │       lost: ASK (of step 3)
        │                   │       net.losses: 2 → 1
     ═══ and again from step 4 ═══
     still on the way to Client: ANSWER(nonce) (of step 4)
)";
    CHECK(report::ladder(story, report::Style{}) == expected);
}

TEST_CASE("A ladder never gets wider than the page, and colour changes no width") {
    const Story story = told({"client.asks", "server.answers", "client.done"});
    for (const std::size_t width : {80U, 100U, 112U}) {
        report::Style style;
        style.width = width;
        std::string page = report::ladder(story, style);
        for (std::size_t at = 0; at < page.size();) {
            const std::size_t end = page.find('\n', at);
            CHECK(report::display_width(std::string_view(page).substr(at, end - at)) <= width);
            at = end + 1;
        }
        style.colour = true;
        std::string coloured = report::ladder(story, style);
        for (std::size_t at; (at = coloured.find('\x1b')) != std::string::npos;) coloured.erase(at, coloured.find('m', at) - at + 1);
        CHECK(coloured == page);
    }
}

TEST_CASE("A run that stutters says that nothing more happens") {
    const std::string page = report::ladder(told({"client.asks"}, std::nullopt, true), report::Style{});
    CHECK(page.find("from here on for ever: nothing more happens") != std::string::npos);
}

TEST_CASE("The initial state alone is a story too") {
    const std::string page = report::ladder(told({}), report::Style{});
    CHECK(page.find("the initial state, before any step") != std::string::npos);
}
