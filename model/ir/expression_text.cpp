#include "model/ir/expression_text.h"

#include "model/ir/elaborator.h"
#include "model/nearest.h"

namespace imspect::ir {

bool compatible(const System& system, DomainId left, DomainId right) {
    if (left == right) return true;
    const Domain& l = system.domains[left];
    const Domain& r = system.domains[right];
    if (l.kind != r.kind) return false;
    if (l.kind == DomainKind::kRange || l.kind == DomainKind::kBool) return true;
    return l.kind != DomainKind::kToken && l.names == r.names;
}

namespace {

template <typename Names>
std::optional<std::uint32_t> look_up(const Names& names, std::string_view name) {
    const auto found = names.find(name);
    if (found == names.end()) return {};
    return found->second;
}

template <typename Names>
void append_keys(const Names& names, std::vector<std::string>& keys) {
    for (const auto& [name, id] : names) keys.push_back(name);
}

}  // namespace

void ExpressionReader::declare_variable(VarId id) { variables_.emplace(system_->variables[id].name, id); }
void ExpressionReader::declare_definition(std::uint32_t id) { definitions_.emplace(system_->definitions[id].name, id); }
void ExpressionReader::declare_channel(ChannelId id) { channels_.emplace(system_->channels[id].name, id); }
void ExpressionReader::declare_domain(DomainId id) { domains_.emplace(system_->domains[id].name, id); }

std::optional<DomainId> ExpressionReader::domain(std::string_view name) const { return look_up(domains_, name); }
std::optional<VarId> ExpressionReader::variable(std::string_view name) const { return look_up(variables_, name); }
std::optional<ChannelId> ExpressionReader::channel(std::string_view name) const { return look_up(channels_, name); }

std::vector<std::string> ExpressionReader::domain_names() const {
    std::vector<std::string> names;
    append_keys(domains_, names);
    return names;
}

std::vector<std::string> ExpressionReader::channel_names() const {
    std::vector<std::string> names;
    append_keys(channels_, names);
    return names;
}

std::vector<std::string> ExpressionReader::known_names() const {
    std::vector<std::string> names;
    append_keys(variables_, names);
    append_keys(definitions_, names);
    return names;
}

ParamId ExpressionReader::parameter(const std::string& name, DomainId domain) {
    const auto [entry, is_new] = parameters_.try_emplace({name, domain}, static_cast<ParamId>(system_->params.size()));
    if (is_new) system_->params.push_back({name, domain});
    return entry->second;
}

Result<ExprId> ExpressionReader::read(std::string_view text, std::optional<DomainId> expected) {
    auto terms = parse_terms(text);
    if (!terms) return terms.error();
    return Elaborator(*this, text, std::move(terms).value()).run(expected);
}

template <typename Item, typename Known>
Result<std::pair<std::uint32_t, std::vector<ExprId>>> ExpressionReader::read_indexed(std::string_view text, const std::string& kind,
                                                                                     const Names& ids, const std::vector<Item>& items,
                                                                                     const Known& known) {
    auto terms = parse_terms(text);
    if (!terms) return terms.error();
    Elaborator elaborator(*this, text, std::move(terms).value());
    std::string name;
    std::vector<std::size_t> kids;
    if (!elaborator.indexed_name(name, kids)) return elaborator.error();
    const auto found = look_up(ids, name);
    if (!found) {
        elaborator.fail(elaborator.root(), "unknown " + kind + " '" + name + "'" + did_you_mean(name, known()));
        return elaborator.error();
    }
    std::vector<ExprId> indices;
    const std::vector<DomainId> domains = items[*found].indices;
    if (!elaborator.indices(elaborator.root(), name, kids, domains, indices)) return elaborator.error();
    return std::pair{*found, std::move(indices)};
}

Result<Assignment> ExpressionReader::read_target(std::string_view text) {
    auto read = read_indexed(text, "variable", variables_, system_->variables, [&] { return known_names(); });
    if (!read) return read.error();
    return Assignment{read.value().first, std::move(read.value().second), kNoExpr};
}

Result<std::pair<ChannelId, std::vector<ExprId>>> ExpressionReader::read_channel(std::string_view text) {
    return read_indexed(text, "channel", channels_, system_->channels, [&] { return channel_names(); });
}

}  // namespace imspect::ir
