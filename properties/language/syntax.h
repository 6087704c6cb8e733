// The syntax tree of a property file, before any name is resolved.
//
// A tree is an arena: nodes refer to their children by index, so that copying, sharing and destroying trees of any
// shape needs no recursion. Every node keeps the span of its source text, for diagnostics.
// Invariant: children have smaller indices than their parents; `height` is at most kMaxNesting.
// Thread-safety: immutable once parsed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/ir/domain.h"

namespace imspect::language {

/// Formulas nested deeper than this are refused, so that recursion over a tree is safe.
inline constexpr std::uint32_t kMaxNesting = 200;

/// A half-open range of byte offsets in a source text.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct Source {
    std::string file;
    std::string text;
};

using NodeIndex = std::uint32_t;

enum class NodeKind : std::uint8_t {
    kTrue, kFalse, kNone, kInitially, kNumber, kString, kAny,
    kName,      ///< text; kids are the indices or arguments, as `brackets` says
    kTaken,     ///< text is the rule; kids are arguments
    kNot, kAnd, kOr, kImplies, kIff,
    kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual,
    kIn,        ///< the first kid is one of the others
    kAdd, kSubtract, kIf,
    kForall, kExists, kCount, kThe,  ///< binders, one kid
    kOld, kOnce, kHistorically, kPreviously,
    kSince,     ///< kids: what held ever since, what happened
};

enum class Brackets : std::uint8_t { kNone, kSquare, kRound };

/// A domain as written: a name, or lo..hi.
struct DomainSyntax {
    std::string name;  ///< empty: the range
    ir::Value lo = 0;
    ir::Value hi = 0;
    Span span;
};

struct Binder {
    std::string name;
    DomainSyntax domain;
    Span span;
};

struct Node {
    NodeKind kind = NodeKind::kTrue;
    Brackets brackets = Brackets::kNone;
    Span span;       ///< of the whole expression
    Span head;       ///< of the name in it, where it has one
    std::string text;
    ir::Value number = 0;
    std::vector<NodeIndex> kids;
    std::vector<Binder> binders;
    std::uint32_t height = 1;
};

struct Tree {
    std::vector<Node> nodes;
};

/// One alternative of a record: its value where the condition holds.
struct AlternativeSyntax {
    NodeIndex value = 0;
    NodeIndex condition = 0;  ///< only if `conditional`
    bool conditional = false;
};

struct RecordSyntax {
    std::string name;
    Span span;
    std::vector<Binder> indices;
    DomainSyntax domain;
    std::vector<AlternativeSyntax> alternatives;
};

/// `always f`, `possible f`, or `forall binders. from leads to to`.
struct StatementSyntax {
    std::vector<Binder> binders;
    NodeIndex formula = 0;  ///< or `from`
    NodeIndex goal = 0;     ///< `to`
    Span span;
};

}  // namespace imspect::language
