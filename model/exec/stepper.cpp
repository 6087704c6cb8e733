#include "model/exec/stepper.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "model/result.h"

namespace imspect::exec {

namespace {

bool reads_fresh(const ir::ExprPool& pool, ir::ExprId expression) {
    bool found = false;
    pool.visit(expression, [&](ir::ExprId, const ir::ExprNode& node) { found |= node.op == ir::Op::kFresh; });
    return found;
}

/// How many different tokens the first `count` fields hold.
Value tokens_in_use(const Layout::Tokens& tokens, std::size_t count, const Word* state) {
    if (tokens.most < 64) {
        std::uint64_t used = 0;
        for (std::size_t i = 0; i < count; ++i) {
            used |= std::uint64_t{1} << static_cast<unsigned>(tokens.fields[i].get(state));
        }
        return std::popcount(used & ~std::uint64_t{1});
    }
    std::set<Value> used;
    for (std::size_t i = 0; i < count; ++i) used.insert(tokens.fields[i].get(state));
    used.erase(0);
    return static_cast<Value>(used.size());
}

}  // namespace

Stepper::Stepper(const ir::GroundSystem& system, const std::vector<ExtraVariable>& extra)
    : system_(&system), layout_(system, extra), code_(system.pool(), layout_), initial_(layout_.words(), 0) {
    rules_.reserve(system.rules.size());
    for (const ir::GroundRule& rule : system.rules) rules_.push_back(compile(rule));
    for (SlotId slot = 0; slot < system.variables.size(); ++slot) {
        layout_.set(initial_.data(), slot, system.variables[slot].initial);
    }
    for (const ExtraVariable& variable : extra) layout_.set(initial_.data(), variable.slot, variable.variable.initial);
    normalise(initial_.data());
    for (Compiled& rule : rules_) {
        rule.guard.prefer_failing_in(initial_.data());
        prefilters_.push_back(prefilter(rule.guard));
    }
}

Stepper::Prefilter Stepper::prefilter(const Guard& guard) {
    Prefilter filter;
    if (!guard.masked().empty()) filter.first = guard.masked()[0];
    if (guard.masked().size() > 1) filter.second = guard.masked()[1];
    if (!guard.members().empty()) filter.third = guard.members()[0];
    if (guard.members().size() > 1) filter.fourth = guard.members()[1];
    return filter;
}

State Stepper::initial() const { return initial_; }

Stepper::Compiled Stepper::compile(const ir::GroundRule& rule) {
    Compiled compiled;
    compiled.guard = GuardCompiler(system_->pool(), layout_, code_).compile(rule.guard);
    IMSPECT_REQUIRE(rule.bounds.size() <= 32, "a rule with more than 32 bounds");
    for (const ir::Bound& bound : rule.bounds) {
        compiled.bounds.push_back(code_.compile(bound.condition));
        compiled.fresh |= reads_fresh(system_->pool(), bound.condition);
    }
    for (std::uint32_t i = 0; i < rule.assignments.size(); ++i) compile_assignment(compiled, rule.assignments[i], i);
    return compiled;
}

void Stepper::compile_assignment(Compiled& compiled, const ir::GroundAssignment& assignment, std::uint32_t index) {
    const ir::ExprPool& pool = system_->pool();
    const ir::ExprNode& node = pool.node(assignment.value);
    const Field& field = layout_.field(assignment.slot);
    compiled.fresh |= reads_fresh(pool, assignment.value);
    const bool token = system_->domain_of(assignment.slot).kind == ir::DomainKind::kToken;
    compiled.touches_tokens |= token;
    if (node.op == ir::Op::kConst && node.a >= field.lo && node.a <= field.hi) {
        add_constant(compiled, field, node.a);
    } else if (node.op == ir::Op::kSlot && !assignment.needs_range_check) {
        compiled.copies.push_back({field, layout_.field(static_cast<SlotId>(node.a))});
    } else {
        // Token registers widen the domain of every token slot, beyond what the grounder reckoned with.
        compiled.computed.push_back(
            {field, code_.compile(assignment.value), index, assignment.needs_range_check || token});
    }
}

void Stepper::add_constant(Compiled& compiled, const Field& field, Value value) {
    const Word mask = static_cast<Word>(field.mask) << field.shift;
    const Word bits = static_cast<Word>(static_cast<std::uint32_t>(value - field.lo)) << field.shift;
    for (ConstantEffect& effect : compiled.constants) {
        if (effect.word != field.word) continue;
        effect.keep &= ~mask;
        effect.value |= bits;
        return;
    }
    compiled.constants.push_back({field.word, ~mask, bits});
}

Step Stepper::step(std::size_t rule, const Word* from, Word* raw) const {
    const Compiled& compiled = rules_[rule];
    const View view{from, nullptr, nullptr};
    if (!compiled.guard.holds(code_, view)) return {};
    if (compiled.fresh) return step_fresh(compiled, from, raw);
    return apply(compiled, view, nullptr, raw);
}

Step Stepper::step_fresh(const Compiled& rule, const Word* from, Word* raw) const {
    constexpr std::size_t kInline = 64;
    Value inline_bases[2 * kInline];  // NOLINT: written for the domains that are read
    std::vector<Value> heap;
    const std::size_t domains = system_->system->domains.size();
    Value* bases = inline_bases;
    if (domains > kInline) {
        heap.resize(2 * domains);
        bases = heap.data();
    }
    Value* const bound_bases = bases + std::max(domains, kInline);
    for (const Layout::Tokens& tokens : layout_.tokens()) {
        const Value all = tokens_in_use(tokens, tokens.fields.size(), from);
        const bool same = tokens.system_count == tokens.fields.size();
        bases[tokens.domain] = all;
        bound_bases[tokens.domain] = same ? all : tokens_in_use(tokens, tokens.system_count, from);
    }
    return apply(rule, {from, nullptr, bases}, bound_bases, raw);
}

Step Stepper::apply(const Compiled& rule, const View& view, const Value* bound_fresh, Word* raw) const {
    Step result;
    const View bound_view{view.now, nullptr, bound_fresh};
    for (std::size_t i = 0; i < rule.bounds.size(); ++i) {
        if (code_.evaluate(rule.bounds[i], bound_view) == 0) result.which |= 1U << i;
    }
    if (result.which != 0) {
        result.kind = StepKind::kBounded;
        return result;
    }
    std::copy_n(view.now, layout_.words(), raw);
    for (const ConstantEffect& effect : rule.constants) raw[effect.word] = (raw[effect.word] & effect.keep) | effect.value;
    for (const Copy& copy : rule.copies) copy.to.set(raw, copy.from.get(view.now));
    for (const Computed& computed : rule.computed) {
        const Value value = code_.evaluate(computed.program, view);
        if (computed.check && (value < computed.to.lo || value > computed.to.hi)) {
            return {StepKind::kOutOfRange, computed.assignment, value};
        }
        computed.to.set(raw, value);
    }
    result.kind = StepKind::kFired;
    return result;
}

Step Stepper::successor(std::size_t rule, const Word* from, Word* to) const {
    const Step result = step(rule, from, to);
    if (result.kind == StepKind::kFired && rules_[rule].touches_tokens) normalise(to);
    return result;
}

bool Stepper::normalise(Word* state) const {
    bool changed = false;
    for (const Layout::Tokens& tokens : layout_.tokens()) changed |= normalise_domain(tokens, state);
    return changed;
}

bool Stepper::normalise_domain(const Layout::Tokens& tokens, Word* state) const {
    if (tokens.most >= 64) return normalise_large(tokens, state);
    std::uint64_t used = 1;  // "none" keeps its name
    for (const Field& field : tokens.fields) used |= std::uint64_t{1} << static_cast<unsigned>(field.get(state));
    if ((used & (used + 1)) == 0) return false;
    std::uint8_t rank[64];  // NOLINT: written for the tokens in use
    std::uint8_t next = 0;
    for (std::uint64_t left = used; left != 0; left &= left - 1) rank[std::countr_zero(left)] = next++;
    for (const Field& field : tokens.fields) field.set(state, rank[field.get(state)]);
    return true;
}

bool Stepper::normalise_large(const Layout::Tokens& tokens, Word* state) const {
    std::vector<Value> used = {0};
    for (const Field& field : tokens.fields) used.push_back(field.get(state));
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    if (used.back() + 1 == static_cast<Value>(used.size())) return false;
    for (const Field& field : tokens.fields) {
        const auto rank = std::lower_bound(used.begin(), used.end(), field.get(state)) - used.begin();
        field.set(state, static_cast<Value>(rank));
    }
    return true;
}

const ir::Bound& Stepper::bound_of(std::size_t rule, const Step& step) const {
    IMSPECT_REQUIRE(step.kind == StepKind::kBounded, "the bound of a step that is not bounded");
    const auto& bounds = system_->rules[rule].bounds;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        if (((step.which >> i) & 1U) != 0 && !bounds[i].environment) return bounds[i];
    }
    return bounds[static_cast<std::size_t>(std::countr_zero(step.which))];
}

bool Stepper::held_by_environment(std::size_t rule, const Step& step) const { return bound_of(rule, step).environment; }

std::string Stepper::describe(std::size_t rule, const Step& step) const {
    IMSPECT_REQUIRE(step.kind == StepKind::kOutOfRange, "nothing to describe: the step stayed in range");
    const ir::GroundRule& ground = system_->rules[rule];
    const SlotId slot = ground.assignments[step.which].slot;
    const ir::Domain& domain = system_->domain_of(slot);
    return fmt::format("rule {} assigns {} to {}, whose values are {}..{} ({})", ground.name, step.value,
                       system_->variables[slot].name, domain.lo, domain.hi, domain.name);
}

}  // namespace imspect::exec
