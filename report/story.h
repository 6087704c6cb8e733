// A witness told as a story: every step with its rule, its messages, and what it changed.
//
// `tell` replays a witness through exec, the only concrete semantics; every writer (ladder, JSON, and later HTML) renders
// this one record. Token values are renamed after each step by the engines; a story undoes that: a token keeps the number
// it was given when it was drawn (1, 2, 3, … in order of appearance), so "RAND 2" is the same RAND in every step.
// Invariant: `steps` lead from the initial state; a step's changes leave out slots of channels, which the messages show.
// Cost: one replay, O(steps × slots). Thread-safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "properties/outcome/outcome.h"

namespace imspect::report {

enum class Fate : std::uint8_t {
    kSent,
    kReceived,
    kLost,       ///< taken out of its channel and read by nobody
    kOvertakes,  ///< goes ahead of the one before it in its channel
};

struct Message {
    std::string text;
    ir::NodeId from = 0;
    ir::NodeId to = 0;
    Fate fate = Fate::kSent;
    std::size_t sent_in = 0;  ///< the number of the step that sent it (1 is the first); 0: in the channel from the start
};

struct Change {
    std::string variable;
    std::string before;
    std::string after;
};

struct StoryStep {
    std::uint32_t ground_rule = 0;
    std::string rule;  ///< with its arguments: "scscf.fails(impi1)"
    ir::NodeId node = 0;
    ir::RuleKind kind = ir::RuleKind::kInternal;
    std::string about;
    std::vector<std::string> clauses;
    std::vector<Message> messages;  ///< what was received first, then what was sent
    std::vector<Change> changes;
    std::uint32_t faults = 0;
};

struct Story {
    std::vector<std::string> nodes;     ///< names by NodeId
    std::vector<ir::NodeId> columns;    ///< nodes that send or receive messages, in declared order
    std::vector<StoryStep> steps;
    std::vector<Message> on_the_way;    ///< sent and taken by nobody when the story ends
    std::optional<std::size_t> loop_start;
    bool stutters = false;

    [[nodiscard]] std::uint32_t faults() const;
};

/// Replays the witness. A witness that does not replay is a broken invariant of the engine that made it: aborts.
[[nodiscard]] Story tell(const ir::GroundSystem& system, const outcome::Witness& witness);

}  // namespace imspect::report
