// Systems as text for people: expressions in infix, rules as one would read them aloud.
//
// kSource is the syntax that ir::parse_expression and the property language read, so what is printed can be pasted back;
// kReading differs in channels only: the head of a channel is `gm_up[u].head.kind` instead of `gm_up.0.kind[u]`.
// Parentheses stand only where precedence asks for them; parameters whose names would capture another are renamed.
// Cost: linear in the printed text. Thread-safety: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/ir/ground.h"
#include "model/ir/system.h"

namespace imspect::ir {

enum class PrintStyle : std::uint8_t { kSource, kReading };

[[nodiscard]] std::string print(const System& system, ExprId expression, PrintStyle style = PrintStyle::kReading);

/// A ground expression: slots by their names, `old(…)` where the state before the step is meant.
[[nodiscard]] std::string print(const GroundSystem& ground, ExprId expression);

/// A rule on several lines: head, clauses, what it says, then receives, when, then, sends, raises and its bounds.
[[nodiscard]] std::string print_rule(const System& system, RuleId rule);

[[nodiscard]] std::string_view kind_name(RuleKind kind);

/// A name as the syntax wants it: as it is if it is a word, else in single quotes.
[[nodiscard]] std::string quoted_name(std::string_view name);

}  // namespace imspect::ir
