// Expressions from text: names resolved and types checked against a system under construction.
//
// Names mean, in this order: a parameter in scope, a variable, a definition, a value of a domain. Values of enums and
// identities are bare names resolved by the type of the other side; `Domain.value` says it outright. Types are checked on
// the way in, so that a message can point at the text.
// Errors: position in the text, a caret, what was expected, the nearest name. Cost: linear.
// Thread-safety: extends the system's pool and parameters; one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/ir/system.h"
#include "model/result.h"

namespace imspect::ir {

class ExpressionReader {
public:
    explicit ExpressionReader(System& system) : system_(&system) {}

    /// Names declared since the last call become known.
    void declare_variable(VarId variable);
    void declare_definition(std::uint32_t definition);
    void declare_channel(ChannelId channel);
    void declare_domain(DomainId domain);

    [[nodiscard]] std::optional<DomainId> domain(std::string_view name) const;
    [[nodiscard]] std::optional<VarId> variable(std::string_view name) const;
    [[nodiscard]] std::optional<ChannelId> channel(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> domain_names() const;
    [[nodiscard]] std::vector<std::string> known_names() const;
    [[nodiscard]] std::vector<std::string> channel_names() const;

    /// The parameter of that name and domain; the same one for the same pair, so that rules share expressions.
    ParamId parameter(const std::string& name, DomainId domain);
    /// The parameters that expressions may name from now on.
    void set_scope(std::vector<ParamId> parameters) { scope_ = std::move(parameters); }

    /// `expected` none: the text must say its type itself.
    Result<ExprId> read(std::string_view text, std::optional<DomainId> expected);
    Result<Assignment> read_target(std::string_view text);
    /// `gm_up[u]`: a channel with its indices.
    Result<std::pair<ChannelId, std::vector<ExprId>>> read_channel(std::string_view text);

private:
    friend class Elaborator;
    using Names = std::map<std::string, std::uint32_t, std::less<>>;

    /// A name among `ids`, with the indices that `items` says it has; `known` gives the names to suggest.
    template <typename Item, typename Known>
    Result<std::pair<std::uint32_t, std::vector<ExprId>>> read_indexed(std::string_view text, const std::string& kind, const Names& ids,
                                                                       const std::vector<Item>& items, const Known& known);

    System* system_;
    Names domains_;
    Names variables_;
    Names channels_;
    Names definitions_;
    std::map<std::pair<std::string, DomainId>, ParamId> parameters_;
    std::vector<ParamId> scope_;
};

/// Whether values of the two domains may be compared and assigned to each other.
[[nodiscard]] bool compatible(const System& system, DomainId left, DomainId right);

}  // namespace imspect::ir
