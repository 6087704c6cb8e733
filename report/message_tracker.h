// What lies in the channels along one run, as people would name it.
//
// A rule's label names the message it sends; the tracker keeps those names in the order of the channels' slots, so that
// whoever takes, loses or overtakes a message later does it under the name it was sent with, and a story can say when
// that was. A message without a label is named by its channel and fields.
// Cost: proportional to the rule's channel steps. Thread-safety: one run, one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/exec/stepper.h"
#include "report/story.h"
#include "report/token_names.h"

namespace imspect::report {

class MessageTracker {
public:
    MessageTracker(const exec::Stepper& stepper, const TokenNames& tokens) : stepper_(&stepper), tokens_(&tokens) {}

    /// The messages of one step, those taken first. `raw` is the successor before its tokens are renamed.
    [[nodiscard]] std::vector<Message> step(std::uint32_t ground_rule, std::size_t number, const exec::Word* from, const exec::Word* raw);
    [[nodiscard]] std::vector<Message> on_the_way() const;

private:
    struct Labels {
        const ir::Label* sent = nullptr;
        const ir::Label* received = nullptr;
    };
    [[nodiscard]] Labels labels_of(std::uint32_t ground_rule, const exec::Word* from) const;
    [[nodiscard]] std::optional<std::size_t> ground_channel(std::uint32_t ground_rule, const ir::ChannelStep& step, const exec::Word* from) const;
    [[nodiscard]] std::string content_of(const ir::GroundChannel& channel, const exec::Word* raw) const;
    [[nodiscard]] ir::Value evaluate(ir::ExprId expression, const exec::Word* state) const;
    Message taken(std::size_t channel, const ir::ChannelStep& step, const Labels& labels);

    const exec::Stepper* stepper_;
    const TokenNames* tokens_;
    std::map<std::size_t, std::vector<Message>> channels_;  ///< by ground channel, the head first
};

}  // namespace imspect::report
