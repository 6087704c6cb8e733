// Recursive descent over the tokens of one property file. Behind language::parse; see docs/properties.md for the grammar.
//
// The parser owns a growing tree and stops at the first error, which is kept in `error_`; its functions return false or
// nullopt from then on. Every cycle of recursive rules counts a level and kMaxNesting bounds them, so any input ends without
// exhausting the stack. Thread-safety: one parser, one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "properties/language/language.h"
#include "properties/language/lexer.h"

namespace imspect::language {

class Parser {
public:
    explicit Parser(std::shared_ptr<const Source> source);

    Result<std::vector<Property>> file();

private:
    using Parsed = std::optional<NodeIndex>;

    // parser.cpp: properties and their parts
    bool property(std::vector<Property>& properties);
    bool headers(Property& property);
    bool words(std::vector<std::string>& into, std::string_view what);
    bool modality(Property& property);
    bool record(Property& property);
    bool body(Property& property);
    bool statements(Property& property, std::string_view keyword, BodyKind kind, bool repeated);
    bool leads(Property& property);
    bool binders(std::vector<Binder>& into);
    bool domain(DomainSyntax& into);
    bool integer(ir::Value& into);

    // formula_parser.cpp: formulas, from loosest to tightest
    Parsed formula();
    Parsed implication();
    Parsed chain(std::string_view word, NodeKind kind, Parsed (Parser::*kid)());
    Parsed disjunction() { return chain("or", NodeKind::kOr, &Parser::conjunction); }
    Parsed conjunction() { return chain("and", NodeKind::kAnd, &Parser::since); }
    Parsed since();
    Parsed unary();
    Parsed quantified();
    Parsed conditional();
    Parsed comparison();
    Parsed membership(NodeIndex left);
    Parsed sum();
    Parsed primary();
    Parsed keyword_primary();
    Parsed number();
    Parsed counting(NodeKind kind);
    Parsed taken();
    Parsed name();
    bool list(Node& node, std::string_view closing, bool may_be_any);

    Parsed add(Node node);
    Parsed add(NodeKind kind, std::size_t begin, std::vector<NodeIndex> kids);

    // tokens
    bool advance();
    [[nodiscard]] bool at_symbol(std::string_view text) const {
        return token_.kind == TokenKind::kSymbol && token_.text == text;
    }
    [[nodiscard]] bool at_word(std::string_view text) const {
        return token_.kind == TokenKind::kName && token_.text == text;
    }
    bool expect_symbol(std::string_view text, std::string_view why);
    [[nodiscard]] std::string found() const;
    bool fail(Span span, std::string message);
    std::nullopt_t fail_here(std::string message);

    std::shared_ptr<const Source> source_;
    std::shared_ptr<Tree> tree_ = std::make_shared<Tree>();
    Lexer lexer_;
    Token token_;
    std::size_t previous_end_ = 0;  ///< end of the token before token_
    std::uint32_t depth_ = 0;
    std::optional<Error> error_;
};

/// Words that cannot name a variable of a quantifier or a record.
const std::vector<std::string>& keywords();
bool is_keyword(std::string_view word);

}  // namespace imspect::language
