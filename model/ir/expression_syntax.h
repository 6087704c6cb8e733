// The syntax of expressions in models: text to terms, before any name is resolved.
//
// The grammar is the property language's (docs/properties.md) without its past operators and events, and with
// `fresh(D)`, `fresh(D, k)`; a name that is no word stands in single or double quotes. Terms lie in one vector, kids
// before parents, and the root is last; `and` and `or` take any number of kids.
// Errors: position as "1:column", what was expected, the text with a caret. Nesting deeper than kMaxDepth is an error.
// Cost: linear. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/ir/domain.h"
#include "model/result.h"

namespace imspect::ir {

inline constexpr std::size_t kMaxDepth = 1000;  ///< of an expression, definitions expanded

enum class TermKind : std::uint8_t {
    kNumber,
    kName,      ///< `name`, or `domain.name` where both were quoted (`scope` is the domain)
    kElement,   ///< name[kids]
    kCall,      ///< name(kids)
    kOperator,  ///< `name` is the operator: not and or => <=> = != < <= > >= + -
    kIn,        ///< first kid in the others
    kIf,
    kForall,    ///< `name` ranges over `scope`; one kid
    kExists,
};

struct Term {
    TermKind kind = TermKind::kName;
    std::string name;
    std::string scope;
    Value number = 0;
    std::vector<std::size_t> kids;
    std::size_t at = 0;     ///< offset in the text
    std::size_t depth = 1;  ///< of the tree below, itself included
};

/// The terms of a text; the last is the root.
Result<std::vector<Term>> parse_terms(std::string_view text);

/// An error at an offset of an expression's text, with the line and a caret.
Error expression_error(std::string_view text, std::size_t at, std::string message);

[[nodiscard]] bool is_keyword(std::string_view word);

}  // namespace imspect::ir
