// Tokens as what they are to each other: one bit for each two places that are asked whether they hold the same token, or the lesser one.
//
// Rules only compare tokens and copy them, so nothing is lost if no place has a name in it: after a step two places are related as
// those were from which the rule took their tokens; a fresh token differs from all others and is greater. A clause then says
// "these two are equal" in one literal, where with names it needs the ranks of all tokens in use; and a relation follows from
// few others, so a proof that forgets the rest stays small. Relations are made as they are asked for: by what reads
// them, and then by the steps that lead to them.
// Invariant: a state of the step semantics determines all relations, and a step's are those of its successor. Of the bound on tokens
// in use nothing is kept: there are more steps here, where a fresh token would be one too many. So *unreachable* is true of the system, with any number of tokens,
// and a run has to be replayed. Cost: a gate or two for each relation and writer of one of its places.
// Thread-safety: as the circuit's.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "checker/symbolic/machine.h"

namespace imspect::symbolic {

struct TokenSource {
    enum class Kind : std::uint8_t { kNone, kSlot, kFresh } kind = Kind::kNone;
    std::size_t index = 0;  ///< kSlot: a position in Machine::slots, before the step; kFresh: which fresh one
    auto operator<=>(const TokenSource&) const = default;
};

/// What an expression takes its token from: the one case whose condition is true.
struct TokenTerm {
    std::vector<std::pair<TokenSource, Literal>> cases;
};

class TokenRelations {
public:
    /// `initial`: by position, the tokens that the system begins with. `is_token`: by domain.
    TokenRelations(Machine& machine, std::vector<ir::Value> initial, std::vector<bool> is_token);

    [[nodiscard]] bool is_token(ir::DomainId domain) const { return is_token_[domain]; }
    [[nodiscard]] static TokenTerm of(TokenSource source) { return {{{source, kTrue}}}; }
    TokenTerm choose(Literal condition, const TokenTerm& then_term, const TokenTerm& else_term);
    Literal equal(const TokenTerm& left, const TokenTerm& right);
    Literal less(const TokenTerm& left, const TokenTerm& right);

    /// The rule leaves this token at the position.
    void write(std::size_t rule, std::size_t position, TokenTerm term);
    /// What is there after the rule's step, or before a step.
    [[nodiscard]] TokenTerm held(std::size_t position, std::optional<std::size_t> after_rule) const;
    /// The next values of all relations that anybody asked for, and of those that these ask for.
    void finish();

private:
    struct Asked {
        TokenSource left, right;
        bool less = false;
        std::size_t latch = 0;
    };

    Literal related(const TokenSource& left, const TokenSource& right, bool less);
    Literal latch(const TokenSource& left, const TokenSource& right, bool less);
    Literal related(const TokenTerm& left, const TokenTerm& right, bool less);
    Literal next(const Asked& asked);
    void add_writers(const TokenSource& of, std::vector<std::size_t>& rules) const;
    [[nodiscard]] ir::Value initially(const TokenSource& source) const { return source.kind == TokenSource::Kind::kNone ? 0 : initial_[source.index]; }
    [[nodiscard]] TokenTerm held_at(const TokenSource& place, std::size_t after_rule) const;

    Machine& machine_;
    std::vector<ir::Value> initial_;
    std::vector<bool> is_token_;
    std::map<std::pair<std::size_t, std::size_t>, TokenTerm> written_;  ///< by position and rule
    std::map<std::pair<std::pair<TokenSource, TokenSource>, bool>, Literal> latches_;
    std::vector<Asked> asked_;
};

}  // namespace imspect::symbolic
