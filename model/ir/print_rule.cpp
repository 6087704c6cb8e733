#include <fmt/format.h>

#include "model/ir/printer.h"

namespace imspect::ir {

namespace {

constexpr const char* kIndent = "  ";

class RulePrinter {
public:
    RulePrinter(const System& system, const Rule& rule)
        : system_(system), rule_(rule), printer_(system, PrintStyle::kReading) {}

    std::string run() {
        head();
        channel_steps(ChannelStep::Kind::kRemove);
        channel_steps(ChannelStep::Kind::kSwap);
        guard();
        updates();
        channel_steps(ChannelStep::Kind::kAppend);
        for (const Raise& raise : rule_.raises) add_raise(raise);
        for (const Label& label : rule_.labels) add_label(label);
        for (const Bound& bound : rule_.bounds) {
            line(bound.environment ? "budget" : "bound", fmt::format("{}: {}", bound.name, printer_.expression(bound.condition)));
        }
        return std::move(text_);
    }

private:
    void line(std::string_view word, const std::string& content) {
        text_ += fmt::format("{}{:<9}{}\n", kIndent, word, content);
    }

    void head() {
        const std::string params = printer_.declarations(rule_.params);
        text_ += fmt::format("{}{}: {} at {}{}\n", rule_.name, params.empty() ? "" : "(" + params + ")", kind_name(rule_.kind),
                             system_.nodes[rule_.node], rule_.fair ? ", fair" : "");
        if (!rule_.clauses.empty()) line("cites", fmt::format("{}", fmt::join(rule_.clauses, ", ")));
        if (!rule_.about.empty()) line("about", rule_.about);
        if (rule_.fault_cost > 0) line("costs", fmt::format("{} {}", rule_.fault_cost, rule_.fault_cost == 1 ? "fault" : "faults"));
    }

    std::string instance(const ChannelStep& step) {
        return quoted_name(system_.channels[step.channel].name) +
               (step.indices.empty() ? "" : "[" + printer_.list(step.indices) + "]");
    }

    void channel_steps(ChannelStep::Kind kind) {
        for (const ChannelStep& step : rule_.channel_steps) {
            if (step.kind != kind) continue;
            if (kind == ChannelStep::Kind::kAppend) {
                line("sends", instance(step) + " " + message(step));
            } else if (kind == ChannelStep::Kind::kSwap) {
                line("swaps", fmt::format("messages {} and {} of {}", step.position + 1, step.position + 2, instance(step)));
            } else {
                const std::string which = step.position == 0 ? "head" : fmt::format("message {}", step.position + 1);
                line(step.consumes ? "receives" : "removes", which + " of " + instance(step));
            }
        }
    }

    /// Fields that hold what an unused one would hold are left out.
    std::string message(const ChannelStep& step) {
        const Channel& channel = system_.channels[step.channel];
        std::string text;
        for (std::size_t f = 0; f < step.values.size(); ++f) {
            const bool unused = system_.pool.is_const(step.values[f]) &&
                                system_.pool.const_value(step.values[f]) == system_.variables[channel.slots[0][f]].initial;
            if (unused && f > 0) continue;
            text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", channel.fields[f].name, printer_.value(step.values[f]));
        }
        return "{" + text + "}";
    }

    void guard() {
        const ExprNode& node = system_.pool.node(rule_.guard);
        if (system_.pool.is_true(rule_.guard)) return;
        if (node.op != Op::kAnd) return line("when", printer_.expression(rule_.guard));
        bool first = true;
        for (const ExprId kid : node.kids) {
            const std::string text = printer_.expression(kid);
            // What is looser than `and` reads as one condition only in parentheses.
            const Op op = system_.pool.node(kid).op;
            const bool loose = op == Op::kOr || op == Op::kForall || op == Op::kExists || op == Op::kIte || op == Op::kEq;
            const bool wrap = loose && (op != Op::kEq || system_.pool.node(system_.pool.node(kid).kids[0]).domain == kBoolDomain);
            line(first ? "when" : "  and", wrap ? "(" + text + ")" : text);
            first = false;
        }
    }

    void updates() {
        bool first = true;
        for (const Assignment& assignment : rule_.assignments) {
            line(first ? "then" : "", fmt::format("{} := {}", printer_.element(assignment.var, assignment.indices),
                                                  printer_.value(assignment.value)));
            first = false;
        }
    }

    std::string only_if(ExprId condition) {
        return system_.pool.is_true(condition) ? "" : " if " + printer_.expression(condition);
    }

    void add_raise(const Raise& raise) {
        line("raises", fmt::format("{}({}){}", system_.events[raise.event].name, printer_.list(raise.arguments),
                                   only_if(raise.condition)));
    }

    void add_label(const Label& label) {
        line(label.sent ? "shows" : "shows in", fmt::format("\"{}\" {} -> {}{}", label.text, system_.nodes[label.from],
                                                            system_.nodes[label.to], only_if(label.condition)));
    }

    const System& system_;
    const Rule& rule_;
    Printer printer_;
    std::string text_;
};

}  // namespace

std::string_view kind_name(RuleKind kind) {
    switch (kind) {
        case RuleKind::kReceive: return "receive";
        case RuleKind::kSend: return "send";
        case RuleKind::kTimeout: return "timeout";
        case RuleKind::kFault: return "fault";
        case RuleKind::kAttacker: return "attacker";
        case RuleKind::kInternal: return "internal";
    }
    return "internal";
}

std::string print_rule(const System& system, RuleId rule) { return RulePrinter(system, system.rules[rule]).run(); }

}  // namespace imspect::ir
