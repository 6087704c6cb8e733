// What a rule reads of forgotten slots, as choices: the heart of localisation.
//
// The expressions of one rule (its guard first) are all read before the step here: Op::kOldSlot is the state before it.
// `make` settles what the guard settles, makes one free Boolean of each condition over forgotten slots alone, and leaves
// the other forgotten slots to be tried value by value; `instances` gives the expressions under every combination whose
// guard is not false.
// Thread-safety: extends the pool, one thread.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "model/ir/ground.h"

namespace imspect::parameterised {

class FreeChoices {
public:
    /// Beyond so many combinations conditions are freed one by one though they share slots: coarser, still sound.
    static constexpr double kManyCombinations = 5'000;

    using Forgotten = std::function<bool(const ir::ExprNode& leaf)>;
    FreeChoices(const ir::GroundSystem& whole, Forgotten forgotten);

    struct Choice {
        ir::ExprId leaf = ir::kNoExpr;
        ir::DomainId domain = ir::kBoolDomain;
    };

    /// Rewrites the roots in place; roots[0] is the guard. kNoExpr is left alone.
    void make(std::vector<ir::ExprId>& roots);
    [[nodiscard]] const std::vector<Choice>& choices() const { return choices_; }
    [[nodiscard]] double combinations() const;

    /// Calls `visit` for every combination: the roots without choices, and the values taken.
    using Visit = std::function<void(const std::vector<ir::ExprId>&, const std::vector<ir::Value>&)>;
    void instances(const std::vector<ir::ExprId>& roots, const Visit& visit);

private:
    using Replacement = std::function<ir::ExprId(ir::ExprId condition)>;  ///< kNoExpr: leave it

    ir::ExprPool& pool() { return whole_.pool(); }
    [[nodiscard]] bool forgotten(ir::ExprId leaf) { return forgotten_(pool().node(leaf)); }
    [[nodiscard]] bool reads_forgotten(ir::ExprId id);
    [[nodiscard]] bool pure(ir::ExprId id);
    void settle_equations(std::vector<ir::ExprId>& roots);
    [[nodiscard]] bool settle_one(std::vector<ir::ExprId>& roots);
    void substitute(std::vector<ir::ExprId>& roots, ir::ExprId from, ir::ExprId to);
    ir::ExprId replace_conditions(ir::ExprId root, const Replacement& replacement);
    void free_conditions(std::vector<ir::ExprId>& roots, bool all);
    void list_choices(const std::vector<ir::ExprId>& roots);
    void instance(std::size_t at, const std::vector<ir::ExprId>& roots, std::vector<ir::Value>& values, const Visit& visit);

    const ir::GroundSystem& whole_;
    Forgotten forgotten_;
    std::vector<Choice> choices_;
    ir::SlotId next_free_ = 0;
};

}  // namespace imspect::parameterised
