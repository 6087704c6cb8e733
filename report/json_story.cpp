#include "report/json_story.h"

#include "model/ir/print.h"

namespace imspect::report {
namespace {

using Json = nlohmann::ordered_json;

const char* fate_name(Fate fate) {
    switch (fate) {
        case Fate::kSent: return "sent";
        case Fate::kReceived: return "received";
        case Fate::kLost: return "lost";
        case Fate::kOvertakes: return "overtakes";
    }
    return "sent";
}

Json message_json(const Story& story, const Message& message) {
    Json json{{"text", message.text},
              {"from", story.nodes[message.from]},
              {"to", story.nodes[message.to]},
              {"fate", fate_name(message.fate)}};
    if (message.sent_in > 0) json["sent_in"] = message.sent_in;
    return json;
}

Json step_json(const Story& story, std::size_t index) {
    const StoryStep& step = story.steps[index];
    Json json{{"step", index + 1}, {"rule", step.rule}, {"node", story.nodes[step.node]}, {"kind", ir::kind_name(step.kind)}};
    if (!step.about.empty()) json["about"] = step.about;
    json["clauses"] = step.clauses;
    // "message" is the one that a reader would name the step by: what was sent, else what was taken.
    if (!step.messages.empty()) json["message"] = step.messages.back().text;
    json["messages"] = Json::array();
    for (const Message& message : step.messages) json["messages"].push_back(message_json(story, message));
    json["changes"] = Json::array();
    for (const Change& change : step.changes) {
        json["changes"].push_back({{"variable", change.variable}, {"from", change.before}, {"to", change.after}});
    }
    return json;
}

}  // namespace

Json story_json(const Story& story) {
    Json json{{"length", story.steps.size()}, {"faults", story.faults()}};
    if (story.loop_start) json["loop_start"] = *story.loop_start + 1;
    if (story.stutters) json["stutters"] = true;
    json["steps"] = Json::array();
    for (std::size_t i = 0; i < story.steps.size(); ++i) json["steps"].push_back(step_json(story, i));
    json["on_the_way"] = Json::array();
    for (const Message& message : story.on_the_way) json["on_the_way"].push_back(message_json(story, message));
    return json;
}

}  // namespace imspect::report
