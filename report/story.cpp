#include "report/story.h"

#include <set>

#include "model/exec/stepper.h"
#include "report/message_tracker.h"
#include "report/token_names.h"

namespace imspect::report {
namespace {

bool is_channel_slot(const ir::GroundSystem& system, ir::SlotId slot) {
    return system.system->variables[system.variables[slot].variable].channel.has_value();
}

/// Nodes that some message comes from or goes to; the network itself gets no lifeline.
std::vector<ir::NodeId> speaking_nodes(const ir::System& system) {
    std::set<ir::NodeId> speaking;
    for (const ir::Channel& channel : system.channels) speaking.insert({channel.from, channel.to});
    for (const ir::Rule& rule : system.rules) {
        for (const ir::Label& label : rule.labels) speaking.insert({label.from, label.to});
    }
    return {speaking.begin(), speaking.end()};
}

class Teller {
public:
    explicit Teller(const ir::GroundSystem& system)
        : system_(system), stepper_(system), tokens_(stepper_), messages_(stepper_, tokens_), state_(stepper_.initial()) {
        tokens_.learn(state_.data());
    }

    StoryStep take(std::uint32_t ground_rule, std::size_t number) {
        exec::State raw(stepper_.words());
        const exec::Step taken = stepper_.step(ground_rule, state_.data(), raw.data());
        IMSPECT_REQUIRE(taken.kind == exec::StepKind::kFired, "a witness that does not replay");
        const ir::Rule& rule = system_.rule_of(ground_rule);
        StoryStep step;
        step.ground_rule = ground_rule;
        step.rule = system_.rules[ground_rule].name;
        step.node = rule.node;
        step.kind = rule.kind;
        step.about = rule.about;
        step.clauses = rule.clauses;
        step.faults = rule.fault_cost;
        tokens_.learn(raw.data());
        step.messages = messages_.step(ground_rule, number, state_.data(), raw.data());
        step.changes = changes(raw.data());
        exec::State next = raw;
        stepper_.normalise(next.data());
        tokens_.follow(raw.data(), next.data());
        state_ = std::move(next);
        return step;
    }

    [[nodiscard]] std::vector<Message> on_the_way() const { return messages_.on_the_way(); }

private:
    [[nodiscard]] std::vector<Change> changes(const exec::Word* raw) const {
        std::vector<Change> result;
        for (ir::SlotId slot = 0; slot < system_.variables.size(); ++slot) {
            const ir::Value before = stepper_.layout().get(state_.data(), slot);
            const ir::Value after = stepper_.layout().get(raw, slot);
            if (before == after || is_channel_slot(system_, slot)) continue;
            result.push_back({system_.variables[slot].name, tokens_.value_name(slot, before), tokens_.value_name(slot, after)});
        }
        return result;
    }

    const ir::GroundSystem& system_;
    exec::Stepper stepper_;
    TokenNames tokens_;
    MessageTracker messages_;
    exec::State state_;
};

}  // namespace

std::uint32_t Story::faults() const {
    std::uint32_t sum = 0;
    for (const StoryStep& step : steps) sum += step.faults;
    return sum;
}

Story tell(const ir::GroundSystem& system, const outcome::Witness& witness) {
    Story story;
    story.nodes = system.system->nodes;
    story.columns = speaking_nodes(*system.system);
    story.loop_start = witness.loop_start;
    story.stutters = witness.stutters;
    Teller teller(system);
    for (const std::uint32_t rule : witness.rules) story.steps.push_back(teller.take(rule, story.steps.size() + 1));
    story.on_the_way = teller.on_the_way();
    return story;
}

}  // namespace imspect::report
