// What a name means: a bound variable, a record, a variable, an event, a definition, a rule, or a value of a domain.
#include <algorithm>

#include <fmt/format.h>

#include "properties/language/diagnostic.h"
#include "properties/language/parser.h"
#include "properties/language/resolver.h"

namespace imspect::language {

namespace {

constexpr Type kBool{ir::kBoolDomain};

template <typename Declared>
std::optional<std::uint32_t> find_named(const std::vector<Declared>& all, std::string_view name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Declared& one) { return one.name == name; });
    if (found == all.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - all.begin());
}

std::string plural(std::size_t count, std::string_view singular, std::string_view many) {
    return count == 1 ? fmt::format("1 {}", singular) : fmt::format("{} {}", count, many);
}

}  // namespace

Resolver::Found Resolver::constant(Type type, ir::Value number, Span span) {
    const ir::Domain& domain = domain_of(type);
    if (domain.kind == ir::DomainKind::kIdentity && domain.symmetric && number >= 0) result_.identity_free = false;
    Term term;
    term.type = type;
    term.number = number;
    term.span = span;
    return add(std::move(term));
}

std::optional<ir::Value> Resolver::value_in(Type type, std::string_view text) const {
    const ir::Domain& domain = domain_of(type);
    if (domain.kind != ir::DomainKind::kEnum && domain.kind != ir::DomainKind::kIdentity) return std::nullopt;
    for (std::size_t i = 0; i < domain.names.size(); ++i) {
        if (domain.names[i] != text) continue;
        const ir::Value first = domain.kind == ir::DomainKind::kIdentity ? 0 : domain.lo;
        return first + static_cast<ir::Value>(i);
    }
    return std::nullopt;
}

Resolver::Found Resolver::none(const Node& node, Expected expected) {
    if (!expected) return fail(node.span, "cannot tell of which domain this 'none' is: compare it with something that has one");
    const ir::Domain& domain = domain_of(*expected);
    if (domain.kind == ir::DomainKind::kToken) return constant(*expected, 0, node.span);
    if (domain.kind == ir::DomainKind::kIdentity && domain.lo < 0) return constant(*expected, -1, node.span);
    if (const auto found = value_in(*expected, "none")) return constant(*expected, *found, node.span);
    return fail(node.span, fmt::format("{} has no value 'none'", domain.name));
}

/// A bare value: of the expected domain, else of the only domain that has it.
Resolver::Found Resolver::value(const Node& node, Expected expected) {
    if (expected) {
        if (const auto found = value_in(*expected, node.text)) return constant(*expected, *found, node.span);
    }
    std::vector<Type> owners;
    for (ir::DomainId id = 0; id < system_.domains.size(); ++id) {
        const Type type{id};
        if (!value_in(type, node.text)) continue;
        const bool known = std::any_of(owners.begin(), owners.end(), [&](Type owner) { return compatible(owner, type); });
        if (!known) owners.push_back(type);
    }
    if (owners.empty()) return qualified_value(node);
    if (owners.size() > 1) {
        return fail(node.span, fmt::format("'{}' is a value of {} and of {}: write {}.{}", node.text, domain_of(owners[0]).name,
                                           domain_of(owners[1]).name, domain_of(owners[0]).name, node.text));
    }
    if (expected && kind_of(*expected) == ir::DomainKind::kToken) {
        return fail(node.span, "a token compares with tokens and 'none' only");
    }
    return constant(owners[0], *value_in(owners[0], node.text), node.span);
}

/// `Domain.value`; nullopt without an error if it is not one.
Resolver::Found Resolver::qualified_value(const Node& node) {
    for (std::size_t dot = node.text.find('.'); dot != std::string::npos; dot = node.text.find('.', dot + 1)) {
        const auto domain = find_named(system_.domains, std::string_view(node.text).substr(0, dot));
        if (!domain) continue;
        const std::string text = node.text.substr(dot + 1);
        const ir::Domain& declared = system_.domains[*domain];
        if (const auto found = value_in({*domain}, text)) return constant({*domain}, *found, node.span);
        if (declared.names.empty()) continue;
        return fail(node.span, fmt::format("{} has no value '{}'{}", declared.name, text, suggestion(text, declared.names)));
    }
    return std::nullopt;
}

Resolver::Found Resolver::name(const Node& node, Expected expected) {
    if (node.brackets == Brackets::kSquare) return element(node);
    if (node.brackets == Brackets::kRound) return call(node);
    return bare_name(node, expected);
}

Resolver::Found Resolver::bare_name(const Node& node, Expected expected) {
    for (auto entry = scope_.rbegin(); entry != scope_.rend(); ++entry) {
        if (entry->first != node.text) continue;
        Term term;
        term.kind = TermKind::kBound;
        term.type = result_.bound[entry->second].type;
        term.target = entry->second;
        term.free = {entry->second};
        term.span = node.span;
        return add(std::move(term));
    }
    const auto record = find_named(result_.records, node.text);
    const auto variable = find_named(system_.variables, node.text);
    const bool scalar = record ? result_.records[*record].indices.empty()
                               : variable && system_.variables[*variable].indices.empty();
    if (scalar) return element(node);
    if (expected && value_in(*expected, node.text)) return value(node, expected);
    if (record || variable) return element(node);
    const bool callable = find_named(system_.events, node.text) || find_named(system_.definitions, node.text) ||
                          find_named(system_.rules, node.text);
    if (callable) return call(node);
    const Found found = value(node, expected);
    return found || error_ ? found : unknown(node, expected);
}

Resolver::Found Resolver::element(const Node& node) {
    if (const auto record = find_named(result_.records, node.text)) {
        const ResolvedRecord& declared = result_.records[*record];
        if (record_being_defined_ == *record && !below_old_) {
            return fail(node.span, fmt::format("record '{}' would define itself: write old({}) for its value before", node.text, node.text));
        }
        std::vector<Type> indices;
        for (const BoundIndex bound : declared.indices) indices.push_back(result_.bound[bound].type);
        return array(node, TermKind::kRecord, *record, declared.type, indices, "record");
    }
    if (const auto variable = find_named(system_.variables, node.text)) {
        const ir::Variable& declared = system_.variables[*variable];
        std::vector<Type> indices;
        for (const ir::DomainId index : declared.indices) indices.push_back({index});
        return array(node, TermKind::kVariable, *variable, {declared.domain}, indices, "variable");
    }
    if (find_named(system_.events, node.text) || find_named(system_.definitions, node.text) || find_named(system_.rules, node.text)) {
        return fail(node.head, fmt::format("the arguments of '{}' go in parentheses", node.text));
    }
    std::vector<std::string> names;
    for (const ResolvedRecord& record : result_.records) names.push_back(record.name);
    for (const ir::Variable& variable : system_.variables) names.push_back(variable.name);
    return fail(node.head, fmt::format("unknown variable '{}'{}", node.text, suggestion(node.text, names)));
}

Resolver::Found Resolver::array(const Node& node, TermKind kind, std::uint32_t target, Type type,
                                const std::vector<Type>& indices, std::string_view what) {
    if (node.kids.size() != indices.size()) {
        std::string shape;
        for (const Type index : indices) shape += (shape.empty() ? "" : ", ") + domain_of(index).name;
        return fail(node.span, fmt::format("{} '{}' takes {}{}, found {}", what, node.text,
                                           plural(indices.size(), "index", "indices"),
                                           indices.empty() ? "" : fmt::format(" [{}]", shape), node.kids.size()));
    }
    Term term;
    term.kind = kind;
    term.type = type;
    term.target = target;
    term.span = node.span;
    term.reads_record = kind == TermKind::kRecord;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const Found index = this->term(node.kids[i], indices[i]);
        if (!index) return std::nullopt;
        const Term& found = term_at(*index);
        const ir::Domain& domain = domain_of(indices[i]);
        const bool outside = found.kind == TermKind::kConst && (found.number < domain.lo || found.number > domain.hi);
        if (outside) {
            return fail(node_at(node.kids[i]).span, fmt::format("index {} lies outside {} ({}..{})", found.number, domain.name,
                                                                domain.lo, domain.hi));
        }
        term.kids.push_back(*index);
    }
    return add(std::move(term));
}

Resolver::Found Resolver::call(const Node& node) {
    if (const auto event = find_named(system_.events, node.text)) {
        std::vector<Type> parameters;
        for (const ir::DomainId domain : system_.events[*event].domains) parameters.push_back({domain});
        return applied(node, TermKind::kEvent, *event, kBool, parameters, "event");
    }
    if (const auto definition = find_named(system_.definitions, node.text)) {
        const ir::Definition& declared = system_.definitions[*definition];
        std::vector<Type> parameters;
        for (const ir::ParamId param : declared.params) parameters.push_back({system_.params[param].domain});
        return applied(node, TermKind::kDefinition, *definition, {system_.pool.node(declared.body).domain}, parameters, "definition");
    }
    if (find_named(system_.rules, node.text)) return taken(node);
    if (find_named(result_.records, node.text) || find_named(system_.variables, node.text)) {
        return fail(node.head, fmt::format("the indices of '{}' go in brackets", node.text));
    }
    std::vector<std::string> names;
    for (const ir::EventDecl& event : system_.events) names.push_back(event.name);
    for (const ir::Definition& definition : system_.definitions) names.push_back(definition.name);
    for (const ir::Rule& rule : system_.rules) names.push_back(rule.name);
    return fail(node.head, fmt::format("unknown event, definition or rule '{}'{}", node.text, suggestion(node.text, names)));
}

Resolver::Found Resolver::taken(const Node& node) {
    const auto rule = find_named(system_.rules, node.text);
    if (!rule) {
        std::vector<std::string> names;
        for (const ir::Rule& declared : system_.rules) names.push_back(declared.name);
        return fail(node.head, fmt::format("unknown rule '{}'{}", node.text, suggestion(node.text, names)));
    }
    std::vector<Type> parameters;
    const bool bare = node.kids.empty();
    if (!bare) {
        for (const ir::ParamId param : system_.rules[*rule].params) parameters.push_back({system_.params[param].domain});
    }
    return applied(node, TermKind::kTaken, *rule, kBool, parameters, "rule");
}

Resolver::Found Resolver::applied(const Node& node, TermKind kind, std::uint32_t target, Type type,
                                  const std::vector<Type>& parameters, std::string_view what) {
    if (node.kids.size() != parameters.size()) {
        std::string shape;
        for (const Type parameter : parameters) shape += (shape.empty() ? "" : ", ") + domain_of(parameter).name;
        return fail(node.span, fmt::format("{} '{}' takes {}{}, found {}", what, node.text,
                                           plural(parameters.size(), "argument", "arguments"),
                                           parameters.empty() ? "" : fmt::format(" ({})", shape), node.kids.size()));
    }
    const bool of_a_step = kind != TermKind::kDefinition;
    if (of_a_step && below_old_) {
        return fail(node.span, "old() takes a formula over states, without events: use 'previously' for those");
    }
    Term term;
    term.kind = kind;
    term.type = type;
    term.target = target;
    term.span = node.span;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Node& kid = node_at(node.kids[i]);
        if (kid.kind == NodeKind::kAny && of_a_step) {
            term.kids.push_back(kNoTerm);
            continue;
        }
        const Found argument = this->term(node.kids[i], parameters[i]);
        if (!argument) return std::nullopt;
        if (of_a_step && (term_at(*argument).reads_step || term_at(*argument).reads_past)) {
            return fail(kid.span, fmt::format("an argument of {} '{}' is read before the step: it holds no old(), event or history", what, node.text));
        }
        term.kids.push_back(*argument);
    }
    const Found result = add(std::move(term));
    result_.terms[*result].reads_step = result_.terms[*result].reads_step || of_a_step;
    return result;
}

/// Whether a node is a bare value, whose domain only the other operand tells.
bool Resolver::needs_context(NodeIndex index) const {
    const Node& node = node_at(index);
    if (node.kind == NodeKind::kNone || node.kind == NodeKind::kString) return true;
    if (node.kind == NodeKind::kIf) return needs_context(node.kids[1]) && needs_context(node.kids[2]);
    if (node.kind != NodeKind::kName || node.brackets != Brackets::kNone) return false;
    const bool bound = std::any_of(scope_.begin(), scope_.end(), [&](const auto& entry) { return entry.first == node.text; });
    if (bound || find_named(result_.records, node.text)) return false;
    const auto variable = find_named(system_.variables, node.text);
    if (variable && system_.variables[*variable].indices.empty()) return false;
    for (ir::DomainId id = 0; id < system_.domains.size(); ++id) {
        if (value_in({id}, node.text)) return true;
    }
    return !variable && !find_named(system_.events, node.text) && !find_named(system_.definitions, node.text) &&
           !find_named(system_.rules, node.text);
}

std::vector<std::string> Resolver::names_in_scope(Expected expected) const {
    std::vector<std::string> names;
    if (expected) names = domain_of(*expected).names;
    for (const auto& [name, bound] : scope_) names.push_back(name);
    for (const ResolvedRecord& record : result_.records) names.push_back(record.name);
    for (const ir::Variable& variable : system_.variables) names.push_back(variable.name);
    for (const ir::EventDecl& event : system_.events) names.push_back(event.name);
    for (const ir::Definition& definition : system_.definitions) names.push_back(definition.name);
    for (const ir::Rule& rule : system_.rules) names.push_back(rule.name);
    for (const ir::Domain& domain : system_.domains) {
        names.push_back(domain.name);
        names.insert(names.end(), domain.names.begin(), domain.names.end());
    }
    names.insert(names.end(), keywords().begin(), keywords().end());
    return names;
}

Resolver::Found Resolver::unknown(const Node& node, Expected expected) {
    if (find_named(system_.domains, node.text)) {
        return fail(node.span, fmt::format("'{}' is a domain: a value is expected here", node.text));
    }
    // Values of the expected domain are what was most likely meant.
    std::string hint = expected ? suggestion(node.text, domain_of(*expected).names) : std::string();
    if (hint.empty()) hint = suggestion(node.text, names_in_scope(expected));
    const bool of_values = expected && kind_of(*expected) != ir::DomainKind::kBool && kind_of(*expected) != ir::DomainKind::kRange;
    return fail(node.span, fmt::format("unknown name '{}'{}{}", node.text, of_values ? fmt::format(" where {} is expected", describe(*expected)) : "", hint));
}

}  // namespace imspect::language
