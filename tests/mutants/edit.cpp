#include "tests/mutants/edit.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/ir/expression_text.h"
#include "model/ir/print.h"

namespace imspect::mutants {

namespace {

using ir::ExprId;
using ir::kNoExpr;

/// One edit on one rule. Every step gives false after it has set `error_`.
class Editor {
public:
    Editor(ir::System& system, ir::ExpressionReader& reader, const Edit& edit)
        : system_(system), reader_(reader), edit_(edit) {}

    Result<bool> run(ir::Rule& rule) {
        rule_ = &rule;
        reader_.set_scope(rule.params);
        if (!dispatch()) return error_;
        return true;
    }

private:
    bool fail(const std::string& message) {
        error_ = Error{"edit", fmt::format("{} in {}: {}", edit_.verb, rule_->name, message), {}, {}, {}};
        return false;
    }
    bool fail(const Error& error) { return fail(error.text()); }
    std::string text(ExprId id) const { return ir::print(system_, id, ir::PrintStyle::kSource); }

    bool dispatch() {
        switch (edit_.kind) {
            case Edit::Kind::kAddGuard: return add_guard();
            case Edit::Kind::kDropGuard: return drop_guard();
            case Edit::Kind::kReplace: return replace();
            case Edit::Kind::kSet: return set();
            case Edit::Kind::kKeep: return keep();
            case Edit::Kind::kSetSent: return set_sent();
            case Edit::Kind::kSend: return send();
            case Edit::Kind::kDropSend: return drop_step(ir::ChannelStep::Kind::kAppend);
            case Edit::Kind::kKeepMessage: return drop_step(ir::ChannelStep::Kind::kRemove);
            case Edit::Kind::kRaise: return raise();
            case Edit::Kind::kRaiseWhen: return raise_when();
            case Edit::Kind::kDropRaise: return drop_raise();
            case Edit::Kind::kNotFair: return not_fair();
            case Edit::Kind::kDropRule:
                return become(rule_->guard, system_.pool.boolean(false));  // properties may name it
        }
        return false;
    }

    bool read(const std::string& source, std::optional<ir::DomainId> domain, ExprId& id) {
        const auto expression = reader_.read(source, domain);
        if (!expression) return fail(expression.error());
        id = expression.value();
        return true;
    }

    bool become(ExprId& place, ExprId id) {
        if (place == id) return fail("changes nothing");
        place = id;
        return true;
    }

    bool add_guard() {
        ExprId id = kNoExpr;
        return read(edit_.text, ir::kBoolDomain, id) &&
               become(rule_->guard, system_.pool.conjunction({rule_->guard, id}));
    }

    bool drop_guard() {
        ExprId id = kNoExpr;
        if (!read(edit_.text, ir::kBoolDomain, id)) return false;
        const ir::ExprNode guard = system_.pool.node(rule_->guard);
        std::vector<ExprId> rest;
        std::string all;
        for (const ExprId conjunct : guard.op == ir::Op::kAnd ? guard.kids : std::vector<ExprId>{rule_->guard}) {
            if (text(conjunct) != text(id)) rest.push_back(conjunct);
            all += "\n  " + text(conjunct);
        }
        const std::size_t before = guard.op == ir::Op::kAnd ? guard.kids.size() : 1;
        if (before != rest.size() + 1) return fail(fmt::format("no conjunct '{}' in the guard:{}", text(id), all));
        return become(rule_->guard, system_.pool.conjunction(std::move(rest)));
    }

    ExprId substitute(ExprId root, const std::string& what, ExprId by) {
        if (text(root) == what) return by;
        const ir::ExprNode node = system_.pool.node(root);
        std::vector<ExprId> kids;
        for (const ExprId kid : node.kids) kids.push_back(substitute(kid, what, by));
        return kids == node.kids ? root : system_.pool.rebuild(node, std::move(kids));
    }

    bool replace() {
        ExprId what = kNoExpr;
        ExprId by = kNoExpr;
        if (!read(edit_.text, {}, what) || !read(edit_.value, system_.pool.node(what).domain, by)) return false;
        const ExprId guard = substitute(rule_->guard, text(what), by);
        if (guard == rule_->guard) return fail(fmt::format("no '{}' in the guard: {}", text(what), text(guard)));
        return become(rule_->guard, guard);
    }

    /// The rule's assignment to the element that the edit names; null where it keeps its value.
    bool find_target(ir::Assignment& target, ir::Assignment*& found) {
        auto read = reader_.read_target(edit_.text);
        if (!read) return fail(read.error());
        target = std::move(read).value();
        const auto place = std::find_if(
            rule_->assignments.begin(), rule_->assignments.end(),
            [&](const ir::Assignment& other) { return other.var == target.var && other.indices == target.indices; });
        found = place == rule_->assignments.end() ? nullptr : &*place;
        return true;
    }

    bool set() {
        ir::Assignment target;
        ir::Assignment* found = nullptr;
        if (!find_target(target, found)) return false;
        if (!read(edit_.value, system_.variables[target.var].domain, target.value)) return false;
        if (found != nullptr) return become(found->value, target.value);
        rule_->assignments.push_back(std::move(target));
        return true;
    }

    bool keep() {
        ir::Assignment target;
        ir::Assignment* found = nullptr;
        if (!find_target(target, found)) return false;
        if (found == nullptr) return fail(edit_.text + " keeps its value already");
        rule_->assignments.erase(rule_->assignments.begin() + (found - rule_->assignments.data()));
        return true;
    }

    bool find_step(ir::ChannelStep::Kind kind, std::size_t& at) {
        const auto& steps = rule_->channel_steps;
        const auto found = std::find_if(steps.begin(), steps.end(), [&](const ir::ChannelStep& step) {
            return step.kind == kind && system_.channels[step.channel].name == edit_.channel;
        });
        if (found == steps.end()) return fail("the rule does no such thing on channel '" + edit_.channel + "'");
        at = static_cast<std::size_t>(found - steps.begin());
        return true;
    }

    bool set_field(ir::ChannelStep& step, const std::string& name, const std::string& source, bool must_change) {
        const auto& fields = system_.channels[step.channel].fields;
        for (std::size_t f = 0; f < fields.size(); ++f) {
            if (fields[f].name != name) continue;
            ExprId id = kNoExpr;
            if (!read(source, fields[f].domain, id)) return false;
            if (must_change) return become(step.values[f], id);
            step.values[f] = id;
            return true;
        }
        return fail("the channel has no field '" + name + "'");
    }

    bool set_sent() {
        std::size_t at = 0;
        return find_step(ir::ChannelStep::Kind::kAppend, at) &&
               set_field(rule_->channel_steps[at], edit_.text, edit_.value, true);
    }

    bool send() {
        auto channel = reader_.read_channel(edit_.channel);
        if (!channel) return fail(channel.error());
        ir::ChannelStep step;
        step.kind = ir::ChannelStep::Kind::kAppend;
        step.channel = channel.value().first;
        step.indices = channel.value().second;
        const ir::Channel& declared = system_.channels[step.channel];
        for (std::size_t f = 0; f < declared.fields.size(); ++f) {
            step.values.push_back(
                system_.pool.constant(declared.fields[f].domain, system_.variables[declared.slots[0][f]].initial));
        }
        for (const auto& [name, source] : edit_.fields) {
            if (!set_field(step, name, source, false)) return false;
        }
        rule_->channel_steps.push_back(std::move(step));
        return true;
    }

    bool drop_step(ir::ChannelStep::Kind kind) {
        std::size_t at = 0;
        if (!find_step(kind, at)) return false;
        rule_->channel_steps.erase(rule_->channel_steps.begin() + static_cast<std::ptrdiff_t>(at));
        return true;
    }

    bool raise() {
        const auto found = std::find_if(system_.events.begin(), system_.events.end(),
                                        [&](const ir::EventDecl& event) { return event.name == edit_.text; });
        if (found == system_.events.end()) return fail("unknown event '" + edit_.text + "'");
        if (found->domains.size() != edit_.fields.size()) return fail("the event takes another number of arguments");
        ir::Raise raise{static_cast<ir::EventId>(found - system_.events.begin()), system_.pool.boolean(true), {}};
        for (std::size_t i = 0; i < edit_.fields.size(); ++i) {
            raise.arguments.push_back(kNoExpr);
            if (!read(edit_.fields[i].second, found->domains[i], raise.arguments.back())) return false;
        }
        rule_->raises.push_back(std::move(raise));
        return true;
    }

    bool find_raise(std::vector<ir::Raise>::iterator& found) {
        found = std::find_if(rule_->raises.begin(), rule_->raises.end(),
                             [&](const ir::Raise& other) { return system_.events[other.event].name == edit_.text; });
        return found != rule_->raises.end() || fail("the rule does not raise " + edit_.text);
    }

    bool raise_when() {
        std::vector<ir::Raise>::iterator found;
        ExprId id = kNoExpr;
        return find_raise(found) && read(edit_.value, ir::kBoolDomain, id) && become(found->condition, id);
    }

    bool drop_raise() {
        std::vector<ir::Raise>::iterator found;
        if (!find_raise(found)) return false;
        rule_->raises.erase(found);
        return true;
    }

    bool not_fair() {
        if (!rule_->fair) return fail("the rule is not fair already");
        rule_->fair = false;
        return true;
    }

    ir::System& system_;
    ir::ExpressionReader& reader_;
    const Edit& edit_;
    ir::Rule* rule_ = nullptr;
    Error error_;
};

ir::ExpressionReader reader_of(ir::System& system) {
    ir::ExpressionReader reader(system);
    for (ir::DomainId id = 0; id < system.domains.size(); ++id) reader.declare_domain(id);
    for (ir::VarId id = 0; id < system.variables.size(); ++id) reader.declare_variable(id);
    for (std::uint32_t id = 0; id < system.definitions.size(); ++id) reader.declare_definition(id);
    for (ir::ChannelId id = 0; id < system.channels.size(); ++id) reader.declare_channel(id);
    return reader;
}

}  // namespace

Result<bool> apply(ir::System& system, const std::vector<Edit>& edits) {
    ir::ExpressionReader reader = reader_of(system);
    for (const Edit& edit : edits) {
        for (const std::string& name : edit.rules) {
            const auto rule = std::find_if(system.rules.begin(), system.rules.end(),
                                           [&](const ir::Rule& other) { return other.name == name; });
            if (rule == system.rules.end())
                return Error{"edit", fmt::format("the system has no rule '{}'", name), {}, {}, {}};
            if (const Result<bool> done = Editor(system, reader, edit).run(*rule); !done) return done.error();
        }
    }
    return true;
}

}  // namespace imspect::mutants
