// Builds a System in C++ that reads like the rules it declares; the model in model/ims is written with it.
//
// E is an expression handle with the usual operators; V a variable; Ch a channel; a RuleBuilder collects one rule. What
// the builder is handed wrongly by the program (not by a user) is a broken invariant and aborts with the rule's name.
// Thread-safety: one builder, one thread.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/ir/system.h"

namespace imspect::ir {

class Builder;

/// An expression being written. A plain int takes its domain from the other operand.
struct E {
    Builder* builder = nullptr;
    ExprId id = kNoExpr;
    Value literal = 0;

    E() = default;
    E(Builder* b, ExprId i) : builder(b), id(i) {}
    E(int value) : literal(value) {}  // NOLINT: an int is an expression
    E(bool) = delete;
    [[nodiscard]] bool is_literal() const { return builder == nullptr; }
};

E operator==(E left, E right);
E operator!=(E left, E right);
E operator<(E left, E right);
E operator<=(E left, E right);
E operator>(E left, E right);
E operator>=(E left, E right);
E operator+(E left, E right);
E operator-(E left, E right);
E operator&&(E left, E right);
E operator||(E left, E right);
E operator!(E kid);
E implies(E left, E right);
E ite(E condition, E then_value, E else_value);
E all_of(std::vector<E> kids);
E any_of(std::vector<E> kids);

/// A declared variable; `v(i)` or `v(i, j)` is its element, and V itself is an expression where it has no indices.
struct V {
    Builder* builder = nullptr;
    VarId id = 0;
    template <typename... Index>
    E operator()(Index... index) const {
        return at({E(index)...});
    }
    operator E() const { return at({}); }  // NOLINT: a scalar variable is an expression
    [[nodiscard]] E at(std::vector<E> indices) const;
};

struct Ch {
    Builder* builder = nullptr;
    ChannelId id = 0;
    /// The field of the message at a position (0 is the head).
    [[nodiscard]] E field(std::string_view field, std::vector<E> indices = {}, std::uint32_t position = 0) const;
    [[nodiscard]] E length(std::vector<E> indices = {}) const;
};

using FieldValues = std::vector<std::pair<std::string, E>>;

class RuleBuilder {
public:
    RuleBuilder& cites(std::vector<std::string> clauses);
    RuleBuilder& about(std::string text);
    RuleBuilder& param(const E& parameter);
    RuleBuilder& when(E condition);                          ///< conjoined to the guard
    RuleBuilder& bounded(std::string name, E condition, bool environment);
    RuleBuilder& set(E variable_element, E value);           ///< simultaneous; `variable_element` is v(i)
    RuleBuilder& receives(const Ch& channel, std::vector<E> indices = {});  ///< guard: not empty; consumes the head
    RuleBuilder& removes(const Ch& channel, std::vector<E> indices, std::uint32_t position);  ///< by the network
    RuleBuilder& sends(const Ch& channel, std::vector<E> indices, FieldValues values);  ///< fields not named get lo or 0
    RuleBuilder& repeats(const Ch& channel, std::vector<E> indices, std::uint32_t position);  ///< appends a copy
    RuleBuilder& swaps(const Ch& channel, std::vector<E> indices, std::uint32_t position);
    RuleBuilder& label(std::string text, std::string from, std::string to, bool sent = true);
    RuleBuilder& label_if(E condition, std::string text, std::string from, std::string to, bool sent = true);
    RuleBuilder& raises(std::string event, std::vector<E> arguments);
    RuleBuilder& raises_if(E condition, std::string event, std::vector<E> arguments);
    RuleBuilder& fair();
    RuleBuilder& costs(std::uint32_t faults);

private:
    friend class Builder;
    RuleBuilder(Builder* builder, RuleId rule) : builder_(builder), rule_(rule) {}
    Rule& rule();
    Builder* builder_;
    RuleId rule_;
};

class Builder {
public:
    explicit Builder(std::string name);

    DomainId enumeration(std::string name, std::vector<std::string> values);
    DomainId range(std::string name, Value lo, Value hi, bool counter = false);
    DomainId identity(std::string name, std::vector<std::string> values, bool symmetric);
    /// The identities of `of` and "none" (-1).
    DomainId optional_identity(std::string name, DomainId of);
    DomainId token(std::string name, Value most);

    NodeId node(std::string name);
    V variable(std::string name, NodeId owner, DomainId domain, std::vector<DomainId> indices, E initial,
               std::string about = {});
    Ch channel(std::string name, NodeId from, NodeId to, std::vector<DomainId> indices, std::vector<Field> fields,
               std::uint32_t capacity);
    /// The receiver deliberately leaves the head waiting while `condition` holds (over parameters made by parameter()).
    void defers(const Ch& channel, std::vector<E> parameters, E condition);

    E parameter(std::string name, DomainId domain);
    E value(DomainId domain, Value value);
    E value(DomainId domain, std::string_view name);
    E boolean(bool value);
    E fresh(DomainId token, Value ordinal = 0);
    E forall(const E& parameter, E body);
    E exists(const E& parameter, E body);
    E define(std::string name, std::vector<E> parameters, E body, std::string about = {});
    E call(std::string_view definition, std::vector<E> arguments);

    EventId event(std::string name, std::vector<DomainId> domains, std::string about);
    RuleBuilder rule(std::string name, NodeId node, RuleKind kind);
    void waiting(std::string name, std::vector<E> parameters, E condition);
    void feature(std::string name);
    void bound(std::string name, std::string value);

    [[nodiscard]] System& system() { return *system_; }
    ExprPool& pool() { return system_->pool; }
    /// Gives the system away; the builder must not be used afterwards.
    std::shared_ptr<System> take() { return std::move(system_); }

    [[nodiscard]] const Domain& domain(DomainId id) const { return system_->domains[id]; }
    [[nodiscard]] ExprId resolve(const E& expression, DomainId expected);

private:
    friend class RuleBuilder;
    friend struct V;
    friend struct Ch;
    DomainId add_domain(Domain domain);
    std::shared_ptr<System> system_;
    std::map<std::string, std::uint32_t, std::less<>> definition_ids_;
    std::map<std::string, EventId, std::less<>> event_ids_;
};

}  // namespace imspect::ir
