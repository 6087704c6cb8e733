#include "report/export/tla_names.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/result.h"

namespace imspect::exports {

using ir::Domain;
using ir::DomainId;
using ir::DomainKind;

namespace {

/// TLA+'s own words, those of the modules extended, and the operators that every export has.
const std::vector<std::string>& reserved() {
    static const std::vector<std::string> words = {
        "ACTION", "ASSUME", "ASSUMPTION", "AXIOM", "BOOLEAN", "BY", "CASE", "CHOOSE", "CONSTANT", "CONSTANTS", "COROLLARY", "DEF", "DEFINE",
        "DEFS", "DOMAIN", "ELSE", "ENABLED", "EXCEPT", "EXTENDS", "FALSE", "HAVE", "HIDE", "IF", "IN", "INSTANCE", "LAMBDA", "LEMMA", "LET",
        "LOCAL", "MODULE", "NEW", "OBVIOUS", "OMITTED", "ONLY", "OTHER", "PICK", "PROOF", "PROPOSITION", "PROVE", "QED", "RECURSIVE", "STATE",
        "STRING", "SUBSET", "SUFFICES", "TAKE", "TEMPORAL", "THEN", "THEOREM", "TRUE", "UNCHANGED", "UNION", "USE", "VARIABLE", "VARIABLES",
        "WF", "SF", "WITH", "WITNESS",
        "Nat", "Int", "Real", "Infinity", "Seq", "Len", "Append", "Head", "Tail", "SubSeq", "SelectSeq", "IsFiniteSet", "Cardinality",
        "Init", "Next", "Spec", "Fairness", "vars", "TypeOK"};
    return words;
}

std::string literal(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20) out += fmt::format("<{:02x}>", static_cast<unsigned char>(c));
        else if (c == '"' || c == '\\') out += std::string("\\") + c;
        else out += c;
    }
    return out + "\"";
}

}  // namespace

TlaNames::TlaNames(const ir::GroundSystem& system, const std::vector<const monitor::Observer*>& observers)
    : system_(system), taken_(reserved().begin(), reserved().end()) {
    module = unique(system.system->name);
    tokens = unique("Tokens");
    renamed = unique("Renamed");
    without = unique("Without");
    swapped = unique("Swapped");
    add_variables();
    name_domains();
    add_registers(observers);
    rename_initial();
    for (const ir::Definition& definition : system.system->definitions) definitions.push_back(unique(definition.name));
    for (const ir::Rule& rule : system.system->rules) rules.push_back(unique(rule.name));
    for (std::size_t i = 0; i < variables.size(); ++i) {
        if (!variables[i].fields.empty()) message_at[i] = unique(variables[i].name + "_at");
    }
}

std::string TlaNames::identifier(const std::string& text) {
    std::string name;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain) name += c;
        else if (c == '?') name += "_or_none";
        else if (!name.empty() && name.back() != '_') name += '_';
    }
    while (!name.empty() && name.back() == '_') name.pop_back();
    const bool letter = !name.empty() && (name[0] < '0' || name[0] > '9') && name[0] != '_';
    return letter && !name.starts_with("WF_") && !name.starts_with("SF_") ? name : "m_" + name;
}

std::string TlaNames::unique(const std::string& wanted) {
    const std::string name = identifier(wanted);
    std::string result = name;
    for (int i = 2; !taken_.insert(result).second; ++i) result = fmt::format("{}_{}", name, i);
    return result;
}

void TlaNames::name_domains() {
    for (const Domain& domain : system_.system->domains) {
        most.push_back(domain.hi);
        const bool token = domain.kind == DomainKind::kToken;
        const bool named = domain.kind == DomainKind::kEnum || domain.kind == DomainKind::kIdentity;
        domains.push_back(domain.kind == DomainKind::kBool ? "BOOLEAN" : unique(domain.name));
        ranks.push_back(named ? unique(domain.name + "_rank") : "");
        fresh.push_back(token ? unique(domain.name + "_fresh") : "");
        bound_fresh.push_back(token ? fresh.back() : "");
        in_use.push_back(token ? unique(domain.name + "_in") : "");
    }
}

void TlaNames::add_variables() {
    const ir::System& system = *system_.system;
    places.resize(system.variables.size());
    for (ir::VarId id = 0; id < system.variables.size(); ++id) {
        const ir::Variable& variable = system.variables[id];
        if (variable.channel) {
            if (!channels_.contains(*variable.channel)) add_channel(*variable.channel);
            continue;
        }
        places[id] = {variables.size(), false, 0, 0};
        variables.push_back({unique(variable.name), variable.indices, variable.domain, {}, 0, variable.initial, true, variable.about});
    }
}

void TlaNames::add_channel(ir::ChannelId id) {
    const ir::Channel& channel = system_.system->channels[id];
    TlaVariable variable{unique(channel.name), channel.indices, ir::kBoolDomain, {}, channel.capacity, 0, true, "channel"};
    std::set<std::string> fields(reserved().begin(), reserved().end());
    for (const ir::Field& field : channel.fields) {
        std::string name = identifier(field.name);
        while (!fields.insert(name).second) name += "_2";
        variable.fields.emplace_back(name, field.domain);
    }
    // A message without fields is still a message.
    if (variable.fields.empty()) variable.fields.emplace_back("is", ir::kBoolDomain);
    channels_[id] = variables.size();
    places[channel.length] = {variables.size(), true, 0, 0};
    for (std::size_t position = 0; position < channel.slots.size(); ++position) {
        for (std::size_t f = 0; f < channel.slots[position].size(); ++f) places[channel.slots[position][f]] = {variables.size(), false, position + 1, f};
    }
    variables.push_back(std::move(variable));
}

void TlaNames::add_registers(const std::vector<const monitor::Observer*>& observers) {
    std::set<DomainId> widened;
    for (const monitor::Observer* observer : observers) {
        for (std::size_t i = 0; i < observer->registers.size(); ++i) {
            const ir::GroundVariable& variable = observer->registers[i].variable;
            const ir::SlotId slot = observer->first_register + static_cast<ir::SlotId>(i);
            IMSPECT_REQUIRE(registers_.emplace(slot, variables.size()).second, "two registers in one slot");
            variables.push_back({unique("history_" + observer->id + "_" + variable.name), {}, variable.domain, {}, 0, variable.initial, false,
                                 observer->id + " remembers " + variable.name});
            if (!is_token(variable.domain)) continue;
            ++most[variable.domain];
            if (widened.insert(variable.domain).second) bound_fresh[variable.domain] = unique(fresh[variable.domain] + "_bounded");
        }
    }
}

/// The initial state has its tokens renamed as every other.
void TlaNames::rename_initial() {
    std::map<DomainId, std::set<ir::Value>> used;
    for (const TlaVariable& variable : variables) {
        if (variable.fields.empty() && is_token(variable.domain)) used[variable.domain].insert(variable.initial);
    }
    for (TlaVariable& variable : variables) {
        if (!variable.fields.empty() || !is_token(variable.domain) || variable.initial == 0) continue;
        std::set<ir::Value>& all = used[variable.domain];
        all.insert(0);
        variable.initial = static_cast<ir::Value>(std::distance(all.begin(), all.find(variable.initial)));
    }
}

bool TlaNames::holds_tokens(const TlaVariable& variable) const {
    if (variable.fields.empty()) return is_token(variable.domain);
    return std::any_of(variable.fields.begin(), variable.fields.end(), [&](const auto& field) { return is_token(field.second); });
}

std::string TlaNames::value(DomainId id, ir::Value value) const {
    const Domain& domain = system_.system->domains[id];
    if (domain.kind == DomainKind::kBool) return value != 0 ? "TRUE" : "FALSE";
    if (domain.kind == DomainKind::kRange || domain.kind == DomainKind::kToken) return value < 0 ? fmt::format("(-{})", -value) : std::to_string(value);
    std::string name = domain.value_name(value);
    if (domain.kind == DomainKind::kIdentity && value < 0) {
        while (std::find(domain.names.begin(), domain.names.end(), name) != domain.names.end()) name += "_";
    }
    return literal(name);
}

std::string TlaNames::set(DomainId id) const {
    const Domain& domain = system_.system->domains[id];
    if (domain.kind == DomainKind::kBool) return "BOOLEAN";
    if (domain.kind == DomainKind::kRange || domain.kind == DomainKind::kToken) return fmt::format("{}..{}", value(id, domain.lo), value(id, domain.hi));
    std::string text;
    for (ir::Value v = domain.lo; v <= domain.hi; ++v) text += (text.empty() ? "" : ", ") + value(id, v);
    return "{" + text + "}";
}

}  // namespace imspect::exports
