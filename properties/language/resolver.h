// Names and types of one property against one system; behind language::resolve.
//
// A bare value ("registered") has no type of its own: the other operand gives it one, so an operator resolves the operand
// that stands for itself first. The first error is kept and everything stops. Recursion is as deep as the tree, which the
// parser bounded. Thread-safety: one resolver, one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "properties/language/formula.h"

namespace imspect::language {

class Resolver {
public:
    Resolver(const Property& property, const ir::System& system) : property_(property), system_(system) {}

    Result<ResolvedProperty> run();

private:
    using Found = std::optional<TermIndex>;
    using Expected = std::optional<Type>;

    // resolver.cpp: declarations
    bool record(const RecordSyntax& syntax);
    bool statement(const StatementSyntax& syntax);
    bool bind(const std::vector<Binder>& binders, std::vector<BoundIndex>& into);
    bool domain(const DomainSyntax& syntax, BoundVariable& into);
    Found condition(NodeIndex node);

    // operators.cpp
    Found term(NodeIndex node, Expected expected);
    Found unchecked(const Node& node, Expected expected);
    Found connective(const Node& node);
    Found comparison(const Node& node);
    Found membership(const Node& node);
    Found arithmetic(const Node& node);
    Found conditional(const Node& node, Expected expected);
    Found quantified(const Node& node);
    Found past(const Node& node);
    Found before(const Node& node);
    bool operands(NodeIndex left, NodeIndex right, Expected expected, TermIndex& left_term, TermIndex& right_term);
    Found equality(TermIndex left, TermIndex right, Span span);

    // names.cpp
    Found name(const Node& node, Expected expected);
    Found bare_name(const Node& node, Expected expected);
    Found element(const Node& node);
    Found call(const Node& node);
    Found taken(const Node& node);
    Found value(const Node& node, Expected expected);
    Found none(const Node& node, Expected expected);
    Found qualified_value(const Node& node);
    Found unknown(const Node& node, Expected expected);
    Found array(const Node& node, TermKind kind, std::uint32_t target, Type type, const std::vector<Type>& indices,
                std::string_view what);
    Found applied(const Node& node, TermKind kind, std::uint32_t target, Type type, const std::vector<Type>& parameters,
                  std::string_view what);
    bool needs_context(NodeIndex node) const;
    [[nodiscard]] std::vector<std::string> names_in_scope(Expected expected) const;
    [[nodiscard]] std::optional<ir::Value> value_in(Type type, std::string_view text) const;
    Found constant(Type type, ir::Value number, Span span);

    // types
    [[nodiscard]] const ir::Domain& domain_of(Type type) const { return system_.domains[type.domain]; }
    [[nodiscard]] ir::DomainKind kind_of(Type type) const { return domain_of(type).kind; }
    [[nodiscard]] bool compatible(Type left, Type right) const;
    [[nodiscard]] std::string describe(Type type) const;
    bool check_type(TermIndex term, Type expected, Span span);

    Found add(Term term);
    Found add(TermKind kind, Type type, Span span, std::vector<TermIndex> kids);
    Found fail(Span span, std::string message);
    [[nodiscard]] const Node& node_at(NodeIndex node) const { return property_.tree->nodes[node]; }
    [[nodiscard]] const Term& term_at(TermIndex term) const { return result_.terms[term]; }

    const Property& property_;
    const ir::System& system_;
    ResolvedProperty result_;
    std::vector<std::pair<std::string, BoundIndex>> scope_;   ///< innermost last
    std::optional<std::uint32_t> record_being_defined_;
    bool below_old_ = false;
    std::optional<Error> error_;
};

}  // namespace imspect::language
