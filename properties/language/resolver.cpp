#include "properties/language/resolver.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "properties/language/diagnostic.h"

namespace imspect::language {

Result<ResolvedProperty> Resolver::run() {
    for (const RecordSyntax& syntax : property_.records) {
        if (!record(syntax)) return *error_;
    }
    for (const StatementSyntax& syntax : property_.statements) {
        if (!statement(syntax)) return *error_;
    }
    return std::move(result_);
}

bool Resolver::record(const RecordSyntax& syntax) {
    ResolvedRecord record;
    record.name = syntax.name;
    record.span = syntax.span;
    BoundVariable held;
    if (!domain(syntax.domain, held) || !bind(syntax.indices, record.indices)) return false;
    record.type = held.type;
    record.lo = held.lo;
    record.hi = held.hi;
    for (std::size_t i = 0; i < record.indices.size(); ++i) {
        if (kind_of(result_.bound[record.indices[i]].type) != ir::DomainKind::kToken) continue;
        fail(syntax.indices[i].domain.span, "a record has no tokens for indices: they are renamed from state to state");
        return false;
    }
    const auto index = static_cast<std::uint32_t>(result_.records.size());
    result_.records.push_back(record);
    record_being_defined_ = index;
    for (const AlternativeSyntax& alternative : syntax.alternatives) {
        const Found value = term(alternative.value, record.type);
        if (!value) return false;
        const ir::Domain& given = domain_of(term_at(*value).type);
        if (given.kind == ir::DomainKind::kIdentity && given.lo < record.lo) {
            fail(node_at(alternative.value).span, fmt::format("this value may be none, which {} has not", describe(record.type)));
            return false;
        }
        Found when = kNoTerm;
        if (alternative.conditional) when = condition(alternative.condition);
        if (!when) return false;
        result_.records[index].alternatives.push_back({*value, *when});
    }
    record_being_defined_.reset();
    scope_.clear();
    return true;
}

bool Resolver::statement(const StatementSyntax& syntax) {
    ResolvedStatement statement;
    statement.span = syntax.span;
    if (!bind(syntax.binders, statement.bound)) return false;
    for (std::size_t i = 0; i < statement.bound.size(); ++i) {
        if (kind_of(result_.bound[statement.bound[i]].type) != ir::DomainKind::kToken) continue;
        fail(syntax.binders[i].domain.span, "an obligation cannot follow a token: they are renamed from state to state");
        return false;
    }
    const Found formula = condition(syntax.formula);
    if (!formula) return false;
    statement.formula = *formula;
    if (property_.kind == BodyKind::kLeadsTo) {
        const Found goal = condition(syntax.goal);
        if (!goal) return false;
        statement.goal = *goal;
    }
    scope_.clear();
    result_.statements.push_back(std::move(statement));
    return true;
}

bool Resolver::bind(const std::vector<Binder>& binders, std::vector<BoundIndex>& into) {
    for (const Binder& binder : binders) {
        for (const auto& [name, index] : scope_) {
            if (name != binder.name) continue;
            fail(binder.span, fmt::format("variable '{}' is already bound here", binder.name));
            return false;
        }
        BoundVariable bound;
        bound.name = binder.name;
        if (!domain(binder.domain, bound)) return false;
        const auto values = static_cast<std::size_t>(bound.hi - bound.lo) + 1;
        if (values > kMaxInstances) {
            fail(binder.domain.span, fmt::format("a variable over {} values is too much: at most {}", values, kMaxInstances));
            return false;
        }
        const auto index = static_cast<BoundIndex>(result_.bound.size());
        result_.bound.push_back(bound);
        scope_.emplace_back(binder.name, index);
        into.push_back(index);
    }
    return true;
}

bool Resolver::domain(const DomainSyntax& syntax, BoundVariable& into) {
    if (syntax.name.empty()) {
        into.type = {ir::kIntDomain};
        into.lo = syntax.lo;
        into.hi = syntax.hi;
        return true;
    }
    std::vector<std::string> names;
    for (ir::DomainId id = 0; id < system_.domains.size(); ++id) {
        const ir::Domain& declared = system_.domains[id];
        if (id == ir::kIntDomain) continue;
        names.push_back(declared.name);
        if (declared.name != syntax.name) continue;
        into.type = {id};
        into.lo = declared.lo;
        into.hi = declared.hi;
        return true;
    }
    fail(syntax.span, fmt::format("unknown domain '{}'{}", syntax.name, suggestion(syntax.name, names)));
    return false;
}

Resolver::Found Resolver::condition(NodeIndex node) { return term(node, Type{ir::kBoolDomain}); }

bool Resolver::compatible(Type left, Type right) const {
    if (kind_of(left) != kind_of(right)) return false;
    switch (kind_of(left)) {
        case ir::DomainKind::kBool:
        case ir::DomainKind::kRange: return true;
        case ir::DomainKind::kIdentity: return domain_of(left).names == domain_of(right).names;
        default: return left == right;
    }
}

std::string Resolver::describe(Type type) const {
    switch (kind_of(type)) {
        case ir::DomainKind::kBool: return "a condition";
        case ir::DomainKind::kRange: return "a number";
        case ir::DomainKind::kToken: return fmt::format("a token of {}", domain_of(type).name);
        default: return domain_of(type).name;
    }
}

bool Resolver::check_type(TermIndex term, Type expected, Span span) {
    const Type actual = term_at(term).type;
    if (compatible(actual, expected)) return true;
    fail(span, fmt::format("expected {}, found {}", describe(expected), describe(actual)));
    return false;
}

Resolver::Found Resolver::add(Term term) {
    std::set<BoundIndex> free(term.free.begin(), term.free.end());
    for (const TermIndex kid : term.kids) {
        if (kid == kNoTerm) continue;
        const Term& below = term_at(kid);
        free.insert(below.free.begin(), below.free.end());
        term.reads_step = term.reads_step || below.reads_step;
        term.reads_past = term.reads_past || below.reads_past;
        term.reads_record = term.reads_record || below.reads_record;
    }
    for (const BoundIndex bound : term.bound) free.erase(bound);
    term.free.assign(free.begin(), free.end());
    result_.terms.push_back(std::move(term));
    return static_cast<TermIndex>(result_.terms.size() - 1);
}

Resolver::Found Resolver::add(TermKind kind, Type type, Span span, std::vector<TermIndex> kids) {
    Term term;
    term.kind = kind;
    term.type = type;
    term.span = span;
    term.kids = std::move(kids);
    return add(std::move(term));
}

Resolver::Found Resolver::fail(Span span, std::string message) {
    if (!error_) error_ = diagnose(*property_.source, span, std::move(message));
    return std::nullopt;
}

Result<ResolvedProperty> resolve(const Property& property, const ir::System& system) {
    return Resolver(property, system).run();
}

}  // namespace imspect::language
