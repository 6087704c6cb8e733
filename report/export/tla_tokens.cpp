#include "report/export/tla_tokens.h"

#include <fmt/format.h>

namespace imspect::exports {

namespace {

/// Sets that together are the tokens of a domain in the record s__ of token variables.
std::vector<std::string> held(const TlaNames& names, const TlaVariable& variable, ir::DomainId domain) {
    const TlaIndices indices(names, variable);
    const std::string element = "s__." + variable.name + indices.subscript();
    if (variable.fields.empty()) return variable.domain == domain ? std::vector<std::string>{indices.set(element)} : std::vector<std::string>{};
    std::vector<std::string> sets;
    for (const auto& field : variable.fields) {
        if (field.second != domain) continue;
        const std::string of_one = fmt::format("{{{0}[j__].{1} : j__ \\in 1..Len({0})}}", element, field.first);
        sets.push_back(indices.scalar() ? of_one : "UNION " + indices.set(of_one));
    }
    return sets;
}

std::string in_use(const TlaNames& names, ir::DomainId domain, bool of_system) {
    std::string sets;
    for (const TlaVariable& variable : names.variables) {
        if (of_system && !variable.of_system) continue;
        for (const std::string& set : held(names, variable, domain)) sets += (sets.empty() ? "" : ",\n              ") + set;
    }
    return fmt::format("(UNION {{{}}}) \\ {{0}}", sets);
}

std::string renamed_value(const TlaNames& names, const TlaVariable& variable, const std::vector<std::string>& name_of) {
    const TlaIndices indices(names, variable);
    const std::string element = "s__." + variable.name + indices.subscript();
    if (variable.fields.empty()) return indices.function(fmt::format("{}({})", name_of[variable.domain], element));
    std::string parts;
    for (const auto& [field, domain] : variable.fields) {
        if (names.is_token(domain)) parts += fmt::format("{}!.{} = {}(@)", parts.empty() ? "" : ", ", field, name_of[domain]);
    }
    return indices.function(fmt::format("[j__ \\in 1..Len({0}) |-> [{0}[j__] EXCEPT {1}]]", element, parts));
}

}  // namespace

TlaIndices::TlaIndices(const TlaNames& names, const TlaVariable& variable) {
    for (std::size_t i = 0; i < variable.indices.size(); ++i) {
        list_ += fmt::format("{}i__{}", i == 0 ? "" : ", ", i + 1);
        binders_ += fmt::format("{}i__{} \\in {}", i == 0 ? "" : ", ", i + 1, names.domains[variable.indices[i]]);
    }
}

std::string write_tla_tokens(const ir::GroundSystem& system, TlaNames& names) {
    std::string record;
    std::string assigned;
    std::vector<std::string> name_of(names.domains.size());
    std::string operators;
    std::string lets;
    std::vector<const TlaVariable*> variables;
    for (const TlaVariable& variable : names.variables) {
        if (!names.holds_tokens(variable)) continue;
        variables.push_back(&variable);
        record += fmt::format("{}{} |-> {}", record.empty() ? "" : ", ", variable.name, variable.name);
    }
    if (variables.empty()) return "";
    for (ir::DomainId id = 0; id < names.domains.size(); ++id) {
        if (!names.is_token(id)) continue;
        operators += fmt::format("{}(s__) == {}\n", names.in_use[id], in_use(names, id, false));
        operators += fmt::format("{}(n__) == Cardinality({}({})) + n__\n", names.fresh[id], names.in_use[id], names.tokens);
        if (names.bound_fresh[id] != names.fresh[id]) {
            const std::string of_system = names.unique(system.system->domains[id].name + "_of_system");
            operators += fmt::format("{}(s__) == {}\n", of_system, in_use(names, id, true));
            operators += fmt::format("{}(n__) == Cardinality({}({})) + n__\n", names.bound_fresh[id], of_system, names.tokens);
        }
        const std::string used = names.unique(system.system->domains[id].name + "_used");
        name_of[id] = names.unique(system.system->domains[id].name + "_name");
        lets += fmt::format("{}{} == {}(s__)\n      {}(t__) == Cardinality({{v__ \\in {} : v__ <= t__}})", lets.empty() ? "" : "\n      ", used,
                            names.in_use[id], name_of[id], used);
    }
    for (const TlaVariable* variable : variables) assigned += fmt::format("     /\\ {}' = {}\n", variable->name, renamed_value(names, *variable, name_of));
    return fmt::format("\\* Tokens stand for fresh values: only equality and order of those in one state mean anything. Those in use are 1..k, 0 is\n"
                       "\\* none; a step may leave gaps, and Renamed closes them, in order.\n"
                       "{} == [{}]\n{}{}(s__) ==\n  LET {}\n  IN\n{}\n", names.tokens, record, operators, names.renamed, lets, assigned);
}

}  // namespace imspect::exports
