// A property with its names resolved and its types checked against one system: what compilation walks.
//
// Terms form an arena like the syntax tree. Quantified variables have one number each in the whole property; a term knows
// which of them are free in it, and whether it reads the step (events, old, initially) or history (past operators,
// records), which decides what kind of observer and which registers it needs.
// Thread-safety: immutable once resolved.
#pragma once

#include <string>
#include <vector>

#include "model/ir/system.h"
#include "model/result.h"
#include "properties/language/language.h"

namespace imspect::language {

using TermIndex = std::uint32_t;
using BoundIndex = std::uint32_t;
inline constexpr TermIndex kNoTerm = 0xffffffffU;

enum class TermKind : std::uint8_t {
    kConst,       ///< number
    kBound,       ///< target = BoundIndex
    kVariable,    ///< target = VarId, kids = indices
    kRecord,      ///< target = index of the record, kids = indices
    kEvent,       ///< target = EventId, kids = arguments (kNoTerm: any)
    kTaken,       ///< target = RuleId, kids = arguments (none: any parameters)
    kDefinition,  ///< target = definition, kids = arguments
    kInitially,
    kNot, kAnd, kOr, kEqual, kLess, kLessEqual, kAdd, kSubtract, kIf,
    kForall, kExists, kCount, kThe,  ///< bound, one kid
    kOld, kOnce, kHistorically, kPreviously, kSince,
};

/// What a term's values are. Inline ranges and arithmetic are kIntDomain.
struct Type {
    ir::DomainId domain = ir::kBoolDomain;
    bool operator==(const Type&) const = default;
};

struct Term {
    TermKind kind = TermKind::kConst;
    Type type;
    std::uint32_t target = 0;
    ir::Value number = 0;
    std::vector<TermIndex> kids;
    std::vector<BoundIndex> bound;  ///< of a quantifier
    std::vector<BoundIndex> free;   ///< ascending: the variables of enclosing quantifiers that it speaks of
    bool reads_step = false;    ///< events, old, initially, taken
    bool reads_past = false;    ///< past operators
    bool reads_record = false;
    Span span;
};

/// A variable of a quantifier or of a record's indices.
struct BoundVariable {
    std::string name;
    Type type;
    ir::Value lo = 0;
    ir::Value hi = 0;
};

struct ResolvedAlternative {
    TermIndex value = kNoTerm;
    TermIndex condition = kNoTerm;  ///< kNoTerm: always
};

struct ResolvedRecord {
    std::string name;
    Span span;
    std::vector<BoundIndex> indices;
    Type type;
    ir::Value lo = 0;  ///< of its domain; differs from the type's for an inline range
    ir::Value hi = 0;
    std::vector<ResolvedAlternative> alternatives;
};

struct ResolvedStatement {
    std::vector<BoundIndex> bound;
    TermIndex formula = kNoTerm;
    TermIndex goal = kNoTerm;  ///< leads to only
    Span span;
};

struct ResolvedProperty {
    std::vector<Term> terms;
    std::vector<BoundVariable> bound;
    std::vector<ResolvedRecord> records;
    std::vector<ResolvedStatement> statements;
    bool identity_free = true;
};

Result<ResolvedProperty> resolve(const Property& property, const ir::System& system);

}  // namespace imspect::language
