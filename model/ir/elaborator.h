// One text's terms turned into an expression: names resolved, types checked, each term beside those it must agree with.
//
// Private to model/ir: behind ExpressionReader, whose names it knows. Every step gives kNoExpr, or false, after it has set
// the error, which is the first one. Cost: linear. Thread-safety: extends the system's pool and parameters; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ir/expression_syntax.h"
#include "model/ir/expression_text.h"

namespace imspect::ir {

class Elaborator {
public:
    Elaborator(ExpressionReader& reader, std::string_view text, std::vector<Term> terms)
        : reader_(reader), system_(*reader.system_), pool_(reader.system_->pool), text_(text), terms_(std::move(terms)),
          scope_(reader.scope_) {}

    using Expected = std::optional<DomainId>;

    Result<ExprId> run(Expected expected);
    /// The root as a name with indices, for targets of assignments and instances of channels.
    bool indexed_name(std::string& name, std::vector<std::size_t>& kids);
    bool indices(const Term& term, const std::string& what, const std::vector<std::size_t>& kids,
                 const std::vector<DomainId>& domains, std::vector<ExprId>& ids);
    ExprId fail(const Term& term, std::string message);
    const Term& root() const { return terms_.back(); }
    const Error& error() const { return error_; }

private:
    const std::string& domain_name(DomainId id) const { return system_.domains[id].name; }
    DomainId domain_of(ExprId id) const { return pool_.node(id).domain; }

    /// Whether the term says its type by itself; values and numbers take it from the other side.
    bool has_type(std::size_t id) const;
    ExprId expression(std::size_t id, Expected expected);
    ExprId untyped(const Term& term, Expected expected);
    ExprId number(const Term&, Value value, Expected expected);
    std::optional<ParamId> find_parameter(const std::string& name) const;
    std::optional<Value> value_in(DomainId id, const std::string& name) const;
    /// `Domain.value` in one word, at its last dots first.
    std::optional<ExprId> qualified(const std::string& name) const;
    ExprId name(const Term& term, Expected expected);
    ExprId scoped(const Term& term);
    /// A value whose type nobody said: fine if only one domain has it.
    ExprId value_of_any(const Term& term);
    ExprId unknown(const Term& term, DomainId domain);
    ExprId element(const Term& term);
    ExprId call(const Term& term);
    ExprId fresh(const Term& term);
    ExprId operation(const Term& term, Expected expected);
    ExprId connective(const Term& term);
    ExprId sum(const Term& term, Expected);
    /// Both sides, a value without a type of its own taking the other's.
    bool operands(const Term& term, std::size_t l, std::size_t r, ExprId& left, ExprId& right);
    /// The second operand: what has a type of its own is checked by the caller, whose message shows both sides.
    ExprId side(std::size_t id, DomainId other);
    ExprId membership(const Term& term);
    ExprId conditional(const Term& term, Expected expected);
    ExprId quantifier(const Term& term);

    ExpressionReader& reader_;
    System& system_;
    ExprPool& pool_;
    std::string_view text_;
    std::vector<Term> terms_;
    std::vector<ParamId> scope_;
    Error error_;
};

}  // namespace imspect::ir
