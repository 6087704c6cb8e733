// What things of a ground system are called in TLA+: variables, operators, values.
//
// Identifiers are made of the model's own names, each once in the module; those with two underscores in a row are left to
// the writer for bound variables and LET. Values of enums and identities are strings, tokens and ranges numbers. A channel
// is a sequence of records, so its parts have no variables of their own.
// Private to report/export. Order and names are deterministic. Thread-safety: reads only once built.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/ir/ground.h"
#include "properties/monitor/observer.h"

namespace imspect::exports {

/// A variable of the module: one of the system, a channel, or a register.
struct TlaVariable {
    std::string name;
    std::vector<ir::DomainId> indices;
    ir::DomainId domain = ir::kBoolDomain;                         ///< of a plain variable
    std::vector<std::pair<std::string, ir::DomainId>> fields;      ///< of a channel's messages; empty: no channel
    std::size_t capacity = 0;
    ir::Value initial = 0;                                         ///< of a plain variable, tokens renamed
    bool of_system = true;                                         ///< false: a register
    std::string about;
};

/// Where a variable of the system lies: itself, a channel's length, or a field of a channel's message.
struct TlaPlace {
    std::size_t variable = 0;   ///< index into TlaNames::variables
    bool length = false;
    std::size_t position = 0;   ///< from 1; 0: not part of a message
    std::size_t field = 0;
};

class TlaNames {
public:
    TlaNames(const ir::GroundSystem& system, const std::vector<const monitor::Observer*>& observers);

    /// An identifier that nothing else in the module has.
    std::string unique(const std::string& wanted);
    [[nodiscard]] bool taken(const std::string& name) const { return taken_.contains(name); }
    [[nodiscard]] static std::string identifier(const std::string& text);

    [[nodiscard]] std::string value(ir::DomainId domain, ir::Value value) const;
    /// "{"none", "ue1"}", "0..5", "BOOLEAN".
    [[nodiscard]] std::string set(ir::DomainId domain) const;
    [[nodiscard]] std::size_t variable_of(ir::ChannelId channel) const { return channels_.at(channel); }
    [[nodiscard]] std::size_t variable_of_register(ir::SlotId slot) const { return registers_.at(slot); }
    [[nodiscard]] bool is_register(ir::SlotId slot) const { return registers_.contains(slot); }
    [[nodiscard]] bool is_token(ir::DomainId domain) const { return system_.system->domains[domain].kind == ir::DomainKind::kToken; }
    [[nodiscard]] bool holds_tokens(const TlaVariable& variable) const;

    std::string module;
    std::vector<TlaVariable> variables;
    std::vector<TlaPlace> places;             ///< by VarId
    std::vector<std::string> domains;         ///< the set's name, by DomainId
    std::vector<std::string> ranks;           ///< of an enum's values: an operator, by DomainId
    std::vector<std::string> fresh;           ///< of a token domain: operators, by DomainId
    std::vector<std::string> bound_fresh;     ///< the same, counting what the system holds
    std::vector<std::string> in_use;
    std::vector<std::string> definitions;
    std::vector<std::string> rules;
    std::vector<ir::Value> most;              ///< of a token domain, registers counted, by DomainId
    std::string tokens, renamed, without, swapped;
    std::map<std::size_t, std::string> message_at;  ///< of a channel: an operator, by index into variables

private:
    void name_domains();
    void add_variables();
    void add_channel(ir::ChannelId id);
    void add_registers(const std::vector<const monitor::Observer*>& observers);
    void rename_initial();

    const ir::GroundSystem& system_;
    std::set<std::string> taken_;
    std::map<ir::ChannelId, std::size_t> channels_;
    std::map<ir::SlotId, std::size_t> registers_;
};

}  // namespace imspect::exports
