// The rules of model/ims, built for one unit (subscribers connected by sharing) and ready to be stepped by an audit.
//
// Nothing of the specification is said here: a Machine only knows which rule puts a message on which hop, which one is a fault
// and which one a timer, by asking the rules. Budgets are not the audit's: `refill` undoes what a rule took of them.
// A machine may watch properties: its states carry their history, and it takes no step that breaks one (watch.h).
// Invariant: machines of one shape that differ in readings only share the layout of states, if they watch the same.
// Cost: building takes some milliseconds, so machines are cached by shape (MachineCache). Thread-safety: one thread.
#pragma once

#include <array>
#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/exec/stepper.h"
#include "model/ims/scenario.h"
#include "traces/conform/watch.h"

namespace imspect::conform {

using exec::State;
using exec::Word;

enum class HopId : std::uint8_t { kGmUp, kMwPi, kMwIs, kMwSi, kMwIp, kGmDown, kCxIh, kCxHi, kCxSh, kCxHs, kNone };
constexpr std::size_t kHops = 10;

/// What determines a machine: which UE may register which IMPU (implicit sets are one IMPU here), how many S-CSCFs serve them,
/// and the readings.
struct Shape {
    std::vector<std::vector<std::uint32_t>> impus_of_ue;
    std::uint32_t avs = 2;
    std::uint32_t scscfs = 1;
    std::map<std::string, std::string> readings;
    bool restarts = false;         ///< S-CSCFs show that they restart
    std::uint8_t last_resort = 0;  ///< number of what is believed in besides (last_resort.h); 0: nothing
    auto operator<=>(const Shape&) const = default;
};

enum class TimerId : std::uint8_t { kNone, kAwait, kDiameter, kQuery, kOther };  ///< kDiameter: the S-CSCF's; kQuery: the I-CSCF's

struct RuleFacts {
    HopId hop = HopId::kNone;     ///< onto which it puts a message
    std::uint32_t channel = 0;    ///< ground channel of that hop
    TimerId timer = TimerId::kNone;
    std::uint8_t cost = 0;        ///< faults it takes to believe in it unseen
    bool repeats = false;         ///< the network's repetition of a message
    std::optional<HopId> loses_on;  ///< a message, which the network or an attacker takes away
    bool must = false;            ///< a node doesn't leave it undone for ever; what a UE begins is up to its user
    bool await_fired = false;     ///< raises await_timer_fired
    bool restarts = false;        ///< an S-CSCF
    std::optional<std::uint32_t> scscf;  ///< that it is about
};

class Machine {
public:
    explicit Machine(Shape shape, const std::vector<const language::Property*>& watched = {});

    [[nodiscard]] const Shape& shape() const { return shape_; }
    [[nodiscard]] const exec::Stepper& stepper() const { return *stepper_; }
    [[nodiscard]] const ir::GroundSystem& ground() const { return *ground_; }
    [[nodiscard]] const RuleFacts& facts(std::size_t rule) const { return facts_[rule]; }
    [[nodiscard]] const ir::Rule& rule(std::size_t rule) const { return ground_->rule_of(rule); }

    /// The step by the rule, tokens renamed; false where it isn't possible or breaks a property that is watched.
    bool successor(std::size_t rule, const Word* from, Word* to) const;
    /// A state of a machine of the same shape that watches something else, history unknown.
    [[nodiscard]] State lifted(const Machine& of, const State& state) const;
    /// A state of a machine that differs in its last resort only; what this one has no variable for is forgotten.
    [[nodiscard]] State adopted(const Machine& of, const State& state) const;
    /// Takes the message last put on the channel away again.
    void lose_last(Word* state, std::uint32_t ground_channel) const;
    /// Undoes what budgets were used up. Where the shape has restarts, the state remembers one until the next refill without.
    void refill(Word* state, bool restarted = false) const;
    /// A restart that the state remembers.
    [[nodiscard]] bool restarted(const Word* state) const;
    [[nodiscard]] const ir::GroundChannel& channel(std::uint32_t ground_channel) const {
        return ground_->channels[ground_channel];
    }
    /// Ground channel of a hop for a UE, or for an S-CSCF where the hop is its Cx.
    [[nodiscard]] std::uint32_t channel_of(HopId hop, std::uint32_t index) const {
        return channels_[static_cast<std::size_t>(hop)][index];
    }
    /// Field of the message last put on a channel; nothing where the hop's messages have no such field.
    [[nodiscard]] std::optional<ir::Value> last(const Word* state, std::uint32_t ground_channel, const std::string& field) const;
    [[nodiscard]] int length(const Word* state, std::uint32_t ground_channel) const;
    /// Put(pending) and its answer have no message of their own: MAR carries them.
    [[nodiscard]] bool last_has_message(const Word* state, std::uint32_t ground_channel) const;
    /// The name of an enumerated field's value, "register".
    [[nodiscard]] std::string last_name(const Word* state, std::uint32_t ground_channel, const std::string& field) const;
    /// Slot of that field, for repairs.
    [[nodiscard]] std::optional<ir::SlotId> head_slot(std::uint32_t ground_channel, const std::string& field) const;
    /// Value of a model variable's element.
    [[nodiscard]] ir::Value value(const Word* state, const std::string& variable, const std::vector<ir::Value>& indices) const;
    [[nodiscard]] std::string value_name(const Word* state, const std::string& variable, const std::vector<ir::Value>& indices) const;
    /// The message the rule puts on its hop, as people call it; who sends it.
    [[nodiscard]] std::string label(std::size_t rule, const Word* before) const;
    [[nodiscard]] bool at_rest(const Word* state) const;
    /// Nothing has to happen any more, and nothing is owed that a property watched promises. A user may have lost interest.
    [[nodiscard]] bool settled(const Word* state) const;

private:
    void find_channels();
    void find_facts();
    [[nodiscard]] std::optional<std::size_t> field_index(std::uint32_t ground_channel, const std::string& field) const;

    Shape shape_;
    std::shared_ptr<ir::GroundSystem> ground_;
    std::unique_ptr<Watch> watch_;
    std::unique_ptr<exec::Stepper> stepper_;
    std::vector<RuleFacts> facts_;
    std::array<std::vector<std::uint32_t>, kHops> channels_;
    std::vector<std::pair<ir::SlotId, ir::Value>> budgets_;
    std::optional<std::pair<ir::SlotId, ir::Value>> memory_;  ///< a budget with one to spare, and its value when full
    std::vector<std::optional<std::pair<std::size_t, ir::Value>>> pending_;  ///< by ground channel: field and value
    std::unique_ptr<exec::Code> code_;
    std::vector<std::vector<exec::ProgramId>> label_programs_;
    exec::ProgramId rest_program_ = 0;
};

class MachineCache {
public:
    std::shared_ptr<const Machine> get(const Shape& shape);

private:
    std::map<Shape, std::shared_ptr<const Machine>> machines_;
};

}  // namespace imspect::conform
