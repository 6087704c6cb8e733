// Aggregates: what a rule or a property asks of all replicas together, found in its expressions and made answerable there.
//
// "Some replica's S-CSCF run is open", grounded, is a disjunction with one operand for every replica; "a clearing Put is
// under way" one with an operand for every place of a channel, whose message is somebody's. Both say that some replica has a
// *quality*, a condition over its own slots and its own messages. A scene shows a few replicas only, so the operand of the
// replica that stands in is replaced by a register, `outside`, that the search sets: somebody whom the scene does not show
// has it. One register each is enough, and every combination of them is possible, for different replicas may have
// different qualities. Operands of replicas that a smaller scene leaves out are silenced by registers too, `shown`.
// Conditions on what is shared may stand beside a quality in every operand; they are taken out of it.
// Replicas with a quality of their own are counted as none, one or more; those with a message of some kind, whose number no proof
// has needed, as none or some.
// Cost: linear in the expression. Thread-safety: extends the ground system's pool, one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "checker/parameterised/localise.h"
#include "checker/parameterised/shape.h"

namespace imspect::parameterised {

inline constexpr std::uint32_t kNobody = 0xffffffffU;
/// Who asks; bits.
enum class Asker : std::uint8_t {
    kRule = 1,
    kStep = 2,   ///< a formula over steps, or a history
    kState = 4,  ///< a formula over states
};

/// A quality of a replica that some rule or property asks of all replicas together.
struct Aggregate {
    std::vector<ir::ExprId> of;   ///< by replica, over its own slots, or its own messages, as they are now
    std::uint8_t most = 2;        ///< counted are 0, 1, …, and `most` for so many or more
    ir::SlotId outside = 0;       ///< the register that says whether somebody outside the scene has it
    std::uint8_t askers = 0;

    [[nodiscard]] bool asked_by(Asker asker) const { return (askers & static_cast<std::uint8_t>(asker)) != 0; }
};

class Aggregates {
public:
    Aggregates(Localised& localised, const Shape& shape);

    using Visit = std::function<void(const ir::ExprNode&)>;
    /// The expression with its aggregates answered by registers; `visit` sees the nodes that belong to none.
    [[nodiscard]] ir::ExprId answered(ir::ExprId expression, std::uint32_t actor, Asker asker, const Visit& visit);
    /// true where the scene does not show the replica, else the condition.
    [[nodiscard]] ir::ExprId where_shown(std::uint32_t replica, ir::ExprId condition);
    /// Takes a quality that only properties ask apart, by the value of the enumerated own slot that it reads; values that the same
    /// messages end stay together. Counts of properties then say none or some. (aggregates_split.cpp)
    void split();

    /// Appends the registers to the last observer, and hands over what was found.
    [[nodiscard]] std::vector<Aggregate> finish();
    [[nodiscard]] std::size_t parts() const { return parts_; }
    [[nodiscard]] const std::vector<ir::SlotId>& shown() const { return shown_; }

private:
    using Replicas = std::set<std::uint32_t>;
    struct Operand {
        std::vector<ir::ExprId> shared;  ///< conditions on shared slots, which belong to no quality
        ir::ExprId own = ir::kNoExpr;
        std::uint32_t replica = 0;
    };
    struct Context {
        std::uint32_t actor = kNobody;
        Asker asker = Asker::kRule;
        const Visit* visit = nullptr;
        std::map<ir::ExprId, ir::ExprId> done;
    };

    ir::ExprPool& pool() { return localised_.ground.pool(); }
    [[nodiscard]] const Owner& owner(const ir::ExprNode& leaf) const;
    [[nodiscard]] bool is_own_or_word(const ir::ExprNode& node) const;
    ir::ExprId answer(ir::ExprId id, Context& context);
    [[nodiscard]] std::vector<ir::ExprId> answer_operands(const ir::ExprNode& node, Context& context);
    void take_messages(std::vector<ir::ExprId>& operands, std::vector<ir::ExprId>& result, Context& context);
    [[nodiscard]] bool asks_for_own_message(ir::ExprId id, std::uint32_t actor);
    [[nodiscard]] bool asks_if_empty(const ir::ExprNode& node) const;
    [[nodiscard]] std::optional<Operand> operand_of(ir::ExprId id, bool disjunct);
    [[nodiscard]] std::optional<std::uint32_t> only_replica(ir::ExprId id);
    /// The channel and position of whose message alone the condition speaks, without its owner.
    [[nodiscard]] std::optional<std::pair<std::uint32_t, std::uint32_t>> only_message(ir::ExprId id);
    [[nodiscard]] ir::ExprId as_replica(ir::ExprId id, std::uint32_t replica);
    [[nodiscard]] ir::ExprId as_position(ir::ExprId id, std::uint32_t channel, std::uint32_t position);
    [[nodiscard]] const ir::GroundChannel& ground_channel(std::uint32_t channel) const;
    [[nodiscard]] ir::ExprId now(ir::ExprId id);
    /// The register's reading that answers whether somebody outside has the quality.
    [[nodiscard]] ir::ExprId outside_has(std::vector<ir::ExprId> of, bool before_step, Asker asker, std::uint8_t most);
    [[nodiscard]] bool before_the_step(ir::ExprId id);
    ir::SlotId add_register(std::string name);
    [[nodiscard]] std::set<ir::ExprId> messages_taken(ir::ExprId guard);
    [[nodiscard]] std::set<ir::ExprId> endings(const Aggregate& aggregate, ir::SlotId slot, ir::ExprId value);
    void split_one(const Aggregate& whole, ir::SlotId slot, ir::DomainId domain, std::vector<Aggregate>& parts);
    void answer_by_parts();

    Localised& localised_;
    const Shape& shape_;
    ir::SlotId next_register_ = 0;
    std::vector<monitor::Register> registers_;
    std::vector<ir::SlotId> shown_;
    std::map<ir::ExprId, std::size_t> known_;  ///< by the quality of replica 0
    std::vector<Aggregate> found_;
    std::size_t parts_ = 0;
    std::map<ir::SlotId, std::vector<ir::ExprId>> parts_of_;  ///< by the register of an aggregate taken apart: readings of its parts'
};

}  // namespace imspect::parameterised
