#include "traces/synthesize/settle.h"

#include <optional>

#include "model/exec/replay.h"

namespace imspect::synthesize {
namespace {

/// A node goes on with what it has: not a user's wish, a timer, a fault or an attack.
bool goes_on(const ir::Rule& rule) {
    if (rule.fault_cost > 0) return false;
    if (rule.kind == ir::RuleKind::kReceive || rule.kind == ir::RuleKind::kInternal) return true;
    return rule.kind == ir::RuleKind::kSend && rule.name.rfind("ue.", 0) != 0;
}

/// A timer of a procedure; that the lifetime of a registration or its SAs ends is a fault in the model.
bool times_out(const ir::Rule& rule) {
    return rule.fault_cost == 0 && rule.kind == ir::RuleKind::kTimeout;
}

using Chosen = bool (*)(const ir::Rule&);

std::optional<std::uint32_t> next_rule(const exec::Stepper& stepper, Chosen chosen, const exec::State& state, exec::State& next) {
    for (std::uint32_t rule = 0; rule < stepper.rule_count(); ++rule) {
        if (!chosen(stepper.system().rule_of(rule))) continue;
        if (stepper.successor(rule, state.data(), next.data()).kind == exec::StepKind::kFired) return rule;
    }
    return std::nullopt;
}

}  // namespace

std::vector<std::uint32_t> settle(const exec::Stepper& stepper, std::vector<std::uint32_t> rules, Until until, std::size_t most) {
    const Result<std::vector<exec::State>> states = exec::replay(stepper, rules);
    if (!states) return rules;
    exec::State state = states.value().back();
    exec::State next(stepper.words());
    for (std::size_t i = 0; i < most; ++i) {
        std::optional<std::uint32_t> rule = next_rule(stepper, goes_on, state, next);
        if (!rule && until == Until::kRest) rule = next_rule(stepper, times_out, state, next);
        if (!rule) break;
        rules.push_back(*rule);
        state.swap(next);
    }
    return rules;
}

}  // namespace imspect::synthesize
