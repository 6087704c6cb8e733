// The formula rules of the grammar in docs/properties.md, one function each.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "properties/language/parser.h"

namespace imspect::language {

namespace {

/// Counts a level of recursion for as long as it lives.
class Level {
public:
    explicit Level(std::uint32_t& depth) : depth_(depth) { ++depth_; }
    ~Level() { --depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

private:
    std::uint32_t& depth_;
};

std::string too_deep() { return fmt::format("this formula is nested deeper than {} levels", kMaxNesting); }

}  // namespace

Parser::Parsed Parser::add(Node node) {
    for (const NodeIndex kid : node.kids) node.height = std::max(node.height, tree_->nodes[kid].height + 1);
    if (node.height > kMaxNesting) {
        fail(node.span, too_deep());
        return std::nullopt;
    }
    tree_->nodes.push_back(std::move(node));
    return static_cast<NodeIndex>(tree_->nodes.size() - 1);
}

Parser::Parsed Parser::add(NodeKind kind, std::size_t begin, std::vector<NodeIndex> kids) {
    Node node;
    node.kind = kind;
    node.span = {begin, previous_end_};
    node.head = node.span;
    node.kids = std::move(kids);
    return add(std::move(node));
}

Parser::Parsed Parser::formula() {
    const std::size_t begin = token_.span.begin;
    Parsed left = implication();
    while (left && at_symbol("<=>")) {
        if (!advance()) return std::nullopt;
        const Parsed right = implication();
        if (!right) return std::nullopt;
        left = add(NodeKind::kIff, begin, {*left, *right});
    }
    return left;
}

Parser::Parsed Parser::implication() {
    const std::size_t begin = token_.span.begin;
    const Parsed left = disjunction();
    if (!left || !at_symbol("=>")) return left;
    const Level level(depth_);
    if (depth_ > kMaxNesting) return fail_here(too_deep());
    if (!advance()) return std::nullopt;
    const Parsed right = implication();
    if (!right) return std::nullopt;
    return add(NodeKind::kImplies, begin, {*left, *right});
}

Parser::Parsed Parser::chain(std::string_view word, NodeKind kind, Parsed (Parser::*kid)()) {
    const std::size_t begin = token_.span.begin;
    const Parsed first = (this->*kid)();
    if (!first || !at_word(word)) return first;
    std::vector<NodeIndex> kids = {*first};
    while (at_word(word)) {
        if (!advance()) return std::nullopt;
        const Parsed next = (this->*kid)();
        if (!next) return std::nullopt;
        kids.push_back(*next);
    }
    return add(kind, begin, std::move(kids));
}

Parser::Parsed Parser::since() {
    const std::size_t begin = token_.span.begin;
    Parsed left = unary();
    while (left && at_word("since")) {
        if (!advance()) return std::nullopt;
        const Parsed right = unary();
        if (!right) return std::nullopt;
        left = add(NodeKind::kSince, begin, {*left, *right});
    }
    return left;
}

Parser::Parsed Parser::unary() {
    const Level level(depth_);
    if (depth_ > kMaxNesting) return fail_here(too_deep());
    static constexpr std::array<std::pair<std::string_view, NodeKind>, 4> kOperators = {
        {{"not", NodeKind::kNot},
         {"once", NodeKind::kOnce},
         {"historically", NodeKind::kHistorically},
         {"previously", NodeKind::kPreviously}}};
    for (const auto& [word, kind] : kOperators) {
        if (!at_word(word)) continue;
        const std::size_t begin = token_.span.begin;
        if (!advance()) return std::nullopt;
        const Parsed kid = unary();
        if (!kid) return std::nullopt;
        return add(kind, begin, {*kid});
    }
    if (at_word("forall") || at_word("exists")) return quantified();
    if (at_word("if")) return conditional();
    return comparison();
}

Parser::Parsed Parser::quantified() {
    Node node;
    node.kind = at_word("forall") ? NodeKind::kForall : NodeKind::kExists;
    node.span.begin = token_.span.begin;
    node.head = token_.span;
    if (!advance() || !binders(node.binders)) return std::nullopt;
    if (!expect_symbol(".", "after the quantifier's variables")) return std::nullopt;
    const Parsed kid = formula();
    if (!kid) return std::nullopt;
    node.kids = {*kid};
    node.span.end = previous_end_;
    return add(std::move(node));
}

Parser::Parsed Parser::conditional() {
    const std::size_t begin = token_.span.begin;
    if (!advance()) return std::nullopt;
    const Parsed condition = formula();
    if (!condition) return std::nullopt;
    if (!at_word("then")) return fail_here(fmt::format("expected 'then', found {}", found()));
    if (!advance()) return std::nullopt;
    const Parsed then_value = formula();
    if (!then_value) return std::nullopt;
    if (!at_word("else")) return fail_here(fmt::format("expected 'else', found {}", found()));
    if (!advance()) return std::nullopt;
    const Parsed else_value = formula();
    if (!else_value) return std::nullopt;
    return add(NodeKind::kIf, begin, {*condition, *then_value, *else_value});
}

Parser::Parsed Parser::comparison() {
    static constexpr std::array<std::pair<std::string_view, NodeKind>, 6> kOperators = {
        {{"=", NodeKind::kEqual},
         {"!=", NodeKind::kNotEqual},
         {"<", NodeKind::kLess},
         {"<=", NodeKind::kLessEqual},
         {">", NodeKind::kGreater},
         {">=", NodeKind::kGreaterEqual}}};
    const auto at_comparison = [&] {
        return std::find_if(kOperators.begin(), kOperators.end(), [&](const auto& entry) { return at_symbol(entry.first); });
    };
    const std::size_t begin = token_.span.begin;
    const Parsed left = sum();
    if (!left) return std::nullopt;
    if (at_word("in")) return membership(*left);
    const auto* const found_operator = at_comparison();
    if (found_operator == kOperators.end()) return left;
    if (!advance()) return std::nullopt;
    const Parsed right = sum();
    if (!right) return std::nullopt;
    if (at_comparison() != kOperators.end() || at_word("in")) {
        return fail_here("comparisons do not chain: use 'and', or parentheses");
    }
    return add(found_operator->second, begin, {*left, *right});
}

Parser::Parsed Parser::membership(NodeIndex left) {
    const std::size_t begin = tree_->nodes[left].span.begin;
    if (!advance() || !expect_symbol("{", "after 'in'")) return std::nullopt;
    std::vector<NodeIndex> kids = {left};
    while (true) {
        const Parsed value = sum();
        if (!value) return std::nullopt;
        kids.push_back(*value);
        if (!at_symbol(",")) break;
        if (!advance()) return std::nullopt;
    }
    if (!expect_symbol("}", "or ',' in a set of values")) return std::nullopt;
    return add(NodeKind::kIn, begin, std::move(kids));
}

Parser::Parsed Parser::sum() {
    const std::size_t begin = token_.span.begin;
    Parsed left = primary();
    while (left && (at_symbol("+") || at_symbol("-"))) {
        const NodeKind kind = at_symbol("+") ? NodeKind::kAdd : NodeKind::kSubtract;
        if (!advance()) return std::nullopt;
        const Parsed right = primary();
        if (!right) return std::nullopt;
        left = add(kind, begin, {*left, *right});
    }
    return left;
}

Parser::Parsed Parser::primary() {
    const std::size_t begin = token_.span.begin;
    if (at_symbol("(")) {
        if (!advance()) return std::nullopt;
        const Parsed kid = formula();
        if (!kid || !expect_symbol(")", "to close this parenthesis")) return std::nullopt;
        tree_->nodes[*kid].span = {begin, previous_end_};
        return kid;
    }
    if (token_.kind == TokenKind::kNumber || at_symbol("-")) return number();
    if (token_.kind == TokenKind::kString) {
        Node node;
        node.kind = NodeKind::kString;
        node.span = node.head = token_.span;
        node.text = token_.text;
        if (!advance()) return std::nullopt;
        return add(std::move(node));
    }
    if (token_.kind != TokenKind::kName) return fail_here(fmt::format("expected a formula or a value, found {}", found()));
    if (at_word("_")) return fail_here("'_' stands for any argument of an event or rule, and for nothing else");
    return is_keyword(token_.text) ? keyword_primary() : name();
}

Parser::Parsed Parser::number() {
    Node node;
    node.kind = NodeKind::kNumber;
    node.span.begin = token_.span.begin;
    if (!integer(node.number)) return std::nullopt;
    node.span.end = previous_end_;
    node.head = node.span;
    return add(std::move(node));
}

Parser::Parsed Parser::keyword_primary() {
    static constexpr std::array<std::pair<std::string_view, NodeKind>, 4> kConstants = {
        {{"true", NodeKind::kTrue}, {"false", NodeKind::kFalse}, {"none", NodeKind::kNone}, {"initially", NodeKind::kInitially}}};
    const std::size_t begin = token_.span.begin;
    for (const auto& [word, kind] : kConstants) {
        if (!at_word(word)) continue;
        if (!advance()) return std::nullopt;
        return add(kind, begin, {});
    }
    if (at_word("old")) {
        if (!advance() || !expect_symbol("(", "after 'old'")) return std::nullopt;
        const Parsed kid = formula();
        if (!kid || !expect_symbol(")", "to close old(")) return std::nullopt;
        return add(NodeKind::kOld, begin, {*kid});
    }
    if (at_word("count")) return counting(NodeKind::kCount);
    if (at_word("the")) return counting(NodeKind::kThe);
    if (at_word("taken")) return taken();
    static constexpr std::array<std::string_view, 7> kUnary = {"not",    "once",   "historically", "previously",
                                                               "forall", "exists", "if"};
    if (std::find(kUnary.begin(), kUnary.end(), token_.text) != kUnary.end()) {
        return fail_here(fmt::format("'{}' needs parentheses here", token_.text));
    }
    return fail_here(fmt::format("expected a formula or a value, found {}", found()));
}

Parser::Parsed Parser::counting(NodeKind kind) {
    Node node;
    node.kind = kind;
    node.span.begin = token_.span.begin;
    node.head = token_.span;
    const std::string word = token_.text;
    if (!advance() || !expect_symbol("(", fmt::format("after '{}'", word)) || !binders(node.binders)) return std::nullopt;
    if (node.kind == NodeKind::kThe && node.binders.size() != 1) {
        fail(node.binders[1].span, "'the' takes one variable");
        return std::nullopt;
    }
    if (!expect_symbol(".", "after the variable's domain")) return std::nullopt;
    const Parsed kid = formula();
    if (!kid || !expect_symbol(")", fmt::format("to close {}(", word))) return std::nullopt;
    node.kids = {*kid};
    node.span.end = previous_end_;
    return add(std::move(node));
}

Parser::Parsed Parser::taken() {
    Node node;
    node.kind = NodeKind::kTaken;
    node.span.begin = token_.span.begin;
    if (!advance() || !expect_symbol("(", "after 'taken'")) return std::nullopt;
    if (token_.kind != TokenKind::kName && token_.kind != TokenKind::kString) {
        return fail_here(fmt::format("expected the name of a rule, found {}", found()));
    }
    node.text = token_.text;
    node.head = token_.span;
    if (!advance()) return std::nullopt;
    if (at_symbol(",")) {
        if (!advance() || !list(node, ")", true)) return std::nullopt;
    } else if (!expect_symbol(")", "or ',' after the rule's name")) {
        return std::nullopt;
    }
    node.span.end = previous_end_;
    return add(std::move(node));
}

Parser::Parsed Parser::name() {
    Node node;
    node.kind = NodeKind::kName;
    node.span = node.head = token_.span;
    node.text = token_.text;
    if (!advance()) return std::nullopt;
    if (at_symbol("[")) {
        node.brackets = Brackets::kSquare;
        if (!advance() || !list(node, "]", false)) return std::nullopt;
    } else if (at_symbol("(")) {
        node.brackets = Brackets::kRound;
        if (!advance()) return std::nullopt;
        if (at_symbol(")")) {
            if (!advance()) return std::nullopt;
        } else if (!list(node, ")", true)) {
            return std::nullopt;
        }
    }
    node.span.end = previous_end_;
    return add(std::move(node));
}

bool Parser::list(Node& node, std::string_view closing, bool may_be_any) {
    while (true) {
        if (may_be_any && at_word("_")) {
            const std::size_t begin = token_.span.begin;
            if (!advance()) return false;
            node.kids.push_back(*add(NodeKind::kAny, begin, {}));
        } else {
            const Parsed kid = formula();
            if (!kid) return false;
            node.kids.push_back(*kid);
        }
        if (!at_symbol(",")) break;
        if (!advance()) return false;
    }
    return expect_symbol(closing, fmt::format("or ',' after an argument of {}", node.text));
}

}  // namespace imspect::language
