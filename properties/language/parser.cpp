#include "properties/language/parser.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "properties/language/diagnostic.h"

namespace imspect::language {

const std::vector<std::string>& keywords() {
    static const std::vector<std::string> words = {
        "property", "clauses",  "needs",    "modality", "record", "when", "automatic",    "possible",   "always",
        "leads",    "to",       "forall",   "exists",   "count",  "the",  "if",           "then",       "else",
        "not",      "and",      "or",       "since",    "once",   "old",  "historically", "previously", "in",
        "true",     "false",    "none",     "taken",    "initially"};
    return words;
}

bool is_keyword(std::string_view word) {
    return std::find(keywords().begin(), keywords().end(), word) != keywords().end();
}

Parser::Parser(std::shared_ptr<const Source> source) : source_(std::move(source)), lexer_(*source_) {}

Result<std::vector<Property>> Parser::file() {
    std::vector<Property> properties;
    bool good = advance();
    while (good && token_.kind != TokenKind::kEnd) good = property(properties);
    if (!good) return *error_;
    for (Property& parsed : properties) parsed.tree = tree_;
    return properties;
}

bool Parser::property(std::vector<Property>& properties) {
    if (!at_word("property")) return fail(token_.span, fmt::format("expected 'property', found {}", found()));
    Property result;
    result.source = source_;
    const Token id = lexer_.word();
    if (id.text.empty()) {
        if (!advance()) return false;
        return fail(token_.span, fmt::format("expected the property's id, found {}", found()));
    }
    result.id = id.text;
    result.id_span = id.span;
    for (const Property& other : properties) {
        if (other.id == result.id) return fail(id.span, fmt::format("property '{}' is declared twice", result.id));
    }
    if (!advance()) return false;
    if (token_.kind != TokenKind::kString) {
        return fail(token_.span, fmt::format("expected the meaning of {} as a line in double quotes, found {}", result.id, found()));
    }
    result.meaning = token_.text;
    if (!advance() || !headers(result) || !body(result)) return false;
    properties.push_back(std::move(result));
    return true;
}

bool Parser::headers(Property& property) {
    std::size_t records_begin = token_.span.begin;
    while (true) {
        bool good = true;
        if (at_word("clauses")) good = words(property.clauses, "the id of a clause or statement");
        else if (at_word("needs")) good = words(property.needs, "the name of a feature");
        else if (at_word("modality")) good = modality(property);
        else if (at_word("record")) {
            if (property.records.empty()) records_begin = token_.span.begin;
            good = record(property);
        } else break;
        if (!good) return false;
        if (property.records.empty()) records_begin = token_.span.begin;
    }
    property.text = source_->text.substr(records_begin, token_.span.begin - records_begin);
    return true;
}

bool Parser::words(std::vector<std::string>& into, std::string_view what) {
    while (true) {
        const Token word = lexer_.word();
        if (!advance()) return false;
        if (word.text.empty()) return fail(token_.span, fmt::format("expected {}, found {}", what, found()));
        into.push_back(word.text);
        previous_end_ = word.span.end;
        if (!at_symbol(",")) return true;
    }
}

bool Parser::modality(Property& property) {
    if (!advance()) return false;
    if (at_word("shall")) property.modality = outcome::Modality::kShall;
    else if (at_word("should")) property.modality = outcome::Modality::kShould;
    else if (at_word("may")) property.modality = outcome::Modality::kMay;
    else return fail(token_.span, fmt::format("expected 'shall', 'should' or 'may', found {}", found()));
    return advance();
}

bool Parser::record(Property& property) {
    if (!advance()) return false;
    RecordSyntax record;
    if (token_.kind != TokenKind::kName || is_keyword(token_.text)) {
        return fail(token_.span, fmt::format("expected the record's name, found {}", found()));
    }
    record.name = token_.text;
    record.span = token_.span;
    for (const RecordSyntax& other : property.records) {
        if (other.name == record.name) return fail(record.span, fmt::format("record '{}' is declared twice", record.name));
    }
    if (!advance()) return false;
    if (at_symbol("[")) {
        if (!advance() || !binders(record.indices) || !expect_symbol("]", "after the record's indices")) return false;
    }
    if (!expect_symbol(":", "before the record's domain") || !domain(record.domain)) return false;
    if (!expect_symbol(":=", "before the record's value")) return false;
    while (true) {
        AlternativeSyntax alternative;
        const Parsed value = formula();
        if (!value) return false;
        alternative.value = *value;
        alternative.conditional = at_word("when");
        if (alternative.conditional) {
            if (!advance()) return false;
            const Parsed condition = formula();
            if (!condition) return false;
            alternative.condition = *condition;
        }
        record.alternatives.push_back(alternative);
        if (!at_symbol(",")) break;
        if (!alternative.conditional) {
            return fail(token_.span, "only the last alternative of a record may go without 'when'");
        }
        if (!advance()) return false;
    }
    property.records.push_back(std::move(record));
    return true;
}

bool Parser::body(Property& property) {
    const std::size_t begin = token_.span.begin;
    bool good = true;
    if (at_word("automatic")) {
        property.kind = BodyKind::kAutomatic;
        good = advance();
    } else if (at_word("always")) {
        good = statements(property, "always", BodyKind::kAlways, true);
    } else if (at_word("possible")) {
        good = statements(property, "possible", BodyKind::kPossible, false);
    } else if (token_.kind == TokenKind::kEnd || at_word("property")) {
        return fail(token_.span, fmt::format("expected the body of {}: 'always', 'possible', '... leads to ...' or "
                                             "'automatic', found {}", property.id, found()));
    } else {
        good = leads(property);
    }
    if (!good) return false;
    if (token_.kind != TokenKind::kEnd && !at_word("property")) {
        const bool second_body = at_word("always") || at_word("possible") || at_word("automatic") || at_word("record");
        return fail(token_.span, second_body
                                     ? fmt::format("a property has one kind of body, and it comes last: unexpected '{}'", token_.text)
                                     : fmt::format("expected an operator, 'property' or the end of the file, found {}", found()));
    }
    property.text += source_->text.substr(begin, previous_end_ - begin);
    return true;
}

bool Parser::statements(Property& property, std::string_view keyword, BodyKind kind, bool repeated) {
    property.kind = kind;
    do {
        StatementSyntax statement;
        statement.span.begin = token_.span.begin;
        if (!advance()) return false;
        const Parsed parsed = formula();
        if (!parsed) return false;
        statement.formula = *parsed;
        statement.span.end = previous_end_;
        property.statements.push_back(std::move(statement));
    } while (repeated && at_word(keyword));
    return true;
}

bool Parser::leads(Property& property) {
    property.kind = BodyKind::kLeadsTo;
    do {
        StatementSyntax statement;
        statement.span.begin = token_.span.begin;
        while (at_word("forall")) {
            if (!advance() || !binders(statement.binders)) return false;
            if (!expect_symbol(".", "after the quantifier's variables")) return false;
        }
        const Parsed from = formula();
        if (!from) return false;
        if (!at_word("leads")) {
            return fail(token_.span, fmt::format("expected 'leads to' or an operator (a body that is to hold everywhere begins "
                                                 "with 'always'), found {}", found()));
        }
        if (!advance()) return false;
        if (!at_word("to")) return fail(token_.span, fmt::format("expected 'to' after 'leads', found {}", found()));
        if (!advance()) return false;
        const Parsed to = formula();
        if (!to) return false;
        statement.formula = *from;
        statement.goal = *to;
        statement.span.end = previous_end_;
        property.statements.push_back(std::move(statement));
    } while (token_.kind != TokenKind::kEnd && !at_word("property") && !at_word("always") && !at_word("possible") &&
             !at_word("automatic") && !at_word("record"));
    return true;
}

bool Parser::binders(std::vector<Binder>& into) {
    while (true) {
        const std::size_t first = into.size();
        while (true) {
            if (token_.kind != TokenKind::kName || is_keyword(token_.text) || token_.text == "_") {
                return fail(token_.span, fmt::format("expected the name of a variable, found {}", found()));
            }
            if (token_.text.find('.') != std::string::npos) {
                return fail(token_.span, fmt::format("a variable's name holds no dot: '{}'", token_.text));
            }
            into.push_back({token_.text, {}, token_.span});
            if (!advance()) return false;
            if (!at_symbol(",")) break;
            if (!advance()) return false;
        }
        if (!expect_symbol(":", "between a variable and its domain")) return false;
        DomainSyntax parsed;
        if (!domain(parsed)) return false;
        for (std::size_t i = first; i < into.size(); ++i) into[i].domain = parsed;
        if (!at_symbol(",")) return true;
        if (!advance()) return false;
    }
}

bool Parser::domain(DomainSyntax& into) {
    into.span = token_.span;
    if (token_.kind == TokenKind::kName && !is_keyword(token_.text)) {
        into.name = token_.text;
        return advance();
    }
    if (token_.kind != TokenKind::kNumber && !at_symbol("-")) {
        return fail(token_.span, fmt::format("expected a domain's name or a range like 0..3, found {}", found()));
    }
    if (!integer(into.lo) || !expect_symbol("..", "in a range") || !integer(into.hi)) return false;
    into.span.end = previous_end_;
    if (into.lo > into.hi) return fail(into.span, fmt::format("the range {}..{} is empty", into.lo, into.hi));
    return true;
}

bool Parser::integer(ir::Value& into) {
    const bool negative = at_symbol("-");
    if (negative && !advance()) return false;
    if (token_.kind != TokenKind::kNumber) return fail(token_.span, fmt::format("expected a number, found {}", found()));
    constexpr ir::Value kLargest = 1'000'000;
    const char* end = token_.text.data() + token_.text.size();
    const auto [stop, problem] = std::from_chars(token_.text.data(), end, into);
    if (problem != std::errc() || stop != end || into > kLargest) {
        return fail(token_.span, fmt::format("the number {} is larger than {}", token_.text, kLargest));
    }
    if (negative) into = -into;
    return advance();
}

bool Parser::advance() {
    previous_end_ = token_.span.end;
    Result<Token> token = lexer_.next();
    if (!token) {
        if (!error_) error_ = token.error();
        return false;
    }
    token_ = std::move(token).value();
    return true;
}

bool Parser::expect_symbol(std::string_view text, std::string_view why) {
    if (at_symbol(text)) return advance();
    return fail(token_.span, fmt::format("expected '{}' {}, found {}", text, why, found()));
}

std::string Parser::found() const {
    switch (token_.kind) {
        case TokenKind::kEnd: return "the end of the file";
        case TokenKind::kString: return fmt::format("\"{}\"", token_.text);
        case TokenKind::kNumber: return fmt::format("the number {}", token_.text);
        default: return fmt::format("'{}'", token_.text);
    }
}

bool Parser::fail(Span span, std::string message) {
    if (!error_) error_ = diagnose(*source_, span, std::move(message));
    return false;
}

std::nullopt_t Parser::fail_here(std::string message) {
    fail(token_.span, std::move(message));
    return std::nullopt;
}

Result<std::vector<Property>> parse(std::string_view text, std::string file) {
    return Parser(std::make_shared<Source>(Source{std::move(file), std::string(text)})).file();
}

}  // namespace imspect::language
