// A system: the parameterised form of a model, and the only encoding of a specification that exists.
//
// Rules are data: name, node, kind, clauses, messages, guard, simultaneous updates, events, as interned expressions.
// Native execution, footprints, exports, the rule book and the review are all derived from it. A System is made by
// ir::Builder or read from JSON, checked by ir::validate, and flattened by ir::ground before it is explored.
// Thread-safety: built by one thread, then read by any number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ir/expr.h"

namespace imspect::ir {

using NodeId = std::uint32_t;
using RuleId = std::uint32_t;
using ChannelId = std::uint32_t;
using EventId = std::uint32_t;

enum class RuleKind : std::uint8_t { kReceive, kSend, kTimeout, kFault, kAttacker, kInternal };

struct Param {
    std::string name;
    DomainId domain = kBoolDomain;
};

/// A state variable, an array over the domains of `indices` (none: a scalar). Owned by a node, or by a channel when it
/// is one of the channel's slots.
struct Variable {
    std::string name;
    NodeId owner = 0;
    DomainId domain = kBoolDomain;
    std::vector<DomainId> indices;
    Value initial = 0;
    std::optional<ChannelId> channel;
    std::string about;  ///< one line for readers of the model
};

struct Field {
    std::string name;
    DomainId domain = kBoolDomain;
};

/// A bounded FIFO of records, an array over `indices`. Its variables are `length`, and per slot and field `slots[i][f]`;
/// a slot beyond the length holds lo of every field's domain (0 where the domain has it), so equal contents are equal states.
struct Channel {
    std::string name;
    NodeId from = 0;
    NodeId to = 0;
    std::vector<DomainId> indices;
    std::vector<Field> fields;
    std::uint32_t capacity = 1;
    VarId length = 0;
    std::vector<std::vector<VarId>> slots;
    ExprId deferred = kNoExpr;  ///< over `parameters`: the receiver deliberately leaves the head waiting now
    std::vector<ParamId> parameters;  ///< one for each index, used by `deferred`
};

struct Assignment {
    VarId var = 0;
    std::vector<ExprId> indices;
    ExprId value = kNoExpr;
};

/// What a rule does to one channel, in order; all values are of the state before the step.
struct ChannelStep {
    enum class Kind : std::uint8_t { kRemove, kAppend, kSwap } kind = Kind::kRemove;
    ChannelId channel = 0;
    std::vector<ExprId> indices;
    std::uint32_t position = 0;     ///< kRemove: slot taken out (0 is the head); kSwap: exchanged with position + 1
    std::vector<ExprId> values;     ///< kAppend: one for each field
    bool consumes = false;          ///< kRemove: the node reads the message (as opposed to the network losing it)
};

/// A condition that belongs to the scenario and not to the specification: budgets, capacities, sizes of token domains.
struct Bound {
    std::string name;
    ExprId condition = kNoExpr;
    bool environment = false;  ///< a budget of the environment, which may run out without weakening a verdict
};

/// The message a rule consumes or emits, for people: the first label whose condition holds before the step.
struct Label {
    ExprId condition = kNoExpr;
    std::string text;
    NodeId from = 0;
    NodeId to = 0;
    bool sent = true;  ///< false: the message received
};

/// Something properties speak of: name and arguments, declared once; a rule raises it when `condition` holds before the step.
struct EventDecl {
    std::string name;
    std::vector<DomainId> domains;
    std::string about;
};
struct Raise {
    EventId event = 0;
    ExprId condition = kNoExpr;
    std::vector<ExprId> arguments;
};

struct Rule {
    std::string name;
    NodeId node = 0;
    RuleKind kind = RuleKind::kInternal;
    std::vector<std::string> clauses;
    std::string about;
    std::vector<ParamId> params;
    ExprId guard = kNoExpr;
    std::vector<Bound> bounds;
    std::vector<Assignment> assignments;
    std::vector<ChannelStep> channel_steps;
    std::vector<Label> labels;
    std::vector<Raise> raises;
    bool fair = false;          ///< weakly fair: not enabled for ever without being taken
    std::uint32_t fault_cost = 0;  ///< what --witness fewest-faults counts
};

/// A named expression over parameters, for rules and properties.
struct Definition {
    std::string name;
    std::vector<ParamId> params;
    ExprId body = kNoExpr;
    std::string about;
};

/// A node that waits although no timer is armed for it: with this true, a state without successors is a deadlock.
struct Waiting {
    std::string name;
    std::vector<ParamId> params;  ///< any instance counts
    ExprId condition = kNoExpr;
};

struct System {
    std::string name;
    std::string about;
    std::vector<std::string> nodes;
    std::vector<Domain> domains;
    std::vector<Param> params;
    std::vector<Variable> variables;
    std::vector<Channel> channels;
    std::vector<EventDecl> events;
    std::vector<Definition> definitions;
    std::vector<Rule> rules;
    std::vector<Waiting> waiting;
    std::vector<std::string> features;  ///< details that the scenario switched on; properties may need them
    std::vector<std::pair<std::string, std::string>> bounds;  ///< printed beside every verdict: name, value
    ExprPool pool;
};

}  // namespace imspect::ir
