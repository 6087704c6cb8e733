// Tokens of the property language.
//
// A name may hold dots where a letter, digit or underscore follows, so "hss.flag" is one token and the dot of
// "forall u: UE. f" another. Clause lists have words of their own ("6.1.2.2-d"), read by `word`.
// Cost: one pass, no copies but the tokens' texts. Thread-safety: one lexer, one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/result.h"
#include "properties/language/syntax.h"

namespace imspect::language {

enum class TokenKind : std::uint8_t { kEnd, kName, kNumber, kString, kSymbol };

struct Token {
    TokenKind kind = TokenKind::kEnd;
    Span span;
    std::string text;  ///< of a string: without its quotes
};

class Lexer {
public:
    explicit Lexer(const Source& source) : source_(source) {}

    /// The next token; an error for a character that begins none, or an unclosed string.
    Result<Token> next();

    /// Reads a word of letters, digits, '.', '_' and '-' instead of a token; empty if none is here.
    Token word();

    [[nodiscard]] std::size_t offset() const { return offset_; }
    void rewind(std::size_t offset) { offset_ = offset; }

private:
    void skip_blanks();
    Token take(TokenKind kind, std::size_t end);
    Result<Token> string();

    const Source& source_;
    std::size_t offset_ = 0;
};

}  // namespace imspect::language
