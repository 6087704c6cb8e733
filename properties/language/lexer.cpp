#include "properties/language/lexer.h"

#include <array>

#include <fmt/format.h>

#include "properties/language/diagnostic.h"

namespace imspect::language {

namespace {

// Not <cctype>: its answers depend on the locale.
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_letter(c) || is_digit(c); }

constexpr std::array<std::string_view, 21> kSymbols = {"<=>", ":=", "=>", "!=", "<=", ">=", "..", "=", "<", ">", "+",
                                                       "-",   "(",  ")",  "[",  "]",  "{",  "}",  ",", ":", "."};

}  // namespace

void Lexer::skip_blanks() {
    const std::string& text = source_.text;
    while (offset_ < text.size()) {
        const char c = text[offset_];
        if (c == '#') {
            while (offset_ < text.size() && text[offset_] != '\n') ++offset_;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            ++offset_;
        } else {
            return;
        }
    }
}

Token Lexer::take(TokenKind kind, std::size_t end) {
    Token token{kind, {offset_, end}, source_.text.substr(offset_, end - offset_)};
    offset_ = end;
    return token;
}

Token Lexer::word() {
    skip_blanks();
    const std::string& text = source_.text;
    std::size_t end = offset_;
    while (end < text.size() && (is_name_part(text[end]) || text[end] == '.' || text[end] == '-')) ++end;
    return take(TokenKind::kName, end);
}

Result<Token> Lexer::string() {
    const std::string& text = source_.text;
    std::size_t end = offset_ + 1;
    while (end < text.size() && text[end] != '"' && text[end] != '\n') ++end;
    if (end >= text.size() || text[end] == '\n') {
        return diagnose(source_, {offset_, end}, "this text has no closing '\"' on its line");
    }
    Token token = take(TokenKind::kString, end + 1);
    token.text = token.text.substr(1, token.text.size() - 2);
    return token;
}

Result<Token> Lexer::next() {
    skip_blanks();
    const std::string& text = source_.text;
    if (offset_ >= text.size()) return Token{TokenKind::kEnd, {text.size(), text.size()}, {}};
    const char first = text[offset_];
    std::size_t end = offset_ + 1;
    if (is_letter(first)) {
        while (end < text.size() && (is_name_part(text[end]) ||
                                     (text[end] == '.' && end + 1 < text.size() && is_name_part(text[end + 1])))) {
            ++end;
        }
        return take(TokenKind::kName, end);
    }
    if (is_digit(first)) {
        while (end < text.size() && is_digit(text[end])) ++end;
        return take(TokenKind::kNumber, end);
    }
    if (first == '"') return string();
    for (const std::string_view symbol : kSymbols) {
        if (std::string_view(text).substr(offset_).starts_with(symbol)) {
            return take(TokenKind::kSymbol, offset_ + symbol.size());
        }
    }
    const auto byte = static_cast<unsigned char>(first);
    const std::string shown = byte >= 0x20 && byte < 0x7F ? fmt::format("'{}'", first) : fmt::format("byte 0x{:02x}", byte);
    return diagnose(source_, {offset_, offset_ + 1}, fmt::format("unexpected character {}", shown));
}

}  // namespace imspect::language
