// Precedence climbing: one table of binary operators instead of one function a level, so that the depth of the parser's
// recursion is the nesting of the text and nothing more.
#include "model/ir/expression_syntax.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

namespace imspect::ir {

namespace {

constexpr std::array<std::string_view, 14> kKeywords = {"not", "and", "or", "if", "then", "else", "forall", "exists",
                                                        "in",  "true", "false", "none", "fresh", "old"};
constexpr std::array<std::string_view, 20> kSymbols = {"<=>", "=>", "!=", "<=", ">=", "=", "<", ">", "+", "-",
                                                       "(",   ")",  "[",  "]",  "{",  "}", ",", ":", ".", "_"};
constexpr std::size_t kMaxNesting = 200;  // of parentheses, quantifiers, conditionals in a text

enum class TokenKind : std::uint8_t { kEnd, kName, kQuoted, kNumber, kSymbol };

struct Token {
    TokenKind kind = TokenKind::kEnd;
    std::string text;
    std::size_t at = 0;
};

// Not <cctype>: its answers depend on the locale.
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_letter(c) || is_digit(c); }

struct Binary {
    int level = 0;  // 0: no binary operator
    bool right = false;
    bool chains = true;
};

Binary binary_of(const Token& token) {
    const std::string& text = token.text;
    if (token.kind == TokenKind::kName) {
        if (text == "or") return {3, false, true};
        if (text == "and") return {4, false, true};
        if (text == "in") return {6, false, false};
        return {};
    }
    if (token.kind != TokenKind::kSymbol) return {};
    if (text == "<=>") return {1, false, true};
    if (text == "=>") return {2, true, true};
    if (text == "=" || text == "!=" || text == "<" || text == "<=" || text == ">" || text == ">=") return {6, false, false};
    if (text == "+" || text == "-") return {7, false, true};
    return {};
}

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<std::vector<Term>> run() {
        if (!advance()) return error_;
        std::size_t root = 0;
        if (!expression(0, root)) return error_;
        if (token_.kind != TokenKind::kEnd) {
            fail(token_.at, "expected an operator or the end of the expression, found '" + token_.text + "'");
            return error_;
        }
        return std::move(terms_);
    }

private:
    bool fail(std::size_t at, std::string message) {
        error_ = expression_error(text_, at, std::move(message));
        return false;
    }

    bool quoted() {
        const char quote = text_[offset_];
        const std::size_t end = text_.find(quote, offset_ + 1);
        if (end == std::string_view::npos) return fail(offset_, "this quote is never closed");
        token_ = {TokenKind::kQuoted, std::string(text_.substr(offset_ + 1, end - offset_ - 1)), offset_};
        offset_ = end + 1;
        return true;
    }

    bool advance() {
        while (offset_ < text_.size() && (text_[offset_] == ' ' || text_[offset_] == '\t' || text_[offset_] == '\n' ||
                                          text_[offset_] == '\r')) {
            ++offset_;
        }
        if (offset_ >= text_.size()) {
            token_ = {TokenKind::kEnd, "the end", text_.size()};
            return true;
        }
        const char first = text_[offset_];
        if (first == '\'' || first == '"') return quoted();
        std::size_t end = offset_ + 1;
        TokenKind kind = TokenKind::kSymbol;
        if (is_letter(first)) {
            kind = TokenKind::kName;
            while (end < text_.size() &&
                   (is_name_part(text_[end]) ||
                    (text_[end] == '.' && end + 1 < text_.size() && is_name_part(text_[end + 1])))) {
                ++end;
            }
        } else if (is_digit(first)) {
            kind = TokenKind::kNumber;
            while (end < text_.size() && is_digit(text_[end])) ++end;
        } else {
            const auto symbol = std::find_if(kSymbols.begin(), kSymbols.end(), [&](std::string_view candidate) {
                return text_.substr(offset_).starts_with(candidate);
            });
            if (symbol == kSymbols.end()) return fail(offset_, "unexpected character");
            end = offset_ + symbol->size();
        }
        token_ = {kind, std::string(text_.substr(offset_, end - offset_)), offset_};
        offset_ = end;
        return true;
    }

    bool is_symbol(std::string_view text) const { return token_.kind == TokenKind::kSymbol && token_.text == text; }
    bool is_word(std::string_view text) const { return token_.kind == TokenKind::kName && token_.text == text; }

    bool expect(std::string_view text) {
        if (!is_symbol(text) && !is_word(text)) {
            return fail(token_.at, fmt::format("expected '{}', found '{}'", text, token_.text));
        }
        return advance();
    }

    bool add(Term term, std::size_t& id) {
        for (const std::size_t kid : term.kids) term.depth = std::max(term.depth, terms_[kid].depth + 1);
        if (term.depth > kMaxDepth) return fail(term.at, fmt::format("nested deeper than {} levels", kMaxDepth));
        id = terms_.size();
        terms_.push_back(std::move(term));
        return true;
    }

    bool expression(int level, std::size_t& id) {
        if (++nesting_ > kMaxNesting) return fail(token_.at, fmt::format("nested deeper than {} levels", kMaxNesting));
        const bool good = unary(id) && operators(level, id);
        --nesting_;
        return good;
    }

    bool operators(int level, std::size_t& id) {
        while (true) {
            const Binary binary = binary_of(token_);
            if (binary.level == 0 || binary.level < level) return true;
            Term term{TermKind::kOperator, token_.text, {}, 0, {id}, token_.at, 1};
            if (!advance()) return false;
            if (term.name == "in") {
                term.kind = TermKind::kIn;
                if (!members(term.kids)) return false;
            } else {
                std::size_t right = 0;
                if (!expression(binary.right ? binary.level : binary.level + 1, right)) return false;
                const bool flat = (term.name == "and" || term.name == "or") && terms_[id].kind == TermKind::kOperator &&
                                  terms_[id].name == term.name;
                if (flat) term.kids = std::move(terms_[id].kids);  // one wide term instead of a deep chain
                term.kids.push_back(right);
            }
            if (!binary.chains && binary_of(token_).level == binary.level) {
                return fail(token_.at, "comparisons do not chain; write 'a < b and b < c'");
            }
            if (!add(std::move(term), id)) return false;
        }
    }

    bool members(std::vector<std::size_t>& kids) {
        if (!expect("{")) return false;
        do {
            std::size_t kid = 0;
            if (!expression(7, kid)) return false;
            kids.push_back(kid);
        } while (comma());
        return error_.message.empty() && expect("}");
    }

    /// Takes a comma where one stands.
    bool comma() { return is_symbol(",") && advance(); }

    bool unary(std::size_t& id) {
        const std::size_t at = token_.at;
        if (is_word("not")) {
            std::size_t kid = 0;
            return advance() && expression(5, kid) && add({TermKind::kOperator, "not", {}, 0, {kid}, at, 1}, id);
        }
        if (is_word("forall") || is_word("exists")) return quantifier(id);
        if (is_word("if")) {
            std::size_t condition = 0;
            std::size_t yes = 0;
            std::size_t no = 0;
            return advance() && expression(0, condition) && expect("then") && expression(0, yes) && expect("else") &&
                   expression(0, no) && add({TermKind::kIf, {}, {}, 0, {condition, yes, no}, at, 1}, id);
        }
        return primary(id);
    }

    bool name(std::string& text) {
        if (token_.kind != TokenKind::kQuoted && (token_.kind != TokenKind::kName || is_keyword(token_.text))) {
            return fail(token_.at, "expected a name, found '" + token_.text + "'");
        }
        text = token_.text;
        return advance();
    }

    /// `forall a, b: D, c: E. body`, built from the innermost out.
    bool quantifier(std::size_t& id) {
        const TermKind kind = is_word("forall") ? TermKind::kForall : TermKind::kExists;
        const std::size_t at = token_.at;
        if (!advance()) return false;
        std::vector<std::pair<std::string, std::string>> binders;
        std::size_t without_domain = 0;
        do {
            binders.emplace_back();
            if (!name(binders.back().first)) return false;
            if (is_symbol(",")) continue;
            std::string domain;
            if (!expect(":") || !name(domain)) return false;
            for (; without_domain < binders.size(); ++without_domain) binders[without_domain].second = domain;
        } while (comma());
        if (!error_.message.empty()) return false;
        if (without_domain < binders.size()) return fail(token_.at, "expected ':' and a domain");
        std::size_t body = 0;
        if (!expect(".") || !expression(0, body)) return false;
        for (std::size_t i = binders.size(); i > 0; --i) {
            if (!add({kind, binders[i - 1].first, binders[i - 1].second, 0, {body}, at, 1}, body)) return false;
        }
        id = body;
        return true;
    }

    bool number(bool negative, std::size_t& id) {
        if (token_.text.size() > 7) return fail(token_.at, "a number beyond 9999999");
        const Value value = static_cast<Value>(std::strtol(token_.text.c_str(), nullptr, 10));
        Term term{TermKind::kNumber, {}, {}, negative ? -value : value, {}, token_.at, 1};
        return advance() && add(std::move(term), id);
    }

    bool primary(std::size_t& id) {
        if (is_symbol("(")) return advance() && expression(0, id) && expect(")");
        if (token_.kind == TokenKind::kNumber) return number(false, id);
        if (is_symbol("-")) {
            if (!advance()) return false;
            if (token_.kind != TokenKind::kNumber) return fail(token_.at, "expected a number behind '-'");
            return number(true, id);
        }
        const bool value = is_word("true") || is_word("false") || is_word("none") || is_word("fresh");
        if (token_.kind != TokenKind::kQuoted && (token_.kind != TokenKind::kName || (is_keyword(token_.text) && !value))) {
            return fail(token_.at, "expected a value, a name or '(', found '" + token_.text + "'");
        }
        Term term{TermKind::kName, token_.text, {}, 0, {}, token_.at, 1};
        if (!advance()) return false;
        if (is_symbol(".")) {
            term.scope = std::move(term.name);
            if (!advance() || !scoped_value(term)) return false;
        }
        if (is_symbol("[") && !arguments(term, TermKind::kElement, "]")) return false;
        if (term.kind == TermKind::kName && is_symbol("(") && !arguments(term, TermKind::kCall, ")")) return false;
        return add(std::move(term), id);
    }

    /// The value behind `Domain.`: a word, a quoted name, or a number.
    bool scoped_value(Term& term) {
        const bool negative = is_symbol("-");
        if (negative && !advance()) return false;
        if (token_.kind != TokenKind::kName && token_.kind != TokenKind::kQuoted && token_.kind != TokenKind::kNumber) {
            return fail(token_.at, "expected a value of " + term.scope);
        }
        term.name = (negative ? "-" : "") + token_.text;
        return advance();
    }

    bool arguments(Term& term, TermKind kind, std::string_view close) {
        term.kind = kind;
        if (!advance()) return false;
        if (is_symbol(close)) return advance();
        do {
            std::size_t kid = 0;
            if (!expression(0, kid)) return false;
            term.kids.push_back(kid);
        } while (comma());
        return error_.message.empty() && expect(close);
    }

    std::string_view text_;
    std::size_t offset_ = 0;
    Token token_;
    std::vector<Term> terms_;
    std::size_t nesting_ = 0;
    Error error_;
};

}  // namespace

bool is_keyword(std::string_view word) {
    return std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end();
}

Error expression_error(std::string_view text, std::size_t at, std::string message) {
    Error error;
    error.code = "expression";
    error.message = std::move(message);
    error.position = std::to_string(at + 1);
    std::string line(text);
    std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
    error.excerpt = "  " + line + "\n  " + std::string(at, ' ') + "^";
    return error;
}

Result<std::vector<Term>> parse_terms(std::string_view text) { return Parser(text).run(); }

}  // namespace imspect::ir
